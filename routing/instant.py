"""Instants: UTC integer microseconds since 1970-01-01T00:00:00Z, and their RFC 3339 text.

Local time lives only in rosters, policies and display.
"""

from datetime import UTC, datetime, timedelta

Instant = int
"""UTC microseconds since the Unix epoch."""

SECOND: Instant = 1_000_000
MINUTE: Instant = 60 * SECOND
HOUR: Instant = 60 * MINUTE
DAY: Instant = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def from_datetime(moment: datetime) -> Instant:
    """Return the instant of an aware datetime; ValueError when it is naive."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; say which one")
    return (moment - _EPOCH) // _MICROSECOND


def to_datetime(instant: Instant) -> datetime:
    """Return the aware UTC datetime of an instant."""
    return _EPOCH + timedelta(microseconds=instant)


def from_rfc3339(text: str) -> Instant:
    """Parse RFC 3339 text such as `2026-11-22T08:15:00.25+01:00`; ValueError when it is not."""
    return from_datetime(datetime.fromisoformat(text))


def to_rfc3339(instant: Instant) -> str:
    """Return RFC 3339 text in UTC with `Z`, microseconds only where there are any."""
    return to_datetime(instant).isoformat().replace("+00:00", "Z")
