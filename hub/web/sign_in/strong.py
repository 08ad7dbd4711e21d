"""What a PIN or an old sign-in is not enough for."""

from http import HTTPStatus

from hub.directory.port import STRONG
from hub.web.refusal import Refusal
from hub.web.session import Reader
from routing.instant import HOUR, Instant

FRESH: Instant = HOUR
"""How long after signing in somebody may make themselves new ways of signing in: a phone that was
picked up unlocked must not become its finder's."""


def want_strong(reader: Reader) -> None:
    """Refuse whoever signed in with a PIN."""
    if reader.means not in STRONG:
        raise Refusal(HTTPStatus.FORBIDDEN, "not_by_pin")


def want_fresh(reader: Reader, at: Instant) -> None:
    """Refuse whoever signed in with a PIN, or not just now."""
    want_strong(reader)
    if at - reader.since > FRESH:
        raise Refusal(HTTPStatus.FORBIDDEN, "sign_in_anew")
