"""The engine: help first, effects held until the commit, positions only while they are needed."""

import pytest

from adapters.session import Outcome
from hub.journal.port import Document
from hub.router.engine import TURN
from hub.router.work import Sample
from routing.instant import MINUTE, SECOND
from routing.kinds import Kind, Lane
from routing.lifecycle import Action
from routing.municipality import Device, Step
from tests.router.labs import POSITION, Lab, command, heard, lines
from tests.routing.story import ON_DUTY, START, on_duty, plain, town


def test_help_is_decided_before_telemetry_that_came_earlier() -> None:
    lab = Lab()
    for number in range(3):
        lab.take(heard(Kind.DOOR_OPENED, event=f"{number:032x}"), name=f"door-{number}")
    lab.take(heard(), name="press")
    batch = lab.committed()
    assert [line for line in lines(batch) if line.startswith("heard")] == [
        "heard help.pressed",
        "heard door.opened",
        "heard door.opened",
        "heard door.opened",
    ]
    assert [name for name, _ in lab.told] == ["press", "door-0", "door-1", "door-2"]


def test_a_press_waits_for_no_more_than_one_turn_of_telemetry() -> None:
    lab = Lab()
    for number in range(5 * TURN):
        lab.take(heard(Kind.DOOR_OPENED, event=f"{number:032x}"))
    assert len(lab.turn().done) == TURN
    lab.take(heard())
    assert lines(lab.turn())[0] == "heard help.pressed"


def test_nothing_is_told_before_the_commit() -> None:
    lab = Lab()
    lab.take(heard(), name="press")
    batch = lab.turn()
    assert lab.told == []
    assert [outcome for _, outcome in batch.done] == [Outcome.DURABLE]


def test_a_duplicate_is_told_with_or_after_the_first_never_before() -> None:
    lab = Lab()
    lab.take(heard(), name="first")
    first = lab.turn()
    lab.take(heard(), name="again")
    again = lab.turn()
    assert (len(first.facts), again.facts) == (3, [])
    assert lab.told == []
    for batch in (first, again):
        for done, outcome in batch.done:
            done(outcome)
    assert lab.told == [("first", Outcome.DURABLE), ("again", Outcome.DURABLE)]


def test_an_alarm_that_finds_nobody_is_journalled_and_answered_busy() -> None:
    alone = Lab(town(on_duty(), plain(Step((ON_DUTY,), 60), fallback=())))
    alone.take(heard(), name="alone")
    assert lines(alone.committed())[-1] == "step 1.1 60s: nobody (nobody_anywhere)"
    assert alone.told == [("alone", Outcome.BUSY)]


def test_what_is_owed_is_handed_over_with_its_alarm() -> None:
    lab = Lab()
    lab.take(heard())
    batch = lab.turn()
    assert {alarm: [one.page.person for one in sends] for alarm, sends in batch.owed.items()} == {
        lab.alarm: ["anna", "berit"]
    }
    lab.take(command("anna", Action.ACCEPT, lab.alarm))
    assert lab.turn().owed == {lab.alarm: []}


def test_recorded_time_never_goes_back() -> None:
    lab = Lab()
    lab.take(heard())
    assert lab.turn().at == START
    lab.at = START - 3600 * SECOND
    lab.take(heard(Kind.FALL_DETECTED))
    assert lab.turn().at == START


def test_deadlines_are_taken_when_they_have_come() -> None:
    lab = Lab()
    lab.take(heard())
    lab.turn()
    assert lab.engine.next_turn() == START + MINUTE
    lab.wait(59)
    assert lab.engine.turn(lab.at) is None
    lab.wait(1)
    assert lines(lab.turn()) == ["step 1.1 90s: carl@webhook-1 (nobody_accepted_in_time)"]


def test_a_position_is_kept_only_while_an_alarm_is_open_and_erased_at_its_close() -> None:
    lab = Lab()
    lab.take(Sample("scaip:1"), position=POSITION, lane=Lane.TELEMETRY)
    assert lab.turn().documents == []
    lab.take(heard())
    lab.turn()
    lab.take(Sample("scaip:1"), position=POSITION, lane=Lane.TELEMETRY)
    assert lab.turn().documents == [Document("position", lab.alarm, POSITION)]
    lab.take(command("anna", Action.ACCEPT, lab.alarm))
    lab.take(command("anna", Action.CLOSE, lab.alarm))
    lab.take(Sample("scaip:1"), position=POSITION, lane=Lane.TELEMETRY)
    assert lab.turn().documents == [Document("position", lab.alarm, None)]


