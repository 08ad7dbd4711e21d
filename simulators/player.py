"""Plays a plan's steps on a fleet, under a clock that runs so many times faster than ours.

Devices stamp their messages with real time: only the plan runs fast. What a unit without network is
to say waits until it is back, and then all of it goes at once.
"""

import asyncio
import statistics
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from simulators.devicelog import Answer
from simulators.fleet import Fleet
from simulators.rhythm import Step

_KEEPS = ("pendant", "gps")
"""Families that keep what they have to say until they have a network again."""
_UNIMPORTANT = frozenset(("report", "move"))


@dataclass
class Tally:
    """What became of the steps."""

    answers: Counter[str] = field(default_factory=Counter)
    """`answered`, `refused or unanswered`, `cut off` (the end came first), `never said`."""
    ms: list[float] = field(default_factory=list)

    def add(self, answer: Answer) -> None:
        """Count one answer."""
        self.answers["answered" if answer.accepted else "refused or unanswered"] += 1
        self.ms.append(answer.ms)

    def told(self) -> str:
        """Return it as a line."""
        counts = ", ".join(f"{count} {what}" for what, count in sorted(self.answers.items()))
        if len(self.ms) < 2:
            return counts or "nothing was said"
        cuts = statistics.quantiles(self.ms, n=100)
        return f"{counts}; answer times: median {cuts[49]:.0f} ms, 99 % {cuts[98]:.0f} ms"


class Player:
    """Plays steps; `speed` 60 plays an hour in a minute."""

    def __init__(
        self, fleet: Fleet, *, speed: float, patience_s: float = 30.0, at_once: int = 200
    ) -> None:
        self._fleet, self._speed, self._patience_s = fleet, speed, patience_s
        self._room = asyncio.Semaphore(at_once)
        self._order: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._under_way: dict[asyncio.Task[None], Step] = {}
        self._held: defaultdict[str, list[Step]] = defaultdict(list)
        self._broken: list[BaseException] = []
        self.tally = Tally()

    async def play(self, steps: Iterable[Step], tell: Callable[[Step], None]) -> Tally:
        """Play them at their instants and return what became of them, however the end comes."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with self._closing():
            for step in steps:
                await asyncio.sleep(began + step.at_s / self._speed - loop.time())
                self._stop_if_broken()
                tell(step)
                if step.action.startswith("fault:"):
                    await self._fault(step)
                else:
                    self._begin(step)
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=self._patience_s)
            self._stop_if_broken()
        return self.tally

    @asynccontextmanager
    async def _closing(self) -> AsyncIterator[None]:
        try:
            yield
        finally:
            self.tally.answers["cut off"] += await self._cancel(list(self._under_way))
            self.tally.answers["never said"] += sum(map(len, self._held.values()))
            self.tally.answers += Counter()

    def _begin(self, step: Step) -> None:
        if "off" in self._fleet.wrong[step.device]:
            self._hold(step)
            return
        task = asyncio.create_task(self._act(step))
        self._under_way[task] = step
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        del self._under_way[task]
        problem = None if task.cancelled() else task.exception()
        if problem is not None:
            self._broken.append(problem)

    def _stop_if_broken(self) -> None:
        """A device that raises is a fault of the simulator, and no part of what it simulates."""
        if self._broken:
            raise self._broken[0]

    def _hold(self, step: Step) -> None:
        if step.device.startswith(_KEEPS) and step.action not in _UNIMPORTANT:
            self._held[step.device].append(step)
        else:
            self.tally.answers["never said"] += 1

    async def _act(self, step: Step) -> None:
        async with self._order[step.device], self._room:
            act = self._fleet.act(step.device, step.action)
            if act is None:
                raise ValueError(f"{step.device} cannot {step.action}")
            self.tally.add(await act())

    async def _fault(self, step: Step) -> None:
        _, fault, state = step.action.split(":")
        if fault == "off" and state == "on":
            await self._silence(step.device)
        await self._fleet.set_fault(step.device, fault, on=state == "on")
        if fault == "off" and state == "off":
            for held in self._held.pop(step.device, []):
                self._begin(held)

    async def _silence(self, device: str) -> None:
        """What the device is just saying, it says again when it is back."""
        cut = {task: step for task, step in self._under_way.items() if step.device == device}
        await self._cancel(list(cut))
        for step in cut.values():
            self._hold(step)

    async def _cancel(self, tasks: "list[asyncio.Task[None]]") -> int:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        return sum(isinstance(one, asyncio.CancelledError) for one in ended)
