"""The fold of facts into what correlation remembers. Called by `evolve` only, before the fact is
folded into alarms, so that an alarm is seen here as it was."""

from functools import singledispatch

from routing import facts
from routing import facts_correlate as own
from routing.correlate.calls import room
from routing.correlate.memory import Birth, Incident, Spoke, pair
from routing.correlate.scope import is_incident, scopes
from routing.correlate.settings import HUB, settings
from routing.correlate.strangers import group
from routing.instant import SECOND, Instant
from routing.kinds import KINDS, Category, Kind, KindClass
from routing.marks import Mark
from routing.proofs.facts import ChannelProven, ChannelReceived
from routing.reasons import ReasonCode
from routing.state import State
from routing.trouble import ANSWERS
from routing.watch import WatchKind

CROSSINGS = frozenset({Kind.ZONE_LEFT, Kind.ZONE_ENTERED})
STRANGE = frozenset({ReasonCode.DEVICE_NOT_REGISTERED, ReasonCode.MANY_STRANGERS})
PRESENCE = frozenset({Kind.PRESENCE_ENTERED, Kind.PRESENCE_LEFT})
TOLD_ONCE = frozenset({Kind.CLOCK_WRONG, Kind.LOCATION_OBJECTED})


@singledispatch
def remember(fact: facts.Fact, state: State, at: Instant) -> None:
    """Most facts leave nothing to remember here."""


@remember.register
def _(fact: own.WatchSet, state: State, at: Instant) -> None:
    state.watches.put(fact.kind, fact.key, fact.due_at)


@remember.register
def _(fact: own.WatchEnded, state: State, at: Instant) -> None:
    state.watches.end(fact.kind, fact.key)
    if fact.kind is WatchKind.DOSE_MISSED:
        state.memory.taken.pop(fact.key.partition("|")[0], None)


@remember.register
def _(fact: facts.EventRecorded, state: State, at: Instant) -> None:
    device = state.registry.device_of.get(fact.subject)
    if device is None:
        return  # what strangers say must not fill the memory
    if fact.kind in TOLD_ONCE:
        state.memory.told[pair(fact.kind, fact.subject)] = at
    if fact.sequence is not None:
        _spoke(state, fact, fact.sequence, at)
    if fact.kind is Kind.MEDICATION_TAKEN:
        state.memory.taken[device] = at
    if state.registry.devices[device].doses and not fact.history:
        _dispenser_spoke(state, fact, device, at)
    if fact.kind in PRESENCE and not fact.history:
        _presence(state, fact, device, at)


def _dispenser_spoke(state: State, fact: facts.EventRecorded, device: str, at: Instant) -> None:
    """What the hub notices by itself is no word of the dispenser."""
    if fact.kind is Kind.LINK_LOST:
        state.memory.silent.setdefault(device, at)
    elif fact.kind is Kind.LINK_RESTORED or fact.adapter != HUB:
        state.memory.silent.pop(device, None)


def _presence(state: State, fact: facts.EventRecorded, device: str, at: Instant) -> None:
    one = state.registry.devices[device]
    here = room(fact.subject, None if one.exercise else one.resident)
    if fact.kind is Kind.PRESENCE_ENTERED:
        state.memory.present[here] = at
    else:
        state.memory.present.pop(here, None)


def _spoke(state: State, fact: facts.EventRecorded, sequence: int, at: Instant) -> None:
    key = pair(fact.subject, ANSWERS.get(fact.kind, fact.kind))
    known = state.memory.spoke.get(key)
    if known is not None and sequence < known.sequence:
        reorder = settings(state.registry).reorder_s * SECOND
        if at - known.at <= reorder:
            return  # an overtaken message; after that time the device has begun to count anew
    state.memory.spoke[key] = Spoke(sequence, at, fact.kind)


@remember.register
def _(fact: facts.SendEnded, state: State, at: Instant) -> None:
    key = pair(fact.person, fact.channel)
    if fact.delivered:
        state.memory.failing.pop(key, None)
    else:
        state.memory.failing[key] = at


