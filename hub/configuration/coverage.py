"""Does somebody answer, each minute of a local week?

Somebody is a person with a role that may own an alarm. What a policy repeats for ever decides: the
last step (`loop: last`) or all its steps (`loop: all`), and the fallback, which is called where the
rest of the steps finds nobody.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from hub.configuration.entry import Weekday
from hub.configuration.model import MunicipalityFile, PersonEntry, TeamEntry
from hub.configuration.plan import cycle_weeks, in_dated, planned
from hub.configuration.policy_entries import PolicyEntry, StepEntry, TargetEntry
from hub.configuration.problem import Path, Problem
from hub.configuration.relied import relied
from hub.configuration.week import A_WHOLE_WEEK, ALWAYS, NEVER, Minutes, first_gap, weekly
from routing.municipality import HANDLERS, Role

_DAYS = list(Weekday)
EVERY = "*"
Called = Mapping[str, Minutes]
"""Person to the minutes of the week in which that person is called."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is in a team, when on duty, and who may own an alarm."""

    members: Mapping[str, tuple[str, ...]]
    duty: Mapping[str, Called]
    handlers: frozenset[str]
    people: Mapping[str, PersonEntry]
    teams: Mapping[str, TeamEntry]

    def called(self, targets: Iterable[TargetEntry]) -> Called:
        """Return everybody whom the targets ask, and when; who is only told is not asked."""
        found: dict[str, Minutes] = {}
        for target in targets:
            for person, minutes in self._asked(target).items():
                found[person] = found.get(person, NEVER) | minutes
        return found

    def _asked(self, target: TargetEntry) -> Called:
        if target.only_told:
            return {}
        return {p: m for p, m in self._one(target).items() if self._passes(target, p)}

    def _passes(self, target: TargetEntry, person: str) -> bool:
        known = self.people.get(person)
        if known is None:
            return target.role is None and target.having is None
        role = target.role is None or target.role in known.roles
        return role and (target.having is None or target.having in known.competences)

    def _one(self, target: TargetEntry) -> Called:
        kind, id = target.named
        found: Called = {}
        match kind:
            case "person":
                found = {id: ALWAYS}
            case "team":
                found = dict.fromkeys(self.members.get(id, ()), ALWAYS)
            case "on_duty":
                found = self._on_duty(id)
            case "response_centre":
                found = {**self._on_duty(id), **dict.fromkeys(self.members.get(id, ()), ALWAYS)}
            case "lead":
                found = dict.fromkeys(self._leads(id), ALWAYS)
            case "competence":
                found = self._having(id)
        return found

    def _on_duty(self, team: str) -> Called:
        known = self.teams.get(team)
        if known is not None and known.partner is not None:
            return dict.fromkeys(known.duty, ALWAYS)
        return self.duty.get(team, {})

    def _leads(self, team: str) -> list[str]:
        every = team == EVERY
        leads = (p for p in self.people.values() if Role.LEAD in p.roles)
        return [p.id for p in leads if every or team in p.teams]

    def _having(self, competence: str) -> Called:
        found: dict[str, Minutes] = {}
        for team in self.duty.values():
            for person, minutes in team.items():
                known = self.people.get(person)
                if known is not None and competence in known.competences:
                    found[person] = found.get(person, NEVER) | minutes
        return found

    def owners(self, called: Called) -> Called:
        """Return those of the called who may own an alarm."""
        return {p: minutes for p, minutes in called.items() if p in self.handlers}


def roster(file: MunicipalityFile, week: int = 0) -> Roster:
    """Return the file's roster in one week of the cycle in which its rotations come round."""
    return Roster(
        members={t.id: tuple(p.id for p in file.people if t.id in p.teams) for t in file.teams},
        duty=planned(file, week),
        handlers=frozenset(p.id for p in file.people if HANDLERS.intersection(p.roles)),
        people={person.id: person for person in file.people},
        teams={team.id: team for team in file.teams},
    )


