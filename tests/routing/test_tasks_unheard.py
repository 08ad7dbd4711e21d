"""A task's send that no phone has had in time goes on by the same person's next channel."""

import pytest

from routing.instant import SECOND
from routing.municipality import Municipality, Person, Role
from routing.pass_time import next_due
from routing.plans import Paging, Waits
from routing.snapshot import restore, take
from routing.tasks.life import TaskAction
from tests.routing.story import START, town
from tests.routing.story_tasks import TaskStory
from tests.routing.test_tasks import new

ANNA = Person(
    id="anna", roles=(Role.STAFF,), teams=("home",), channels=("webhook-1", "webhook-2", "sms-1")
)
BY_WEBHOOK_2 = ["told anna@webhook-2 (no_receipt)"]


def offered(anna: Person = ANNA, paging: Paging | None = None) -> TaskStory:
    simby = Municipality(
        id="simby",
        timezone="Europe/Oslo",
        default_policy="plain",
        paging=paging or Paging(),
    )
    story = TaskStory(town(simby, anna))
    story.make(new())
    story.time()
    return story


def calls(story: TaskStory, seconds: int) -> list[str]:
    """Return whom time passing calls, of Anna's channels."""
    return [line for line in story.time(seconds) if "anna" in line]


def annas(story: TaskStory) -> list[str]:
    return [one for one in story.owed if "anna" in one]


def test_no_receipt_in_ten_seconds_rings_the_next_channel_and_the_first_is_still_tried() -> None:
    story = offered()
    assert calls(story, 9) == []
    assert calls(story, 1) == BY_WEBHOOK_2
    assert annas(story) == ["anna@webhook-1", "anna@webhook-2"]


def test_a_receipt_ends_the_wait_and_nobodys_eyes_are_waited_for() -> None:
    story = offered()
    story.sent("anna")
    assert calls(story, 59) == []


@pytest.mark.parametrize("action", [TaskAction.ACCEPT, TaskAction.REFUSE])
def test_who_answers_is_not_rung_again(action: TaskAction) -> None:
    story = offered()
    story.task_do("anna", action)
    assert calls(story, 60) == []


def test_a_failure_after_the_next_channel_was_called_calls_no_third() -> None:
    story = offered()
    story.time(10)
    story.unsent("anna")
    assert annas(story) == ["anna@webhook-2"]
    story.unsent("anna", "webhook-2")
    assert annas(story) == ["anna@sms-1"]


def test_each_channel_is_rung_once() -> None:
    story = offered()
    assert calls(story, 10) == BY_WEBHOOK_2
    assert calls(story, 10) == ["told anna@sms-1 (no_receipt)"]
    assert calls(story, 39) == []


def test_the_persons_own_wait_goes_before_the_municipalitys() -> None:
    waits = {"webhook-1": Waits(receipt_s=25)}
    anna = Person(
        id="anna", roles=ANNA.roles, teams=ANNA.teams, channels=ANNA.channels, waits=waits
    )
    assert calls(offered(anna), 24) == []
    assert calls(offered(anna), 25) == BY_WEBHOOK_2
    assert calls(offered(paging=Paging(receipt_s=5)), 5) == BY_WEBHOOK_2


def test_what_fell_due_while_the_hub_was_away_fires_once() -> None:
    story = offered()
    state = restore(take(story.state))
    assert state is not None
    story.state = state
    assert next_due(story.state) == START + 10 * SECOND
    assert calls(story, 20) == BY_WEBHOOK_2
    assert calls(story, 5) == []
