"""Does somebody answer, each minute of a local week?

Somebody is a person with a role that may own an alarm. What a policy repeats for ever decides: the
last step (`loop: last`) or all its steps (`loop: all`), and the fallback, which is called where the
rest of the steps finds nobody.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from hub.configuration.model import MunicipalityFile, PolicyEntry, TargetEntry, Weekday
from hub.configuration.problem import Path, Problem
from hub.configuration.week import ALWAYS, NEVER, Minutes, first_gap, span
from routing.municipality import HANDLERS

_DAYS = list(Weekday)
Called = Mapping[str, Minutes]
"""Person to the minutes of the week in which that person is called."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is in a team, when on duty, and who may own an alarm."""

    members: Mapping[str, tuple[str, ...]]
    duty: Mapping[str, Called]
    handlers: frozenset[str]

    def called(self, targets: Iterable[TargetEntry]) -> Called:
        """Return everybody the targets resolve to, and when."""
        found: dict[str, Minutes] = {}
        for target in targets:
            for person, minutes in self._one(target).items():
                found[person] = found.get(person, NEVER) | minutes
        return found

    def _one(self, target: TargetEntry) -> Called:
        if target.person is not None:
            return {target.person: ALWAYS}
        if target.team is not None:
            return dict.fromkeys(self.members.get(target.team, ()), ALWAYS)
        return self.duty.get(str(target.on_duty), {})

    def owners(self, called: Called) -> Called:
        """Return those of the called who may own an alarm."""
        return {p: minutes for p, minutes in called.items() if p in self.handlers}


def roster(file: MunicipalityFile) -> Roster:
    """Return the file's roster."""
    duty: dict[str, dict[str, Minutes]] = {}
    for shift in file.shifts:
        days = (span(_DAYS.index(day), shift.start, shift.end) for day in shift.weekdays)
        minutes = reduce(or_, days)
        team = duty.setdefault(shift.team, {})
        for person in shift.people:
            team[person] = team.get(person, NEVER) | minutes
    return Roster(
        members={t.id: tuple(p.id for p in file.people if t.id in p.teams) for t in file.teams},
        duty=duty,
        handlers=frozenset(p.id for p in file.people if HANDLERS.intersection(p.roles)),
    )


def unanswered(file: MunicipalityFile) -> Iterator[Problem]:
    """Yield a problem for each policy that at some minute nobody answers."""
    who = roster(file)
    for index, policy in enumerate(file.policies):
        path: Path = ("policies", index)
        last = who.called(policy.steps[-1].call)
        if last and not who.owners(last):
            yield Problem("relative_last", (*path, "steps"), {"policy": policy.id})
        else:
            yield from _gap("nobody", path, policy.id, answered(who, policy))


def answered(who: Roster, policy: PolicyEntry) -> Minutes:
    """Return the minutes in which somebody who may own an alarm is called for ever."""
    repeated = policy.steps[-1:] if policy.loop == "last" else policy.steps
    targets = [target for step in repeated for target in step.call]
    return _any(who.owners(who.called([*targets, *policy.fallback])))


def oddities(file: MunicipalityFile) -> Iterator[Problem]:
    """Yield warnings: nobody on shift, only one person, people who are never called."""
    who = roster(file)
    everyone: set[str] = set()
    for index, policy in enumerate(file.policies):
        path: Path = ("policies", index)
        targets = [t for step in policy.steps for t in step.call] + list(policy.fallback)
        called = who.called(targets)
        everyone |= set(called)
        yield from _gap("one_person", path, policy.id, _two(who.owners(called)), warning=True)
        for team in dict.fromkeys(t.on_duty for t in targets if t.on_duty is not None):
            if team not in who.duty:
                params = {"policy": policy.id, "team": team}
                yield Problem("no_shifts", path, params, warning=True)
    for index, person in enumerate(file.people):
        if person.id in who.handlers and person.id not in everyone:
            yield Problem("never_called", ("people", index), {"person": person.id}, warning=True)


def _any(called: Called) -> Minutes:
    return reduce(or_, called.values(), NEVER)


def _two(called: Called) -> Minutes:
    one = two = NEVER
    for minutes in called.values():
        two |= one & minutes
        one |= minutes
    return two


def _gap(
    code: str, path: Path, policy: str, covered: Minutes, *, warning: bool = False
) -> Iterator[Problem]:
    if covered == NEVER:
        yield Problem(f"{code}_ever", path, {"policy": policy}, warning=warning)
        return
    gap = first_gap(covered)
    if gap is not None:
        params = {"policy": policy, **gap._asdict()}
        yield Problem(code, path, params, warning=warning)
