"""A phone is gone: what its owner has is looking for somebody at once, and nothing is forgotten."""

import pytest

from routing import facts
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.municipality import Person, Role
from tests.routing.story import Story, town
from tests.routing.story_proofs import reach, receipt

ANNA = Person(id="anna", roles=(Role.STAFF,), teams=("home",), channels=("push-1", "sms-1"))
IVAR = Person(id="ivar", roles=(Role.IT,))


@pytest.fixture
def story() -> Story:
    return Story(town(ANNA, IVAR))


def test_what_she_has_is_asked_of_team_and_leads_at_once(story: Story) -> None:
    story.press()
    story.accept("anna")
    assert reach(story, "ivar", "phone_lost", of="anna") == [
        "phone lost anna",
        "unproven anna@push-1 phone-lost",
        "reopened from anna",
        "step 2.0 60s: anna@sms-1 berit@webhook-1 (owner_phone_lost)",
        "paged lea@webhook-1 (lead_told_phone_lost)",
        "phone_lost done",
    ]
    assert story.state.alarms[story.alarm].phase is Phase.LOOKING
    accepted = [r.fact for r in story.journal if isinstance(r.fact, facts.AlarmAccepted)]
    assert [fact.person for fact in accepted] == ["anna"], "the history keeps it"


@pytest.mark.parametrize("action", [Action.ON_THE_WAY, Action.ARRIVE])
def test_however_far_she_has_come(story: Story, action: Action) -> None:
    story.press()
    story.accept("anna")
    story.do("anna", action)
    assert "reopened from anna" in reach(story, "anna", "phone_lost")


def test_every_alarm_of_hers_and_nobody_elses(story: Story) -> None:
    story.press()
    story.press("scaip:3")
    first, second = story.state.alarms
    story.do("anna", Action.ACCEPT, alarm=first)
    story.do("berit", Action.ACCEPT, alarm=second)
    reach(story, "anna", "phone_lost")
    assert story.state.alarms[first].owner is None
    assert story.state.alarms[second].owner == "berit"


def test_what_was_closed_stays_closed(story: Story) -> None:
    story.press()
    story.accept("anna")
    story.do("anna", Action.CLOSE, outcome=OutcomeCode.CARE)
    lines = reach(story, "anna", "phone_lost")
    assert lines == ["phone lost anna", "unproven anna@push-1 phone-lost", "phone_lost done"]


def test_where_she_is_only_called_her_next_channel_rings_at_once(story: Story) -> None:
    story.press()
    receipt(story, next(send for send in story.state.owed if "anna" in send))
    lines = reach(story, "anna", "phone_lost")
    assert "paged anna@sms-1 (channel_lost)" in lines
    assert not any("reopened" in line for line in lines)


def test_a_handover_that_she_was_asked_goes_on_by_her_next_channel(story: Story) -> None:
    story.press()
    story.accept("berit")
    story.do("berit", Action.HAND_OVER, to_person="anna")
    assert "paged anna@sms-1 (channel_lost)" in reach(story, "anna", "phone_lost")


def test_a_test_on_its_way_to_that_phone_is_over(story: Story) -> None:
    reach(story, "anna", "test", id="c1")
    assert reach(story, "anna", "phone_lost")[1] == "unproven anna@push-1 phone-lost"
    assert story.state.proofs.tests == {}
    assert story.owed == []


def test_reported_twice_it_changes_nothing_more(story: Story) -> None:
    reach(story, "anna", "phone_lost")
    assert reach(story, "anna", "phone_lost") == ["phone lost anna", "phone_lost done"]
