"""How an alarm reaches somebody whose page is closed: by push to a locked phone, and by SMS when
push is dead. One line a fact, with its milliseconds since the press."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from simulators.colleague import PhoneProblem
from simulators.crew import Crew
from simulators.fleet import Fleet

Tell = Callable[[str], None]
PATIENCE_S = 30.0


class Story:
    """One alarm, and what is told of it."""

    def __init__(self, fleet: Fleet, crew: Crew, person: str, tell: Tell, name: str) -> None:
        self._fleet, self._crew, self._person = fleet, crew, person
        self._tell, self._name = tell, name
        self._began = time.perf_counter()
        self._before: set[str] = set()

    async def alarm(self, family: str, action: str) -> None:
        """Let a device call for help; what was shown before is not news."""
        self._before = _ids(self._crew.shown(self._person))
        self._began = time.perf_counter()
        answer = await self._fleet.actions[family][action]()
        if not answer.accepted:
            raise PhoneProblem(f"{self._name}: the device was not answered: {answer.detail}")
        self.fact("device answered")

    def fact(self, what: str) -> None:
        """One line, with the milliseconds since the press."""
        ms = (time.perf_counter() - self._began) * 1000
        self._tell(f"{self._name:<10} {what:<58} {ms:8.1f} ms")

    async def comes(
        self, where: str, wanted: Callable[[dict[str, Any]], bool] = lambda one: True
    ) -> dict[str, Any]:
        """Return the first new thing on a handset; PhoneProblem when none comes."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    changed = asyncio.ensure_future(self._crew.bell.wait())
                    for one in self._crew.shown(self._person)[where]:
                        if _id(one) not in self._before and wanted(one):
                            changed.cancel()
                            return dict(one)
                    await changed
        except TimeoutError:
            raise PhoneProblem(f"{self._name}: nothing in {where} in {PATIENCE_S:g} s") from None


def _id(one: dict[str, Any]) -> str:
    return str(one.get("send") or one["id"])


def _ids(shown: dict[str, Any]) -> set[str]:
    return {_id(one) for where in ("notifications", "sms") for one in shown[where]}


async def play_reach(fleet: Fleet, crew: Crew, person: str, tell: Tell) -> None:
    """Play both; PhoneProblem says which promise broke."""
    await _by_push(Story(fleet, crew, person, tell, "push"), crew, person)
    await crew.set_down("push", down=True)
    try:
        await _by_sms(Story(fleet, crew, person, tell, "sms"), crew, person)
    finally:
        await crew.set_down("push", down=False)


async def _by_push(story: Story, crew: Crew, person: str) -> None:
    await story.alarm("pendant", "press")
    shown = await story.comes("notifications", lambda one: "accept" in one["may"])
    story.fact(f"on the locked phone: {shown['title']}")
    said = await crew.use(person, shown["send"], "accept")
    story.fact(f"accepted by its button, still locked: {said}")


async def _by_sms(story: Story, crew: Crew, person: str) -> None:
    # Another home: a second press in the first one would be told to who has that alarm already.
    await story.alarm("gps", "sos")
    shown = await story.comes("sms", lambda one: bool(one["code"]))
    story.fact("push service dead: the SMS is there")
    crew.reply(person, shown["id"], "1")
    answer = await story.comes("sms", lambda one: _id(one) != shown["id"])
    story.fact(f"accepted by `1 {shown['code']}`: {answer['text']}")
