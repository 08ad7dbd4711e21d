"""Tests of channels as sends, receipts from outside, and the order in which channels are used."""

import pytest

from routing import facts
from routing.facts import SendEnded
from routing.inputs import Configure
from routing.instant import MINUTE, SECOND
from routing.kinds import Severity
from routing.lifecycle import Action
from routing.municipality import Person, Role, Step, Target
from routing.owed import about, owed, rank
from routing.pass_time import next_due
from routing.proofs.book import ChannelTest
from routing.proofs.order import channels
from routing.snapshot import restore, take
from tests.routing.story import CENTRE, START, Story, plain, town
from tests.routing.story_proofs import reach, receipt

STAFF = (Role.STAFF,)
ANNA = Person(id="anna", roles=STAFF, channels=("push-1", "sms-1", "voice-1"), teams=("home",))
ONLY_ANNA = plain(Step((Target("person", "anna"),), 120), Step((CENTRE,), 90))


@pytest.fixture
def story() -> Story:
    return Story(town(ANNA, ONLY_ANNA))


def order(story: Story, person: str = "anna") -> tuple[str, ...]:
    return channels(story.state.registry, person)


def test_a_test_is_a_send_that_the_person_answers(story: Story) -> None:
    assert reach(story, "anna", "test", id="c1") == ["testing anna@push-1 120s", "test done"]
    (send,) = story.state.owed
    assert send == "test-c1:t:anna:push-1"
    assert receipt(story, send) == ["received anna@push-1"]
    assert story.owed == []
    story.at += 4200 * SECOND // 1000
    answered = reach(story, "anna", "answer", test="test-c1")
    assert answered == ["proven anna@push-1 4200ms", "answer done"]
    proof = story.state.proofs.of("anna", "push-1")
    assert (proof.tested_at, proof.proven_at, proof.took_ms) == (START, story.at, 4200)
    assert proof.failed_at is None
    assert story.state.proofs.tests == {}
    assert next_due(story.state) is None, "nothing waits for the test any more"


def test_the_notifier_is_given_the_test_to_describe(story: Story) -> None:
    reach(story, "anna", "test", id="c1", channel="sms-1")
    test = about(story.state, "test-c1")
    assert isinstance(test, ChannelTest)
    assert (test.id, test.person, test.channel, test.by) == ("test-c1", "anna", "sms-1", "anna")
    (one,) = owed(story.state, ("test-c1",))
    assert (one.alarm, one.page.channel) == ("test-c1", "sms-1")
    story.press()
    assert [o.page.send.split(":")[0] for o in owed(story.state)] == [story.alarm, "test-c1"]
    assert rank(test) < rank(story.state.alarms[story.alarm]), "a test never stands before need"
    assert test.severity is Severity.MEDIUM


def test_a_test_that_nobody_answers_is_failed_after_two_minutes(story: Story) -> None:
    reach(story, "anna", "test", id="c1")
    receipt(story, "test-c1:t:anna:push-1")
    assert story.wait(119) == []
    assert story.wait(1) == ["watch.ended", "unproven anna@push-1 no-answer"]
    assert order(story) == ("sms-1", "voice-1", "push-1")
    late = reach(story, "anna", "answer", test="test-c1")
    assert late == ["answer not done (test_is_over)"]


def test_an_answer_at_the_very_end_is_too_late_and_the_test_ends_once(story: Story) -> None:
    reach(story, "anna", "test", id="c1")
    story.at += 120 * SECOND
    assert reach(story, "anna", "answer", test="test-c1") == ["answer not done (test_is_over)"]
    assert story.wait(0) == ["watch.ended", "unproven anna@push-1 no-answer"]
    assert story.wait(0) == []


def test_a_test_that_cannot_be_sent_is_failed_at_once(story: Story) -> None:
    reach(story, "anna", "test", id="c1")
    (one,) = owed(story.state, ("test-c1",))
    page = one.page
    ended = SendEnded(
        alarm="test-c1",
        send=page.send,
        person=page.person,
        channel=page.channel,
        delivered=False,
        code="http-410",
    )
    assert story.feed(ended) == ["unproven anna@push-1 http-410"]
    assert story.owed == []
    assert next_due(story.state) is None


def test_a_failed_test_moves_to_the_next_channel_and_leaves_none_out(story: Story) -> None:
    reach(story, "anna", "test", id="c1")
    story.wait(120)
    assert story.press()[-1] == "step 1.0 120s: anna@sms-1 (chain_started)"
    assert story.unsent("anna", "sms-1")[1:] == ["paged anna@voice-1 (next_channel)"]
    assert story.unsent("anna", "voice-1")[1:] == ["paged anna@push-1 (next_channel)"]
    moved = story.unsent("anna", "push-1")
    assert moved[1:] == ["step 1.1 90s: carl@webhook-1 (all_unreachable)"]


