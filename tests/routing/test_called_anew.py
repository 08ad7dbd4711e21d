"""A chain that goes round calls the same people again: what has no receipt is neither kept for ever
nor in the way of the next channel."""

from collections import Counter

import pytest

from routing.inputs import TimeReached
from routing.instant import SECOND
from routing.municipality import Person, Role, Step, Target
from routing.pass_time import next_due
from routing.snapshot import restore, take
from tests.routing.story import Story, plain, town
from tests.routing.story_proofs import receipt
from tests.routing.test_unseen import place


def around(channels: tuple[str, ...], wait_s: int, *, in_turn: bool = False) -> Story:
    """A press that calls Anna (and Berit, in turn) by a step that loops."""
    people = [
        Person(id="anna", roles=(Role.STAFF,), channels=channels),
        Person(id="berit", roles=(Role.STAFF,), channels=channels),
        Person(id="lea", roles=(Role.LEAD,), channels=("push-1", "sms-2")),
    ]
    called = ("anna", "berit") if in_turn else ("anna",)
    step = Step(tuple(Target("person", one) for one in called), wait_s, in_turn=in_turn)
    story = Story(town(place(), *people, plain(step)))
    story.press()
    return story


def run(story: Story, seconds: int) -> Counter[str]:
    """Let time pass, deadline by deadline; return how often each has been called."""
    end, before = story.at + seconds * SECOND, len(story.journal)
    while (due := next_due(story.state)) is not None and due <= end:
        story.at = max(story.at, due)
        story.feed(TimeReached())
    pages = (page for r in story.journal[before:] for page in getattr(r.fact, "pages", ()))
    return Counter(f"{page.person}@{page.channel}" for page in pages)


@pytest.mark.parametrize("in_turn", [False, True])
def test_a_night_without_receipts_leaves_one_call_of_each_channel_under_way(in_turn: bool) -> None:
    story = around(("push-1", "sms-2"), 60, in_turn=in_turn)
    told = run(story, 8 * 3600)
    assert told["anna@sms-2"] > 200
    assert max(Counter(story.owed).values()) == 1, "each would ring when the hub starts anew"
    (alarm,) = story.state.alarms.values()
    assert len(alarm.pages) <= 6
    assert len(alarm.tried) <= 6
    assert len(alarm.passed_on) <= 6
    assert restore(take(story.state)) == story.state


@pytest.mark.parametrize(("first", "wait_s"), [("push-1", 10), ("push-1", 7), ("voice-1", 60)])
def test_steps_shorter_than_the_wait_for_a_receipt_come_to_the_next_channel(
    first: str, wait_s: int
) -> None:
    story = around((first, "sms-2"), wait_s)
    told = run(story, 20 * wait_s)
    assert told["anna@sms-2"] >= 9


def test_a_receipt_from_an_earlier_round_is_not_that_of_the_call_made_anew() -> None:
    story = around(("push-1", "sms-2"), 60)
    run(story, 10)
    (early,) = [send for send in story.state.owed if send.endswith("anna:sms-2")]
    run(story, 60)
    (now,) = [send for send in story.state.owed if send.endswith("anna:sms-2")]
    assert early != now
    assert receipt(story, early) == []
    assert receipt(story, early, "dlr-failed") == []
    assert receipt(story, now) == ["sent anna@sms-2"]