@remember.register
def _(fact: ChannelReceived | ChannelProven, state: State, at: Instant) -> None:
    state.memory.failing.pop(pair(fact.person, fact.channel), None)


@remember.register
def _(fact: own.ProtectionLost, state: State, at: Instant) -> None:
    state.memory.unprotected[fact.device] = at


@remember.register
def _(fact: own.ProtectionBack, state: State, at: Instant) -> None:
    state.memory.unprotected.pop(fact.device, None)


@remember.register
def _(fact: facts.AlarmRaised, state: State, at: Instant) -> None:
    if fact.reason.code in STRANGE:
        _stranger_rang(state, fact.kind, at)
    if is_incident(fact.subject):
        key = pair(fact.subject, fact.kind)
        state.memory.incidents[fact.alarm] = Incident(at)
        state.memory.incident_at[key] = fact.alarm
        state.memory.births.pop(key, None)
    elif fact.category is Category.TECHNICAL and fact.device is not None:
        _born(state, fact, fact.device, at)


def _born(state: State, fact: facts.AlarmRaised, device_id: str, at: Instant) -> None:
    device = state.registry.devices.get(device_id)
    numbers = settings(state.registry)
    oldest = at - numbers.storm_window_s * SECOND
    for scope in scopes(state.registry, device) if device else ():
        key = pair(scope, fact.kind)
        fresh = [b for b in state.memory.births.get(key, ()) if b.at > oldest]
        fresh.append(Birth(at, fact.subject, device_id, fact.alarm, fact.event))
        state.memory.births[key] = tuple(fresh[-numbers.storm_events :])


@remember.register
def _(fact: own.AlarmMarked, state: State, at: Instant) -> None:
    if fact.mark is Mark.EXERCISE:
        state.memory.exercises[fact.alarm] = at


@remember.register
def _(fact: facts.AlarmClosed | own.AlarmSettled, state: State, at: Instant) -> None:
    state.memory.exercises.pop(fact.alarm, None)


@remember.register
def _(fact: facts.AlarmReopened, state: State, at: Instant) -> None:
    if Mark.EXERCISE in state.alarms[fact.alarm].marks:
        state.memory.exercises[fact.alarm] = at


@remember.register
def _(fact: facts.AlarmRepeated | facts.AlarmAnnotated, state: State, at: Instant) -> None:
    if fact.kind in CROSSINGS:
        state.memory.crossed[fact.alarm] = at
    if isinstance(fact, facts.AlarmRepeated) and fact.subject is not None:
        _stranger_rang(state, fact.kind, at)
        if fact.pages:
            state.memory.strangers_told[fact.alarm] = at


def _stranger_rang(state: State, kind: Kind, at: Instant) -> None:
    name, most = group(kind), settings(state.registry).strangers
    state.memory.strangers[name] = (*state.memory.strangers.get(name, ()), at)[-most:]


@remember.register
def _(fact: own.IncidentJoined, state: State, at: Instant) -> None:
    incident = state.memory.incidents.get(fact.alarm)
    if incident is None:
        return
    faults = incident.members.get(fact.subject, ())
    passed = ANSWERS.get(fact.kind)
    if KINDS[fact.kind].kind_class is KindClass.ALARM:
        incident.grew_at = at
        state.memory.member_of[fact.subject] = fact.alarm
        now = faults if fact.kind in faults else (*faults, fact.kind)
    else:
        now = tuple(kind for kind in faults if kind is not passed)
    incident.lasting += len(now) - len(faults)
    incident.members[fact.subject] = now


@remember.register
def _(fact: facts.AlarmArchived, state: State, at: Instant) -> None:
    memory = state.memory
    memory.crossed.pop(fact.alarm, None)
    memory.strangers_told.pop(fact.alarm, None)
    incident = memory.incidents.pop(fact.alarm, None)
    if incident is None:
        return
    for subject in incident.members:
        if memory.member_of.get(subject) == fact.alarm:
            del memory.member_of[subject]
    alarm = state.alarms[fact.alarm]
    key = pair(alarm.subject, alarm.kind)
    if memory.incident_at.get(key) == fact.alarm:
        del memory.incident_at[key]
