"""A relative's yes, their no, and their absence."""

import pytest

from routing.instant import DAY, HOUR
from routing.kinds import Kind
from routing.lifecycle import Action
from routing.municipality import Municipality, Person, Resident, Role, Step, Target
from routing.snapshot import restore, take
from tests.routing.story import CENTRE, START, Story, plain, town
from tests.routing.story_proofs import reach
from tests.routing.test_unseen import place

RUNE = Person(id="rune", roles=(Role.RELATIVE,), channels=("sms-1",))
TONE = Person(id="tone", roles=(Role.RELATIVE,), channels=("sms-1",))
ROLF = Resident(id="rolf", unit="north", relatives={"rune": "responsible", "tone": "informed"})
FIRST = Step((Target("relative", "responsible"), Target("relative", "informed")), 60)
FAMILY = plain(FIRST, Step((CENTRE,), 90))
ASKING = Municipality(
    id="simby", timezone="Europe/Oslo", default_policy="plain", relatives_agree=True
)
CALLED = "step 1.0 60s: rune@sms-1 tone@sms-1* (chain_started)"
PASSED_BY = "step 1.1 90s: carl@webhook-1 (chain_started)"


@pytest.fixture
def older() -> Story:
    """A municipality whose file says nothing of a yes."""
    return Story(town(RUNE, TONE, ROLF, FAMILY))


@pytest.fixture
def asking() -> Story:
    return Story(town(RUNE, TONE, ROLF, FAMILY, ASKING))


def test_whom_an_older_file_names_is_called(older: Story) -> None:
    assert older.press()[-1] == CALLED


def test_and_not_any_more_after_a_no_of_which_the_leads_are_told(older: Story) -> None:
    lines = reach(older, "rune", "withdraw", of="rolf")
    assert lines[0] == "rune leaves rolf"
    assert "raised reach.lost TECHNICAL (relative_withdrew)" in lines
    assert lines[-1] == "withdraw done"
    assert older.press()[-1] == PASSED_BY
    assert older.do("rune", Action.ACCEPT, alarm=_help(older)) == ["accept not done (role_may_not)"]


def _help(story: Story) -> str:
    return next(a.id for a in story.state.alarms.values() if a.resident == "rolf")


def test_where_a_yes_is_asked_for_nobody_is_called_without_one(asking: Story) -> None:
    lines = asking.press()
    assert PASSED_BY in lines
    at = lines.index("missed rune of rolf")
    assert lines[at + 1 :] == [
        "heard reach.lost",
        "raised reach.lost TECHNICAL (relative_not_agreed)",
        "step 1.0 43200s: lea@webhook-1 (relative_not_agreed)",
    ]


def test_an_alarm_that_calls_no_relatives_goes_past_none(asking: Story) -> None:
    asking.configure(
        Resident(id="rolf", unit="north", relatives=ROLF.relatives, policies={"help": "others"}),
        plain(Step((CENTRE,), 90), name="others"),
    )
    assert not [line for line in asking.press() if "missed" in line]


def test_the_leads_are_told_once(asking: Story) -> None:
    asking.press()
    asking.do("carl", Action.ACCEPT, alarm=_help(asking))
    asking.at += HOUR
    assert not [line for line in asking.hear(Kind.FALL_DETECTED, "scaip:2") if "missed" in line]


def test_after_the_yes_the_relative_is_called_and_may_accept(asking: Story) -> None:
    assert reach(asking, "rune", "agree", of="rolf") == ["rune agrees to rolf", "agree done"]
    assert asking.press()[-1] == CALLED
    assert asking.accept("rune")[0].startswith("accepted rune")


def test_the_yes_is_taken_back_only_without_an_alarm_in_hand(asking: Story) -> None:
    reach(asking, "rune", "agree", of="rolf")
    asking.press()
    asking.accept("rune")
    refused = reach(asking, "rune", "withdraw", of="rolf")
    assert refused == ["withdraw not done (has_open_alarms)"]


def test_a_no_while_the_alarm_calls_them_moves_it_on_at_once(older: Story) -> None:
    older.press()
    lines = reach(older, "rune", "withdraw", of="rolf")
    assert lines[:3] == [
        "rune leaves rolf",
        "refused rune",
        "step 1.1 90s: carl@webhook-1 (all_refused)",
    ]


def test_whoever_is_at_work_too_is_absent_by_the_roster_alone(older: Story) -> None:
    both = Person(id="rune", roles=(Role.RELATIVE, Role.STAFF), teams=("home",))
    older.configure(both)
    away = reach(older, "rune", "away", until=START + DAY)
    assert away == ["away not done (role_may_not)"]


