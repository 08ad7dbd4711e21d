"""The smoke story, with devices that act on a stub hub directly."""

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest

from simulators.colleague import Colleague, PhoneProblem
from simulators.devicelog import Answer
from simulators.fleet import Act, Fleet
from simulators.smoke import play
from tests.simulators.stub_hub import AFTER, StubHub

KINDS = {
    ("pendant", "press"): ("help.pressed", "help"),
    ("dispenser", "miss"): ("medication.missed", "medication"),
    ("door", "open"): ("door.opened", "door"),
    ("gps", "sos"): ("help.pressed", "help"),
}


def fleet_on(hub: StubHub, *, deaf: str = "", mute: str = "") -> Fleet:
    """Devices that raise alarms; `deaf` is not answered, `mute` raises nothing."""

    def act(family: str, action: str) -> Act:
        async def acted() -> Answer:
            if family != mute:
                hub.raise_alarm(*KINDS[family, action])
            return Answer(family != deaf, 1.0, "r1", "no mrs" if family == deaf else "snu 0")

        return acted

    actions: dict[str, dict[str, Act]] = {}
    for family, action in KINDS:
        actions[family] = {action: act(family, action)}
    return cast(Fleet, SimpleNamespace(actions=actions))


async def played(hub: StubHub, fleet: Fleet) -> list[str]:
    told: list[str] = []
    nora = Colleague(hub.web)
    try:
        await nora.sign_in("ABCD-EFGH")
        await play(fleet, nora, told.append)
    finally:
        await nora.sign_off()
    return told


async def test_every_family_is_played_to_its_end_one_line_a_fact() -> None:
    async with StubHub().served() as hub:
        told = await played(hub, fleet_on(hub))
        assert [alarm["phase"] for alarm in hub.alarms.values()] == ["closed"] * 4
        assert [line.split()[0] for line in told] == (
            ["pendant"] * 6 + ["dispenser"] * 6 + ["door"] * 6 + ["gps"] * 6
        )
        assert all(line.endswith(" ms") for line in told)
        first = [command["action"] for command in hub.commands[:4]]
        assert first == ["accept", "on_the_way", "arrive", "close"]
        assert hub.commands[3]["outcome"] == "talk"


async def test_a_device_that_is_not_answered_fails_the_story() -> None:
    async with StubHub().served() as hub:
        with pytest.raises(PhoneProblem, match="gps: the device was not answered: no mrs"):
            await played(hub, fleet_on(hub, deaf="gps"))


async def test_a_device_that_waits_for_ever_fails_the_story(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("simulators.smoke._ANSWERED_WITHIN_S", 0.05)
    async with StubHub().served() as hub:
        fleet = fleet_on(hub)

        async def waits() -> Answer:
            hub.raise_alarm("help.pressed", "help")
            await asyncio.Event().wait()
            raise AssertionError("an event that nobody sets was set")

        cast(dict[str, dict[str, Act]], fleet.actions)["pendant"]["press"] = waits
        with pytest.raises(PhoneProblem, match=r"the device was not answered within 0\.05"):
            await played(hub, fleet)


async def test_an_alarm_that_does_not_reach_the_page_fails_the_story(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("simulators.smoke._PATIENCE_S", 0.05)
    async with StubHub().served() as hub:
        with pytest.raises(PhoneProblem, match="door: no alarm of category door"):
            await played(hub, fleet_on(hub, mute="door"))


async def test_a_page_that_does_not_follow_fails_the_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulators.smoke._PATIENCE_S", 0.05)
    monkeypatch.setitem(AFTER, "arrive", "on_the_way")
    async with StubHub().served() as hub:
        with pytest.raises(PhoneProblem, match="arrive was done, yet the page does not show"):
            await played(hub, fleet_on(hub))
