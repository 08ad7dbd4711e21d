"""What people do: acceptance wins once, a stale yes is harmless, every command ends once."""

import pytest

from routing.facts import AlarmSeen, CommandEnded
from routing.instant import HOUR, SECOND
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.municipality import Person, Role
from tests.routing.story import Story, town


@pytest.fixture
def story() -> Story:
    told = Story()
    told.press()
    return told


def ended(story: Story) -> CommandEnded:
    fact = story.journal[-1].fact
    assert isinstance(fact, CommandEnded)
    return fact


def test_the_whole_road_to_the_close(story: Story) -> None:
    assert story.accept("anna") == ["accepted anna 1800s", "accept done"]
    assert story.do("anna", Action.ON_THE_WAY) == ["on_the_way anna 1800s", "on_the_way done"]
    assert story.do("anna", Action.ARRIVE) == ["at_resident anna 3600s", "arrive done"]
    assert story.do("anna", Action.CLOSE, outcome=OutcomeCode.FALL) == [
        "closed anna fall",
        "close done",
    ]


def test_the_owner_may_skip_states(story: Story) -> None:
    story.accept("anna")
    assert story.close("anna") == ["closed anna no_need", "close done"]


def test_acceptance_wins_once_and_the_other_is_told_by_whom(story: Story) -> None:
    story.accept("anna")
    accepted_at = story.at
    story.at += SECOND
    assert story.accept("berit") == ["accept not done (taken_by_other)"]
    refused = ended(story).refused
    assert refused is not None
    assert refused.params == {"owner": "anna", "at": accepted_at}
    assert story.state.alarms[story.alarm].owner == "anna"


def test_accepting_twice_is_said_to_be_yours_already(story: Story) -> None:
    story.accept("anna")
    assert story.accept("anna") == ["accept not done (already_yours)"]


def test_anybody_in_the_handling_roles_may_accept_called_or_not(story: Story) -> None:
    assert story.accept("carl") == ["accepted carl 1800s", "accept done"]


def test_acceptance_stops_every_send(story: Story) -> None:
    assert story.owed == ["anna@webhook-1", "berit@webhook-1"]
    story.accept("anna")
    assert story.owed == []


@pytest.mark.parametrize(
    ("action", "words"), [(Action.ACCEPT, "accept"), (Action.REFUSE, "refuse")]
)
def test_a_yes_or_no_to_a_state_that_has_passed_does_nothing(
    story: Story, action: Action, words: str
) -> None:
    told = story.do("berit", action, seen=Phase.ACCEPTED)
    assert told == [f"{words} not done (state_has_passed)"]
    assert story.state.alarms[story.alarm].refused == ()


def test_a_late_refusal_of_an_owned_alarm_does_nothing(story: Story) -> None:
    story.accept("anna")
    assert story.do("berit", Action.REFUSE) == ["refuse not done (taken_by_other)"]


def test_a_refusal_is_counted_once(story: Story) -> None:
    story.do("anna", Action.REFUSE)
    assert story.do("anna", Action.REFUSE) == ["refuse done"]
    assert story.state.alarms[story.alarm].refused == ("anna",)


def test_who_refused_may_still_accept(story: Story) -> None:
    story.do("anna", Action.REFUSE)
    assert story.accept("anna") == ["accepted anna 1800s", "accept done"]


def test_a_command_is_two_minutes_old_at_most(story: Story) -> None:
    told = story.do("anna", Action.ACCEPT, made_ago_s=121)
    assert told == ["accept not done (command_expired)"]
    assert story.do("anna", Action.ACCEPT, made_ago_s=120) == ["accepted anna 1800s", "accept done"]


def test_the_same_command_id_ends_once(story: Story) -> None:
    assert story.do("anna", Action.ACCEPT, command="one") == ["accepted anna 1800s", "accept done"]
    assert story.do("anna", Action.ACCEPT, command="one") == []
    assert story.do("berit", Action.CLOSE, command="one") == []


def test_the_same_id_of_a_refused_command_ends_once_too(story: Story) -> None:
    told = story.do("anna", Action.CLOSE, command="one")
    assert told == ["close not done (accept_first)"]
    story.accept("anna")
    assert story.do("anna", Action.CLOSE, command="one", outcome=OutcomeCode.TEST) == []


def test_a_command_id_is_forgotten_after_an_hour(story: Story) -> None:
    story.do("anna", Action.SEE, command="old")
    story.at += HOUR + 1
    story.do("anna", Action.SEE, command="new")
    assert set(story.state.commands) == {"new"}


def test_a_close_needs_an_outcome(story: Story) -> None:
    story.accept("anna")
    assert story.do("anna", Action.CLOSE) == ["close not done (outcome_missing)"]


def test_only_the_owner_closes(story: Story) -> None:
    story.accept("anna")
    assert story.close("berit") == ["close not done (not_owner)"]


def test_a_closed_alarm_stays_closed(story: Story) -> None:
    story.accept("anna")
    story.close("anna")
    for action in (Action.ACCEPT, Action.REFUSE, Action.ON_THE_WAY, Action.ARRIVE):
        assert story.do("anna", action) == [f"{action} not done (already_closed)"]
    assert story.close("anna") == ["close not done (already_closed)"]


def test_no_such_alarm_and_no_such_person(story: Story) -> None:
    assert story.do("anna", Action.SEE, alarm="simby-x") == ["see not done (no_such_alarm)"]
    assert story.do("nobody", Action.SEE) == ["see not done (no_such_person)"]


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.STAFF, True),
        (Role.LEAD, True),
        (Role.OPERATOR, True),
        (Role.IT, False),
        (Role.RELATIVE, False),
    ],
)
def test_who_may_act(role: Role, may: bool) -> None:
    story = Story(town(Person(id="dag", roles=(role,))))
    story.press()
    expected = ["accepted dag 1800s", "accept done"] if may else ["accept not done (role_may_not)"]
    assert story.accept("dag") == expected


def test_seen_is_recorded_once_a_person(story: Story) -> None:
    assert story.do("anna", Action.SEE) == ["seen anna", "see done"]
    assert story.do("anna", Action.SEE) == ["see done"]
    assert sum(isinstance(r.fact, AlarmSeen) for r in story.journal) == 1


def test_the_end_of_a_send_is_told_once(story: Story) -> None:
    (page, *_) = (one.page for one in story.state.owed.values())
    assert story.end(page, delivered=True) == ["sent anna@webhook-1"]
    assert story.end(page, delivered=True) == []
    assert story.end(page, delivered=False) == []


def test_the_end_of_a_send_after_acceptance_is_nobodys_business(story: Story) -> None:
    (page, *_) = (one.page for one in story.state.owed.values())
    story.accept("anna")
    assert story.end(page, delivered=False) == []
