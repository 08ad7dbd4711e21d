"""Devices, people and alarms that a story names: each must be in its municipality."""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.configuration.problem import Path, Problem
from hub.configuration.suggest import closest
from hub.scenario.commands import OF_COMMAND, mistake
from hub.scenario.expectation import NOBODY
from hub.scenario.model import ActionEntry, Line
from hub.scenario.story import Check, Story
from routing.kinds import Category, Kind
from routing.tasks.life import TaskKind

_ACTION_KEYS = ", ".join(sorted({*ActionEntry.model_fields, *OF_COMMAND}))


@dataclass(frozen=True, slots=True)
class _Known:
    """Ids of everything the story's municipality has at any time in it."""

    devices: set[str]
    people: set[str]
    chosen: set[str]
    """What an alarm may be chosen by."""


def strangers(story: Story) -> Iterator[Problem]:
    """Yield a problem for each device, person, field or selection that there is not."""
    known = _known(story)
    for index, (_, line) in enumerate(story.lines):
        yield from _devices(line, known, ("story", index))
        for person, action in line.actions.items():
            yield from _action(person, action, known, ("story", index, person))
    for check in story.checks:
        yield from _check(check, known)


def _known(story: Story) -> _Known:
    towns = [story.town, *story.towns.values()]
    devices = {id for town in towns for id in town.ids("devices")}
    chosen = {
        *devices,
        *Kind,
        *Category,
        *TaskKind,
        *(s for town in towns for s in town.subjects.values()),
    }
    chosen |= {id for town in towns for id in town.ids("residents")}
    for _, line in story.lines:
        entries = (line.press, line.event, line.alive)
        chosen |= {one.subject for one in entries if one is not None and one.subject is not None}
    return _Known(devices, {id for town in towns for id in town.people}, chosen)


def _devices(line: Line, known: _Known, path: Path) -> Iterator[Problem]:
    for key in ("press", "event", "alive"):
        entry = getattr(line, key)
        if entry is not None and entry.device is not None and entry.device not in known.devices:
            yield _unknown(entry.device, known.devices, (*path, key), "devices")


def _action(person: str, action: ActionEntry, known: _Known, path: Path) -> Iterator[Problem]:
    strange = sorted(set(action.model_extra or {}) - OF_COMMAND)
    for key in strange:
        yield Problem("unknown_key", path, {"key": key, "known": _ACTION_KEYS})
    wrong = None if strange else mistake(action)
    if wrong is not None:
        yield Problem("invalid", path, {"key": person, "value": str(action.do), "what": wrong})
    if action.of is not None and action.of not in known.chosen:
        yield _unknown(action.of, known.chosen, path, "of")


def _check(check: Check, known: _Known) -> Iterator[Problem]:
    entry = check.entry
    named = {*(entry.notified or ()), *entry.not_notified, *entry.refused}
    if entry.owner is not None and entry.owner != NOBODY:
        named.add(entry.owner)
    for person in sorted(named - known.people):
        yield _unknown(person, known.people, check.path, "people")
    if entry.of is not None and entry.of not in known.chosen:
        yield _unknown(entry.of, known.chosen, check.path, "of")


def _unknown(id: str, known: set[str], path: Path, section: str) -> Problem:
    near = closest(id, known) or ""
    return Problem("not_in_town", path, {"id": id, "section": section, "near": near})
