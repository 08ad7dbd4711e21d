"""Homes, days and faults at the real hub: each is seen there as what it is."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from simulators.colleague import Alarm, Colleague
from simulators.devicelog import DeviceLog
from simulators.fleet import Fleet
from simulators.homes import fleet_plan, make_homes
from simulators.homes_file import write_homes
from simulators.hub_process import HubProcess
from simulators.hub_settings import write_settings
from simulators.player import Player, Tally
from simulators.timetable import Timetable
from simulators.troubles import Trouble
from tests.simulators.until import until

pytestmark = [pytest.mark.broker, pytest.mark.timeout(240)]
MONDAY = datetime.fromisoformat("2026-03-02T07:00")
HOUR_S = 3600


@dataclass
class Town:
    """A running hub with its homes, and somebody who looks at the phone."""

    fleet: Fleet
    colleague: Colleague
    homes: int

    async def live(self, for_s: int, speed: float, *troubles: Trouble, days: bool = True) -> Tally:
        table = Timetable(
            tuple(make_homes(self.homes, 7)), 7, MONDAY, for_s, troubles, everyday=days
        )
        return await Player(self.fleet, speed=speed).play(table.steps(), lambda step: None)

    @property
    def alarms(self) -> list[Alarm]:
        return list(self.colleague.alarms.values())

    def of(self, kind: str) -> list[Alarm]:
        return [alarm for alarm in self.alarms if alarm["kind"] == kind]


@asynccontextmanager
async def town(folder: Path, homes: int) -> AsyncIterator[Town]:
    file = folder / "simby.yaml"
    built = make_homes(homes, 7)
    write_homes(file, built, speed=1)
    plan = fleet_plan(built)
    settings = write_settings(folder, plan, web_host="127.0.0.1", panel_origin="http://127.0.0.1:1")
    hub = HubProcess(file, settings, folder)
    try:
        running = await hub.start()
        log = DeviceLog(folder / "devices.jsonl")
        fleet = Fleet(plan, running, folder / "secrets", log=log, seed=7)
        colleague = Colleague(running.web)
        try:
            await colleague.sign_in(await hub.code("alva"))
            await fleet.start()
            yield Town(fleet, colleague, homes)
        finally:
            await fleet.stop()
            await colleague.sign_off()
            log.close()
    finally:
        await hub.stop()


async def test_fifty_homes_live_a_day_and_every_press_is_an_alarm_of_its_home(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, 50) as here:
        tally = await here.live(24 * HOUR_S, 6000)
        table = Timetable(tuple(make_homes(50, 7)), 7, MONDAY, 24 * HOUR_S)
        steps = Counter(step.action for step in table.steps())
        pressed = {step.home for step in table.steps() if step.action == "press"}
        assert len(pressed) >= 3
        await until(lambda: pressed <= {one["resident"] for one in here.of("help.pressed")})
        assert tally.answers == {"answered": steps.total()}


async def test_a_power_cut_is_one_incident_however_many_homes_are_dark(tmp_path: Path) -> None:
    async with town(tmp_path, 50) as here:
        cut = Trouble("power-cut", 0, 5 * HOUR_S, area=1)
        tally = await here.live(6 * HOUR_S, 1800, cut, days=False)

        def dark() -> list[Alarm]:
            return [one for one in here.of("mains.lost") if one["phase"] != "closed"]

        # The first homes are alarms of their own, until so many are dark that they are one.
        await until(lambda: [bool(one["incident_where"]) for one in dark()] == [True])
        assert tally.answers["answered"] == 100
        assert set(tally.answers) == {"answered"}


async def test_each_fault_is_what_it_is(tmp_path: Path) -> None:
    async with town(tmp_path, 12) as here:
        walkers = [key for key in here.fleet.names.values() if key.startswith("gps")]
        walker = walkers[0]
        pendants = [key for key in here.fleet.names.values() if key.startswith("pendant")]

        await here.fleet.set_fault(pendants[0], "duplicate", on=True)
        await here.fleet.set_fault(pendants[1], "reorder", on=True)
        for pendant in pendants[:2]:
            act = here.fleet.act(pendant, "press")
            assert act is not None
            assert (await act()).accepted
        await until(lambda: len(here.of("help.pressed")) == 2)
        assert [one["activations"] for one in here.of("help.pressed")] == [1, 1]

        await here.fleet.set_fault(walker, "clock", on=True)
        act = here.fleet.act(walker, "report")
        assert act is not None
        assert (await act()).accepted
        await until(lambda: len(here.of("clock.wrong")) == 1)
        await here.fleet.set_fault(walker, "clock", on=False)

        await here.live(
            HOUR_S, 600, Trouble("zone-jitter", 0, 600), Trouble("battery", 0, 600), days=False
        )
        await until(lambda: len(here.of("battery.low")) >= 12)
        # Six times over the border and back: one alarm each, marked, and never closed by itself.
        await until(lambda: len(here.of("zone.left")) >= len(walkers))
        left = here.of("zone.left")
        assert len(left) == len(walkers)
        assert {one["phase"] for one in left} == {"looking"}
