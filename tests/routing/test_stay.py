"""At the resident: an owner who has arrived and forgets the alarm is asked, then the leads hear."""

from routing.facts import OwnerAsked
from routing.instant import HOUR, MINUTE, SECOND
from routing.lifecycle import Action, Phase
from routing.municipality import Policy, Step
from routing.pass_time import next_due
from tests.routing.story import CENTRE, ON_DUTY, START, Story, town

SHORT = Policy(
    id="plain", steps=(Step((ON_DUTY,), 60),), fallback=(CENTRE,), stay_s=1200, ask_s=120
)


def there(*more: Policy) -> Story:
    story = Story(town(*more))
    story.press()
    story.do("anna", Action.ARRIVE)
    return story


def phase_and_owner(story: Story) -> tuple[Phase, str | None]:
    alarm = story.state.alarms[story.alarm]
    return alarm.phase, alarm.owner


def test_the_owner_is_asked_after_an_hour_then_the_lead_is_told_and_the_owner_keeps_it() -> None:
    story = there()
    assert story.wait(3600) == ["asked 300s: anna@webhook-1 (still_there)"]
    assert story.wait(299) == []
    assert story.wait(1) == [
        "silent anna 3600s (lead_told_still_there)",
        "paged lea@webhook-1 (lead_told_still_there)",
    ]
    assert phase_and_owner(story) == (Phase.AT_RESIDENT, "anna")


def test_it_goes_on_and_never_falls_silent() -> None:
    story = there()
    told = [line for _ in range(4) for line in (*story.wait(3600), *story.wait(300))]
    assert [line.split(" ")[0] for line in told] == ["asked", "silent", "paged"] * 4
    assert phase_and_owner(story) == (Phase.AT_RESIDENT, "anna")


def test_the_times_are_those_of_the_policy() -> None:
    story = there(SHORT)
    assert story.wait(1200) == ["asked 120s: anna@webhook-1 (still_there)"]
    assert story.wait(120)[0] == "silent anna 1200s (lead_told_still_there)"


def test_i_am_here_answers_the_question_and_nothing_else() -> None:
    story = there()
    assert story.do("anna", Action.ARRIVE) == ["arrive not done (state_has_passed)"]
    story.wait(3600)
    assert story.do("anna", Action.ARRIVE) == ["at_resident anna 3600s", "arrive done"]
    assert story.owed == []
    assert next_due(story.state) == START + 2 * HOUR


def test_closing_ends_it() -> None:
    story = there()
    story.wait(3600)
    story.close("anna")
    assert next_due(story.state) == START + 25 * HOUR, "nothing but the archive"


def test_a_lead_who_is_the_owner_is_asked_again_and_again() -> None:
    story = Story()
    story.press()
    story.do("lea", Action.ARRIVE)
    story.wait(3600)
    assert story.wait(300) == ["silent lea 3600s (lead_told_still_there)"]
    assert story.wait(3600) == ["asked 300s: lea@webhook-1 (still_there)"]


def test_whoever_takes_over_has_a_lease_and_not_the_rest_of_the_hour() -> None:
    story = there()
    story.wait(3000)
    story.do("anna", Action.HAND_OVER, to_person="berit")
    story.do("berit", Action.TAKE_OVER)
    assert phase_and_owner(story) == (Phase.ACCEPTED, "berit")
    assert next_due(story.state) == START + 3000 * SECOND + 30 * MINUTE


def test_a_person_who_is_removed_while_there_leaves_no_orphan() -> None:
    story = there()
    assert story.configure(remove=[("person", "anna")])[:2] == [
        "removed anna",
        "reopened from anna",
    ]


def asked_reason(story: Story) -> dict[str, str | int]:
    (asked,) = (r.fact for r in story.journal if isinstance(r.fact, OwnerAsked))
    return dict(asked.reason.params)


def test_the_question_names_the_time_that_the_owner_tapped() -> None:
    story = Story()
    story.press()
    story.do("anna", Action.ACCEPT, within_s=600)
    story.wait(600)
    assert asked_reason(story) == {"lease_s": 600}


def test_and_the_last_one_that_was_tapped() -> None:
    story = Story()
    story.press()
    story.do("anna", Action.ACCEPT, within_s=600)
    story.wait(300)
    story.do("anna", Action.ON_THE_WAY, within_s=1200)
    story.wait(1200)
    assert asked_reason(story) == {"lease_s": 1200}


def test_and_of_who_took_over_that_persons_own() -> None:
    story = Story()
    story.press()
    story.do("anna", Action.ACCEPT, within_s=600)
    story.do("anna", Action.HAND_OVER, to_person="lea")
    story.do("lea", Action.TAKE_OVER, within_s=900)
    story.wait(900)
    assert asked_reason(story) == {"lease_s": 900}
