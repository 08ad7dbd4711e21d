"""Zones: a tracker at the border crosses it again and again. One alarm holds all crossings, those
soon after the last one are counted and not rung, and coming back is a mark that closes nothing."""

from collections.abc import Iterator

from routing import facts
from routing import facts_correlate as own
from routing.alarm import Alarm
from routing.correlate.heard import Heard
from routing.correlate.settings import settings
from routing.instant import SECOND, Instant
from routing.kinds import Kind, Severity
from routing.marks import Mark
from routing.reasons import ReasonCode, because
from routing.state import State


def jitter(state: State, alarm: Alarm, heard: Heard, at: Instant) -> bool:
    """Whether this crossing comes too soon after the last one to be worth a ring."""
    if heard.ring.kind is not Kind.ZONE_LEFT:
        return False
    last = state.memory.crossed.get(alarm.id, alarm.raised_at)
    return at < last + settings(state.registry).border_settle_s * SECOND


def back(alarm: Alarm, heard: Heard) -> Iterator[facts.AnyFact]:
    """Yield what coming back changes: the mark, and where the device's policy says so a lower
    severity."""
    if heard.event.kind is not Kind.ZONE_ENTERED:
        return
    if Mark.RETURNED not in alarm.marks:
        why = because(ReasonCode.RETURNED)
        yield own.AlarmMarked(alarm=alarm.id, mark=Mark.RETURNED, reason=why)
    device = heard.device
    lowers = device is not None and device.zone_return_lowers
    if lowers and alarm.severity > Severity.LOW:
        why = because(ReasonCode.LOWERED_ON_RETURN)
        yield own.AlarmLowered(alarm=alarm.id, severity=Severity.LOW, reason=why)


def gone(alarm: Alarm, heard: Heard) -> Iterator[facts.AnyFact]:
    """Yield that who had come back has left again."""
    if heard.ring.kind is Kind.ZONE_LEFT and Mark.RETURNED in alarm.marks:
        why = because(ReasonCode.LEFT_AGAIN)
        yield own.AlarmMarked(alarm=alarm.id, mark=Mark.RETURNED, present=False, reason=why)