def rosters(file: MunicipalityFile) -> list[Roster]:
    """Return the rosters of all weeks of the cycle."""
    return [roster(file, week) for week in range(cycle_weeks(file))]


def unanswered(file: MunicipalityFile) -> Iterator[Problem]:
    """Yield a problem for each policy that at some minute nobody answers."""
    weeks = [replace(who, duty=relied(file, who.duty)) for who in rosters(file)]
    for index, policy in enumerate(file.policies):
        path: Path = ("policies", index)
        if policy.then is None and any(_only_relatives(who, policy.steps[-1]) for who in weeks):
            yield Problem("relative_last", (*path, "steps"), {"policy": policy.id})
        else:
            last = _last(file, policy)
            yield from _gap("nobody", path, policy.id, [answered(who, last) for who in weeks])


def _only_relatives(who: Roster, step: StepEntry) -> bool:
    """Whether a step asks people, and nobody of them may own every alarm."""
    called = who.called(step.call)
    asks = called or any(t.relative is not None and not t.only_told for t in step.call)
    return bool(asks) and not who.owners(called)


def _last(file: MunicipalityFile, policy: PolicyEntry) -> PolicyEntry:
    """Return the policy that goes on for ever: the last of those that follow."""
    known = {each.id: each for each in file.policies}
    seen = {policy.id}
    while policy.then in known and policy.then not in seen:
        seen.add(policy.then)
        policy = known[policy.then]
    return policy


def answered(who: Roster, policy: PolicyEntry) -> Minutes:
    """Return the minutes in which somebody who may own an alarm is called for ever."""
    repeated = policy.steps[-1:] if policy.loop == "last" else policy.steps
    steps = [_any(who.owners(who.called(step.call))) & _counts(step) for step in repeated]
    return reduce(or_, steps, _any(who.owners(who.called(policy.fallback))))


def _counts(step: StepEntry) -> Minutes:
    """Return the minutes in which a step counts for every alarm."""
    when = step.when
    if when is None:
        return ALWAYS
    if when.category or when.kind or when.severity is not None:
        return NEVER
    start, end = when.between or (0, 0)
    return weekly((_DAYS.index(day) for day in when.weekdays or _DAYS), start, end)


def oddities(file: MunicipalityFile) -> Iterator[Problem]:
    """Yield warnings: nobody on shift, only one person, people who are never called."""
    weeks = rosters(file)
    dated_teams, everyone = in_dated(file)
    for index, policy in enumerate(file.policies):
        path: Path = ("policies", index)
        targets = [t for step in policy.steps for t in step.call] + list(policy.fallback)
        called = [who.called(targets) for who in weeks]
        everyone = everyone.union(*called)
        pairs = [_two(who.owners(each)) for who, each in zip(weeks, called, strict=True)]
        yield from _gap("one_person", path, policy.id, pairs, warning=True)
        for team in dict.fromkeys(t.on_duty for t in targets if t.on_duty is not None):
            told = weeks[0].teams.get(team)
            listed = told is not None and told.partner is not None and told.duty
            if not listed and team not in dated_teams and all(team not in w.duty for w in weeks):
                params = {"policy": policy.id, "team": team}
                yield Problem("no_shifts", path, params, warning=True)
    for index, person in enumerate(file.people):
        if person.id in weeks[0].handlers and person.id not in everyone:
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
    code: str, path: Path, policy: str, weeks: Sequence[Minutes], *, warning: bool = False
) -> Iterator[Problem]:
    """Yield the first gap of the week that is covered least."""
    if not any(weeks):
        yield Problem(f"{code}_ever", path, {"policy": policy}, warning=warning)
        return
    covered = min(weeks, key=int.bit_count)
    gap = first_gap(covered) if covered else A_WHOLE_WEEK
    if gap is not None:
        params = {"policy": policy, **gap._asdict()}
        yield Problem(code, path, params, warning=warning)
