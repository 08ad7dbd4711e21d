"""Every press reaches a person while the ways to people come and go."""

import asyncio
import contextlib
import random
import time
from pathlib import Path

import pytest

from simulators.colleague import PhoneProblem
from simulators.crew import Crew
from tests.simulators.reach_town import HOMES, NUMBERS, reach_town
from tests.simulators.until import until

pytestmark = [pytest.mark.broker, pytest.mark.timeout(240)]


class Answering:
    """Somebody who takes whatever reaches any of their handsets."""

    def __init__(self, crew: Crew, person: str) -> None:
        self._crew, self._person = crew, person

    async def go_on(self) -> None:
        """Until cancelled."""
        while True:
            await self._once()
            await asyncio.sleep(0.1)

    async def _once(self) -> None:
        now = self._crew.shown(self._person)
        for one in now["notifications"]:
            if "accept" in one["may"] and one["answered"] is None:
                # Without coverage just now the button stays, and is pressed again.
                with contextlib.suppress(PhoneProblem):
                    await self._crew.use(self._person, one["send"], "accept")
        for one in now["sms"]:
            if one["code"] and one["answered"] is None:
                self._crew.reply(self._person, one["id"], "1")
        if now["call"] is not None:
            self._crew.telephone(self._person, "answer")
            self._crew.telephone(self._person, "1")
            await asyncio.sleep(0.3)
            self._crew.telephone(self._person, "hang_up")


async def break_things(crew: Crew, rng: random.Random, for_s: float) -> None:
    """Let a way to people fail for at most three seconds, again and again; at the end all work."""
    ends = time.monotonic() + for_s
    while time.monotonic() < ends:
        service = rng.choice(("push", "sms", "voice", "coverage"))
        for on in (False, True):
            if service == "coverage":
                await crew.set_coverage("anna", on=on)
            else:
                await crew.set_down(service, down=not on)
            await asyncio.sleep(rng.uniform(0.2, 3.0))


@pytest.mark.parametrize("seed", [1])
async def test_every_press_reaches_a_person_while_the_ways_come_and_go(
    tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    async with reach_town(tmp_path, called=("anna", "berit"), with_phone=("anna",)) as town:
        people = [asyncio.create_task(Answering(town.crew, who).go_on()) for who in NUMBERS]
        trouble = asyncio.create_task(break_things(town.crew, rng, 15))
        try:
            for number in range(HOMES):
                await asyncio.sleep(rng.uniform(0.1, 1.5))
                await town.press(number)
            await trouble
            await until(lambda: len(town.lead.alarms) == HOMES and not town.open, within_s=60)
        finally:
            trouble.cancel()
            for one in people:
                one.cancel()
        owners = {one["owner"] for one in town.lead.alarms.values()}
        assert owners <= {"anna", "berit"}