def test_a_press_with_a_position_keeps_it_with_its_alarm() -> None:
    lab = Lab()
    lab.take(heard(), position=POSITION)
    assert lab.turn().documents == [Document("position", lab.alarm, POSITION)]


def test_another_device_of_the_same_resident_says_where_the_resident_is() -> None:
    lab = Lab()
    lab.take(heard(subject="scaip:1"))
    lab.turn()
    lab.take(Sample("scaip:2"), position=POSITION, lane=Lane.TELEMETRY)
    assert lab.turn().documents == [Document("position", lab.alarm, POSITION)]
    lab.take(Sample("scaip:3"), position=POSITION, lane=Lane.TELEMETRY)
    assert lab.turn().documents == []


def test_an_update_of_an_open_alarm_replaces_what_its_event_said() -> None:
    lab = Lab()
    lab.take(heard(), documents=(Document("event", "e1", b"{}"),))
    lab.turn()
    more = Document("event", "e1", b'{"location_text":"Bath"}')
    lab.take(heard(), documents=(more,), updates=True)
    batch = lab.turn()
    assert (batch.facts, batch.documents) == ([], [more])
    lab.take(command("anna", Action.ACCEPT, lab.alarm))
    lab.take(command("anna", Action.CLOSE, lab.alarm))
    lab.turn()
    lab.take(heard(), documents=(more,), updates=True)
    assert lab.turn().documents == []


def test_the_documents_of_a_duplicate_are_not_written_again() -> None:
    lab = Lab()
    document = Document("event", "e1", b"{}")
    lab.take(heard(), documents=(document,))
    assert lab.turn().documents == [document]
    lab.take(heard(), documents=(document,))
    assert lab.turn().documents == []


@pytest.mark.parametrize(("person", "kept"), [("anna", True), ("berit", False)])
def test_a_note_is_kept_when_its_command_is_done(person: str, kept: bool) -> None:
    lab = Lab()
    lab.take(heard())
    lab.take(command("anna", Action.ACCEPT, "simby-" + heard().event[:20]))
    lab.turn()
    lab.take(command(person, Action.ARRIVE, lab.alarm, note="sat on the floor"))
    note = Document("note", f"{person}-arrive", b"sat on the floor")
    assert lab.turn().documents == ([note] if kept else [])


def test_a_silent_device_becomes_an_alarm_and_is_back_once() -> None:
    pendant = Device(id="pendant", subject="scaip:1", resident="rolf", silent_after_s=600)
    lab = Lab(town(pendant))
    lab.wait(600)
    assert lines(lab.turn())[:2] == ["heard link.lost", "raised link.lost TECHNICAL (kind_raises)"]
    lab.take(Sample("scaip:1"), lane=Lane.TELEMETRY)
    assert lines(lab.turn()) == [
        "heard link.restored",
        "written link.restored (trouble_passed)",
        "protection.back",
    ]
    lab.take(Sample("scaip:1"), lane=Lane.TELEMETRY)
    assert lines(lab.turn()) == []


def test_a_device_that_is_registered_later_is_supervised_from_then_on() -> None:
    lab = Lab()
    lab.take(heard())
    lab.turn()
    door = Device(id="door", subject="zigbee2mqtt:dor", silent_after_s=30)
    lab.configure(door)
    assert lab.engine.next_turn() == START + 30 * SECOND


def test_turns_do_not_look_at_every_device() -> None:
    lab = Lab()
    looks = 0

    class Counted(dict[str, Device]):
        def values(self):  # type: ignore[no-untyped-def]
            nonlocal looks
            looks += 1
            return super().values()

    lab.engine.state.registry.devices = Counted(lab.engine.state.registry.devices)
    for number in range(5):
        lab.take(heard(event=f"{number:032x}"))
        lab.turn()
    assert looks == 0


def test_a_stranger_that_gives_signs_of_life_is_told_of_once() -> None:
    lab = Lab()
    lab.take(Sample("scaip:9"), lane=Lane.TELEMETRY)
    assert lines(lab.turn())[1] == "raised device.unknown TECHNICAL (device_not_registered)"
    lab.take(Sample("scaip:9"), lane=Lane.TELEMETRY)
    assert lines(lab.turn()) == []


def test_a_stranger_that_presses_is_one_alarm_and_not_two() -> None:
    lab = Lab()
    lab.take(heard(subject="scaip:9"))
    assert lines(lab.turn()) == [
        "heard help.pressed",
        "raised help.pressed CRITICAL (device_not_registered)",
        "step 1.0 60s: anna@webhook-1 berit@webhook-1 (chain_started)",
    ]
