"""What one event of a calendar says, each thing once; and the events of which that is not so."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from hub.rosters.spell import Place, Read, Refused

PERSON = "X-VARDE-PERSON"
"""Our own property: the person's id."""
BUSY, INTENDED = "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-INTENDEDSTATUS"
_ONCE = (
    *("DTSTART", "DTEND", "DURATION", "UID", "RECURRENCE-ID", "SEQUENCE", "STATUS", "TRANSP"),
    *("SUMMARY", PERSON, BUSY, INTENDED),
)
"""What an event says once at most (RFC 5545, 3.6.1), of what is read."""
_TYPES = {"DTSTART": date, "DTEND": date, "RECURRENCE-ID": date, "DURATION": timedelta}


def of_one_meaning(listed: Sequence[tuple[Any, int]], read: Read) -> Iterator[tuple[Any, int]]:
    """Yield the events that say everything once, and are there in one version."""
    seen: dict[tuple[str, str], tuple[int, bool]] = {}
    for event, line in listed:
        twice = next((name for name in _ONCE if isinstance(event.get(name), list)), None)
        if twice is not None:
            read.refused.append(Refused("twice", Place(line), what=twice))
            continue
        if (wrong := _unreadable(event)) is not None:
            read.refused.append(Refused("unreadable", place_of(event, line), what=wrong))
            continue
        version = (int(event.get("SEQUENCE", 0)), word_of(event, "STATUS") == "CANCELLED")
        if "UID" in event and seen.setdefault(_which(event), version) != version:
            read.refused.append(Refused("two_versions", place_of(event, line)))
            continue
        yield event, line


def _unreadable(event: Any) -> str | None:
    """Return what of an event cannot be read, or is no time where one belongs."""
    if event.errors:
        return str(event.errors[0][1])[:200]
    types = _TYPES.items()
    return next((n for n, t in types if n in event and not isinstance(event[n].dt, t)), None)


def _which(event: Any) -> tuple[str, str]:
    """Return which event it is, and which of its occurrences (RFC 5546, 2.1.5)."""
    occurrence = event["RECURRENCE-ID"].to_ical().decode() if "RECURRENCE-ID" in event else ""
    return str(event["UID"]), occurrence


def word_of(event: Any, name: str) -> str:
    """Return one of the words that the standard, or the maker, has for a property."""
    return str(event.get(name, "")).strip().upper()


def place_of(event: Any, line: int) -> Place:
    """Return where it stands, and by what it is known."""
    return Place(line, str(event.get("SUMMARY") or event.get("UID") or "")[:80])
