"""Leads a person through the steps. What is seen, said and asked is passed in, and so is time."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from adapters.tapping import Seen
from hub.acceptance.progress import Progress, Result, Verdict
from hub.acceptance.steps import STEPS, About, Figures, Step
from hub.acceptance.watched import Watched


class Reply(StrEnum):
    """What a person answers."""

    GO = "go"
    SKIP = "skip"
    FAIL = "fail"
    QUIT = "quit"


class Operator(Protocol):
    """The person with the device."""

    def tell(self, msgid: str, **params: object) -> None:
        """Show a line."""

    async def ask(self, msgid: str, **params: object) -> Reply:
        """Ask, and wait for the answer for as long as it takes."""

    def countdown(self, left_s: int) -> None:
        """Show how much time is left."""


class Device(Protocol):
    """What is seen of the device."""

    async def next(self, timeout_s: float) -> Seen | None:
        """Return what happens next; None when nothing did in that time."""

    async def withhold_next_answer(self) -> bool:
        """Let the device's next call for help have no answer, once; whether that will be so."""


@dataclass(slots=True)
class Conduct:
    """One test of one device."""

    progress: Progress
    about: About
    operator: Operator
    device: Device
    clock: Callable[[], float]
    """Seconds that only go forward."""
    save: Callable[[Progress], None]
    step_begins: Callable[[], None] = lambda: None

    async def run(self) -> bool:
        """Go through the steps that have no result yet; False when the person has cut it."""
        for number, step in enumerate(STEPS, 1):
            if step.id in self.progress.results:
                continue
            self.operator.tell(f"acceptance.{step.id}.title", number=number, count=len(STEPS))
            result = await self._step(step)
            if result is None:
                return False
            self.progress.results[step.id] = result
            self.save(self.progress)
            self.operator.tell(f"acceptance.{result.verdict}")
        return True

    async def _step(self, step: Step) -> Result | None:
        """Return how the step ended, None when the person has cut the test."""
        if not step.applies(self.about):
            return Result(Verdict.NOT_APPLICABLE)
        tries = 0
        reply = await self.operator.ask(f"acceptance.{step.id}.do")
        while reply is Reply.GO:
            tries += 1
            figures = await self._watch(step)
            if figures is not None:
                return Result(Verdict.PASSED, dict(figures), tries)
            reply = await self.operator.ask("acceptance.not_seen")
        if reply is Reply.QUIT:
            return None
        verdict = Verdict.FAILED if reply is Reply.FAIL else Verdict.SKIPPED
        return Result(verdict, tries=tries)

    async def _watch(self, step: Step) -> Figures | None:
        """Watch the device until the step is done or its time is over."""
        self.step_begins()
        if step.withholds:
            armed = await self.device.withhold_next_answer()
            self.operator.tell("acceptance.armed" if armed else "acceptance.not_armed")
        watched = Watched()
        end = self.clock() + step.wait_s
        while (left_s := end - self.clock()) > 0:
            self.operator.countdown(math.ceil(left_s))
            seen = await self.device.next(min(1.0, left_s))
            if seen is not None:
                watched.seen.append(seen)
            figures = step.done(watched, self.about)
            if figures is not None:
                return figures
        return None
