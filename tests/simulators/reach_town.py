"""A small invented municipality at the real hub, with the ways to its people, for chain tests.

Anna has push, SMS and voice with short waits; Lise, the duty lead, looks on by an open page.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.journal.sqlite import open_reader
from routing.facts import Paged
from simulators.colleague import Alarm, Colleague
from simulators.crew import Crew
from simulators.devicelog import DeviceLog
from simulators.fleet import Fleet
from simulators.hub_process import HubProcess
from simulators.hub_settings import hook_secrets, install_secrets, write_settings
from simulators.plan import Installed, Plan, Worker
from tests.simulators.until import PATIENCE_S

NUMBERS = {"anna": "+4700000201", "berit": "+4700000202"}
PUSH_RECEIPT_S, PUSH_SEEN_S = 4, 3
SMS_RECEIPT_S, SMS_SEEN_S = 6, 3
"""A receipt takes a tenth of a second here: on a machine that has other work it is in time still.
The wait for eyes begins when it has come."""
HOMES = 12
TOPIC = "varde-carl"
"""Carl has ntfy alone."""


def _ways(person: str) -> list[dict[str, Any]]:
    number = {"number": NUMBERS[person]}
    return [
        {"push": {}, "receipt_s": PUSH_RECEIPT_S, "seen_s": PUSH_SEEN_S},
        {"sms": number, "receipt_s": SMS_RECEIPT_S, "seen_s": SMS_SEEN_S},
        {"voice": number},
    ]


def town_file(called: tuple[str, ...]) -> str:
    """Return the municipality's file; `called` are the people of the first step."""
    homes = [f"home-{number}" for number in range(HOMES)]
    return json.dumps(
        {
            "municipality": {"id": "fjordby", "name": "Fjordby (prøve)", "default_policy": "all"},
            "units": [{"id": "nord", "name": "Nord"}],
            "people": [
                *(
                    {"id": id, "name": id.title(), "roles": ["staff"], "channels": _ways(id)}
                    for id in NUMBERS
                ),
                {
                    "id": "carl",
                    "name": "Carl",
                    "roles": ["staff"],
                    "channels": [{"ntfy": {"topic": TOPIC}}],
                },
                {"id": "lise", "name": "Lise", "roles": ["lead"]},
            ],
            "residents": [{"id": home, "name": f"Beboer {home}", "unit": "nord"} for home in homes],
            "devices": [
                {
                    "id": f"pendant-{home}",
                    "name": "Trygghetsalarm",
                    "subject": f"scaip:{home}",
                    "resident": home,
                }
                for home in homes
            ],
            "policies": [
                {
                    "id": "all",
                    "steps": [{"call": [{"person": one} for one in called], "wait": "5 min"}],
                    "fallback": [{"person": "lise"}],
                    "lease": "1 h",
                }
            ],
            "adapters": [{"id": "scaip", "protocol": "scaip"}],
        }
    )


def _plan() -> Plan:
    return Plan(
        municipality="Fjordby",
        devices={
            f"pendant-{number}": Installed(
                f"home-{number}", "Trygghetsalarm", "Beboer", "pendant", "scaip"
            )
            for number in range(HOMES)
        },
        listeners={"scaip": "scaip"},
        workers=tuple(Worker(id, id.title(), number) for id, number in NUMBERS.items()),
    )


@dataclass
class ReachTown:
    """A running hub with devices, handsets, and somebody who looks on."""

    fleet: Fleet
    crew: Crew
    lead: Colleague
    state: Path
    """The hub's folder."""

    async def press(self, number: int = 0) -> None:
        """Press one home's pendant; return when the device is answered."""
        act = self.fleet.act(f"pendant-{number}", "press")
        assert act is not None
        answer = await act()
        assert answer.accepted, answer

    async def taken(self, person: str) -> Alarm:
        """Return the first alarm that the person has."""
        return await self.lead.sees(
            lambda one: one["owner"] == person, f"nobody saw {person} take it", PATIENCE_S
        )

    def passed_on(self) -> list[tuple[str, str]]:
        """Return each channel to which a call was passed on, and why, as the journal has it."""
        with closing(open_reader(self.state / "fjordby.journal.sqlite", "fjordby")) as journal:
            paged = [one.fact for one in journal.read(0) if isinstance(one.fact, Paged)]
        return [(page.channel, str(fact.reason.code)) for fact in paged for page in fact.pages]

    @property
    def open(self) -> Mapping[str, Alarm]:
        """The alarms that still look for somebody, as the lead sees them."""
        return {id: one for id, one in self.lead.alarms.items() if one["phase"] == "looking"}


@asynccontextmanager
async def reach_town(
    folder: Path, called: tuple[str, ...] = ("anna",), with_phone: tuple[str, ...] = ("anna",)
) -> AsyncIterator[ReachTown]:
    """Run it; those in `with_phone` have a phone that is signed in and subscribed."""
    plan = _plan()
    crew = Crew(plan.workers)
    file = folder / "fjordby.yaml"
    file.write_text(town_file(called), encoding="utf-8")
    await crew.start()
    install_secrets(folder, plan)
    settings = write_settings(
        folder, plan, web_host="127.0.0.1", panel_origin="http://127.0.0.1:1", crew=crew
    )
    hub = HubProcess(file, settings, folder)
    log = DeviceLog(folder / "devices.jsonl")
    try:
        running = await hub.start()
        crew.call_back_at(running.web, hook_secrets(folder))
        fleet = Fleet(plan, running, folder / "secrets", log=log, seed=7)
        lead = Colleague(running.web)
        try:
            await lead.sign_in(await hub.code("lise"))
            for person in with_phone:
                await crew.enrol(person, running.web, await hub.code(person))
            await fleet.start()
            yield ReachTown(fleet, crew, lead, folder)
        finally:
            await fleet.stop()
            await lead.sign_off()
    finally:
        await crew.stop()
        await hub.stop()
        log.close()
