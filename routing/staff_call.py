"""Hold-to-call: a member of staff in need becomes the alarm."""

from routing import facts
from routing.alarm import Alarm, raised
from routing.chain import Draft, page, policy_for, policy_of, start
from routing.colleague import subject_of
from routing.event import derive_id
from routing.hear import Ids
from routing.inputs import Command
from routing.instant import Instant
from routing.kinds import KINDS, Kind
from routing.proofs.order import first_channel
from routing.reasons import ReasonCode, because
from routing.state import Registry, State
from routing.trouble import trouble


def call_for_help(state: State, command: Command, at: Instant, ids: Ids) -> list[facts.AnyFact]:
    """Raise the alarm, or announce it again while it is open."""
    event = derive_id("command", command.id)
    subject = subject_of(command.person)
    known = state.open_by_trouble.get(trouble(Kind.STAFF_CALLED, None, subject))
    if known is not None:
        return [_again(state.registry, state.alarms[known], event)]
    birth = _birth(state, command, at, ids(event), event)
    draft = Draft(raised(birth, at), at)
    policy = policy_of(state.registry, draft.alarm)
    start(state.registry, draft, 1, 0, because(ReasonCode.CHAIN_STARTED, policy=policy.id))
    return [birth, *draft.decided]


def _birth(
    state: State, command: Command, at: Instant, alarm: str, event: str
) -> facts.AlarmRaised:
    treatment = KINDS[Kind.STAFF_CALLED]
    unit = _unit(state, command)
    return facts.AlarmRaised(
        alarm=alarm,
        event=event,
        kind=Kind.STAFF_CALLED,
        category=treatment.category,
        severity=treatment.severity,
        subject=subject_of(command.person),
        unit=unit,
        policy=policy_for(state.registry, treatment.category, None, unit, at),
        received_at=command.made_at,
        reason=because(ReasonCode.STAFF_CALLS, person=command.person),
        beside=command.alarm if command.alarm in state.alarms else None,
    )


def _unit(state: State, command: Command) -> str | None:
    """Return the zone of the alarm at which it is held, else of the person's first team."""
    beside = state.alarms.get(command.alarm)
    if beside is not None:
        return beside.unit
    teams = state.registry.people[command.person].teams
    known = (state.registry.teams.get(team) for team in teams)
    return next((team.unit for team in known if team is not None and team.unit), None)


def _again(registry: Registry, alarm: Alarm, event: str) -> facts.AlarmRepeated:
    activation = alarm.activations + 1
    why = because(ReasonCode.SAME_TROUBLE_AGAIN, activation=activation)
    waiting = {p.person for p in alarm.pages if alarm.owes(p)}
    people = (alarm.owner,) if alarm.owner else alarm.calling
    return facts.AlarmRepeated(
        alarm=alarm.id,
        event=event,
        kind=Kind.STAFF_CALLED,
        activation=activation,
        severity=alarm.severity,
        pages=tuple(
            page(alarm, f"n{activation}", person, first_channel(registry, person), why)
            for person in people
            if person not in waiting and person not in alarm.refused
        ),
        reason=why,
    )
