"""Things that happen in the town: a storm, tasks, a shared unit, needs of a roster."""

from typing import Any

import msgspec

from hub.journal.port import Document
from routing.duty import Need
from routing.facts import ConfigurationSet
from routing.inputs import TimeReached
from routing.instant import HOUR
from routing.kinds import Kind
from routing.municipality import AnyItem, Device, Resident
from routing.plans import Correlation
from routing.tasks.command import NewTask, TaskCommand
from routing.tasks.facts import TaskMade
from routing.tasks.life import TaskAction, TaskKind
from tests.web.town import Town

HOMES = ("h-1", "h-2", "h-3")


async def configure(
    town: Town, *items: AnyItem, names: dict[tuple[str, str], dict[str, Any]] | None = None
) -> None:
    """Set items, with their documents."""
    cards = (names or {}).items()
    documents = [Document(section, id, msgspec.json.encode(card)) for (section, id), card in cards]
    await town.append([ConfigurationSet(item=item, author="test") for item in items], documents)


async def storm(town: Town) -> str:
    """Let the power fail in three homes of the zone; return the incident."""
    calm = town.state.registry.municipality
    assert calm is not None
    stormy = msgspec.structs.replace(calm, correlation=Correlation(storm_events=3))
    homes: list[AnyItem] = [stormy]
    names: dict[tuple[str, str], dict[str, Any]] = {}
    for number, home in enumerate(HOMES, 1):
        homes += [
            Resident(id=home, unit="east"),
            Device(id=f"unit-{home}", subject=f"scaip:{home}", resident=home),
        ]
        names["resident", home] = {"name": f"Beboer {number}", "address": f"Stormveien {number}"}
        names["device", f"unit-{home}"] = {"name": "Trygghetsalarm"}
    await configure(town, *homes, names=names)
    for home in HOMES:
        await town.happens(Kind.MAINS_LOST, f"scaip:{home}")
    (incident,) = town.state.memory.incidents
    return incident


async def share_pendant(town: Town) -> None:
    """Let the neighbour use Olga's pendant too."""
    pendant = town.state.registry.devices["pendant-1"]
    shared = msgspec.structs.replace(pendant, shared_with=("r-2",))
    neighbour = Resident(id="r-2", unit="east")
    names = {("resident", "r-2"): {"name": "Peder Eksempel"}}
    await configure(town, neighbour, shared, names=names)


async def give_task(town: Town, maker: str = "lise", **more: Any) -> str:
    """Let the lead make a task by hand, offered at once; return its id."""
    new = NewTask(
        **{
            "kind": TaskKind.CHANGE_BATTERY,
            "resident": "r-1",
            "start": town.now,
            "end": town.now + HOUR,
            **more,
        }
    )
    command = TaskCommand(
        id=f"made-{town.state.seq}",
        person=maker,
        action=TaskAction.MAKE,
        made_at=town.now,
        new=new,
    )
    made = next(fact for fact in await town.take(command) if isinstance(fact, TaskMade))
    await town.take(TimeReached())
    return made.task


async def need_people(town: Town, people: int, **window: Any) -> None:
    """Say how many the day team must have on duty."""
    await configure(town, Need(id="n-day", team="day", people=people, **window))
