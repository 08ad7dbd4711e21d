"""A gap in the roster, or a zone too far from everybody on duty, told ahead to the leads as a
technical alarm of its own.

The events come from `routing.coverage.upcoming` and `routing.duty_reach.upcoming`; what has been
told already gives nothing.
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
    """Whether the hub itself has noticed it. A device cannot say so: no listener's id has a dot."""
    return event.kind in {Kind.DUTY_GAP, Kind.DUTY_FAR} and event.adapter == ADAPTER


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
    reason, unit = _reason(registry, event)
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


def _reason(registry: Registry, event: facts.EventRecorded) -> tuple[Reason, str | None]:
    """Return why, and the unit that it is about."""
    who, begins, ends, *rest = (event.code or "").split(" ")
    shown = {"from_time": begins.replace("T", " "), "until": ends.replace("T", " ")}
    if event.kind is Kind.DUTY_FAR:
        return because(ReasonCode.DUTY_FAR, unit=who, target_s=int(rest[0]), **shown), who
    team = registry.teams.get(who)
    unit = None if team is None else team.unit
    return because(ReasonCode.DUTY_GAP, team=who, **shown), unit
