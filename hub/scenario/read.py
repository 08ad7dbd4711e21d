"""From a scenario file to a story that can be played: every mistake is told with line and key."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from hub.configuration.load import Loaded, load
from hub.configuration.problem import Path, Problem, words
from hub.configuration.structure import parse
from hub.configuration.suggest import closest
from hub.scenario.expectation import ExpectEntry
from hub.scenario.inside import inside
from hub.scenario.model import LINE_KEYS, ScenarioFile
from hub.scenario.story import Check, Story
from hub.scenario.strangers import gone, strangers
from hub.scenario.times import LONGEST_S, Calendar, NoSuchTime, Window
from hub.scenario.town import Town, found
from hub.text import Language
from routing.instant import SECOND


@dataclass(slots=True)
class Read:
    """What a file says: the story if it is sound, and what is wrong with it otherwise."""

    loaded: Loaded
    story: Story | None = None
    problems: list[Problem] = field(default_factory=list)

    def lines(self, name: str, language: Language) -> list[str]:
        """Return one line of text for each problem, in the order of the file."""
        told = sorted(self.problems, key=self._line)
        return [f"{name}:{self._line(p)}: {words(p, language)}" for p in told]

    def _line(self, problem: Problem) -> int:
        return problem.line or self.loaded.line(problem.path)


def read(source: str, beside: FilePath) -> Read:
    """Read and check a scenario; `beside` is the folder that municipality files are named from."""
    loaded = load(source)
    result = Read(loaded, problems=list(loaded.problems))
    if not isinstance(loaded.data, dict):
        result.problems += [] if loaded.problems else [Problem("not_a_scenario", line=1)]
        return result
    town = _town(loaded.data, beside)
    result.problems += _strange_keys(loaded.data, town)
    result.problems += _left_empty(loaded.data)
    file, problems = parse(ScenarioFile, loaded.data, ())
    told = {p.path for p in result.problems}
    result.problems += [p for p in problems if not any(p.path[: len(t)] == t for t in told)]
    if file is None or result.problems:
        return result
    if town is None:
        result.problems.append(
            Problem("no_municipality", ("municipality",), {"file": str(file.municipality)})
        )
        return result
    _told(file, town, result)
    return result


def _town(data: dict[str, Any], beside: FilePath) -> Town | None:
    said = data.get("municipality", "standard")
    return found(said, beside) if isinstance(said, str | dict) else None


def _strange_keys(data: dict[str, Any], town: Town | None) -> Iterator[Problem]:
    """Yield a problem for each key of a line that is neither a word of the format nor a person."""
    story = data.get("story")
    people = set() if town is None else _everybody(data, town)
    for index, line in enumerate(story if isinstance(story, list) else ()):
        for key in line if isinstance(line, dict) else ():
            if key in LINE_KEYS | people:
                continue
            near = closest(key, LINE_KEYS | people)
            known = ", ".join([*sorted(LINE_KEYS), *sorted(people)])
            code = "unknown_key" if near is None else "unknown_key_near"
            yield Problem(
                code, ("story", index, key), {"key": key, "near": near or "", "known": known}
            )


def _left_empty(data: dict[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each key of a line or an expectation without a value: nothing would
    happen there, or nothing be held against it."""
    lines = list(_dicts(data.get("story"), ("story",)))
    expected = list(_dicts(data.get("expect"), ("expect",)))
    for path, line in lines:
        expected += _dicts(line.get("expect"), (*path, "expect"))
    for path, one in (*lines, *expected):
        yield from (
            Problem("left_empty", (*path, key), {"key": key}) for key in one if one[key] is None
        )


def _dicts(listed: object, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for index, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict):
            yield (*path, index), one


def _everybody(data: dict[str, Any], town: Town) -> set[str]:
    """Return the people of the town and those that any change brings."""
    found = set(town.people)
    lines = data.get("story")
    changes = [data.get("changes"), *(data.get("many") or ())]
    changes += [one.get("configure") for one in lines or () if isinstance(one, dict)]
    for change in changes:
        put = change.get("set") if isinstance(change, dict) else None
        entries = put.get("people") if isinstance(put, dict) else None
        found |= {str(one.get("id")) for one in entries or () if isinstance(one, dict)}
    return found


