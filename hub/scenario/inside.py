"""The times inside a line: until when, and what a device's clock shows. What is wrong with them."""

from collections.abc import Iterator

from hub.configuration.problem import Path, Problem
from hub.scenario.enter import occurred, subjects
from hub.scenario.model import EventEntry, Line
from hub.scenario.story import Story
from hub.scenario.times import NoSuchTime
from routing.instant import SECOND, Instant, to_datetime

MOST_MESSAGES = 100_000
"""Of one line: more are a slip of the pen, and a play that does not end while one waits."""


def inside(story: Story, line: Line, at: Instant, path: Path) -> Iterator[Problem]:
    """Yield what is wrong with the times inside a line, which happens at the instant."""
    for key in ("press", "event", "alive"):
        entry = getattr(line, key)
        if entry is not None:
            yield from _event(story, entry, at, (*path, key))
    if line.fault is not None and line.fault.until is not None:
        yield from _until(story, line.fault.until, at, (*path, "fault"))


def _event(story: Story, entry: EventEntry, at: Instant, path: Path) -> Iterator[Problem]:
    try:
        to_datetime(occurred(story, entry, at) or 0)
    except (ValueError, OverflowError):
        yield Problem("bad_occurred", path, {"value": str(entry.occurred_at)[:80]})
    wrong = [] if entry.until is None else list(_until(story, entry.until, at, path))
    yield from wrong
    if wrong or entry.until is None or entry.every is None:
        return
    turns = (story.calendar.resolve(entry.until, at) - at) // (entry.every * SECOND) + 1
    if (count := turns * entry.times * len(subjects(story, entry))) > MOST_MESSAGES:
        yield Problem("too_many", path, {"count": count, "most": MOST_MESSAGES})


def _until(story: Story, until: str, at: Instant, path: Path) -> Iterator[Problem]:
    try:
        if story.calendar.resolve(until, at) <= at:
            yield Problem("until_before", path, {"time": until})
    except NoSuchTime as error:
        yield Problem("no_such_time", path, {"time": str(error)})
