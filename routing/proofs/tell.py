"""A word to the leads that somebody cannot be called: a technical alarm of its own, one for each
person as long as it is open."""

from routing import facts
from routing.alarm import raised
from routing.chain import LEADS, Draft, policy_for, start
from routing.colleague import unreached
from routing.event import derive_id
from routing.hear import Ids
from routing.instant import Instant
from routing.kinds import KINDS, Kind
from routing.reasons import Reason
from routing.state import State
from routing.trouble import trouble

ADAPTER = "hub.reach"
"""The `adapter` of what the hub notices about ways to people. No listener's id has a dot."""


def tell_leads_of(
    state: State, person: str, why: Reason, at: Instant, ids: Ids
) -> list[facts.AnyFact]:
    """Return the alarm and whom it calls; nothing while the leads have one about the person."""
    subject = unreached(person)
    event = derive_id(ADAPTER, person, why.code, at)
    alarm_id = ids(event)
    told = trouble(Kind.REACH_LOST, None, subject) in state.open_by_trouble
    if told or event in state.events or alarm_id in state.alarms:
        return []
    heard = facts.EventRecorded(
        event=event, kind=Kind.REACH_LOST, subject=subject, received_at=at, adapter=ADAPTER
    )
    treatment, registry = KINDS[heard.kind], state.registry
    birth = facts.AlarmRaised(
        alarm=alarm_id,
        event=event,
        kind=heard.kind,
        category=treatment.category,
        severity=treatment.severity,
        subject=subject,
        policy=LEADS.id
        if registry.leads
        else policy_for(registry, treatment.category, None, None, at),
        received_at=at,
        reason=why,
    )
    draft = Draft(raised(birth, at), at)
    start(registry, draft, 1, 0, why)
    return [heard, birth, *draft.decided]
