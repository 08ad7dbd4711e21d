"""Playing a plan: order, silence and what is kept in it, and the end."""

import asyncio
from typing import cast

import pytest

from simulators.devicelog import Answer
from simulators.fleet import Act, Fleet
from simulators.player import Player
from simulators.rhythm import Step

FAST = 1_000_000.0


class StubFleet:
    """Devices that note what they are asked, answer at once, or never."""

    def __init__(self, *, deaf: bool = False) -> None:
        self.deaf = deaf
        self.said: list[tuple[str, str]] = []
        self.wrong: dict[str, list[str]] = {"pendant-1": [], "door-1": []}

    def act(self, key: str, action: str) -> Act | None:
        async def act() -> Answer:
            self.said.append((key, action))
            if self.deaf:
                await asyncio.Event().wait()
            return Answer(action != "refused", 5.0, "1")

        return None if action == "impossible" else act

    async def set_fault(self, key: str, fault: str, *, on: bool) -> None:
        self.wrong[key] = [fault] if on else []


def steps(*done: tuple[str, str]) -> list[Step]:
    return [Step(place, device, action, "home-1") for place, (device, action) in enumerate(done)]


def player(fleet: StubFleet) -> Player:
    return Player(cast(Fleet, fleet), speed=FAST, patience_s=0.05)


async def test_what_a_unit_without_network_has_to_say_comes_when_it_is_back() -> None:
    fleet = StubFleet()
    tally = await player(fleet).play(
        steps(
            ("pendant-1", "fault:off:on"),
            ("pendant-1", "press"),
            ("pendant-1", "report"),
            ("pendant-1", "fall"),
            ("pendant-1", "fault:off:off"),
        ),
        lambda step: None,
    )
    assert fleet.said == [("pendant-1", "press"), ("pendant-1", "fall")]
    assert tally.answers == {"answered": 2, "never said": 1}


async def test_a_sensor_without_power_says_nothing_afterwards() -> None:
    fleet = StubFleet()
    tally = await player(fleet).play(
        steps(("door-1", "fault:off:on"), ("door-1", "open"), ("door-1", "fault:off:off")),
        lambda step: None,
    )
    assert fleet.said == []
    assert tally.answers == {"never said": 1}


async def test_what_was_under_way_when_the_network_went_is_said_again() -> None:
    fleet = StubFleet(deaf=True)
    told: list[str] = []

    def tell(step: Step) -> None:
        told.append(step.action)
        fleet.deaf = step.action != "fault:off:off"

    done = [
        Step(0, "pendant-1", "press", "home-1"),
        Step(30_000, "pendant-1", "fault:off:on", "home-1"),
        Step(60_000, "pendant-1", "fault:off:off", "home-1"),
    ]
    tally = await player(fleet).play(done, tell)
    assert told == ["press", "fault:off:on", "fault:off:off"]
    assert fleet.said == [("pendant-1", "press")] * 2
    assert tally.answers == {"answered": 1}


async def test_it_ends_although_a_device_is_never_answered() -> None:
    tally = await player(StubFleet(deaf=True)).play(steps(("door-1", "open")), lambda step: None)
    assert tally.answers == {"cut off": 1}


async def test_answers_and_refusals_are_counted_apart() -> None:
    tally = await player(StubFleet()).play(
        steps(("door-1", "open"), ("door-1", "refused"), ("door-1", "close")), lambda step: None
    )
    assert tally.told().startswith("2 answered, 1 refused or unanswered; answer times: median 5 ms")


async def test_a_step_that_no_device_can_do_is_a_fault_of_the_plan() -> None:
    with pytest.raises(ValueError, match="door-1 cannot impossible"):
        await player(StubFleet()).play(steps(("door-1", "impossible")), lambda step: None)
