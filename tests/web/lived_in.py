"""The town on a busy day, all of it invented: every page has something to show.

Used by the tests that visit every page and by `python -m tests.screens`.
"""

from typing import Any

from msgspec.structs import replace

from hub.directory.entries import Happened
from hub.directory.port import Means
from hub.rights.short import link_token
from routing.facts import AlarmAccepted, AlarmClosed, AlarmProgressed
from routing.instant import MINUTE, SECOND
from routing.kinds import Kind
from routing.lifecycle import OutcomeCode, Phase
from routing.municipality import AnyItem, Device, Policy, Resident, Step
from tests.web.family import move_in
from tests.web.happenings import configure, give_task, need_people, storm
from tests.web.test_entry import located
from tests.web.town import CARDS, RIGHTS_KEY, Town

HOMES: tuple[tuple[str, str, str], ...] = (
    ("r-2", "Peder Eksempel", "Prøveveien 9"),
    ("r-3", "Synnøve Testesen-Langeland", "Eksempelbakken 114 B, leilighet 302"),
    ("r-4", "Åse Prøve", "Fjordgata 2"),
)

WAYS = {"kari": ("push-1", "sms-1"), "ola": ("sms-1",), "lise": ("push-1", "voice-1")}
"""How staff are reached."""


async def fill(town: Town) -> dict[str, str]:
    """Let a day happen; return a real id for every parameter of a page's address."""
    await town.be_sound()
    await move_in(town)
    items: list[AnyItem] = [all_at_once(town)]
    names: dict[tuple[str, str], dict[str, Any]] = {("resident", "r-1"): CARDS["resident", "r-1"]}
    for id, name, address in HOMES:
        items += [
            Resident(id=id, unit="east"),
            Device(id=f"d-{id}", subject=f"scaip:{id}", resident=id),
        ]
        names["resident", id] = {"name": name, "address": address, "phone": "999 00 002"}
        names["device", f"d-{id}"] = {"name": "Trygghetsalarm"}
    for person, ways in WAYS.items():
        items.append(replace(town.state.registry.people[person], channels=ways))
    await configure(town, *items, names=names)
    incident = await storm(town)
    await need_people(town, 3)
    closed = await town.happens(Kind.FALL_DETECTED, "scaip:r-4")
    await owned(town, closed, "ola", Phase.AT_RESIDENT)
    await town.append([AlarmClosed(alarm=closed, person="ola", outcome=OutcomeCode.FALL)])
    way = await town.happens(Kind.FALL_DETECTED, "scaip:r-3")
    await owned(town, way, "kari", Phase.ON_THE_WAY)
    await town.happens(Kind.HELP_PRESSED, "scaip:r-2")
    alarm = await town.press()
    await located(town, alarm)
    task = await give_task(town)
    by_sms = (page.send for page in town.state.alarms[alarm].pages if page.channel == "sms-1")
    return {
        "alarm_id": alarm,
        "task_id": task,
        "incident_id": incident,
        "language": "nb",
        "resident_id": "r-1",
        "person_id": "kari",
        "unit_id": "east",
        "handset_id": phones(town),
        "token": link_token(RIGHTS_KEY, next(by_sms)),
    }


def phones(town: Town) -> str:
    """Let there be phones, a shared one among them; return the id of one of Kari's."""
    directory, at = town.directory, town.now
    shared, _ = directory.phones.bind("east", None, "Bil 3", at)
    directory.sessions.begin("ola", shared.id, Means.PIN, at, unit="east")
    directory.entries.add(Happened.CODE_MADE, at, person="kari", by="lise")
    keep = directory.passkeys.add
    keep("kari", b"id", b"a key", 0, name="Telefonen", handset=shared.id, at=at, synced=True)
    return directory.phones.taken_by("kari", None, "Android · Chrome", at)[0].id


async def owned(town: Town, alarm: str, person: str, phase: Phase) -> None:
    """Let somebody have the alarm, and be as far as said."""
    due = town.now + 20 * MINUTE
    town.now += SECOND
    await town.append(
        [
            AlarmAccepted(alarm=alarm, person=person, due_at=due),
            AlarmProgressed(alarm=alarm, person=person, phase=phase, due_at=due),
        ]
    )


def all_at_once(town: Town) -> Policy:
    """Return a policy that calls relatives and staff in the same step."""
    known = town.state.registry.policies["home"]
    every = tuple(target for step in known.steps for target in step.targets)
    return replace(known, steps=(Step(targets=every, wait_s=120),))
