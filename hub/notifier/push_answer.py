"""What a push service's answer means (RFC 8030, 5 and 7; RFC 8292, 4.2; RFC 9110).

| answer | what it means | what follows |
|---|---|---|
| 200, 201, 202, 204 | the service has it | wait for the phone's own receipt |
| 400, 401, 403, other 4xx | we are refused: key, clock, a mistake | failed; IT is told; it stays |
| 404, 410 | the browser is no longer there | failed; the subscription is dead |
| 408, 425, 429, 5xx | later | again, not before its Retry-After |
| 413 | too large for this service | once more, smaller |
| 3xx, 1xx | not a push service's answer | failed; never followed |
"""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum

from hub.notifier.channel import Attempt, Result
from routing.instant import SECOND, Instant, from_datetime


class Then(Enum):
    """What else follows from an answer."""

    NOTHING = "nothing"
    DEAD = "dead"
    """The subscription is over."""
    TELL_IT = "tell it"
    """No phone of this service can be reached until somebody has looked into it."""
    SMALLER = "smaller"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one POST."""

    attempt: Attempt
    then: Then = Then.NOTHING


_LATER = frozenset({408, 425, 429})
_GONE = frozenset({404, 410})


def judged(status: int, retry_after: str | None, now: Instant) -> Answer:
    """Return what a status means; `retry_after` as it stands in the header."""
    code = f"http-{status}"
    if 200 <= status < 300:
        return Answer(Attempt(Result.TAKEN, code))
    if status in _LATER or status >= 500:
        return Answer(Attempt(Result.AGAIN, code, _wait_s(retry_after, now)))
    if status in _GONE:
        return Answer(Attempt(Result.FAILED, code), Then.DEAD)
    if status == 413:
        return Answer(Attempt(Result.FAILED, code), Then.SMALLER)
    return Answer(Attempt(Result.FAILED, code), Then.TELL_IT)


def _wait_s(header: str | None, now: Instant) -> float | None:
    """Return the seconds of a Retry-After: a number of them, or a date (RFC 9110, 10.2.3)."""
    text = (header or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        at = from_datetime(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError):
        # The last one: an offset from UTC of a number that no clock has.
        return None
    return max(0, at - now) / SECOND
