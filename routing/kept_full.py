"""Frames of unknown devices had to give way to newer ones: told to the leads as a technical alarm.

The event comes from the hub itself, once an hour at most while it goes on; while the alarm is open
a further one is written beside it with its figures.
"""

from collections.abc import Callable

from routing import facts
from routing.alarm import raised
from routing.chain import LEADS, Draft, policy_for, start
from routing.event import derive_id
from routing.instant import HOUR, Instant
from routing.kinds import KINDS, Kind
from routing.local import local_text
from routing.reasons import Reason, ReasonCode, because
from routing.roster import where
from routing.state import Registry, State
from routing.trouble import trouble

ADAPTER = "hub.kept"
"""No listener's id has a dot, so no device can say this."""
SUBJECT = "hub:kept-frames"


def overflow(count: int, first_at: Instant, last_at: Instant, at: Instant) -> facts.EventRecorded:
    """Return the event of `count` frames that gave way; the instants are when the first and the
    last of them had been heard. One an hour: the same hour gives the same id."""
    return facts.EventRecorded(
        event=derive_id(ADAPTER, at // HOUR),
        kind=Kind.KEPT_FULL,
        subject=SUBJECT,
        received_at=at,
        code=f"{count} {first_at} {last_at}",
        adapter=ADAPTER,
    )


def is_overflow(event: facts.EventRecorded) -> bool:
    """Whether the hub itself has noticed it."""
    return event.kind is Kind.KEPT_FULL and event.adapter == ADAPTER


def tell(
    state: State, event: facts.EventRecorded, at: Instant, ids: Callable[[str], str]
) -> list[facts.AnyFact]:
    """Return the alarm and whom it calls; only a note while one is open, nothing when it has been
    told."""
    alarm_id = ids(event.event)
    if event.event in state.events or alarm_id in state.alarms:
        return []
    registry = state.registry
    why = _reason(registry, event)
    if state.open_by_trouble.get(trouble(event.kind, None, event.subject)) is not None:
        return [event, facts.EventNoted(event=event.event, subject=event.subject, reason=why)]
    treatment = KINDS[event.kind]
    chain = policy_for(registry, treatment.category, None, None, at)
    birth = facts.AlarmRaised(
        alarm=alarm_id,
        event=event.event,
        kind=event.kind,
        category=treatment.category,
        severity=treatment.severity,
        subject=event.subject,
        policy=LEADS.id if registry.leads else chain,
        received_at=event.received_at,
        reason=why,
    )
    draft = Draft(raised(birth, at), at)
    start(registry, draft, 1, 0, why)
    return [event, birth, *draft.decided]


def _reason(registry: Registry, event: facts.EventRecorded) -> Reason:
    count, first_at, last_at = map(int, (event.code or "0 0 0").split(" "))
    here = where(registry)
    began, ended = (local_text(here, at).replace("T", " ") for at in (first_at, last_at))
    return because(ReasonCode.KEPT_FULL, count=count, from_time=began, until=ended)
