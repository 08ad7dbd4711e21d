"""A change of configuration while alarms run: nobody is orphaned, nobody who has left is called."""

from routing.lifecycle import Action
from routing.municipality import Device, Person, Role
from tests.routing.story import Story, on_duty


def owned() -> Story:
    story = Story()
    story.press()
    story.accept("anna")
    return story


def test_an_owner_who_is_removed_loses_the_alarm_and_is_not_called_again() -> None:
    story = owned()
    assert story.configure(remove=[("person", "anna")]) == [
        "removed anna",
        "reopened from anna",
        "step 2.0 60s: berit@webhook-1 (owner_left)",
        "paged lea@webhook-1 (lead_told_left)",
    ]


def test_an_owner_who_may_no_longer_handle_alarms_loses_them() -> None:
    story = owned()
    story.do("anna", Action.ARRIVE)
    told = story.configure(Person(id="anna", roles=(Role.IT,), teams=("home",)))
    assert told[:2] == ["set anna", "reopened from anna"]


def test_the_chain_that_follows_is_of_the_new_configuration() -> None:
    story = owned()
    told = story.configure(on_duty("anna"), remove=[("person", "anna")])
    assert told[2:5] == [
        "reopened from anna",
        "skipped 2.0",
        "step 2.1 90s: carl@webhook-1 (owner_left)",
    ]


def test_removing_others_moves_no_alarm() -> None:
    assert owned().configure(remove=[("person", "berit")]) == ["removed berit"]


def test_a_closed_alarm_of_a_removed_person_stays_closed() -> None:
    story = owned()
    story.close("anna")
    assert story.configure(remove=[("person", "anna")]) == ["removed anna"]


def test_a_device_that_gets_another_subject_is_found_by_the_new_one_only() -> None:
    story = Story()
    story.configure(Device(id="pendant", subject="scaip:77", resident="rolf"))
    assert story.press("scaip:77")[1] == "raised help.pressed HIGH (kind_raises)"
    assert story.press("scaip:1")[1] == "raised help.pressed CRITICAL (device_not_registered)"


def test_a_removed_device_that_presses_is_an_unknown_one() -> None:
    story = Story()
    story.configure(remove=[("device", "pendant")])
    assert story.press("scaip:1")[1] == "raised help.pressed CRITICAL (device_not_registered)"


def test_twenty_thousand_items_are_taken_in_without_counting_them_all_each_time() -> None:
    story = Story()
    devices = [Device(id=f"d{n}", subject=f"scaip:d{n}") for n in range(20_000)]
    touched = 0

    class Counted(dict[str, Device]):
        def values(self):  # type: ignore[no-untyped-def]
            nonlocal touched
            touched += len(self)
            return super().values()

    story.state.registry.devices = Counted(story.state.registry.devices)
    story.configure(*devices)
    assert len(story.state.registry.device_of) == 20_003
    assert touched == 0
