"""A gap in the roster, told ahead to the leads as a technical alarm of its own.

The events come from `routing.coverage.upcoming`; a gap that has been told already gives nothing.
"""

from collections.abc import Callable

from routing import facts
from routing.alarm import raised
from routing.chain import LEADS, Draft, policy_for, start
from routing.coverage import ADAPTER
from routing.instant import Instant
from routing.kinds import KINDS, Kind
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry, State


def is_gap(event: facts.EventRecorded) -> bool:
    """Whether the hub itself has noticed a gap. A device cannot say so: no listener's id has a
    dot."""
    return event.kind is Kind.DUTY_GAP and event.adapter == ADAPTER


def tell(
    state: State, event: facts.EventRecorded, at: Instant, ids: Callable[[str], str]
) -> list[facts.AnyFact]:
    """Return the gap's alarm and whom it calls; nothing when it has been told."""
    alarm_id = ids(event.event)
    if event.event in state.events or alarm_id in state.alarms:
        return []
    birth = _birth(state.registry, event, alarm_id, at)
    draft = Draft(raised(birth, at), at)
    start(state.registry, draft, 1, 0, birth.reason)
    return [event, birth, *draft.decided]


def _birth(
    registry: Registry, event: facts.EventRecorded, alarm_id: str, at: Instant
) -> facts.AlarmRaised:
    reason, team = _reason(event)
    known = registry.teams.get(team)
    unit = None if known is None else known.unit
    treatment = KINDS[event.kind]
    chain = policy_for(registry, treatment.category, None, unit, at)
    return facts.AlarmRaised(
        alarm=alarm_id,
        event=event.event,
        kind=event.kind,
        category=treatment.category,
        severity=treatment.severity,
        subject=event.subject,
        unit=unit,
        policy=LEADS.id if registry.leads else chain,
        received_at=event.received_at,
        reason=reason,
    )


def _reason(event: facts.EventRecorded) -> tuple[Reason, str]:
    team, begins, ends = (event.code or "").split(" ")
    shown = {"from_time": begins.replace("T", " "), "until": ends.replace("T", " ")}
    return because(ReasonCode.DUTY_GAP, team=team, **shown), team
