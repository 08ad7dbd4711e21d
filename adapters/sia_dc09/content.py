"""What stands in a frame: account, data, extended data and time (DC-09, 5.5.1.6 to 5.5.1.9).

    plain      #account|data][xdata][xdata]_HH:MM:SS,MM-DD-YYYY
    encrypted  padding|data][xdata]_HH:MM:SS,MM-DD-YYYY

The account, and even `|`, may be missing in a plain one. Times are UTC.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.sia_dc09.place import position_of
from routing.event import Position
from routing.instant import Instant, from_datetime, to_datetime

_PARTS = re.compile(r"([^\]]*)\]((?:\[[^\]]*\])*)_?([0-9:,\- ]*)(.*)", re.DOTALL)
_XDATA = re.compile(r"\[([^\]])([^\]]*)\]")
_INNER = re.compile(r"#([0-9A-Za-z]{1,16})$")
_MOST_XDATA = 32


@dataclass(frozen=True, slots=True)
class Content:
    """What one frame says, still as text."""

    account: str | None
    """As the data names it, in capitals."""
    data: str
    xdata: tuple[tuple[str, str], ...] = ()
    """Identifier and value, in order."""
    stamp: Instant | None = None
    """When the panel says it sent it."""
    broken: str | None = None
    """What could not be read beside the rest."""

    def x(self, *identifiers: str) -> str | None:
        """Return the first value of the extended data under one of the identifiers."""
        found = (value for name in identifiers for key, value in self.xdata if key == name)
        return next(found, None)

    @property
    def occurred_at(self) -> Instant | None:
        """The time of occurrence (H) where there is one, else the time of sending."""
        times = (parse_stamp(value) for key, value in self.xdata if key in "HT")
        return next((time for time in times if time is not None), self.stamp)

    @property
    def position(self) -> Position | None:
        """X is the longitude, Y the latitude."""
        return position_of(self.x("Y"), self.x("X"))

    @property
    def place(self) -> str | None:
        """Location on site, room, building, site: those that are said."""
        said = [value for name in "LROS" if (value := self.x(name))]
        return ", ".join(said) or None


def read_content(octets: bytes, *, padded: bool) -> Content | None:
    """Read what follows `[`, already decrypted; None when it has no end."""
    found = _PARTS.fullmatch(octets.decode("cp1252", "replace"))
    if found is None:
        return None
    head, more, stamp, rest = found.groups()
    before, bar, data = head.partition("|")
    if not bar:
        before, data = ("", "") if padded else _without_bar(head)
    inner = _INNER.search(before)
    time = parse_stamp(stamp)
    unread = rest.strip() or (stamp.strip() if time is None else "")
    return Content(
        account=None if inner is None else inner[1].upper(),
        data=data,
        xdata=tuple((x[1], x[2]) for x in _XDATA.finditer(more))[:_MOST_XDATA],
        stamp=time,
        broken=f"after the data: {unread[:40]}" if unread else None,
    )


def _without_bar(head: str) -> tuple[str, str]:
    """`[Nri1/WA000]` names no account, and `[#1234]` no data."""
    return (head, "") if _INNER.fullmatch(head) else ("", head)


def parse_stamp(text: str) -> Instant | None:
    """Return the instant of `HH:MM:SS,MM-DD-YYYY`, with or without `_`; None when it is none."""
    try:
        moment = datetime.strptime(f"{text.strip().removeprefix('_')}Z", "%H:%M:%S,%m-%d-%Y%z")
    except ValueError:
        return None
    return from_datetime(moment)


def stamp_text(at: Instant) -> str:
    """Return `_HH:MM:SS,MM-DD-YYYY`."""
    return to_datetime(at).strftime("_%H:%M:%S,%m-%d-%Y")


def texts_of(content: Content) -> Sequence[str]:
    """Return what the panel says in words beside the codes."""
    return [value for value in (content.x("I"), content.broken) if value]
