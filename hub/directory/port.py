"""What the directory's parts share with those who ask them: times, values, and what goes wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from routing.instant import HOUR, MINUTE, Instant

CODE_LIFE: Instant = 15 * MINUTE
SESSION_LIFE: Instant = 14 * HOUR
"""Without any use. Longer than the longest shift with its handover; use renews it."""
RENEW_AFTER: Instant = 10 * MINUTE
"""Use renews a session no oftener than this, so that reading seldom writes."""
BEFORE_SHIFT: Instant = HOUR
"""How long a session on a shared phone lives before its person's shift has begun."""
AFTER_SHIFT: Instant = 10 * MINUTE
"""How long it lives after the shift: to finish a sentence, not to lend the phone on."""


class DirectoryBroken(Exception):
    """The store cannot be used; the message says which file, why and what to do."""


class CodeWrong(Exception):
    """The code or link is unknown, used or older than 15 minutes; which of them is not told."""


class TooManyGuesses(Exception):
    """Too many wrong ones; `wait_s` seconds until the next may be tried."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"too many wrong guesses; wait {wait_s} s")
        self.wait_s = wait_s


Keep = Callable[[str], bool]
"""Whether a person's session must not end now: on duty, or owner of an open alarm."""


class Means(StrEnum):
    """How somebody signed in."""

    CODE = "code"
    PASSKEY = "passkey"
    OIDC = "oidc"
    PIN = "pin"
    RECOVERY = "recovery"


STRONG = frozenset({Means.CODE, Means.PASSKEY, Means.OIDC, Means.RECOVERY})
"""All but the PIN, which is short and for shared phones alone."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """Somebody signed in on one handset."""

    person: str
    handset: str
    """Its id."""
    means: Means
    issued_at: Instant
    unit: str | None
    """The unit whose shared phone it is; such a session ends with the shift."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a one-time code gives: a person's sign-in, or a unit's shared phone."""

    person: str | None
    unit: str | None


@dataclass(frozen=True, kw_only=True)
class Handset:
    """A browser profile on a phone or computer: what a session, a subscription and a lost phone
    are about."""

    id: str
    """12 hexadecimal characters; no secret."""
    label: str
    person: str | None
    """Whose it is, None of a shared phone."""
    unit: str | None
    """The unit that a shared phone is bound to."""
    made_at: Instant
    last_seen_at: Instant
    revoked_at: Instant | None
