"""Device clocks: both times are kept, the time of receipt drives everything, and a clock that is
far off is a fault of its own, told once for each device and local day."""

from routing.correlate.memory import pair
from routing.correlate.settings import HUB, settings
from routing.event import derive_id
from routing.facts import EventRecorded
from routing.instant import SECOND, Instant
from routing.kinds import Kind
from routing.roster import local_time
from routing.state import State


def off_s(event: EventRecorded) -> int:
    """Return how far the device's clock is from the time of receipt, in seconds; an old message
    says nothing about it."""
    if event.occurred_at is None or event.history:
        return 0
    return abs(event.occurred_at - event.received_at) // SECOND


def told_today(state: State, subject: str, at: Instant) -> bool:
    """Whether the clock of this device has been told of on the present local day."""
    told = state.memory.told.get(pair(Kind.CLOCK_WRONG, subject))
    if told is None:
        return False
    return local_time(state.registry, told).date() == local_time(state.registry, at).date()


def fault(state: State, event: EventRecorded, at: Instant) -> EventRecorded | None:
    """Return the fault that the event's time is; None when it is near enough, or told already."""
    near = off_s(event) <= settings(state.registry).clock_tolerance_s
    if near or event.kind is Kind.CLOCK_WRONG or told_today(state, event.subject, at):
        return None
    return EventRecorded(
        event=derive_id(HUB, Kind.CLOCK_WRONG, event.event),
        kind=Kind.CLOCK_WRONG,
        subject=event.subject,
        received_at=event.received_at,
        adapter=HUB,
    )
