"""On duty and off duty by one's own word, and what that makes of the roster."""

import pytest

from routing.coverage import coverage
from routing.duty import Absence, Need
from routing.instant import HOUR, MINUTE, SECOND
from routing.municipality import Municipality, Person, Role, Shift, Team
from routing.plans import Paging
from routing.proofs.duty import here_since
from routing.roster import duty_ends, on_duty
from routing.snapshot import restore, take
from tests.routing.story import DAY_SHIFT, START, Story, town
from tests.routing.story_proofs import reach

DINA = Person(id="dina", roles=(Role.STAFF,), teams=("home",), channels=("push-1",))


@pytest.fixture
def story() -> Story:
    return Story(town(DAY_SHIFT, DINA))


def prove(story: Story, person: str) -> None:
    reach(story, person, "test", id=f"prove-{person}-{story.at}")
    reach(story, person, "answer", test=f"test-prove-{person}-{story.at}")


def here(story: Story, team: str = "home") -> tuple[str, ...]:
    return on_duty(story.state.registry, team, story.at)


def test_on_the_roster_she_says_that_she_is_there(story: Story) -> None:
    prove(story, "anna")
    assert reach(story, "anna", "begin") == ["on duty anna", "begin done"]
    assert story.state.proofs.present == {"anna": START}
    assert here(story) == ("anna", "berit")


def test_who_has_said_nothing_is_on_duty_all_the_same(story: Story) -> None:
    assert story.state.proofs.present == {}
    assert here(story) == ("anna", "berit")
    assert "anna@webhook-1 berit@webhook-1" in story.press()[-1]


def test_without_a_proven_channel_nobody_goes_on_duty_and_the_leads_are_told(
    story: Story,
) -> None:
    assert reach(story, "anna", "begin") == [
        "heard reach.lost",
        "raised reach.lost TECHNICAL (person_not_proven)",
        "step 1.0 43200s: lea@webhook-1 (person_not_proven)",
        "begin not done (no_channel_proven)",
    ]
    assert here(story) == ("anna", "berit"), "the roster's duty stays"
    story.at += SECOND
    assert reach(story, "anna", "begin") == ["begin not done (no_channel_proven)"], "told once"


def test_a_proof_is_good_for_a_day_or_as_long_as_the_municipality_says(story: Story) -> None:
    prove(story, "anna")
    story.at += 24 * HOUR
    assert reach(story, "anna", "begin")[-1] == "begin done"
    story.at += SECOND
    assert reach(story, "anna", "begin")[-1] == "begin not done (no_channel_proven)"
    strict = Municipality(
        id="simby", timezone="Europe/Oslo", default_policy="plain", paging=Paging(proof_s=60)
    )
    strict_story = Story(town(DAY_SHIFT, strict))
    prove(strict_story, "anna")
    strict_story.at += 61 * SECOND
    refused = reach(strict_story, "anna", "begin")[-1]
    assert refused == "begin not done (no_channel_proven)"


def test_a_channel_that_has_failed_since_its_proof_does_not_count(story: Story) -> None:
    prove(story, "anna")
    reach(story, "anna", "lost", channel="webhook-1")
    assert reach(story, "anna", "begin")[-1] == "begin not done (no_channel_proven)"


def test_beside_the_roster_she_joins_a_team_until_a_time(story: Story) -> None:
    prove(story, "dina")
    until = START + 4 * HOUR
    assert reach(story, "dina", "begin", team="home", until=until) == [
        "on duty dina in home 14400s",
        f"set {_item(story, 'overrides')}",
        "begin done",
    ]
    assert here(story) == ("anna", "berit", "dina")
    story.at = until - SECOND
    assert "dina" in here(story)
    story.at = until
    assert "dina" not in here(story)


def test_an_end_within_a_minute_is_the_minutes_end_on_the_roster_and_in_the_fact(
    story: Story,
) -> None:
    """Seed 53987: she was off the roster half a minute before the end that had been told."""
    prove(story, "dina")
    told = reach(story, "dina", "begin", team="home", until=START + HOUR + 35 * SECOND)
    assert told[0] == "on duty dina in home 3660s"
    story.at = START + HOUR + 59 * SECOND
    assert "dina" in here(story)
    story.at = START + HOUR + MINUTE
    assert "dina" not in here(story)


def _item(story: Story, section: str) -> str:
    (only,) = getattr(story.state.registry, section)
    return str(only)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "team_missing"),
        ({"team": "nowhere", "until": START + HOUR}, "team_missing"),
        ({"team": "partner", "until": START + HOUR}, "team_missing"),
        ({"team": "centre", "until": START + HOUR}, "role_may_not"),
        ({"team": "home"}, "time_does_not_fit"),
        ({"team": "home", "until": START}, "time_does_not_fit"),
        ({"team": "home", "until": START - HOUR}, "time_does_not_fit"),
        ({"team": "home", "until": START + 14 * HOUR + 1}, "time_does_not_fit"),
        ({"team": "home", "until": 2**62}, "time_does_not_fit"),
        ({"team": "home", "until": -(2**62)}, "time_does_not_fit"),
    ],
)
def test_what_is_refused_beside_the_roster(
    story: Story, more: dict[str, object], code: str
) -> None:
    story.configure(Team(id="partner", partner="nabokommunen"))
    prove(story, "dina")
    assert reach(story, "dina", "begin", **more) == [f"begin not done ({code})"]


