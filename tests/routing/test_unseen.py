"""No receipt in time, or (for help) not seen in time, and the same person's next channel rings."""

import pytest

from routing.instant import MINUTE, SECOND
from routing.kinds import Kind
from routing.lifecycle import Action
from routing.municipality import Municipality, Person, Role, Step, Target
from routing.pass_time import next_due
from routing.plans import Paging
from routing.snapshot import restore, take
from tests.routing.story import CENTRE, START, Story, plain, town

ANNA = Person(
    id="anna", roles=(Role.STAFF,), channels=("webhook-1", "webhook-2", "sms-1"), teams=("home",)
)
ONLY_ANNA = plain(Step((Target("person", "anna"),), 120), Step((CENTRE,), 90))


PROPOSED = Paging()


def place(paging: Paging = PROPOSED) -> Municipality:
    """A municipality with the proposed numbers, or others."""
    return Municipality(
        id="simby", timezone="Europe/Oslo", default_policy="plain", paging=paging
    )  # fmt: skip


@pytest.fixture
def story() -> Story:
    return Story(town(place(), ANNA, ONLY_ANNA))


def test_delivered_and_not_seen_for_thirty_seconds_rings_the_next_channel(story: Story) -> None:
    story.press()
    story.at += 2 * SECOND
    story.sent("anna")
    assert next_due(story.state) == START + 32 * SECOND
    assert story.wait(29) == []
    assert story.wait(1) == ["watch.ended", "paged anna@webhook-2 (not_seen)"]
    story.sent("anna", "webhook-2")
    assert story.wait(30) == ["watch.ended", "paged anna@sms-1 (not_seen)"]
    story.sent("anna", "sms-1")
    assert next_due(story.state) == START + 2 * MINUTE, "after the last channel the step waits"


def test_no_receipt_in_ten_seconds_rings_the_next_channel_at_once(story: Story) -> None:
    story.press()
    assert story.wait(9) == []
    assert story.wait(1) == ["watch.ended", "paged anna@webhook-2 (no_receipt)"]
    assert story.owed == ["anna@webhook-1", "anna@webhook-2"], "the first is still tried"


def test_a_receipt_that_comes_late_begins_nothing_anew(story: Story) -> None:
    story.press()
    story.wait(10)
    assert story.sent("anna") == ["sent anna@webhook-1"]
    story.sent("anna", "webhook-2")
    assert next_due(story.state) == START + 40 * SECOND


def test_a_failure_after_the_next_channel_was_called_calls_it_no_second_time(story: Story) -> None:
    story.press()
    story.wait(10)
    assert story.unsent("anna") == ["unsent anna@webhook-1"]
    assert story.unsent("anna", "webhook-2") == [
        "unsent anna@webhook-2",
        "paged anna@sms-1 (next_channel)",
    ]


def test_a_late_failure_moves_on_where_the_next_channel_has_failed_too(story: Story) -> None:
    story.configure(Person(id="anna", roles=(Role.STAFF,), channels=("webhook-1", "webhook-2")))
    story.press()
    story.wait(10)
    assert story.unsent("anna", "webhook-2") == ["unsent anna@webhook-2"]
    assert story.unsent("anna") == [
        "unsent anna@webhook-1",
        "step 1.1 90s: carl@webhook-1 (all_unreachable)",
    ]


@pytest.mark.parametrize("action", [Action.SEE, Action.ACCEPT, Action.REFUSE])
@pytest.mark.parametrize("delivered", [True, False])
def test_who_has_looked_is_not_rung_by_the_next_channel(
    story: Story, action: Action, delivered: bool
) -> None:
    story.press()
    if delivered:
        story.sent("anna")
    story.do("anna", action)
    told = story.wait(60)
    assert "watch.ended" not in told
    assert not any("webhook-2" in line for line in told)


def test_the_next_step_ends_the_wait_of_the_one_before() -> None:
    hasty = plain(Step((Target("person", "anna"),), 20), Step((CENTRE,), 90))
    story = Story(town(place(), ANNA, hasty))
    story.press()
    story.sent("anna")
    assert story.wait(20) == ["step 1.1 90s: carl@webhook-1 (nobody_accepted_in_time)"]
    assert next_due(story.state) == START + 110 * SECOND


