"""Beside the owner: a handover that is asked and answered, and the search for a helper."""

from typing import Any

import pytest

from routing.instant import HOUR, MINUTE
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.municipality import Municipality, Person, Role, Step, Target, Team
from routing.pass_time import next_due
from routing.plans import Paging
from tests.routing.story import CENTRE, ON_DUTY, START, Story, on_duty, plain, town

NEIGHBOUR = Team(id="nabo", partner="naboby", duty=("nils",))
NILS = Person(id="nils", roles=(Role.STAFF,), teams=("nabo",), channels=("webhook-1",))


@pytest.fixture
def story() -> Story:
    told = Story(town(NEIGHBOUR, NILS))
    told.press()
    told.accept("anna")
    return told


def owner(story: Story) -> str | None:
    return story.state.alarms[story.alarm].owner


def test_a_handover_is_asked_and_the_owner_stays_until_it_is_accepted(story: Story) -> None:
    told = story.do("anna", Action.HAND_OVER, to_person="carl")
    assert told == ["handover anna 300s: carl@webhook-1", "hand_over done"]
    assert (owner(story), story.owed) == ("anna", ["carl@webhook-1"])
    assert story.do("carl", Action.TAKE_OVER, within_s=600) == [
        "handover anna -> carl 600s",
        "take_over done",
    ]
    assert (owner(story), story.owed) == ("carl", [])
    assert story.close("anna") == ["close not done (not_owner)"]
    assert story.wait(600) == ["asked 300s: carl@webhook-1 (owner_asked)"]


def test_a_handover_that_nobody_answers_comes_back(story: Story) -> None:
    """Scenario 29: over to the neighbour at night; the owner is ours until it is accepted."""
    assert story.do("anna", Action.HAND_OVER, to_team="nabo") == [
        "handover anna 300s: nils@webhook-1",
        "hand_over done",
    ]
    assert next_due(story.state) == START + 5 * MINUTE
    assert story.wait(299) == []
    assert story.wait(1) == ["handover back (timed_out): anna@webhook-1"]
    assert (owner(story), story.owed) == ("anna", ["anna@webhook-1"])
    assert story.do("nils", Action.TAKE_OVER) == ["take_over not done (not_asked)"]
    assert next_due(story.state) == START + 30 * MINUTE


def test_a_handover_that_all_decline_comes_back_at_once(story: Story) -> None:
    story.do("anna", Action.HAND_OVER, to_person="carl", to_team="nabo")
    assert story.do("carl", Action.DECLINE) == ["handover declined carl", "decline done"]
    assert story.do("carl", Action.DECLINE) == ["decline done"]
    assert story.do("nils", Action.DECLINE) == [
        "handover declined nils",
        "handover back (declined): anna@webhook-1",
        "decline done",
    ]
    assert story.do("anna", Action.HAND_OVER, to_person="berit")[-1] == "hand_over done"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, "nobody_to_hand_to"),
        ({"to_person": "anna"}, "nobody_to_hand_to"),
        ({"to_person": "ghost"}, "nobody_to_hand_to"),
        ({"to_team": "ghosts"}, "nobody_to_hand_to"),
    ],
)
def test_a_handover_to_nobody_is_refused(story: Story, more: dict[str, str], why: str) -> None:
    assert story.do("anna", Action.HAND_OVER, **more) == [f"hand_over not done ({why})"]  # type: ignore[arg-type]


def test_one_handover_at_a_time(story: Story) -> None:
    story.do("anna", Action.HAND_OVER, to_person="carl")
    told = story.do("anna", Action.HAND_OVER, to_person="berit")
    assert told == ["hand_over not done (handover_pending)"]


def test_only_whom_it_was_asked_of_takes_over(story: Story) -> None:
    story.do("anna", Action.HAND_OVER, to_person="carl")
    assert story.do("berit", Action.TAKE_OVER) == ["take_over not done (not_asked)"]
    assert story.do("berit", Action.DECLINE) == ["decline not done (not_asked)"]


