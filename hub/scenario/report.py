"""One file's result: read, played, judged, and told in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hub.scenario.judge import Failure, judge
from hub.scenario.play import play
from hub.scenario.read import read
from hub.scenario.seen import Played
from hub.scenario.story import Check, Story
from hub.scenario.tell import Teller
from hub.text import Language, catalogue


@dataclass(slots=True)
class Result:
    """What became of one file."""

    path: Path
    language: Language
    title: str = ""
    problems: list[str] = field(default_factory=list)
    """Why it could not be played."""
    failures: list[Failure] = field(default_factory=list)
    judged: int = 0
    """How many expectations it was held against: none of a story that is only played."""
    story: Story | None = None
    teller: Teller | None = None

    @property
    def passed(self) -> bool:
        """Whether it was played and everything was as expected."""
        return not self.problems and not self.failures

    @property
    def only_played(self) -> bool:
        """Whether it was played and held against nothing, so that nothing is shown by it."""
        return self.passed and self.judged == 0

    def lines(self, *, verbose: bool) -> Iterator[str]:
        """Yield the result in words: one line when it passed, the time line when it did not."""
        text = catalogue(self.language)
        if self.problems:
            yield from self.problems
            yield text("scenario.unreadable", file=self.path)
            return
        yield text(self._heading, file=self.path, title=self.title, checks=self.judged)
        if verbose or not self.passed:
            yield from (f"    {line}" for line in self._time_line(verbose=verbose))
        for failure in self.failures:
            yield from self._failure(failure)

    @property
    def _heading(self) -> str:
        if not self.passed:
            return "scenario.failed"
        return "scenario.played" if self.only_played else "scenario.passed"

    def _time_line(self, *, verbose: bool) -> list[str]:
        if self.teller is None:
            return []
        last = max((failure.check.window.last for failure in self.failures), default=0)
        return self.teller.lines() if verbose else self.teller.until(last)

    def _failure(self, failure: Failure) -> Iterator[str]:
        if self.teller is None or self.story is None:
            return
        text, window = self.teller.text, failure.check.window
        first, last = self.teller.clock(window.first), self.teller.clock(window.last)
        when = first if first == last else f"{first} - {last}"
        yield f"  {text('scenario.expected', when=when, what=failure.wanted)}"
        yield f"  {text('scenario.actual', what=failure.was)}"


def opened(path: Path, language: Language) -> Result:
    """Read one file. OSError and UnicodeDecodeError when it cannot be read at all."""
    found = read(path.read_text("utf-8"), path.parent)
    title = "" if found.story is None else found.story.file.title
    problems = found.lines(str(path), language)
    return Result(path, language, title, problems=problems, story=found.story)


def judged(result: Result, story: Story, played: Played, checks: Sequence[Check]) -> Result:
    """Judge what was played."""
    result.teller = Teller(played, story.calendar, result.language)
    result.judged = len(checks)
    for check in checks:
        result.failures += judge(played, check, result.teller)
    return result


def run(path: Path, language: Language) -> Result:
    """Play one file under the simulated clock."""
    result = opened(path, language)
    story = result.story
    return result if story is None else judged(result, story, play(story), story.checks)
