"""Nurse calls: how urgent one is, and what presence and a reset in its room mean.

A press while somebody is present in the room is a call for assistance, whatever the panel calls it.
A reset is written on the alarm. It closes an alarm only that somebody has accepted, only from the
panel that raised it, and only where the device's configuration says so: what nobody has accepted a
reset never hides (invariant 2).
"""

from collections.abc import Iterator

from routing import facts_correlate as own
from routing.alarm import Alarm
from routing.correlate.heard import Heard, Source
from routing.correlate.settings import settings
from routing.facts import EventRecorded
from routing.instant import SECOND, Instant
from routing.kinds import CALL_SEVERITY, KINDS, CallLevel, Kind, Severity
from routing.lifecycle import OWNED, Phase
from routing.reasons import Reason, ReasonCode, because
from routing.state import State
from routing.trouble import ANSWERS

_LEVELS = {
    CallLevel.ASSISTANCE: ReasonCode.CALL_FOR_ASSISTANCE,
    CallLevel.EMERGENCY: ReasonCode.CALL_EMERGENCY,
}


def room(subject: str, resident: str | None) -> str:
    """Return where a panel is: a resident's home, or the room that it is the only panel of."""
    return f"resident:{resident}" if resident else subject


def urgency(
    state: State, event: EventRecorded, source: Source, at: Instant
) -> tuple[Severity, Reason] | None:
    """Return how urgent a call is and why; None for every other event."""
    if event.kind is not Kind.CALL_RAISED:
        return None
    plain = KINDS[event.kind].severity if event.level is None else CALL_SEVERITY[event.level]
    if event.level in (None, CallLevel.CALL) and _present(state, event, source, at):
        raised = Severity(min(plain + 1, Severity.CRITICAL))
        return raised, because(ReasonCode.CALL_DURING_PRESENCE)
    code = _LEVELS.get(event.level or CallLevel.CALL)
    return plain, because(code) if code else because(ReasonCode.KIND_RAISES, kind=event.kind)


def _present(state: State, event: EventRecorded, source: Source, at: Instant) -> bool:
    since = state.memory.present.get(room(event.subject, source.resident))
    lasts = settings(state.registry).presence_s * SECOND
    return since is not None and at - since < lasts


def answered(kind: Kind) -> Kind | None:
    """Return the kind whose open alarm an observation is written on."""
    return Kind.CALL_RAISED if kind is Kind.PRESENCE_ENTERED else ANSWERS.get(kind)


def written(alarm: Alarm, kind: Kind) -> Reason | None:
    """Return what a reset or a presence says on the alarm; None for other observations."""
    if kind is Kind.PRESENCE_ENTERED:
        return because(ReasonCode.PRESENCE_IN_ROOM)
    if kind is Kind.CALL_CLEARED and alarm.phase is Phase.LOOKING:
        return because(ReasonCode.CANCEL_NEVER_HIDES)
    return None


def reset(alarm: Alarm, heard: Heard) -> Iterator[own.AlarmSettled]:
    """Yield the close of an accepted call that is reset in its room, where that is wanted."""
    outcome = None if heard.device is None else heard.device.reset_closes
    mine = heard.event.kind is Kind.CALL_CLEARED and alarm.kinds == (Kind.CALL_RAISED,)
    here = heard.event.subject == alarm.subject
    checked = alarm.arrived or not alarm.check
    if outcome is not None and mine and here and checked and alarm.phase in OWNED:
        why = because(ReasonCode.CALL_RESET)
        yield own.AlarmSettled(alarm=alarm.id, outcome=outcome, reason=why)