def test_the_lease_goes_on_while_a_handover_is_asked(story: Story) -> None:
    story.wait(1790)
    story.do("anna", Action.HAND_OVER, to_person="carl")
    assert story.wait(10) == ["asked 300s: anna@webhook-1 (owner_asked)"]
    assert story.wait(290) == ["handover back (timed_out): anna@webhook-1"]
    assert story.wait(10)[0] == "reopened from anna"


def test_an_alarm_that_reopens_is_nobodys_handover_any_more(story: Story) -> None:
    story.wait(1800)
    story.wait(290)
    story.do("anna", Action.HAND_OVER, to_person="carl")
    assert story.wait(10)[0] == "reopened from anna"
    assert story.do("carl", Action.TAKE_OVER) == ["take_over not done (not_asked)"]


def test_the_owner_who_moves_on_is_still_asking(story: Story) -> None:
    story.do("anna", Action.HAND_OVER, to_person="carl")
    story.do("anna", Action.ARRIVE)
    assert story.owed == ["carl@webhook-1"]
    assert story.do("carl", Action.TAKE_OVER)[-1] == "take_over done"
    assert story.state.alarms[story.alarm].phase is Phase.ACCEPTED


def test_a_closed_alarm_asks_nobody(story: Story) -> None:
    story.do("anna", Action.HAND_OVER, to_person="carl")
    story.do("anna", Action.NEED_HELP)
    story.close("anna")
    assert story.owed == []
    assert story.do("carl", Action.TAKE_OVER) == ["take_over not done (already_closed)"]
    assert next_due(story.state) == story.at + 24 * 60 * MINUTE


# -- need help -------------------------------------------------------------------------------------


def test_the_owner_stays_while_a_second_search_calls_for_a_helper(story: Story) -> None:
    story.do("anna", Action.ARRIVE)
    assert story.do("anna", Action.NEED_HELP) == [
        "help asked anna",
        "help 1.0 60s: berit@webhook-1 (help_asked)",
        "need_help done",
    ]
    assert owner(story) == "anna"
    assert story.wait(60) == ["help 1.1 90s: carl@webhook-1 (nobody_accepted_in_time)"]
    assert story.do("berit", Action.JOIN) == ["joined berit: anna@webhook-1", "join done"]
    alarm = story.state.alarms[story.alarm]
    assert (alarm.owner, alarm.helpers, alarm.help) == ("anna", ("berit",), None)
    assert story.owed == ["anna@webhook-1"]
    assert next_due(story.state) == START + HOUR


def test_a_search_that_finds_nobody_loops_and_tells_the_lead(story: Story) -> None:
    story.do("anna", Action.NEED_HELP)
    story.wait(60)
    assert story.wait(90) == [
        "help 2.1 90s: carl@webhook-1 (last_step_loops)",
        "paged lea@webhook-1 (lead_told_no_help)",
    ]


def test_no_to_helping_goes_on_at_once(story: Story) -> None:
    story.do("anna", Action.NEED_HELP)
    assert story.do("berit", Action.DECLINE) == [
        "help declined berit",
        "help 1.1 90s: carl@webhook-1 (all_refused)",
        "decline done",
    ]
    assert story.do("berit", Action.DECLINE) == ["decline not done (not_asked)"]


def test_a_search_skips_steps_without_anybody_else_and_ends_at_the_fallback() -> None:
    story = Story(town(plain(Step((ON_DUTY,), 60)), on_duty("anna")))
    story.press()
    story.accept("anna")
    told = story.do("anna", Action.NEED_HELP)
    assert told[1] == "help 1.1 60s: lea@webhook-1 (help_asked)"


def test_a_search_that_nobody_can_answer_stays_loud() -> None:
    alone = plain(Step((ON_DUTY,), 60), fallback=())
    story = Story(town(alone, on_duty("anna")))
    story.press()
    story.accept("anna")
    assert story.do("anna", Action.NEED_HELP)[1] == "help 1.1 60s: nobody (help_asked)"
    assert story.wait(60) == [
        "help 2.1 120s: nobody (last_step_loops)",
        "paged lea@webhook-1 (lead_told_no_help)",
    ]