def test_the_next_test_that_is_answered_puts_the_channel_back(story: Story) -> None:
    reach(story, "anna", "test", id="c1")
    story.wait(120)
    reach(story, "anna", "test", id="c2", channel="push-1")
    reach(story, "anna", "answer", test="test-c2")
    assert order(story) == ("push-1", "sms-1", "voice-1")


def test_a_send_that_fails_for_good_shows_the_channel_unproven_once(story: Story) -> None:
    story.press()
    first = story.state.alarms[story.alarm].pages[0]
    assert receipt(story, first.send, "http-410") == [
        "unsent anna@push-1",
        "unproven anna@push-1 http-410",
        "paged anna@sms-1 (next_channel)",
    ]
    story.press("scaip:3")
    assert order(story) == ("sms-1", "voice-1", "push-1")
    assert sorted(story.owed) == ["anna@sms-1", "anna@sms-1"]


def test_a_receipt_puts_a_lost_channel_back_and_proves_no_ears(story: Story) -> None:
    reach(story, "anna", "lost", channel="push-1")
    assert order(story)[-1] == "push-1"
    reach(story, "anna", "test", id="c1", channel="push-1")
    reach(story, "anna", "answer", test="test-c1")
    reach(story, "anna", "lost", channel="push-1", code="http-410")
    story.press()
    story.unsent("anna", "sms-1")
    story.unsent("anna", "voice-1")
    (send,) = story.state.owed
    assert receipt(story, send) == ["sent anna@push-1", "back anna@push-1"]
    assert order(story) == ("push-1", "sms-1", "voice-1"), "sms-1 and voice-1 have failed too"


def test_the_receipt_of_a_test_puts_a_lost_channel_back_too(story: Story) -> None:
    reach(story, "anna", "lost", channel="push-1")
    reach(story, "anna", "test", id="c1", channel="push-1")
    lines = receipt(story, "test-c1:t:anna:push-1")
    assert lines == ["received anna@push-1", "back anna@push-1"]
    assert story.state.proofs.of("anna", "push-1").proven_at is None


def test_a_test_that_arrives_shows_a_way_that_works_again(story: Story) -> None:
    """A hub that has no way to anybody answers units busy; an arrived test is a way."""
    story.configure(Person(id="anna", roles=STAFF, channels=("push-1",), teams=("home",)))
    story.press()
    story.unsent("anna", "push-1")
    assert "anna|push-1" in story.state.memory.failing
    reach(story, "anna", "test", id="c1")
    receipt(story, "test-c1:t:anna:push-1")
    assert "anna|push-1" not in story.state.memory.failing


def test_a_receipt_says_nothing_against_a_test_that_was_not_answered(story: Story) -> None:
    reach(story, "anna", "test", id="c1")
    story.wait(120)
    story.press()
    story.unsent("anna", "sms-1")
    story.unsent("anna", "voice-1")
    (send,) = story.state.owed
    assert receipt(story, send) == ["sent anna@push-1"]
    assert story.state.proofs.of("anna", "push-1").code == "no-answer"


def test_receipts_of_what_is_not_owed_are_nothing(story: Story) -> None:
    story.press()
    (send,) = story.state.owed
    assert receipt(story, "simby-other:r1.s0:anna:push-1") == []
    assert receipt(story, "") == []
    receipt(story, send)
    assert receipt(story, send) == [], "twice"
    assert receipt(story, send, "dlr-failed") == [], "and then the opposite"


def test_a_channel_that_is_subscribed_anew_is_used_again(story: Story) -> None:
    reach(story, "anna", "lost", channel="push-1")
    assert reach(story, "anna", "subscribed", channel="push-1") == [
        "back anna@push-1",
        "subscribed done",
    ]
    assert order(story)[0] == "push-1"
    assert reach(story, "anna", "subscribed", channel="push-1") == ["subscribed done"]


def test_a_channel_lost_in_the_middle_of_a_call_goes_on_by_the_next(story: Story) -> None:
    story.press()
    receipt(story, next(iter(story.state.owed)))
    assert reach(story, "anna", "lost", channel="push-1") == [
        "unproven anna@push-1 no-subscription",
        "paged anna@sms-1 (channel_lost)",
        "lost done",
    ]
    assert reach(story, "anna", "lost", channel="push-1") == ["lost done"], "said once"


