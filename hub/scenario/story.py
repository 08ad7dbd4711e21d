"""A sound scenario, ready to be played."""

from dataclasses import dataclass, field

from hub.configuration.problem import Path
from hub.scenario.expectation import ExpectEntry
from hub.scenario.model import Line, ScenarioFile
from hub.scenario.times import Calendar, Window
from hub.scenario.town import Town
from routing.instant import Instant


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation with its window."""

    window: Window
    entry: ExpectEntry
    path: Path


@dataclass(slots=True)
class Story:
    """A sound scenario, its times made instants."""

    file: ScenarioFile
    calendar: Calendar
    town: Town
    lines: list[tuple[Instant, Line]] = field(default_factory=list)
    towns: dict[int, Town] = field(default_factory=dict)
    """Number of the line that changes the configuration, to the town after it."""
    checks: list[Check] = field(default_factory=list)

    @property
    def end(self) -> Instant:
        """When the last thing happens or is expected."""
        told = [at for at, _ in self.lines]
        return max([self.calendar.start, *told, *(check.window.last for check in self.checks)])
