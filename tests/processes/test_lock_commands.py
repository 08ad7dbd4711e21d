"""The whole road of a command: phone page, web, router, broker, adapters, lock, and back."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from simulators.colleague import Alarm, Colleague
from simulators.devicelog import DeviceLog
from simulators.hub_process import HubProcess
from simulators.hub_settings import free_port
from simulators.nuki import LockTroubles, NukiLock
from simulators.site import Site

pytestmark = pytest.mark.broker
WITHIN_S = 30.0
TOWN = {
    "municipality": {
        "id": "proveby",
        "name": "Prøveby (eksempel)",
        "timezone": "Europe/Oslo",
        "language": "en",
        "default_policy": "plain",
    },
    "units": [{"id": "north", "name": "North"}],
    "teams": [{"id": "day", "name": "Day", "unit": "north"}],
    "people": [
        {"id": "kari", "name": "Kari Eksempel", "roles": ["staff"], "teams": ["day"]},
        {"id": "lise", "name": "Lise Eksempel", "roles": ["lead"]},
    ],
    "residents": [
        {"id": "astrid", "name": "Astrid Eksempel", "unit": "north", "entry_note": "Key box"}
    ],
    "devices": [{"id": "lock", "name": "Lock", "subject": "nuki:2BB28570", "resident": "astrid"}],
    "policies": [
        {
            "id": "plain",
            "steps": [{"call": [{"on_duty": "day"}], "wait": "2 min"}],
            "fallback": [{"person": "lise"}],
        }
    ],
    "shifts": [
        {
            "id": "always",
            "team": "day",
            "people": ["kari"],
            "weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
            "from": "00:00",
            "to": "00:00",
        }
    ],
    "adapters": [{"id": "front", "protocol": "nuki"}],
}


@asynccontextmanager
async def hub(folder: Path) -> AsyncIterator[tuple[Site, Colleague]]:
    file, settings, state = folder / "town.yaml", folder / "settings.yaml", folder / "state"
    state.mkdir()
    file.write_text(json.dumps(TOWN))
    web = f"127.0.0.1:{free_port('127.0.0.1')}"
    content = {
        "state_dir": str(state),
        "broker": {"embedded": "auto"},
        "web": {"bind": web, "public_url": f"http://{web}"},
        "http": {"bind": "127.0.0.1:0"},
    }
    settings.write_text(json.dumps(content))
    process = HubProcess(file, settings, state)
    colleague: Colleague | None = None
    try:
        running = await process.start()
        colleague = Colleague(running.web)
        await colleague.sign_in(await process.code("kari"))
        yield Site(running, state / "secrets", DeviceLog()), colleague
    finally:
        if colleague is not None:
            await colleague.sign_off()
        await process.stop()


async def ended(colleague: Colleague, alarm: Alarm) -> Alarm:
    """Return the alarm's page once its lock has answered; the page is live, so this asks it when
    something has changed."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            page = await colleague.detail(alarm["id"])
            if page["lock"] is not None and page["lock"]["state"] != "asked":
                return page
            await asyncio.sleep(0.05)


async def test_a_door_opens_from_the_phone_page_and_a_jam_shows_the_way_in(tmp_path: Path) -> None:
    async with hub(tmp_path) as (site, colleague):
        troubles = LockTroubles(moves_s=0.05, jammed=True)
        lock = NukiLock("2BB28570", site.broker(), seed=1, log=site.log, troubles=troubles)
        await lock.start()
        try:
            await lock.turn(unlock=False)
            found = await colleague.sees(lambda one: one["category"] == "lock", "a jam", WITHIN_S)
            await colleague.act(found, "accept")
            troubles.jammed = False
            page = await colleague.detail(found["id"])
            await colleague.act(page, "unlock", device="lock")
            page = await ended(colleague, found)
            assert (page["lock"]["state"], page["lock"]["way_in"]) == ("ok", None)
            await colleague.act(page, "lock")
            page = await ended(colleague, found)
            assert page["lock"]["state"] == "ok"
            troubles.jammed = True
            await colleague.act(page, "unlock")
            page = await ended(colleague, found)
            assert (page["lock"]["state"], page["lock"]["way_in"]) == ("failed", "Key box")
            codes = [entry["code"] for entry in page["timeline"]]
            assert codes.count("lock.asked") == codes.count("lock.ended") == 3
            assert sum(one.what == "heard" for one in site.log.entries) == 3
        finally:
            await lock.stop()