def test_who_has_seen_the_alarm_is_not_called_otherwise(story: Story) -> None:
    story.press()
    story.do("anna", Action.SEE)
    assert reach(story, "anna", "lost", channel="push-1")[1:] == ["lost done"]


@pytest.mark.parametrize(
    ("person", "action", "more", "code"),
    [
        ("anna", "test", {"channel": "fax-1"}, "no_such_channel"),
        ("anna", "test", {"of": "berit"}, "role_may_not"),
        ("anna", "test", {"of": "nobody"}, "no_such_person"),
        ("nobody", "test", {}, "no_such_person"),
        ("anna", "test", {"made_at": START - 3 * MINUTE}, "command_expired"),
        ("anna", "answer", {"test": "test-x"}, "test_is_over"),
        ("anna", "answer", {}, "test_is_over"),
        ("lea", "answer", {"of": "anna", "test": "test-x"}, "role_may_not"),
        ("anna", "lost", {"channel": "webhook-9"}, "no_such_channel"),
        ("anna", "subscribed", {}, "no_such_channel"),
        ("berit", "lost", {"of": "anna", "channel": "push-1"}, "role_may_not"),
        ("berit", "phone_lost", {"of": "anna"}, "role_may_not"),
    ],
)
def test_what_is_refused(
    story: Story, person: str, action: str, more: dict[str, object], code: str
) -> None:
    assert reach(story, person, action, **more) == [f"{action} not done ({code})"]
    assert story.state.proofs.channels == {}


def test_a_lead_may_test_others_and_only_the_person_may_answer(story: Story) -> None:
    assert reach(story, "lea", "test", id="c1", of="anna")[0] == "testing anna@push-1 120s"
    assert reach(story, "lea", "answer", test="test-c1") == ["answer not done (test_not_yours)"]
    assert reach(story, "anna", "answer", test="test-c1")[0].startswith("proven anna@push-1")


def test_one_test_of_a_channel_at_a_time(story: Story) -> None:
    reach(story, "anna", "test", id="c1")
    assert reach(story, "anna", "test", id="c2") == ["test not done (test_under_way)"]
    assert reach(story, "anna", "test", id="c3", channel="sms-1")[1] == "test done"


def test_a_command_that_comes_twice_is_done_once(story: Story) -> None:
    reach(story, "anna", "test", id="c1")
    assert reach(story, "anna", "test", id="c1") == []
    reach(story, "anna", "answer", id="c2", test="test-c1")
    assert reach(story, "anna", "answer", id="c2", test="test-c1") == []


def test_everything_known_is_kept_in_a_snapshot(story: Story) -> None:
    reach(story, "anna", "test", id="c1")
    receipt(story, "test-c1:t:anna:push-1")
    reach(story, "anna", "test", id="c2", channel="sms-1")
    reach(story, "anna", "lost", channel="voice-1")
    again = restore(take(story.state))
    assert again == story.state
    assert again is not None
    assert next_due(again) == START + 2 * MINUTE
    assert [one.page.channel for one in owed(again)] == ["sms-1"]


def test_a_new_address_must_be_proven_anew(story: Story) -> None:
    for channel in ("push-1", "sms-1"):
        reach(story, "anna", "test", id=f"c-{channel}", channel=channel)
        reach(story, "anna", "answer", id=f"a-{channel}", test=f"test-c-{channel}")
    reach(story, "anna", "lost", channel="voice-1")
    reach(story, "anna", "test", id="c2", channel="sms-1")
    new = facts.ConfigurationSet(item=ANNA, private="another digest", author="file")
    story.feed(Configure([new]))
    assert set(story.state.proofs.channels) == {("anna", "push-1")}, "it leads where it did"
    assert order(story) == ("push-1", "sms-1", "voice-1")
    assert reach(story, "anna", "answer", test="test-c2") == ["answer not done (test_is_over)"]


def test_a_change_that_leaves_the_addresses_alone_forgets_nothing(story: Story) -> None:
    reach(story, "anna", "lost", channel="sms-1")
    story.configure(Person(id="anna", roles=STAFF, channels=ANNA.channels, competences=("key",)))
    assert order(story) == ("push-1", "voice-1", "sms-1")


def test_who_leaves_is_forgotten_with_the_test_under_way(story: Story) -> None:
    reach(story, "anna", "test", id="c1")
    reach(story, "anna", "lost", channel="sms-1")
    story.configure(plain(Step((CENTRE,), 90)), remove=[("shift", "day"), ("person", "anna")])
    assert story.owed == []
    assert story.state.proofs.channels == {}
    assert story.wait(120) == []