def test_an_informed_relative_is_told_until_they_say_no(asking: Story) -> None:
    reach(asking, "tone", "withdraw", of="rolf")
    reach(asking, "rune", "agree", of="rolf")
    assert asking.press()[-1] == "step 1.0 60s: rune@sms-1 (chain_started)"


@pytest.mark.parametrize(
    ("person", "of"), [("rune", "siri"), ("rune", None), ("rune", "nobody"), ("anna", "rolf")]
)
@pytest.mark.parametrize("action", ["agree", "withdraw"])
def test_only_relatives_of_the_resident_can_say(
    asking: Story, person: str, of: str | None, action: str
) -> None:
    said = reach(asking, person, action, of=of)
    assert said == [f"{action} not done (not_a_relative)"]


def test_who_is_named_anew_is_asked_anew(asking: Story) -> None:
    reach(asking, "rune", "agree", of="rolf")
    asking.configure(Resident(id="rolf", unit="north"))
    asking.configure(ROLF)
    assert PASSED_BY in asking.press()
    assert asking.state.proofs.agreed == {}


def test_what_has_been_said_is_kept_in_a_snapshot(asking: Story) -> None:
    reach(asking, "rune", "agree", of="rolf")
    asking.press()
    assert restore(take(asking.state)) == asking.state


def test_a_relative_who_is_away_is_passed_by_until_they_are_back(older: Story) -> None:
    lines = reach(older, "rune", "away", since=START, until=START + 2 * DAY)
    assert lines[-1] == "away done"
    assert older.press()[-1] == PASSED_BY
    older = Story(town(RUNE, TONE, ROLF, FAMILY))
    reach(older, "rune", "away", since=START, until=START + 2 * DAY)
    older.at += 2 * DAY
    assert CALLED in older.press()


def test_an_absence_that_begins_later_counts_from_then(older: Story) -> None:
    reach(older, "rune", "away", since=START + HOUR, until=START + DAY)
    assert older.press()[-1] == CALLED


@pytest.mark.parametrize("back", [{}, {"until": START}, {"until": START - HOUR}])
def test_back_home(older: Story, back: dict[str, int]) -> None:
    reach(older, "rune", "away", until=START + DAY)
    lines = reach(older, "rune", "away", **back)
    assert [line.split("-")[0] for line in lines] == ["removed away", "away done"]
    assert older.press()[-1] == CALLED


def test_who_is_not_away_is_back_all_the_same(older: Story) -> None:
    assert reach(older, "rune", "away") == ["away done"]


@pytest.mark.parametrize(
    ("person", "more", "code"),
    [
        ("rune", {"until": START + 401 * DAY}, "time_does_not_fit"),
        ("rune", {"since": -(2**60), "until": START + DAY}, "time_does_not_fit"),
        ("rune", {"since": 2**60, "until": 2**60 + DAY}, "time_does_not_fit"),
        ("rune", {"since": START + 401 * DAY, "until": START + 402 * DAY}, "time_does_not_fit"),
        ("anna", {"until": START + DAY}, "role_may_not"),
        ("tone", {"of": "rune", "until": START + DAY}, "role_may_not"),
    ],
)
def test_absences_that_do_not_count(
    older: Story, person: str, more: dict[str, object], code: str
) -> None:
    assert reach(older, person, "away", **more) == [f"away not done ({code})"]


def test_a_lead_may_say_that_a_relative_is_away(older: Story) -> None:
    reach(older, "lea", "away", of="rune", until=START + DAY)
    assert older.press()[-1] == PASSED_BY


def test_a_no_ends_the_calls_of_an_earlier_step_too() -> None:
    rune = Person(id="rune", roles=(Role.RELATIVE,), channels=("push-1", "sms-2", "voice-3"))
    hasty = plain(Step(FIRST.targets, 15), Step((CENTRE,), 90))
    story = Story(town(place(), rune, TONE, ROLF, hasty))
    story.press()
    assert story.wait(10) == ["watch.ended", "paged rune@sms-2 (no_receipt)"]
    assert story.wait(5) == ["step 1.1 90s: carl@webhook-1 (nobody_accepted_in_time)"]
    assert story.owed == ["carl@webhook-1", "rune@push-1", "rune@sms-2", "tone@sms-1"]
    assert reach(story, "rune", "withdraw", of="rolf")[:2] == ["rune leaves rolf", "refused rune"]
    assert reach(story, "tone", "withdraw", of="rolf")[:2] == ["tone leaves rolf", "refused tone"]
    assert story.owed == ["carl@webhook-1", "lea@webhook-1", "lea@webhook-1"]
    assert story.wait(60) == [], "no voice-3, which a missing receipt would have brought"
