"""Numbers in text protocols, read strictly: what is no number is nothing, and never an error."""

import math
import re
from datetime import UTC, datetime

from routing.instant import SECOND, Instant, from_datetime

_DECIMAL = re.compile(r"[+-]?\d{1,20}(?:\.\d{0,20})?|[+-]?\.\d{1,20}", re.ASCII)
_HEX = re.compile(r"[0-9A-Fa-f]{1,8}", re.ASCII)
KNOT_KMH = 1.852
_LAST: Instant = 253_402_300_799 * SECOND
"""The end of the year 9999: nothing later can be written as a date."""


def decimal(text: str | None) -> float | None:
    """Return the number that the text is, without exponents and names; None for anything else."""
    return float(text) if text is not None and _DECIMAL.fullmatch(text) else None


def hexadecimal(text: str | None) -> int | None:
    """Return the number that one to eight hex digits are; None for anything else."""
    return int(text, 16) if text is not None and _HEX.fullmatch(text) else None


def at_least(least: float, value: float | None) -> float | None:
    """Return the value when it is finite and not less than `least`, else None."""
    return value if value is not None and math.isfinite(value) and value >= least else None


def course_deg(value: float | None) -> float | None:
    """Return a course from 0 to 360 degrees, or None."""
    return value if value is not None and 0 <= value <= 360 else None


def a_date(instant: Instant) -> Instant | None:
    """Return an instant from 1970 to 9999; None for what no calendar has."""
    return instant if 0 <= instant <= _LAST else None


def utc(digits: str) -> Instant | None:
    """Return the instant that ddmmyyhhmmss is in UTC; None where that is no date and time."""
    if not digits.isascii() or not digits.isdecimal() or len(digits) != len("ddmmyyhhmmss"):
        return None
    pairs = (int(digits[at : at + 2]) for at in range(0, len(digits), 2))
    day, month, year, hour, minute, second = pairs
    try:
        moment = datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return from_datetime(moment)
