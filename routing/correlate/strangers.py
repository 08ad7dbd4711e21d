"""Many unknown devices at once: beyond so many alarms a minute they are one alarm with a count.

Nothing is dropped: every event is recorded, and joins with the name it gave itself. The first ones
stay alarms of their own, because any of them may be a pendant that somebody forgot to register. The
count is of help and of technical faults apart, so that noise never takes the place of a press.
"""

from routing.alarm import Alarm
from routing.correlate.heard import Heard
from routing.correlate.settings import settings
from routing.instant import MINUTE, SECOND, Instant
from routing.kinds import KINDS, Category, Kind
from routing.reasons import Reason, ReasonCode, because
from routing.state import State
from routing.trouble import trouble

TOGETHER = "strangers:together"
"""The subject of such an alarm; no protocol is called so."""


def are_many(state: State, heard: Heard, at: Instant) -> bool:
    """Whether this one is beyond what unknown devices may raise within a minute."""
    if heard.source.known:
        return False
    most = settings(state.registry).strangers
    times = state.memory.strangers.get(group(heard.ring.kind), ())
    return len(times) >= most and times[-most] > at - MINUTE


def alarm_of(state: State, heard: Heard) -> Alarm | None:
    """Return the open alarm that holds them, if there is one already."""
    known = state.open_by_trouble.get(trouble(heard.ring.kind, None, TOGETHER))
    return None if known is None else state.alarms[known]


def why(heard: Heard, count: int) -> Reason:
    """Return the reason for the alarm of many."""
    return because(ReasonCode.MANY_STRANGERS, subject=heard.event.subject, count=count)


def rang_lately(state: State, alarm: Alarm, at: Instant) -> bool:
    """Whether those who are called have heard of the count a moment ago: whoever floods the hub
    must not ring a telephone without end. Of an owner the throttle of repeats says so."""
    if alarm.subject != TOGETHER or alarm.owner is not None:
        return False
    told_at = state.memory.strangers_told.get(alarm.id, alarm.raised_at)
    return at < told_at + settings(state.registry).repeat_s * SECOND


def group(kind: Kind) -> str:
    """Return what a kind is counted with."""
    return "technical" if KINDS[kind].category is Category.TECHNICAL else "help"