def _told(file: ScenarioFile, town: Town, result: Read) -> None:
    """Make the story of the file, or say why not."""
    town = town.grown(file.many)
    result.problems += gone(file.changes, town, ("changes",))
    town = town.changed(file.changes, ("changes",))
    result.problems += town.check(("municipality",))
    story = Story(file, Calendar(file.start), town)
    if not result.problems:
        _times(story, result.problems)
    if not result.problems and story.end - story.calendar.start > LONGEST_S * SECOND:
        result.problems.append(Problem("lasts_too_long", ("story",), {"most": LONGEST_S // 86400}))
    if not result.problems:
        _configurations(story, result.problems)
        result.problems += strangers(story)
    if not result.problems:
        result.problems += _expecting(story)
    if not result.problems:
        result.story = story


def _expecting(story: Story) -> Iterator[Problem]:
    """Yield a problem when a story proves nothing without saying so, or says so and is wrong."""
    if not story.checks and not story.file.only_played:
        yield Problem("expects_nothing", ("story",))
    if story.checks and story.file.only_played:
        yield Problem("only_played", ("only_played",))


def _times(story: Story, problems: list[Problem]) -> None:
    at = story.calendar.start
    for index, line in enumerate(story.file.story):
        path: Path = ("story", index)
        try:
            at = story.calendar.resolve(line.at, at)
        except NoSuchTime as error:
            problems.append(Problem("no_such_time", (*path, "at"), {"time": str(error)}))
            continue
        if at < story.calendar.start:
            problems.append(Problem("before_start", (*path, "at"), {"time": line.at}))
        elif story.lines and at < story.lines[-1][0]:
            problems.append(Problem("goes_back", (*path, "at"), {"time": line.at}))
        problems += inside(story, line, at, path)
        story.lines.append((at, line))
        _windows(story, line.expect, Window(at, at), path, problems)
    start = story.calendar.start
    _windows(story, story.file.expect, Window(start, start), (), problems)
    # What is expected of the whole story is of all of it, the latest expectation included.
    whole, unsaid = Window(start, story.end), [one for one in story.file.expect if not one.is_timed]
    for index, check in enumerate(story.checks):
        if any(check.entry is one for one in unsaid):
            story.checks[index] = Check(whole, check.entry, check.path)


def _windows(
    story: Story,
    entries: tuple[ExpectEntry, ...],
    otherwise: Window,
    path: Path,
    problems: list[Problem],
) -> None:
    for index, entry in enumerate(entries):
        place = (*path, "expect", index)
        try:
            window = _window(story.calendar, entry, otherwise)
        except NoSuchTime as error:
            problems.append(Problem("no_such_time", place, {"time": str(error)}))
            continue
        if window.last < window.first:
            problems.append(Problem("window_back", place))
        if window.first < story.calendar.start:
            when = story.calendar.show(window.first)
            problems.append(Problem("before_start", place, {"time": when}))
        story.checks.append(Check(window, entry, place))


def _window(calendar: Calendar, entry: ExpectEntry, otherwise: Window) -> Window:
    first = otherwise.first
    if entry.within is not None:
        return Window(first, first + entry.within * SECOND)
    if entry.at is not None:
        moment = calendar.resolve(entry.at, first)
        return Window(moment, moment)
    if entry.between is not None:
        start, end = (calendar.resolve(moment, first) for moment in entry.between)
        return Window(start, end)
    return otherwise


def _configurations(story: Story, problems: list[Problem]) -> None:
    town = story.town
    for index, (_, line) in enumerate(story.lines):
        if line.configure is not None:
            path: Path = ("story", index, "configure")
            town = story.towns[index] = town.changed(line.configure, path)
            problems += town.check(path)
