"""When the answer to "who is called?" may change: the roster's instants and those of the windows in
which policies and steps count."""

from collections.abc import Iterator
from datetime import timedelta

from routing.instant import Instant
from routing.local import at_text, edges, local_day
from routing.municipality import PolicyWindow, When
from routing.roster import spells, where
from routing.state import Registry


def unchanged(
    registry: Registry, from_at: Instant, to_at: Instant
) -> list[tuple[Instant, Instant]]:
    """Return the spans between the changes, in order and without a hole."""
    times = sorted({from_at, *_changes(registry, from_at, to_at)})
    return list(zip(times, (*times[1:], to_at), strict=True))


def _changes(registry: Registry, from_at: Instant, to_at: Instant) -> Iterator[Instant]:
    for team in registry.teams:
        yield from (start for start, _, _ in spells(registry, team, from_at, to_at))
    here, minutes = where(registry), _minutes(registry)
    for one in registry.absences.values():  # of people who are in no roster too
        ends = (at_text(here, one.from_local), at_text(here, one.to_local))
        yield from (at for at in ends if from_at < at < to_at)
    day, last = local_day(here, from_at), local_day(here, to_at)
    while day <= last:
        for minute in minutes:
            yield from (at for at in edges(here, day, minute) if from_at < at < to_at)
        day += timedelta(days=1)


def _minutes(registry: Registry) -> set[int]:
    """Return the minutes of the day at which a window of any policy may open or close."""
    places = (registry.municipality, *registry.units.values(), *registry.residents.values())
    windows: list[When | PolicyWindow] = [w for p in places if p for w in p.policies_at]
    steps = (step for policy in registry.policies.values() for step in policy.steps)
    windows += [step.when for step in steps if step.when is not None]
    return {0} | {m for w in windows for m in (w.from_minute, w.to_minute)} if windows else set()
