"""The whole plan: days and faults of all homes, in order, with the instant of each step."""

import heapq
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulators.homes import Home
from simulators.rhythm import DAY_S, Step, day_of
from simulators.troubles import Trouble, steps_of


@dataclass(frozen=True, slots=True)
class Timetable:
    """What is simulated; the same timetable has the same steps."""

    homes: tuple[Home, ...]
    seed: int
    begin: datetime
    """Local time in the homes, without a zone."""
    for_s: int
    troubles: tuple[Trouble, ...] = ()
    """Their `at_s` counts from `begin`."""
    everyday: bool = True
    """False: the faults alone."""

    def steps(self) -> Iterator[Step]:
        """Yield the steps in order; `at_s` is counted from `begin`."""
        rows: list[Iterable[Step]] = [
            steps_of(trouble, self.homes, self.seed) for trouble in self.troubles
        ]
        if self.everyday:
            rows.append(self._days())
        for step in heapq.merge(*rows):
            if 0 <= step.at_s < self.for_s:
                yield step

    def _days(self) -> Iterator[Step]:
        midnight = self.begin.replace(hour=0, minute=0, second=0, microsecond=0)
        begun_s = int((self.begin - midnight).total_seconds())
        held: list[Step] = []
        for day in range((begun_s + self.for_s) // DAY_S + 1):
            number = midnight.toordinal() + day
            for home in self.homes:
                held += (
                    _moved(one, day, number, begun_s) for one in day_of(home, number, self.seed)
                )
            # A step may spill over midnight by minutes, so a day is let go when the next is known.
            held.sort()
            ready_s = (day + 1) * DAY_S - begun_s
            yield from (step for step in held if step.at_s < ready_s)
            held = [step for step in held if step.at_s >= ready_s]
        yield from held


def _moved(step: Step, day: int, number: int, begun_s: int) -> Step:
    at_s = step.at_s - number * DAY_S + day * DAY_S - begun_s
    return Step(at_s, step.device, step.action, step.home, step.why)


def lines(steps: Iterable[Step], begin: datetime) -> Iterator[str]:
    """Return each step as a line of JSON, with its local time."""
    for step in steps:
        at = (begin + timedelta(seconds=step.at_s)).isoformat()
        told = {"at": at, "home": step.home, "device": step.device, "action": step.action}
        yield json.dumps({**told, "why": step.why})
