"""A reply means what its own call asked, in every part of an alarm's life, and for tasks."""

from typing import Any

import pytest

from routing.event import derive_id
from routing.inputs import Command, TimeReached
from routing.instant import MINUTE
from routing.lifecycle import Action, Phase
from tests.channels.rig import NUMBERS, Rig
from tests.web.happenings import give_task

KARI, OLA = NUMBERS["kari"], NUMBERS["ola"]


async def act(rig: Rig, alarm: str, person: str, action: Action, **more: Any) -> None:
    """Let a person do something on the pages."""
    town = rig.town
    await town.take(
        Command(
            id=derive_id(alarm, person, action, town.state.seq),
            alarm=alarm,
            person=person,
            action=action,
            seen_phase=town.state.alarms[alarm].phase,
            made_at=town.now,
            **more,
        )
    )


async def taken_by_ola(rig: Rig) -> str:
    alarm = await rig.town.press()
    await act(rig, alarm, "ola", Action.ACCEPT)
    return alarm


@pytest.mark.parametrize(("said", "owner"), [("1", "kari"), ("2", "ola")])
async def test_a_handover_is_taken_or_declined(rig: Rig, said: str, owner: str) -> None:
    alarm = await taken_by_ola(rig)
    await act(rig, alarm, "ola", Action.HAND_OVER, to_person="kari")
    await rig.says(KARI, f"{said} {rig.code(alarm, 'kari')}")
    assert rig.town.state.alarms[alarm].owner == owner
    assert rig.town.state.alarms[alarm].handover is None
    expected = "Den er din" if said == "1" else "Notert at du ikke kan"
    assert rig.said()[0].startswith(expected)


async def test_the_first_call_is_no_answer_to_a_later_handover(rig: Rig) -> None:
    alarm = await rig.town.press()
    old = rig.code(alarm, "kari")
    await act(rig, alarm, "ola", Action.ACCEPT)
    await act(rig, alarm, "ola", Action.HAND_OVER, to_person="kari")
    await rig.says(KARI, f"1 {old}")
    assert rig.town.state.alarms[alarm].owner == "ola"
    assert rig.said() == ["Allerede tatt av Ola Strand 13:00 (Alarmknapp trykket, Øst)."]


async def test_who_is_asked_to_help_joins_and_the_owner_stays(rig: Rig) -> None:
    alarm = await taken_by_ola(rig)
    await act(rig, alarm, "ola", Action.NEED_HELP)
    await rig.says(KARI, f"ja {rig.code(alarm, 'kari')}")
    assert rig.town.state.alarms[alarm].helpers == ("kari",)
    assert rig.town.state.alarms[alarm].owner == "ola"
    assert rig.said()[0].startswith("Du er med: ")


async def test_the_owner_who_is_asked_is_still_on_the_way(rig: Rig) -> None:
    alarm = await taken_by_ola(rig)
    while not rig.town.state.alarms[alarm].asked:
        rig.town.now += MINUTE
        await rig.town.take(TimeReached())
    await rig.says(OLA, "1")
    assert rig.town.state.alarms[alarm].phase is Phase.ON_THE_WAY
    assert not rig.town.state.alarms[alarm].asked
    assert rig.said()[0].startswith("Notert at du er på veg")


async def test_no_is_no_answer_to_whether_one_is_on_the_way(rig: Rig) -> None:
    alarm = await taken_by_ola(rig)
    while not rig.town.state.alarms[alarm].asked:
        rig.town.now += MINUTE
        await rig.town.take(TimeReached())
    await rig.says(OLA, f"2 {rig.code(alarm, 'ola')}")
    assert rig.town.state.alarms[alarm].owner == "ola"
    assert rig.said()[0].startswith("Det er ikkje noko å svare på her")


@pytest.mark.parametrize("said", ["1", "2"])
async def test_a_task_is_taken_or_refused(rig: Rig, said: str) -> None:
    task = await give_task(rig.town)
    await rig.says(KARI, f"{said} {rig.code(task, 'kari')}")
    book = rig.town.state.book.tasks[task]
    assert (book.owners, book.refused) == ((("kari",), ()) if said == "1" else ((), ("kari",)))
    expected = "Oppgaven er din" if said == "1" else "Notert at du ikke kan"
    assert rig.said()[0].startswith(expected)


async def test_a_task_that_others_have_is_told_so(rig: Rig) -> None:
    task = await give_task(rig.town)
    codes = {who: rig.code(task, who) for who in ("kari", "ola")}
    await rig.says(OLA, f"1 {codes['ola']}")
    rig.said()
    await rig.says(KARI, f"1 {codes['kari']}")
    assert rig.said()[0].startswith("Andre har tatt oppgaven")
    assert rig.town.state.book.tasks[task].owners == ("ola",)


async def test_a_closed_alarm_is_told_to_be_closed(rig: Rig) -> None:
    alarm = await rig.town.press()
    code = rig.code(alarm, "kari")
    await act(rig, alarm, "ola", Action.ACCEPT)
    await act(rig, alarm, "ola", Action.CLOSE, outcome="care")
    await rig.says(KARI, f"1 {code}")
    assert rig.said()[0].startswith("Alarmen er allerede avsluttet")
