"""What a reply by SMS says: yes or no, and the code of the call that it answers."""

import re
import unicodedata
from dataclasses import dataclass

_WORDS = {"1": True, "ja": True, "yes": True, "2": False, "nei": False}
"""Not `no`, which is "now" in nynorsk, and not `ok`, which people write to everything."""
_BETWEEN = r"[\s.,:;!*#/()\-]*"
_REPLY = re.compile(
    rf"{_BETWEEN}(?P<said>[12]|[a-z]+){_BETWEEN}"
    rf"(?:(?P<code>(?:[0-9]\s?){{3}}[0-9])(?![0-9])(?P<rest>.*))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody has answered."""

    yes: bool
    code: str | None
    """Four digits; None where the reply names no call."""


def without(keyword: str | None, text: str) -> str:
    """Return the text without the word that a shared short number wants before it."""
    if keyword is None:
        return text
    first, _, rest = text.strip().partition(" ")
    return rest if first.casefold() == keyword.casefold() else text


def read_reply(text: str) -> Reply | None:
    """Return the answer of an SMS, None where it is none.

    `1 4821`, `14821`, `1. 48 21 kommer straks`, `Ja 4821` and `1` are answers; `1 minutt`, `12` and
    `1 482` are not: what may mean something else must not take an alarm.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    found = _REPLY.fullmatch(plain)
    if found is None or found["said"] not in _WORDS:
        return None
    code = None if found["code"] is None else re.sub(r"\s", "", found["code"])
    return Reply(_WORDS[found["said"]], code)
