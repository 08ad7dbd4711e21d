"""Is anybody there whom a policy calls? Each policy that alarms may get, ahead of time.

Whoever is named by a policy is called although absent, and whom the roster has planned may be away:
a chain that finds somebody each minute may yet ring nobody who is there. Two things are told:

- *alone*: nobody is there whom a policy calls by its steps, its fallback, or what follows it;
- *away*: everybody is absent whom one of its steps would call.

A team that by plan is on duty only at some times is not away at the others. Only people who may own
an alarm count, and for *alone* no step that counts for some alarms only. `needs` are not asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from routing.changes import unchanged
from routing.coverage import Spot
from routing.instant import Instant
from routing.kinds import Category
from routing.local import at_text
from routing.municipality import Policy, PolicyWindow, Step, Target
from routing.nearest import is_open, named
from routing.roster import where
from routing.state import Registry
from routing.targets import only_told, resolve

Targets = tuple[Target, ...]
Span = tuple[Instant, Instant]


class Alone(NamedTuple):
    """A time in which nobody is there whom a policy calls."""

    policy: str
    from_at: Instant
    to_at: Instant


class Away(NamedTuple):
    """A time in which everybody is absent whom a step would call."""

    targets: Targets
    """Those of the step that ask."""
    from_at: Instant
    to_at: Instant


def nobody_there(
    registry: Registry, from_at: Instant, to_at: Instant, spots: Iterable[Spot]
) -> tuple[list[Alone], list[Away]]:
    """Return both from one instant to another, each with the earliest first. What is a gap of the
    team's needs (among `spots`, the coverage of that time), or leaves the whole policy alone, is
    not told as away too."""
    spans = unchanged(registry, from_at, to_at)
    gaps = [(s.team, s.from_at, s.to_at) for s in spots if s.is_gap]
    present = replace(registry, absences={}, duty={})
    look = _Look(registry, present, _absences(registry), gaps, _windows(registry), {})
    alone = [
        Alone(policy.id, start, end)
        for policy in registry.policies.values()
        for start, end in _spells(spans, look.judge_policy(policy))
    ]
    called = dict.fromkeys(_asking(s) for p in registry.policies.values() for s in p.steps)
    away = [
        Away(targets, start, end)
        for targets in called
        for start, end in _spells(spans, look.judge_step(targets))
    ]
    return sorted(alone, key=lambda one: one[1]), sorted(away, key=lambda one: one[1])


def _asking(step: Step) -> Targets:
    return tuple(target for target in step.targets if not only_told(target))


def _absences(registry: Registry) -> Mapping[str, list[Span]]:
    here, found = where(registry), dict[str, list[Span]]()
    for one in registry.absences.values():
        span = (at_text(here, one.from_local), at_text(here, one.to_local))
        found.setdefault(one.person, []).append(span)
    return found


def _windows(registry: Registry) -> frozenset[PolicyWindow]:
    places = (registry.municipality, *registry.units.values(), *registry.residents.values())
    return frozenset(w for place in places if place is not None for w in place.policies_at)


Judge = Callable[[Instant], bool | None]
"""Whether nobody is there; None where nobody has to be: that neither begins nor ends a time."""


def _spells(spans: Iterable[Span], judge: Judge) -> Iterator[Span]:
    begun: Instant | None = None
    ended: Instant = 0
    for start, end in spans:
        nobody = judge(start)
        if nobody:
            begun, ended = (start if begun is None else begun), end
        elif nobody is not None and begun is not None:
            yield begun, ended
            begun = None
    if begun is not None:
        yield begun, ended


@dataclass(frozen=True, slots=True)
class _Look:
    """Who is there and who is planned. Nothing in it changes but what has been worked out."""

    registry: Registry
    planned: Registry
    """The same, with nobody absent."""
    absences: Mapping[str, list[Span]]
    gaps: Iterable[tuple[str, Instant, Instant]]
    windows: frozenset[PolicyWindow]
    in_force: dict[tuple[PolicyWindow, ...], frozenset[str]]
    """The windows that are open to the policies in force then."""

    def judge_policy(self, policy: Policy) -> Judge:
        line = list(_line(self.registry, policy))

        def judge(at: Instant) -> bool | None:
            targets = [t for one in line for t in self._for_all(one, at)]
            nobody = not self._is_there(targets, at)
            return nobody if not nobody or policy.id in self._in_force(at) else None

        return judge

    def judge_step(self, targets: Targets) -> Judge:
        def judge(at: Instant) -> bool | None:
            if self._is_there(targets, at):
                return False
            planned = resolve(self.planned, targets, at)
            told = self._is_gap(targets, at) or not self._is_asked(targets, at)
            return None if not planned or told else True

        return judge

    def _for_all(self, policy: Policy, at: Instant) -> Iterator[Target]:
        """Yield whom the policy asks then, whatever the alarm."""
        for step in policy.steps:
            when = step.when
            some = when is not None and (when.categories or when.kinds or when.severity is not None)
            if not some and (when is None or is_open(self.registry, when, at)):
                yield from step.targets
        yield from policy.fallback

    def _is_there(self, targets: Iterable[Target], at: Instant) -> bool:
        return any(
            not any(start <= at < end for start, end in self.absences.get(person, ()))
            for person in resolve(self.registry, targets, at)
        )

    def _is_gap(self, targets: Targets, at: Instant) -> bool:
        teams = {target.id for target in targets}
        return any(team in teams and start <= at < end for team, start, end in self.gaps)

    def _is_asked(self, targets: Targets, at: Instant) -> bool:
        """Whether a policy in force asks them then, and somebody else who is there."""
        found = (self.registry.policies[id] for id in self._in_force(at))
        calling = [one for one in found if targets in _asked_now(self.registry, one, at)]
        return any(self.judge_policy(one)(at) is False for one in calling)

    def _in_force(self, at: Instant) -> frozenset[str]:
        """Return the policies that alarms may get at the instant, with those that follow them."""
        now = tuple(window for window in self.windows if is_open(self.registry, window, at))
        if now not in self.in_force:
            self.in_force[now] = frozenset(_in_force(self.registry, at))
        return self.in_force[now]


def _asked_now(registry: Registry, policy: Policy, at: Instant) -> list[Targets]:
    now = (s for s in policy.steps if s.when is None or is_open(registry, s.when, at))
    return [_asking(step) for step in now]


def _line(registry: Registry, policy: Policy) -> Iterator[Policy]:
    """Yield the policy and those that follow it, each once."""
    seen: set[str] = set()
    following: Policy | None = policy
    while following is not None and following.id not in seen:
        yield following
        seen.add(following.id)
        following = registry.policies.get(following.then or "")


def _in_force(registry: Registry, at: Instant) -> Iterator[str]:
    for resident, unit in _places(registry):
        for category in Category:
            names = named(registry, category, resident, unit, at)
            nearest = next((n for n in names if n in registry.policies), None)
            if nearest is not None:
                yield from (one.id for one in _line(registry, registry.policies[nearest]))


def _places(registry: Registry) -> Iterable[tuple[str | None, str | None]]:
    """Return resident and unit of each place whose alarms may get policies of their own; one
    resident for all of a unit whose policies are the same."""
    homes = {
        (home.unit, *sorted(home.policies.items()), home.policies_at): (home.id, home.unit)
        for home in registry.residents.values()
    }
    return [(None, None), *((None, unit) for unit in registry.units), *homes.values()]
