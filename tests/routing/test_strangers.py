"""Unknown devices: none is dropped, many are one alarm, and none goes before a resident's press."""

from routing.facts import AlarmRaised, AlarmRepeated, EventRecorded
from routing.instant import SECOND
from routing.kinds import Kind, Severity
from routing.lifecycle import Action, OutcomeCode
from routing.owed import owed, rank
from routing.snapshot import restore, take
from tests.routing.story import Story, town

MOST = 10
"""The proposed bound: alarms of unknown devices within a minute."""


def flooded(count: int, every_s: int = 0, kind: Kind = Kind.HELP_PRESSED) -> Story:
    """So many unknown devices say the kind, one after another."""
    story = Story()
    for number in range(count):
        story.hear(kind, f"scaip:x{number}")
        story.at += every_s * SECOND
    return story


def births(story: Story) -> list[AlarmRaised]:
    return [r.fact for r in story.journal if isinstance(r.fact, AlarmRaised)]


def joined(story: Story) -> list[AlarmRepeated]:
    return [r.fact for r in story.journal if isinstance(r.fact, AlarmRepeated)]


def test_up_to_the_bound_each_is_an_alarm_of_its_own() -> None:
    raised = births(flooded(MOST))
    assert [birth.subject for birth in raised] == [f"scaip:x{n}" for n in range(10)]


def test_beyond_it_they_are_one_alarm_with_a_count_and_every_name() -> None:
    story = flooded(1000)
    raised = births(story)
    assert len(raised) == MOST + 1
    assert (raised[-1].subject, raised[-1].severity) == ("strangers:together", Severity.CRITICAL)
    assert raised[-1].reason.params["subject"] == "scaip:x10"
    assert [fact.subject for fact in joined(story)] == [f"scaip:x{n}" for n in range(11, 1000)]
    assert story.state.alarms[raised[-1].alarm].activations == 990


def test_nothing_is_dropped() -> None:
    story = flooded(100)
    recorded = {r.fact.event for r in story.journal if isinstance(r.fact, EventRecorded)}
    told = {birth.event for birth in births(story)} | {fact.event for fact in joined(story)}
    assert len(recorded) == 100
    assert recorded == told


def test_slower_than_the_bound_none_is_put_together() -> None:
    assert len(births(flooded(60, every_s=6))) == 60
    assert len(births(flooded(60, every_s=5))) < 60


def test_after_the_flood_a_stranger_is_an_alarm_of_its_own_again() -> None:
    story = flooded(50)
    story.at += 60 * SECOND
    story.press("scaip:late")
    assert births(story)[-1].subject == "scaip:late"


def test_the_same_stranger_again_joins_its_own_alarm() -> None:
    story = flooded(MOST)
    assert story.press("scaip:x3")[1].startswith("again 2 CRITICAL")
    assert len(births(story)) == MOST


def test_a_flood_of_faults_takes_no_press_into_itself() -> None:
    story = flooded(50, kind=Kind.TAMPER_DETECTED)
    story.press("scaip:other")
    assert (births(story)[-1].subject, births(story)[-1].kind) == ("scaip:other", "help.pressed")


def test_fire_and_help_of_strangers_stay_apart() -> None:
    story = flooded(20)
    story.hear(Kind.SMOKE_DETECTED, "scaip:smoke")
    assert births(story)[-1].category == "fire"
    assert births(story)[-1].subject == "strangers:together"


def pages_of(story: Story) -> list[int]:
    return [len(fact.pages) for fact in joined(story)]


def test_while_it_looks_for_somebody_a_flood_rings_nobody_without_end() -> None:
    story = flooded(11)
    for number in range(300):
        for one in owed(story.state):
            story.end(one.page, delivered=True)
        story.hear(Kind.HELP_PRESSED, f"scaip:y{number}")
    assert sum(pages_of(story)) == 0
    story.at += 121 * SECOND
    for number in range(11):
        story.hear(Kind.HELP_PRESSED, f"scaip:z{number}")
    assert sum(pages_of(story)) == 2, "both on duty hear of the count after two minutes, once"


def test_a_new_kind_in_it_rings_at_once() -> None:
    story = flooded(12)
    for one in owed(story.state):
        story.end(one.page, delivered=True)
    story.hear(Kind.FALL_DETECTED, "scaip:fallen")
    assert len(joined(story)[-1].pages) == 2


def test_its_owner_hears_of_the_count_with_the_throttle_of_repeats() -> None:
    story = flooded(12)
    together = births(story)[-1].alarm
    story.do("anna", Action.ACCEPT, alarm=together)
    for number in range(20):
        story.press(f"scaip:more{number}")
    assert sum(pages_of(story)[1:]) == 1


def test_closing_it_lets_the_next_flood_begin_anew() -> None:
    story = flooded(12)
    together = births(story)[-1].alarm
    story.do("anna", Action.ACCEPT, alarm=together)
    story.do("anna", Action.CLOSE, alarm=together, outcome=OutcomeCode.TECHNICAL)
    story.press("scaip:new")
    assert births(story)[-1].subject == "strangers:together"
    assert births(story)[-1].alarm != together


def test_a_restart_remembers_the_rate() -> None:
    story = flooded(MOST)
    again = restore(take(story.state))
    assert again is not None
    story.state = again
    story.press("scaip:after")
    assert births(story)[-1].subject == "strangers:together"


def test_a_residents_press_goes_out_before_any_stranger_s() -> None:
    story = flooded(200)
    story.press("scaip:1")
    first, second, *_ = owed(story.state)
    assert {story.state.alarms[one.alarm].resident for one in (first, second)} == {"rolf"}


def test_the_order_of_sends() -> None:
    story = Story(town())
    for kind, subject in (
        (Kind.BATTERY_LOW, "scaip:3"),
        (Kind.DOOR_AJAR, "scaip:3"),
        (Kind.HELP_PRESSED, "scaip:unknown"),
        (Kind.HELP_PRESSED, "scaip:3"),
        (Kind.FALL_DETECTED, "scaip:1"),
    ):
        story.hear(kind, subject)
    found = sorted(story.state.alarms.values(), key=rank, reverse=True)
    assert [(alarm.kind, alarm.resident) for alarm in found] == [
        (Kind.FALL_DETECTED, "rolf"),
        (Kind.HELP_PRESSED, "siri"),
        (Kind.HELP_PRESSED, None),
        (Kind.DOOR_AJAR, "siri"),
        (Kind.BATTERY_LOW, "siri"),
    ]


def test_a_colleague_who_calls_is_no_stranger() -> None:
    story = Story()
    story.press()
    story.do("berit", Action.CALL_FOR_HELP)
    own = next(a for a in story.state.alarms.values() if a.kind is Kind.STAFF_CALLED)
    assert rank(own) == (4, True, 5)
