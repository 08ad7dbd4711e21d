"""Is somebody there? What is needed against who is on duty, ahead of time.

A *need* says how many people a team must have on duty in a weekly window, perhaps of one
competence. Fewer are a thin spot, none is a gap. Only people who may own an alarm count.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from routing.duty import Need
from routing.event import derive_id
from routing.facts import EventRecorded
from routing.instant import DAY, HOUR, Instant
from routing.kinds import Kind
from routing.local import at_minute, local_day, local_text
from routing.roster import Row, spells, where
from routing.state import Registry
from routing.targets import can_handle

ADAPTER = "hub.roster"
"""The `adapter` of events that the roster brings."""
PROTOCOL = "roster"
"""What their subjects begin with."""
LOOK_EVERY: Instant = HOUR
WARN_AHEAD: Instant = DAY + LOOK_EVERY
"""Looked at once an hour, so that every gap is told of at least 24 hours before it begins."""


class Spot(NamedTuple):
    """A time in which fewer are on duty than are needed."""

    need: str
    team: str
    from_at: Instant
    to_at: Instant
    required: int
    have: int
    competence: str | None

    @property
    def is_gap(self) -> bool:
        """Whether nobody at all is there."""
        return self.have == 0


def coverage(registry: Registry, from_at: Instant, to_at: Instant) -> list[Spot]:
    """Return gaps and thin spots from one instant to another, the earliest first."""
    needs = registry.needs.values()
    return sorted(
        (spot for need in needs for spot in spots(registry, need, from_at, to_at)),
        key=lambda spot: (spot.from_at, spot.need),
    )


def spots(registry: Registry, need: Need, from_at: Instant, to_at: Instant) -> Iterator[Spot]:
    """Yield the times in which one need lacks people, in order, those of one number as one."""
    open_spot: Spot | None = None
    for start, end in _windows(registry, need, from_at, to_at):
        for first, last, people in spells(registry, need.team, start, end):
            have = sum(_counts(registry, need, person) for person in people)
            if open_spot and (open_spot.to_at, open_spot.have) == (first, have):
                open_spot = open_spot._replace(to_at=last)
                continue
            if open_spot:
                yield open_spot
            open_spot = None
            if have < need.people:
                open_spot = Spot(
                    need.id, need.team, first, last, need.people, have, need.competence
                )
    if open_spot:
        yield open_spot


def _counts(registry: Registry, need: Need, person: str) -> bool:
    if not can_handle(registry, person):
        return False
    return need.competence is None or need.competence in registry.people[person].competences


def _windows(
    registry: Registry, need: Need, from_at: Instant, to_at: Instant
) -> Iterator[tuple[Instant, Instant]]:
    """Yield when the need holds, in order and without overlaps."""
    here = where(registry)
    row = Row((), need.weekdays, need.from_minute, need.to_minute, lambda _day: True)
    day, last = local_day(here, from_at) - timedelta(days=1), local_day(here, to_at)
    while day <= last:
        span = row.span(here, day)
        if span is not None and span[0] < to_at and span[1] > from_at:
            start, end = max(span[0], from_at), min(span[1], to_at)
            if start < end:
                yield start, end
        day += timedelta(days=1)


# -- told ahead ------------------------------------------------------------------------------------


def upcoming(registry: Registry, at: Instant) -> list[EventRecorded]:
    """Return an event for each gap that begins within the next 25 hours or has begun.

    A gap's id derives from its team, its need and its beginning, so that a gap is one alarm however
    often it is looked at. One that began before yesterday is told once a day while it lasts.
    """
    here = where(registry)
    since = at_minute(here, local_day(here, at) - timedelta(days=1), 0)
    found = coverage(registry, since, at + WARN_AHEAD)
    return [_event(registry, s, at) for s in found if s.is_gap and s.to_at > at]


def _event(registry: Registry, gap: Spot, at: Instant) -> EventRecorded:
    here = where(registry)
    begins, ends = local_text(here, gap.from_at), local_text(here, gap.to_at)
    return EventRecorded(
        event=derive_id(PROTOCOL, gap.team, gap.need, gap.from_at),
        kind=Kind.DUTY_GAP,
        subject=f"{PROTOCOL}:{gap.need}:{begins}",
        received_at=at,
        code=f"{gap.team} {begins} {ends}",
        adapter=ADAPTER,
    )