@pytest.mark.parametrize("kind", [Kind.BATTERY_LOW, Kind.TAMPER_DETECTED, Kind.MEDICATION_MISSED])
def test_what_is_not_help_waits_for_a_receipt_and_for_no_eyes(story: Story, kind: Kind) -> None:
    story.hear(kind)
    assert story.wait(10) == ["watch.ended", "paged anna@webhook-2 (no_receipt)"]
    story.sent("anna", "webhook-2")
    assert next_due(story.state) == START + 2 * MINUTE


@pytest.mark.parametrize(
    "kind", [Kind.HELP_PRESSED, Kind.FALL_DETECTED, Kind.SMOKE_DETECTED, Kind.CALL_RAISED]
)
def test_help_does(story: Story, kind: Kind) -> None:
    story.hear(kind)
    assert next_due(story.state) == START + 10 * SECOND


def test_one_channel_and_the_live_page_have_no_next(story: Story) -> None:
    story.configure(Person(id="anna", roles=(Role.STAFF,), channels=("webhook-1",)))
    story.press()
    assert next_due(story.state) == START + 2 * MINUTE


def test_the_times_are_configuration_and_by_kind_of_channel() -> None:
    numbers = Paging(seen_s=45, receipt_s=5, receipt_by_channel_s={"sms": 25})
    anna = Person(id="anna", roles=(Role.STAFF,), channels=("webhook-1", "sms-1", "webhook-2"))
    story = Story(town(place(numbers), anna, ONLY_ANNA))
    story.press()
    assert story.wait(5) == ["watch.ended", "paged anna@sms-1 (no_receipt)"]
    assert next_due(story.state) == START + 30 * SECOND
    story.sent("anna", "sms-1")
    assert next_due(story.state) == START + 50 * SECOND


def test_a_restart_keeps_the_wait_and_what_fell_due_meanwhile_fires_once(story: Story) -> None:
    story.press()
    story.sent("anna")
    again = restore(take(story.state))
    assert again is not None
    story.state = again
    assert next_due(again) == START + 30 * SECOND
    assert story.wait(90) == ["watch.ended", "paged anna@webhook-2 (not_seen)"]
    assert story.wait(0) == []
    assert next_due(story.state) == START + 100 * SECOND


def test_an_owner_who_has_seen_it_is_still_rung_where_no_receipt_comes(story: Story) -> None:
    story.press()
    story.sent("anna")
    story.accept("anna")
    story.wait(1800)
    assert story.owed == ["anna@webhook-1"]
    assert story.wait(10) == ["watch.ended", "paged anna@webhook-2 (no_receipt)"]


def test_a_lead_who_is_told_and_does_not_look_is_rung_by_the_next_channel() -> None:
    lea = Person(id="lea", roles=(Role.LEAD,), channels=("webhook-1", "webhook-2"))
    anna = Person(id="anna", roles=(Role.STAFF,), teams=("home",), channels=("webhook-1",))
    story = Story(town(place(), anna, lea))
    story.press()
    story.wait(60)
    told = story.wait(90)
    assert told[-1] == "paged lea@webhook-1 (lead_told_exhausted)"
    story.sent("lea")
    assert story.wait(30) == ["watch.ended", "paged lea@webhook-2 (not_seen)"]


def test_eyes_of_an_earlier_round_do_not_count_when_it_looks_again(story: Story) -> None:
    story.press()
    story.sent("anna")
    story.do("anna", Action.SEE)
    story.accept("anna")
    story.wait(1800)
    story.sent("anna")
    told = story.wait(300)
    assert "step 2.0 120s: anna@webhook-1 (lease_lapsed)" in told
    story.sent("anna")
    assert story.wait(30)[-1] == "paged anna@webhook-2 (not_seen)"


def test_leads_are_told_once_when_the_owner_is_not_reached_by_what_she_should_know() -> None:
    lea = Person(id="lea", roles=(Role.LEAD,), channels=("webhook-1",))
    story = Story(town(place(), ANNA, lea, ONLY_ANNA))
    story.press()
    story.sent("anna")
    story.accept("anna")
    story.hear(Kind.FALL_DETECTED)
    for channel in ("webhook-1", "webhook-2"):
        assert not any("lea" in line for line in story.unsent("anna", channel))
    assert story.unsent("anna", "sms-1")[-1] == "paged lea@webhook-1 (lead_told_unreached)"
    assert story.owed == ["lea@webhook-1"]
    assert story.unsent("lea") == ["unsent lea@webhook-1"]
