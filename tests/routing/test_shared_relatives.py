"""Whose relatives are asked and told where two share a device: of whom it concerns; while nobody
knows that, of everybody who is at home."""

import pytest

from routing.event import derive_id
from routing.facts import EventRecorded, Page
from routing.instant import HOUR
from routing.kinds import Kind
from routing.lifecycle import Action
from routing.marks import Mark
from routing.municipality import AnyItem, Device, Person, Resident, Role, Step, Target
from routing.plans import Pause
from tests.routing.story import ON_DUTY, START, Story, plain, town

SHARED = Device(id="unit", subject="scaip:9", resident="rolf", shared_with=("siri",))
FAMILY = Step((Target("relative", "responsible"), Target("relative", "informed")), 60)
AT_HOME, AWAY = None, 24


def home(name: str, hours: int | None, relatives: dict[str, str]) -> Resident:
    pause = None if hours is None else Pause(START + hours * HOUR, "hospital")
    return Resident(id=name, unit="north", pause=pause, relatives=relatives)  # type: ignore[arg-type]


def couple(rolf: int | None, siri: int | None, *more: AnyItem) -> Story:
    """Rolf's Dina and Siri's Egil are responsible; Finn and Guri are only told."""
    people = [
        Person(id=one, roles=(Role.RELATIVE,), channels=("webhook-1",))
        for one in ("dina", "egil", "finn", "guri")
    ]
    homes = (
        home("rolf", rolf, {"dina": "responsible", "finn": "informed"}),
        home("siri", siri, {"egil": "responsible", "guri": "informed"}),
    )
    return Story(town(SHARED, *people, *homes, plain(FAMILY, Step((ON_DUTY,), 60)), *more))


def pages(story: Story) -> list[Page]:
    return list(story.state.alarms[story.alarm].pages)


def asked(story: Story) -> list[str]:
    return [page.person for page in pages(story) if not page.informed]


def told(story: Story) -> list[str]:
    return [page.person for page in pages(story) if page.informed]


def marked(story: Story) -> bool:
    return Mark.RELATIVES_NOT_TOLD in story.state.alarms[story.alarm].marks


STAFF = ["anna", "berit"]


@pytest.mark.parametrize("kind", [Kind.HELP_PRESSED, Kind.INACTIVITY_DETECTED])
@pytest.mark.parametrize(
    ("rolf", "siri", "who_is_asked", "who_is_told"),
    [
        (AT_HOME, AT_HOME, ["dina", "egil"], ["finn", "guri"]),
        (AWAY, AT_HOME, ["egil"], ["guri"]),
        (AT_HOME, AWAY, ["dina"], ["finn"]),
    ],
)
def test_the_relatives_of_whoever_is_at_home(
    kind: Kind, rolf: int | None, siri: int | None, who_is_asked: list[str], who_is_told: list[str]
) -> None:
    story = couple(rolf, siri)
    story.hear(kind, "scaip:9")
    assert (asked(story), told(story)) == (who_is_asked, who_is_told)
    assert not marked(story)


def test_while_both_are_away_a_press_reaches_staff_alone() -> None:
    story = couple(AWAY, AWAY)
    story.hear(Kind.HELP_PRESSED, "scaip:9")
    assert (asked(story), told(story)) == (STAFF, [])
    assert marked(story)


def test_a_home_that_is_too_quiet_is_of_all_who_live_there() -> None:
    story = couple(AWAY, AT_HOME)
    quiet = EventRecorded(
        event=derive_id("quiet", "rolf"),
        kind=Kind.INACTIVITY_DETECTED,
        subject="resident:rolf",
        received_at=story.at,
        adapter="presence",
    )
    story.feed(quiet)
    (alarm,) = story.state.alarms.values()
    assert [page.person for page in alarm.pages] == ["egil", "guri"]


def test_who_is_named_only_to_be_told_stays_out_with_who_is_away() -> None:
    named = Target("person", "dina", informed=True)
    for rolf, found in ((AWAY, []), (AT_HOME, ["dina"])):
        story = couple(rolf, AT_HOME, plain(Step((ON_DUTY, named), 60)))
        story.hear(Kind.HELP_PRESSED, "scaip:9")
        assert told(story) == found


@pytest.mark.parametrize(
    ("chosen", "who_is_asked"), [("siri", ["egil"]), ("rolf", STAFF)], ids=["siri", "rolf"]
)
def test_once_chosen_the_resident_decides(chosen: str, who_is_asked: list[str]) -> None:
    story = couple(AWAY, AT_HOME)
    story.hear(Kind.HELP_PRESSED, "scaip:9")
    story.do("anna", Action.ACCEPT)
    story.do("anna", Action.CHOOSE, resident=chosen)
    assert marked(story) is (chosen == "rolf")
    story.wait(1800)  # the lease
    story.wait(300)  # the owner is asked, and does not answer
    assert asked(story)[: len(who_is_asked)] == who_is_asked


def test_a_relative_of_either_may_own_what_may_be_about_theirs() -> None:
    story = couple(AT_HOME, AT_HOME)
    story.hear(Kind.HELP_PRESSED, "scaip:9")
    assert story.do("egil", Action.ACCEPT)[-1] == "accept done"
    story = couple(AT_HOME, AWAY)
    story.hear(Kind.HELP_PRESSED, "scaip:9")
    assert story.do("egil", Action.ACCEPT)[-1].startswith("accept not done")


def test_a_device_of_one_asks_the_relatives_of_one() -> None:
    story = couple(AT_HOME, AT_HOME)
    story.hear(Kind.HELP_PRESSED, "scaip:1")
    assert (asked(story), told(story)) == (["dina"], ["finn"])