def test_a_lead_may_put_somebody_into_any_team(story: Story) -> None:
    prove(story, "dina")
    lines = reach(story, "lea", "begin", of="dina", team="centre", until=START + 14 * HOUR)
    assert lines[-1] == "begin done"
    assert here(story, "centre") == ("dina",)


def test_an_absence_that_the_roster_says_is_not_talked_away(story: Story) -> None:
    ill = Absence(
        id="ill", person="dina", from_local="2026-11-23T00:00", to_local="2026-11-24T00:00"
    )
    story.configure(ill)
    prove(story, "dina")
    refused = reach(story, "dina", "begin", team="home", until=START + HOUR)
    assert refused == ["begin not done (duty_absent)"]


def test_she_goes_and_the_roster_is_without_her_until_the_shift_ends(story: Story) -> None:
    prove(story, "anna")
    reach(story, "anna", "begin")
    story.at += HOUR + 30 * SECOND
    lines = reach(story, "anna", "end")
    assert lines[0] == f"off duty anna {5 * 3600 - 30}s"
    assert lines[-1] == "end done"
    assert here(story) == ("berit",)
    assert story.state.proofs.present == {}
    assert story.press()[-1].startswith("step 1.0 60s: berit@webhook-1 (")
    story.at = START + 22 * HOUR + 30 * MINUTE
    assert here(story) == ("anna", "berit"), "the next morning"


def test_she_comes_back_before_the_shift_ends(story: Story) -> None:
    prove(story, "anna")
    reach(story, "anna", "end")
    lines = reach(story, "anna", "begin")
    assert lines[0] == "on duty anna"
    assert lines[1].startswith("removed off-")
    assert here(story) == ("anna", "berit")


def test_the_last_one_is_warned_and_may_go_knowing_it(story: Story) -> None:
    story.configure(Need(id="someone", team="home", from_minute=7 * 60, to_minute=15 * 60))
    reach(story, "berit", "end")
    assert reach(story, "anna", "end") == ["end not done (last_on_duty)"]
    assert here(story) == ("anna",)
    assert reach(story, "anna", "end", knowing=True)[0] == "off duty anna 21600s last"
    assert here(story) == ()
    (gap,) = coverage(story.state.registry, story.at, story.at + 6 * HOUR)
    assert (gap.is_gap, gap.to_at - gap.from_at) == (True, 6 * HOUR)


def test_somebody_who_may_not_handle_alarms_is_nobody_to_leave_it_to(story: Story) -> None:
    story.configure(Person(id="berit", roles=(Role.IT,), teams=("home",)))
    assert reach(story, "anna", "end") == ["end not done (last_on_duty)"]


def test_nobody_goes_while_owning_an_alarm(story: Story) -> None:
    story.press()
    story.accept("anna")
    refused = reach(story, "anna", "end", knowing=True)
    assert refused == ["end not done (has_open_alarms)"]
    story.close("anna")
    assert reach(story, "anna", "end")[-1] == "end done"


def test_who_is_not_on_duty_changes_no_roster_by_going(story: Story) -> None:
    assert reach(story, "dina", "end") == ["off duty dina", "end done"]
    assert story.state.registry.absences == {}


def test_what_people_say_leaves_one_item_each_however_often_they_say_it(story: Story) -> None:
    prove(story, "dina")
    for _ in range(3):
        reach(story, "dina", "begin", team="home", until=story.at + HOUR)
        story.at += MINUTE
        reach(story, "dina", "end")
        story.at += MINUTE
    assert len(story.state.registry.overrides) == 1
    assert len(story.state.registry.absences) == 1


def test_a_shift_over_midnight_and_two_teams_end_with_the_later(story: Story) -> None:
    night = Shift(
        id="night",
        team="centre",
        people=("anna",),
        weekdays=(0,),
        from_minute=8 * 60,
        to_minute=6 * 60,
    )
    story.configure(night)
    registry = story.state.registry
    assert duty_ends(registry, "anna", START) == START + 21 * HOUR
    assert duty_ends(registry, "berit", START) == START + 6 * HOUR
    assert duty_ends(registry, "lea", START) is None


def test_a_word_of_being_there_counts_for_one_duty(story: Story) -> None:
    prove(story, "anna")
    assert here_since(story.state, "anna", story.at) is None
    reach(story, "anna", "begin")
    assert here_since(story.state, "anna", START + 14 * HOUR - 1) == START
    assert here_since(story.state, "anna", START + 14 * HOUR) is None


def test_presence_is_kept_in_a_snapshot(story: Story) -> None:
    prove(story, "anna")
    reach(story, "anna", "begin")
    assert restore(take(story.state)) == story.state


@pytest.mark.parametrize("action", ["begin", "end"])
def test_who_handles_no_alarms_has_no_duty(story: Story, action: str) -> None:
    story.configure(Person(id="rune", roles=(Role.RELATIVE,)))
    assert reach(story, "rune", action) == [f"{action} not done (role_may_not)"]
    assert reach(story, "berit", action, of="anna") == [f"{action} not done (role_may_not)"]