def lonely(**numbers: Any) -> Story:
    """Anna alone on duty asks for help, and the policy finds nobody beside her."""
    alone = plain(Step((ON_DUTY,), 60), fallback=())
    one = Municipality(id="simby", timezone="Europe/Oslo", default_policy="plain", **numbers)
    story = Story(town(alone, on_duty("anna"), one))
    story.press()
    story.do("anna", Action.ACCEPT, within_s=20 * 3600)
    story.do("anna", Action.NEED_HELP)
    return story


def leads_told(story: Story, minutes: int) -> list[int]:
    """Return the minutes at which the lead was paged."""
    page = "paged lea@webhook-1 (lead_told_no_help)"
    return [minute for minute in range(1, minutes + 1) if page in story.wait(60)]


def test_a_search_that_finds_nobody_pauses_longer_each_time_and_never_ends() -> None:
    """Otherwise the lead is paged every minute all night, and soon reads none of it."""
    assert leads_told(lonely(), 80) == [1, 3, 7, 15, 30, 45, 60, 75]


def test_the_pauses_are_the_municipalitys() -> None:
    story = lonely(paging=Paging(nobody_s=(120, 300)))
    assert leads_told(story, 20) == [2, 7, 12, 17]


def test_who_comes_on_duty_is_found_and_the_pauses_begin_anew() -> None:
    story = lonely()
    assert leads_told(story, 15) == [1, 3, 7, 15]
    story.configure(on_duty("anna", "berit"))
    assert story.wait(15 * 60)[0] == "help 6.0 60s: berit@webhook-1 (last_step_loops)"
    story.configure(on_duty("anna"))
    assert story.wait(60)[0] == "help 7.1 60s: nobody (last_step_loops)"


def test_an_alarm_without_an_owner_never_pauses_longer() -> None:
    story = Story(town(plain(Step((ON_DUTY,), 60), fallback=()), on_duty()))
    story.press()
    assert [len(story.wait(60)) > 0 for _ in range(40)] == [True] * 40


def test_one_search_at_a_time_and_a_second_helper_later(story: Story) -> None:
    story.do("anna", Action.NEED_HELP)
    assert story.do("anna", Action.NEED_HELP) == ["need_help not done (help_pending)"]
    story.do("berit", Action.JOIN)
    assert story.do("berit", Action.JOIN) == ["join not done (not_asked)"]
    assert story.do("anna", Action.NEED_HELP)[1] == "help 1.1 90s: carl@webhook-1 (help_asked)"
    story.do("carl", Action.JOIN)
    assert story.state.alarms[story.alarm].helpers == ("berit", "carl")


def test_a_helper_is_no_owner(story: Story) -> None:
    story.do("anna", Action.NEED_HELP)
    story.do("berit", Action.JOIN)
    told = story.do("berit", Action.CLOSE, outcome=OutcomeCode.CARE)
    assert told == ["close not done (not_owner)"]


def test_handover_and_help_go_on_side_by_side(story: Story) -> None:
    story.do("anna", Action.NEED_HELP)
    story.do("anna", Action.HAND_OVER, to_person="carl")
    assert story.owed == ["berit@webhook-1", "carl@webhook-1"]
    story.do("carl", Action.TAKE_OVER)
    assert story.owed == ["berit@webhook-1"]
    assert story.wait(60) == ["help 1.2 90s: lea@webhook-1 (nobody_accepted_in_time)"]


def test_the_partner_whose_list_changes_is_asked_by_the_new_one() -> None:
    ola = Person(id="ola", roles=(Role.STAFF,), channels=("webhook-1",))
    call = plain(Step((Target("on_duty", "nabo"),), 60), Step((CENTRE,), 60))
    story = Story(town(NEIGHBOUR, NILS, ola, call))
    assert story.press()[2] == "step 1.0 60s: nils@webhook-1 (chain_started)"
    story.configure(Team(id="nabo", partner="naboby", duty=("ola",)))
    assert story.press("scaip:3")[2] == "step 1.0 60s: ola@webhook-1 (chain_started)"
    story.configure(Team(id="nabo", partner="naboby"))
    assert story.press("scaip:9")[2:] == [
        "skipped 1.0",
        "step 1.1 60s: carl@webhook-1 (chain_started)",
    ]
