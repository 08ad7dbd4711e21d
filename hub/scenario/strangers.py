"""Devices, people and alarms that a story names: each must be in its municipality."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from hub.configuration.channel_entries import addresses
from hub.configuration.problem import Path, Problem
from hub.configuration.suggest import closest
from hub.scenario.commands import OF_COMMAND, mistake
from hub.scenario.expectation import NOBODY
from hub.scenario.model import ActionEntry, Changes, FaultEntry, Line
from hub.scenario.story import Check, Story
from hub.scenario.town import Town
from routing.alarm import LIVE_PAGE
from routing.correlate.strangers import TOGETHER
from routing.facts import FIELDS, VERSIONS
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
    channels: set[str]


def strangers(story: Story) -> Iterator[Problem]:
    """Yield a problem for each device, person, field or selection that there is not."""
    known = _known(story)
    for index, (_, line) in enumerate(story.lines):
        yield from _devices(line, known, ("story", index))
        for person, action in line.actions.items():
            yield from _action(person, action, known, ("story", index, person))
        if line.fault is not None:
            yield from _fault(line.fault, known, ("story", index, "fault"))
    yield from _removed(story)
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
        TOGETHER,
        *(s for town in towns for s in town.subjects.values()),
    }
    chosen |= {id for town in towns for id in town.ids("residents")}
    for _, line in story.lines:
        entries = (line.press, line.event, line.alive)
        chosen |= {one.subject for one in entries if one is not None and one.subject is not None}
    people = [person for town in towns if town.file is not None for person in town.file.people]
    channels = {id for person in people for id in addresses(person.channels)}
    channels |= {LIVE_PAGE, *(id.partition("-")[0] for id in channels)}
    return _Known(devices, {id for town in towns for id in town.people}, chosen, channels)


def _devices(line: Line, known: _Known, path: Path) -> Iterator[Problem]:
    for key in ("press", "event", "alive"):
        entry = getattr(line, key)
        if entry is not None and entry.device is not None and entry.device not in known.devices:
            yield _unknown(entry.device, known.devices, (*path, key), "devices")
        pattern = None if entry is None else entry.devices
        if pattern is not None and not any(fnmatchcase(id, pattern) for id in known.devices):
            yield _unknown(pattern, known.devices, (*path, key), "devices")


def _fault(fault: FaultEntry, known: _Known, path: Path) -> Iterator[Problem]:
    if fault.phone is not None and fault.phone not in known.people:
        yield _unknown(fault.phone, known.people, path, "people")
    if fault.channel is not None and fault.channel not in known.channels:
        yield _unknown(fault.channel, known.channels, path, "channels")


def _removed(story: Story) -> Iterator[Problem]:
    """Yield what a change takes away although it is not there."""
    before = story.town
    for index, town in story.towns.items():
        change = story.lines[index][1].configure
        if change is not None:
            yield from gone(change, before, ("story", index, "configure"))
        before = town


def gone(change: Changes, town: Town, path: Path) -> Iterator[Problem]:
    """Yield what a change takes away from a town that does not have it."""
    for section, ids in change.remove.items():
        there = town.ids(section)
        for id in ids:
            if id not in there:
                yield _unknown(id, there, (*path, "remove", section), section)


def _action(person: str, action: ActionEntry, known: _Known, path: Path) -> Iterator[Problem]:
    strange = sorted(set(action.model_extra or {}) - OF_COMMAND)
    for key in strange:
        yield Problem("unknown_key", path, {"key": key, "known": _ACTION_KEYS})
    wrong = None if strange else mistake(action)
    if wrong is not None:
        deed = str(action.do or action.task or action.reach)
        yield Problem("invalid", path, {"key": person, "value": deed, "what": wrong})
    chosen = known.chosen if action.reach is None else known.chosen | known.people
    if action.of is not None and action.of not in chosen:
        yield _unknown(action.of, chosen, path, "of")


def _check(check: Check, known: _Known) -> Iterator[Problem]:
    entry = check.entry
    named = {*(entry.notified or ()), *entry.not_notified, *entry.refused}
    if entry.owner is not None and entry.owner != NOBODY:
        named.add(entry.owner)
    for person in sorted(named - known.people):
        yield _unknown(person, known.people, check.path, "people")
    if entry.of is not None and entry.of not in known.chosen:
        yield _unknown(entry.of, known.chosen, check.path, "of")
    for fact in (entry.fact, entry.no_fact):
        if fact is not None:
            yield from _shape(fact, check.path)


def _shape(fact: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Yield what no fact has: an expectation of it could never hold, or never fail."""
    tag = fact.get("fact")
    if tag is not None and tag not in VERSIONS:
        yield _unknown(str(tag), set(VERSIONS), path, "facts")
        return
    known = set().union(*FIELDS.values()) if tag is None else FIELDS[tag]
    for key in sorted(set(fact) - known - {"fact"}):
        yield Problem("unknown_key", path, {"key": key, "known": ", ".join(sorted(known))})


def _unknown(id: str, known: set[str], path: Path, section: str) -> Problem:
    near = closest(id, known)
    params = {"id": id, "section": section}
    if near is None:
        return Problem("not_in_town", path, params)
    return Problem("not_in_town_near", path, {**params, "near": near})
