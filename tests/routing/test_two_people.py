"""An address to which several people must go together: said at birth, and the others are asked."""

from routing.facts import AlarmRaised
from routing.kinds import Kind
from routing.lifecycle import Action
from routing.municipality import AnyItem, Device, Resident
from tests.routing.story import Story, town

TWO = Resident(id="rolf", unit="north", people_needed=2)
THREE = Resident(id="rolf", unit="north", people_needed=3)
ASKED = [
    "help asked anna",
    "help 1.0 60s: berit@webhook-1 (people_needed)",
]


def pressed(*more: AnyItem) -> Story:
    story = Story(town(*(more or (TWO,))))
    story.press()
    return story


def team(story: Story) -> tuple[str | None, tuple[str, ...]]:
    alarm = story.state.alarms[story.alarm]
    return alarm.owner, alarm.helpers


def test_the_alarm_says_it_from_its_birth() -> None:
    story = pressed()
    (birth,) = (r.fact for r in story.journal if isinstance(r.fact, AlarmRaised))
    assert birth.people_needed == 2
    assert story.state.alarms[story.alarm].people_needed == 2


def test_where_one_has_accepted_the_second_is_asked_at_once() -> None:
    story = pressed()
    assert story.accept("anna") == ["accepted anna 1800s", *ASKED, "accept done"]
    assert story.do("berit", Action.JOIN) == ["joined berit: anna@webhook-1", "join done"]
    assert team(story) == ("anna", ("berit",))


def test_so_it_is_for_who_drives_or_is_there_already() -> None:
    for action, line in ((Action.ON_THE_WAY, "on_the_way"), (Action.ARRIVE, "at_resident")):
        story = pressed()
        told = story.do("anna", action)
        assert told[1].startswith(f"{line} anna ")
        assert told[2:-1] == ASKED


def test_on_the_way_asks_nobody_a_second_time() -> None:
    story = pressed()
    story.accept("anna")
    told = story.do("anna", Action.ON_THE_WAY)
    assert told == ["on_the_way anna 1800s", "on_the_way done"]
    assert story.owed == ["berit@webhook-1"]


def test_the_search_goes_on_until_somebody_comes() -> None:
    story = pressed()
    story.accept("anna")
    assert story.wait(60) == ["help 1.1 90s: carl@webhook-1 (nobody_accepted_in_time)"]
    assert story.wait(90) == [
        "help 2.1 90s: carl@webhook-1 (last_step_loops)",
        "paged lea@webhook-1 (lead_told_no_help)",
    ]


def test_three_are_asked_until_three_have_said_yes() -> None:
    story = pressed(THREE)
    story.accept("anna")
    assert story.do("berit", Action.JOIN) == [
        "joined berit: anna@webhook-1",
        "help asked anna",
        "help 1.1 90s: carl@webhook-1 (people_needed)",
        "join done",
    ]
    assert story.do("carl", Action.JOIN) == ["joined carl: anna@webhook-1", "join done"]
    assert team(story) == ("anna", ("berit", "carl"))


def test_whoever_hands_over_leaves_a_gap_that_is_filled() -> None:
    story = pressed()
    story.accept("anna")
    story.do("berit", Action.JOIN)
    story.do("anna", Action.HAND_OVER, to_person="berit")
    told = story.do("berit", Action.TAKE_OVER)
    assert told[0] == "handover anna -> berit 1800s"
    assert told[1:3] == ["help asked berit", "help 1.0 60s: anna@webhook-1 (people_needed)"]


def test_closing_ends_the_search() -> None:
    story = pressed()
    story.accept("anna")
    story.close("anna")
    assert story.owed == []


def test_after_a_lapse_the_next_owner_is_not_alone_either() -> None:
    story = pressed()
    story.accept("anna")
    story.do("berit", Action.JOIN)
    story.wait(1800)
    story.wait(300)
    assert team(story) == (None, ())
    told = story.accept("berit")
    assert told[1:3] == ["help asked berit", "help 1.0 60s: anna@webhook-1 (people_needed)"]


def test_a_technical_fault_is_looked_at_by_one() -> None:
    story = Story(town(TWO))
    story.hear(Kind.BATTERY_LOW)
    assert story.accept("anna") == ["accepted anna 1800s", "accept done"]


def test_elsewhere_nobody_else_is_asked() -> None:
    story = pressed(Resident(id="rolf", unit="north"))
    assert story.accept("anna") == ["accepted anna 1800s", "accept done"]


def test_of_a_shared_unit_it_is_so_when_the_resident_is_known() -> None:
    siri = Resident(id="siri", unit="north", people_needed=2)
    shared = Device(id="pendant", subject="scaip:1", resident="rolf", shared_with=("siri",))
    story = pressed(siri, shared)
    assert story.accept("anna") == ["accepted anna 1800s", "accept done"]
    told = story.do("anna", Action.CHOOSE, resident="siri")
    assert told == ["concerns siri", *ASKED, "choose done"]
