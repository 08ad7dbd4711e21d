"""Gaps that the hub offers by itself: found ahead, and made into tasks once.

The events come from `open_duties`; one whose gap is offered already, or has been called off by a
lead, gives nothing.
"""

from collections.abc import Iterator

from routing import facts
from routing.coverage import ADAPTER, PROTOCOL, Spot, coverage
from routing.duty import OpenDuty
from routing.event import derive_id
from routing.instant import DAY, SECOND, Instant
from routing.kinds import Kind
from routing.local import at_minute, local_day, local_text
from routing.reasons import ReasonCode, because
from routing.roster import where
from routing.state import Registry, State
from routing.tasks.duty import cannot_offer, made, offers_of
from routing.tasks.make import Ids, task_id
from routing.tasks.offer import care
from routing.tasks.plans import GapOffers


def open_duties(registry: Registry, at: Instant) -> list[facts.EventRecorded]:
    """Return an event for each part of a gap that is to be offered by itself now."""
    offers = care(registry).offers
    if not offers.automatic:
        return []
    ahead = at + offers.ahead_s * SECOND
    # Whole gaps, so that their parts do not move as time goes on.
    since = at_minute(where(registry), local_day(where(registry), at), 0)
    found = coverage(registry, since, ahead + DAY)
    parts = (part for spot in found for part in _parts(spot, offers))
    return [_event(registry, p, at) for p in parts if p.to_at > at and p.from_at <= ahead]


def _parts(spot: Spot, offers: GapOffers) -> Iterator[OpenDuty]:
    start = spot.from_at
    while start < spot.to_at:
        end = min(spot.to_at, start + offers.longest_s * SECOND)
        yield OpenDuty(spot.team, spot.need, start, end)
        start = end


def _event(registry: Registry, duty: OpenDuty, at: Instant) -> facts.EventRecorded:
    begins = local_text(where(registry), duty.from_at)
    return facts.EventRecorded(
        event=derive_id("offer", duty.team, duty.need, duty.from_at, duty.to_at, at),
        kind=Kind.DUTY_OPEN,
        subject=f"{PROTOCOL}:{duty.need}:{begins}",
        received_at=at,
        code=f"{duty.from_at} {duty.to_at}",
        adapter=ADAPTER,
    )


def is_open_duty(event: facts.EventRecorded) -> bool:
    """Whether the hub itself has noticed it. A device cannot say so: no listener's id has a dot."""
    return event.kind is Kind.DUTY_OPEN and event.adapter == ADAPTER


def offered(state: State, event: facts.EventRecorded, at: Instant, ids: Ids) -> list[facts.AnyFact]:
    """Return the offer of a gap; nothing when it stands already or a lead has called it off."""
    registry = state.registry
    duty = _read(registry, event)
    if duty is None or cannot_offer(state, duty, at) is not None:
        return []
    if any(task.cancelled_by is not None for task in offers_of(state, duty)):
        return []
    offer = made(
        registry,
        duty,
        at=at,
        task=task_id(ids, event.event),
        severity=care(registry).offers.severity,
        reason=because(ReasonCode.TASK_DUTY_OPEN, team=duty.team),
    )
    return [event, offer]


def _read(registry: Registry, event: facts.EventRecorded) -> OpenDuty | None:
    need = registry.needs.get(event.subject.split(":")[1])
    begins, ends = (event.code or "").split(" ")
    return None if need is None else OpenDuty(need.team, need.id, int(begins), int(ends))
