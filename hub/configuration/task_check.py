"""What is wrong in rules for tasks and in visits: what never comes, and what nobody may do."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from hub.configuration.model import MunicipalityFile, ResidentEntry
from hub.configuration.problem import Path, Problem
from hub.configuration.task_entries import TaskRuleEntry, VisitEntry
from routing.kinds import KINDS, Kind, KindClass
from routing.municipality import HANDLERS, Role

NOT_OF_DEVICES = frozenset({Kind.STAFF_CALLED, Kind.TASK_OVERDUE, Kind.DUTY_GAP})
"""Kinds that come from people and from the hub itself."""


def contradictions(file: MunicipalityFile, at: Mapping[Path, Path]) -> Iterator[Problem]:
    """Yield what does not fit together; `at` maps paths to the file's."""
    for place, rule in _rules(file):
        if KINDS[rule.on].kind_class is KindClass.SAMPLE:
            yield Problem("task_rule_sample", (*place, "on"), {"kind": rule.on})
        elif rule.on in NOT_OF_DEVICES:
            yield Problem("task_rule_no_device", (*place, "on"), {"kind": rule.on})
    for index, home in enumerate(file.residents):
        top = at.get(("residents", index), ("residents", index))
        first: dict[str, Path] = {}
        for number, visit in enumerate(home.visits):
            here = (*top, "visits", number, "id")
            if visit.id in first:
                params = {"id": visit.id, "section": "visits"}
                yield Problem("id_twice", here, params, first=first[visit.id])
            first.setdefault(visit.id, here)
        yield from _viewer(file, home, top)


def _viewer(file: MunicipalityFile, home: ResidentEntry, top: Path) -> Iterator[Problem]:
    """A link leads only to where the municipality has said that links may lead."""
    if home.viewer is None or "municipality" not in file.model_fields_set:
        return
    host = str(urlsplit(home.viewer).hostname)
    if host not in file.municipality.viewers:
        yield Problem("viewer_host", (*top, "viewer"), {"host": host})
    if home.supervised_until is None:
        yield Problem("viewer_undecided", (*top, "viewer"), {"resident": home.id})


def oddities(file: MunicipalityFile, at: Mapping[Path, Path]) -> Iterator[Problem]:
    """Yield a warning for each task that too few people may do: it would wait in a list."""
    able = {p.id: p.competences for p in file.people if _may_do(p.roles)}
    tasks: list[tuple[Path, TaskRuleEntry | VisitEntry]] = [*_rules(file), *_visits(file, at)]
    for place, task in tasks:
        needed = task.competence
        found = sum(needed is None or needed in has for has in able.values())
        if found < task.people:
            named: dict[str, str | int] = {"competence": needed or "-"}
            params = {**named, "people": task.people, "found": found}
            yield Problem("task_too_few", place, params, warning=True)


def _may_do(roles: tuple[Role, ...]) -> bool:
    return not HANDLERS.isdisjoint(roles)


def _rules(file: MunicipalityFile) -> Iterator[tuple[Path, TaskRuleEntry]]:
    if "municipality" in file.model_fields_set:  # an unsound one is left out while checking
        for number, rule in enumerate(file.municipality.tasks.rules):
            yield ("municipality", "tasks", "rules", number), rule


def _visits(file: MunicipalityFile, at: Mapping[Path, Path]) -> Iterator[tuple[Path, VisitEntry]]:
    for index, home in enumerate(file.residents):
        top = at.get(("residents", index), ("residents", index))
        for number, visit in enumerate(home.visits):
            yield (*top, "visits", number), visit
