"""Can somebody on duty be there in time? Each zone against its target, ahead of time.

A zone's target is that of the policy by which a press for help there would be routed at that time;
asked are those on duty whom its steps call. Times are those of `routing.way`. Whoever has none is
taken to be in time: nothing is claimed that nobody has said. A zone whose policy has no target, or
calls nobody by duty, is not judged.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple

from routing.alarm import Alarm
from routing.changes import unchanged
from routing.coverage import ADAPTER, PROTOCOL, WARN_AHEAD, coverage
from routing.event import derive_id
from routing.facts import EventRecorded
from routing.instant import DAY, Instant
from routing.kinds import Category, Kind, Severity
from routing.local import at_minute, local_day, local_text
from routing.municipality import Policy
from routing.nearest import counts, named
from routing.roster import where
from routing.state import Registry
from routing.targets import resolve
from routing.way import way_s

BY_DUTY = frozenset({"on_duty", "competence"})
"""Kinds of targets that call who is on duty."""


class Far(NamedTuple):
    """A time in which nobody on duty can be in a zone within its target."""

    unit: str
    from_at: Instant
    to_at: Instant
    target_s: int
    soonest_s: int | None
    """The shortest way of all; None while nobody is on duty."""


def judged(registry: Registry) -> bool:
    """Whether any policy sets a target at all."""
    return any(policy.target_s is not None for policy in registry.policies.values())


def out_of_reach(registry: Registry, from_at: Instant, to_at: Instant) -> list[Far]:
    """Return when no zone's target can be kept, the earliest first, equal neighbours as one."""
    if not judged(registry):
        return []
    spans = unchanged(registry, from_at, to_at)
    found = [far for unit in registry.units for far in _of_unit(registry, unit, spans)]
    return sorted(found, key=lambda far: (far.from_at, far.unit))


def _of_unit(
    registry: Registry, unit: str, spans: Iterable[tuple[Instant, Instant]]
) -> Iterator[Far]:
    open_far: Far | None = None
    for start, end in spans:
        here = _judge(registry, unit, start, end)
        if open_far and here and open_far[3:] == here[3:] and open_far.to_at == start:
            open_far = open_far._replace(to_at=end)
            continue
        if open_far:
            yield open_far
        open_far = here
    if open_far:
        yield open_far


def _judge(registry: Registry, unit: str, start: Instant, end: Instant) -> Far | None:
    policy = _policy(registry, unit, start)
    if policy is None or policy.target_s is None:
        return None
    press = _press(unit, start)
    steps = [step for step in policy.steps if counts(registry, step.when, press, start)]
    targets = [t for step in steps for t in step.targets if t.kind in BY_DUTY]
    if not targets:
        return None
    ways = [way_s(registry, unit, person, start) for person in resolve(registry, targets, start)]
    if any(way is None or way <= policy.target_s for way in ways):
        return None
    soonest_s = min((way for way in ways if way is not None), default=None)
    return Far(unit, start, end, policy.target_s, soonest_s)


def _policy(registry: Registry, unit: str, at: Instant) -> Policy | None:
    names = named(registry, Category.HELP, None, unit, at)
    return next((registry.policies[name] for name in names if name in registry.policies), None)


def _press(unit: str, at: Instant) -> Alarm:
    """Return a press for help, which is what targets are set for."""
    return Alarm(
        id="",
        kind=Kind.HELP_PRESSED,
        category=Category.HELP,
        severity=Severity.HIGH,
        subject="",
        device=None,
        resident=None,
        unit=unit,
        policy="",
        raised_at=at,
        received_at=at,
    )


# -- told ahead ------------------------------------------------------------------------------------


def upcoming(registry: Registry, at: Instant) -> list[EventRecorded]:
    """Return an event for each time out of reach that begins within the next 25 hours or has begun.

    As with gaps: told once, by zone and beginning, and what lasts once a day. Where a whole time
    without anybody on duty is a gap already, that is what is told.
    """
    if not judged(registry):
        return []
    here = where(registry)
    since = at_minute(here, local_day(here, at) - timedelta(days=1), 0)
    until = at + WARN_AHEAD
    gaps = [(s.from_at, s.to_at) for s in coverage(registry, since, until + DAY) if s.is_gap]
    return [
        _event(registry, far, at)
        for far in out_of_reach(registry, since, until)
        if far.to_at > at and not (far.soonest_s is None and _told_as_gap(far, gaps))
    ]


def _told_as_gap(far: Far, gaps: Iterable[tuple[Instant, Instant]]) -> bool:
    return any(start <= far.from_at and end >= far.to_at for start, end in gaps)


def _event(registry: Registry, far: Far, at: Instant) -> EventRecorded:
    here = where(registry)
    begins, ends = local_text(here, far.from_at), local_text(here, far.to_at)
    return EventRecorded(
        event=derive_id(PROTOCOL, "far", far.unit, far.from_at),
        kind=Kind.DUTY_FAR,
        subject=f"{PROTOCOL}:far-{far.unit}:{begins}",
        received_at=at,
        code=f"{far.unit} {begins} {ends} {far.target_s}",
        adapter=ADAPTER,
    )
