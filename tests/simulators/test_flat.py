"""The training flat at the real hub: every device rings an exercise, and a real alarm ends it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from simulators.colleague import Alarm, Colleague
from simulators.demo import FLAT
from simulators.devicelog import DeviceLog
from simulators.fleet import Fleet
from simulators.hub_process import HubProcess
from simulators.hub_settings import install_secrets, write_settings
from simulators.kinds import FAMILIES
from simulators.plan import Installed, Plan, read_flat
from tests.simulators.until import PATIENCE_S

pytestmark = [pytest.mark.broker, pytest.mark.timeout(240)]
REAL = """residents:
  - {id: rolf, name: Rolf Prøve, unit: flat}
"""
REAL_DEVICE = """devices:
  - {id: real-pendant, name: Alarm, subject: "scaip:777001", resident: rolf}
"""
RINGS = {
    "pendant": "press",
    "panel": "medical",
    "door": "open",
    "smoke": "smoke",
    "water": "leak",
    "dispenser": "miss",
    "button": "press",
    "gps": "sos",
    "gt06": "sos",
    "teltonika": "sos",
    "watch": "sos",
    "h02": "sos",
    "phone": "sos",
    "owntracks": "leave_zone",
    "nurse": "call",
    "ward": "call",
    "lorabutton": "hold",
    "radar": "fall",
}
QUIET = {"motion", "nuki", "lock", "loradoor", "seat"}
"""Families that call nobody by themselves."""


def flat_plan(file: Path) -> Plan:
    return read_flat(file, {name: family.protocol for name, family in FAMILIES.items()})


@asynccontextmanager
async def playing(file: Path, plan: Plan, folder: Path) -> AsyncIterator[tuple[Fleet, Colleague]]:
    install_secrets(folder, plan)
    settings = write_settings(folder, plan, web_host="127.0.0.1", panel_origin="http://127.0.0.1:1")
    hub = HubProcess(file, settings, folder)
    try:
        running = await hub.start()
        log = DeviceLog(folder / "devices.jsonl")
        fleet = Fleet(plan, running, folder / "secrets", log=log, seed=1)
        colleague = Colleague(running.web)
        try:
            await colleague.sign_in(await hub.code("kari"))
            await fleet.start()
            yield fleet, colleague
        finally:
            await fleet.stop()
            await colleague.sign_off()
            log.close()
    finally:
        await hub.stop()


async def does(fleet: Fleet, device: str, action: str) -> None:
    act = fleet.act(device, action)
    assert act is not None
    answer = await act()
    assert answer.accepted, (device, answer)


def is_exercise(alarm: Alarm) -> bool:
    return any(mark["code"] == "exercise" for mark in alarm["marks"])


def test_the_flat_has_every_family_and_the_test_knows_what_each_does() -> None:
    families = {device.family for device in flat_plan(FLAT).devices.values()}
    assert families == set(FAMILIES) == set(RINGS) | QUIET


async def test_every_device_of_the_flat_rings_as_an_exercise_of_no_resident(tmp_path: Path) -> None:
    plan = flat_plan(FLAT)
    async with playing(FLAT, plan, tmp_path) as (fleet, colleague):
        for family, action in RINGS.items():
            key = f"{family}-flat"
            await does(fleet, key, action)
            alarm = await colleague.sees(
                lambda one, key=key: one["device"] == key,  # type: ignore[misc]
                f"no alarm of {key}",
                PATIENCE_S,
            )
            assert is_exercise(alarm), alarm
            assert alarm["resident"] is None
            assert alarm["device_name"] == plan.devices[key].name
        # None of them ended another: exercises do not stand in each other's way.
        assert {one["phase"] for one in colleague.alarms.values()} == {"looking"}


async def test_a_real_alarm_ends_the_exercise_in_words(tmp_path: Path) -> None:
    file = tmp_path / "both.yaml"
    text = FLAT.read_text(encoding="utf-8")
    text = text.replace("residents: []\n", REAL).replace("devices:\n", REAL_DEVICE, 1)
    file.write_text(text, encoding="utf-8")
    flat = flat_plan(file)
    real = Installed("777001", "Alarm", "Rolf Prøve", "pendant", "scaip")
    plan = Plan(flat.municipality, {**flat.devices, "real": real}, flat.listeners, flat.workers)
    async with playing(file, plan, tmp_path) as (fleet, colleague):
        await does(fleet, "gps-flat", "sos")
        exercise = await colleague.sees(is_exercise, "no exercise", PATIENCE_S)
        await does(fleet, "real", "press")
        alarm = await colleague.sees(lambda one: not is_exercise(one), "no real alarm", PATIENCE_S)
        assert (alarm["resident"], alarm["calls_me"]) == ("rolf", True)
        ended = await colleague.sees(
            lambda one: one["id"] == exercise["id"] and one["phase"] == "closed",
            "goes on",
            PATIENCE_S,
        )
        assert (ended["outcome"], ended["calls_me"]) == ("test", False)
        told = str((await colleague.detail(exercise["id"]))["timeline"])
        assert "En ekte alarm trenger dem som øver" in told
