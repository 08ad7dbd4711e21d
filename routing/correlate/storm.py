"""Storms: many technical faults of one cause in one area, or of one maker, are one incident.

The first faults of a storm are alarms of their own, because nobody can know yet. The one that makes
it a storm raises the incident and lists those before it; theirs that nobody has accepted are
settled. Later faults only join the list, at the cost of one entry however long it is. A power cut
is followed by silence hours later: that joins the incident its device is listed on. Help is never
part of a storm.
"""

from collections.abc import Iterator, Mapping

from routing import facts
from routing import facts_correlate as own
from routing.alarm import Alarm
from routing.chain import policy_for
from routing.correlate.again import announced
from routing.correlate.heard import Heard
from routing.correlate.memory import Birth, pair
from routing.correlate.scope import AREA, scopes
from routing.correlate.settings import settings
from routing.instant import SECOND, Instant
from routing.kinds import KINDS, Category, Kind
from routing.lifecycle import OPEN, OutcomeCode, Phase
from routing.marks import Mark
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry, State
from routing.trouble import ANSWERS

FOLLOWS: Mapping[Kind, frozenset[Kind]] = {
    Kind.MAINS_LOST: frozenset({Kind.BATTERY_LOW, Kind.LINK_LOST}),
    Kind.LINK_LOST: frozenset({Kind.MAINS_LOST}),
}
"""What a cause brings about later, in the devices it has hit."""


def incident_for(state: State, heard: Heard, at: Instant) -> tuple[Alarm, Reason] | None:
    """Return the open incident that the fault belongs to, and why."""
    kind, device = heard.ring.kind, heard.device
    if device is None or KINDS[kind].category is not Category.TECHNICAL:
        return None
    mine = _open(state, state.memory.member_of.get(heard.event.subject))
    if mine is not None and kind in {mine.kind, *FOLLOWS.get(mine.kind, ())}:
        return mine, because(ReasonCode.FOLLOWS_INCIDENT, kind=mine.kind)
    for scope in scopes(state.registry, device):
        found = _open(state, state.memory.incident_at.get(pair(scope, kind)))
        if found is not None and _grows(state, found, at):
            return found, because(ReasonCode.MEMBER_OF_STORM, kind=kind)
    return None


def _open(state: State, alarm_id: str | None) -> Alarm | None:
    alarm = state.alarms.get(alarm_id or "")
    return alarm if alarm is not None and alarm.phase in OPEN else None


def _grows(state: State, alarm: Alarm, at: Instant) -> bool:
    grew_at = state.memory.incidents[alarm.id].grew_at
    return at <= grew_at + settings(state.registry).storm_joins_s * SECOND


def join(state: State, alarm: Alarm, heard: Heard, why: Reason) -> list[facts.AnyFact]:
    """Return that the device is listed; whoever has the incident hears only of a new kind."""
    news = heard.ring.kind not in alarm.kinds
    pages = announced(state.registry, alarm, f"i{heard.ring.kind}", why) if news else ()
    listed = own.IncidentJoined(
        alarm=alarm.id,
        event=heard.event.event,
        kind=heard.ring.kind,
        subject=heard.event.subject,
        device=heard.device.id if heard.device else "",
        resident=heard.resident,
        pages=pages,
        reason=why,
    )
    if Mark.RETURNED not in alarm.marks:
        return [listed]
    again = because(ReasonCode.LEFT_AGAIN)
    unmarked = own.AlarmMarked(alarm=alarm.id, mark=Mark.RETURNED, present=False, reason=again)
    return [listed, unmarked]


def breaks_out(state: State, heard: Heard, at: Instant) -> tuple[str, list[Birth]] | None:
    """Return the scope in which this fault is the one that makes a storm, and those before it."""
    device, kind = heard.device, heard.ring.kind
    if device is None or KINDS[kind].category is not Category.TECHNICAL:
        return None
    numbers = settings(state.registry)
    oldest = at - numbers.storm_window_s * SECOND
    for scope in scopes(state.registry, device):
        births = state.memory.births.get(pair(scope, kind), ())
        fresh = [birth for birth in births if birth.at > oldest]
        if len(fresh) + 1 >= numbers.storm_events:
            return scope, fresh
    return None


def gather(
    state: State, incident: str, heard: Heard, births: list[Birth], why: Reason
) -> Iterator[facts.AnyFact]:
    """Yield the list of a new incident, and the end of what nobody has accepted of it."""
    for birth in births:
        device = state.registry.devices.get(birth.device)
        yield own.IncidentJoined(
            alarm=incident,
            event=birth.event,
            kind=heard.ring.kind,
            subject=birth.subject,
            device=birth.device,
            resident=device.resident if device else None,
            reason=why,
        )
        alarm = state.alarms.get(birth.alarm)
        if alarm is not None and alarm.phase is Phase.LOOKING:
            yield own.AlarmSettled(alarm=alarm.id, outcome=OutcomeCode.TECHNICAL, reason=why)


def passed(state: State, heard: Heard) -> list[facts.AnyFact]:
    """Return that a listed fault has passed; the incident is marked when it was the last."""
    subject, fault = heard.event.subject, ANSWERS.get(heard.event.kind)
    alarm = _open(state, state.memory.member_of.get(subject))
    if alarm is None or fault is None or heard.device is None:
        return []
    incident = state.memory.incidents[alarm.id]
    if fault not in incident.members.get(subject, ()):
        return []
    why = because(ReasonCode.TROUBLE_PASSED, kind=heard.event.kind)
    out: list[facts.AnyFact] = [
        own.IncidentJoined(
            alarm=alarm.id,
            event=heard.event.event,
            kind=heard.event.kind,
            subject=subject,
            device=heard.device.id,
            resident=heard.resident,
            reason=why,
        )
    ]
    if incident.lasting == 1:
        out.append(own.AlarmMarked(alarm=alarm.id, mark=Mark.RETURNED, reason=why))
    return out


def birth(
    registry: Registry, scope: str, heard: Heard, alarm_id: str, why: Reason
) -> facts.AlarmRaised:
    """Return the incident's birth; its subject is the scope, so that it merges with no device's.
    The policy is the one of the time of receipt."""
    unit = scope.removeprefix(AREA) if scope.startswith(AREA) else None
    received_at = heard.event.received_at
    return facts.AlarmRaised(
        alarm=alarm_id,
        event=heard.event.event,
        kind=heard.ring.kind,
        category=Category.TECHNICAL,
        severity=KINDS[heard.ring.kind].severity,
        subject=scope,
        unit=unit,
        policy=policy_for(registry, Category.TECHNICAL, None, unit, received_at),
        received_at=received_at,
        reason=why,
    )
