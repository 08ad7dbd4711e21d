"""From the reports of a call to canonical events.

The dedupe key is device, time, place and alarms of a report, the window 10 minutes. A report
without a time is counted each time it comes.
"""

from collections.abc import Iterator, Sequence

from adapters.fit import fit, raw_hex
from adapters.osmand.config import OsmandConfig
from adapters.osmand.report import Report
from adapters.tracker import Frame as Told
from adapters.tracker import Saying, Telling, digest
from routing.event import Event, EventData
from routing.instant import MINUTE, Instant
from routing.kinds import Kind

PROTOCOL = "osmand"
WINDOW = 10 * MINUTE
_NO_FIX = "no fix: the last known position"


class Teller:
    """Makes the events of one listener."""

    def __init__(self, config: OsmandConfig) -> None:
        self._telling = Telling(PROTOCOL, config, WINDOW)

    def events(self, reports: Sequence[Report], raw: bytes, at: Instant) -> list[Event]:
        """Return the events of a call whose octets are `raw`; never none."""
        return [event for report in reports for event in self._of_report(report, raw, at)]

    def undecodable(self, reason: str, device: str | None, raw: bytes, at: Instant) -> list[Event]:
        """Return the event for a call that holds no report."""
        told = Told(device, (digest(raw),), at)
        return self._telling.events([_unreadable(reason, raw, None, False)], told)

    def _of_report(self, report: Report, raw: bytes, at: Instant) -> list[Event]:
        told = Told(report.device, _key(report, at), at)
        sayings, left = self._telling.bounded(list(self._sayings(report, raw, told)))
        if left:
            sayings.append(Saying(Kind.CODE_UNKNOWN, EventData(code=left), report.time))
        return self._telling.events(sayings, told)

    def _sayings(self, report: Report, raw: bytes, told: Told) -> Iterator[Saying]:
        old = self._telling.is_buffered(report.time, told.at)
        data = EventData(battery_pct=report.battery_pct, position=report.position)
        for kind, code in dict.fromkeys(report.alarms):
            yield Saying(kind, data.model_copy(update={"code": code}), report.time, old)
        nobody = () if report.device is not None else ("no id: who sends this is not said",)
        if reasons := "; ".join((*nobody, *report.broken)):
            yield _unreadable(reasons, raw, report.time, old)
        wrong = None if old else self._telling.wrong_clock(report.time, told)
        if wrong is not None:
            yield Saying(Kind.CLOCK_WRONG, wrong, report.time)
        if report.position is not None:
            note = None if report.fixed else _NO_FIX
            data = data.model_copy(update={"note": note})
            yield Saying(Kind.POSITION_REPORTED, data, report.time, old)
        elif not report.alarms and not reasons:
            yield Saying(Kind.DEVICE_ALIVE, data, report.time, old)


def _key(report: Report, at: Instant) -> tuple[object, ...]:
    if report.time is None:
        return ("call", at)
    place = report.position
    return (report.time, place and (place.lat, place.lon), report.alarms)


def _unreadable(reason: str, raw: bytes, time: Instant | None, old: bool) -> Saying:
    data = EventData(note=fit(reason, 300), raw=raw_hex(raw))
    return Saying(Kind.FRAME_UNDECODABLE, data, time, old, key=(reason,))
