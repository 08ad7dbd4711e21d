"""Whose relatives are asked and told where two share a device: of whom it concerns; while nobody
knows that, of everybody who is at home."""

import pytest
from msgspec.structs import replace

from routing.event import derive_id
from routing.facts import EventRecorded, Page
from routing.instant import HOUR
from routing.kinds import Kind
from routing.lifecycle import Action, OutcomeCode
from routing.marks import Mark
from routing.municipality import AnyItem, Device, Person, Resident, Role, Step, Target
from routing.plans import Pause
from routing.proofs.command import ReachAction, ReachCommand
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


def test_the_owner_keeps_an_alarm_whatever_becomes_of_the_device_or_of_a_pause() -> None:
    """The pause may be what came of this very alarm: she is at the hospital, her son beside her."""
    siri = home("siri", AWAY, {"egil": "responsible", "guri": "informed"})
    for change in (replace(SHARED, shared_with=()), replace(SHARED, resident="siri"), siri):
        story = couple(AT_HOME, AT_HOME)
        story.hear(Kind.HELP_PRESSED, "scaip:9")
        story.do("egil", Action.ACCEPT)
        story.configure(change)
        assert story.do("egil", Action.CLOSE, outcome=OutcomeCode.FALL)[-1] == "close done"
    story = couple(AT_HOME, AT_HOME)
    story.hear(Kind.HELP_PRESSED, "scaip:9")
    story.do("egil", Action.ACCEPT)
    story.configure(remove=[("device", "unit")])
    assert story.do("egil", Action.CLOSE, outcome=OutcomeCode.FALL)[-1] == "close done"


def test_who_is_paused_later_is_not_held_to_have_been_away() -> None:
    story = couple(AT_HOME, AT_HOME)
    story.hear(Kind.HELP_PRESSED, "scaip:9")
    story.do("anna", Action.ACCEPT)
    story.configure(home("siri", AWAY, {"egil": "responsible"}))
    story.do("anna", Action.CHOOSE, resident="rolf")
    story.do("anna", Action.CHOOSE, resident="siri")
    assert not marked(story)


def test_a_device_that_moves_shows_the_alarm_to_nobody_in_its_new_home() -> None:
    nina = Person(id="nina", roles=(Role.RELATIVE,), channels=("webhook-1",))
    nils = home("nils", AT_HOME, {"nina": "responsible"})
    story = couple(AT_HOME, AT_HOME, nina, nils, Resident(id="olga", unit="north"))
    story.hear(Kind.HELP_PRESSED, "scaip:9")
    story.do("anna", Action.ACCEPT)
    story.configure(replace(SHARED, resident="olga", shared_with=("nils",)))
    story.wait(1800)
    story.wait(300)
    assert asked(story)[:2] == ["dina", "egil"]
    assert "nina" not in asked(story)


@pytest.mark.parametrize(("of_rolf", "gone"), [("responsible", False), ("informed", True)])
def test_a_no_for_the_one_is_no_no_for_the_other(of_rolf: str, gone: bool) -> None:
    both = (home("rolf", None, {"dina": of_rolf}), home("siri", None, {"dina": "responsible"}))
    story = couple(AT_HOME, AT_HOME, *both)
    story.hear(Kind.HELP_PRESSED, "scaip:9")
    no = ReachCommand(
        id="no", person="dina", action=ReachAction.WITHDRAW, of="siri", made_at=story.at
    )
    assert ("refused dina" in story.feed(no)) is gone


def test_a_relative_who_has_it_chooses_none_but_theirs() -> None:
    story = couple(AT_HOME, AT_HOME)
    story.hear(Kind.HELP_PRESSED, "scaip:9")
    story.do("egil", Action.ACCEPT)
    assert story.do("egil", Action.CHOOSE, resident="rolf") == ["choose not done (role_may_not)"]
    assert story.do("egil", Action.CHOOSE, resident="siri")[-1] == "choose done"
