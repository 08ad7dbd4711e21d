"""Deadlines: leases that lapse, one step after downtime, closed alarms that leave memory."""

from routing.facts import AlarmAccepted, AlarmReopened
from routing.instant import DAY, HOUR, MINUTE, SECOND
from routing.kinds import Kind
from routing.lifecycle import Action
from routing.municipality import Device
from routing.pass_time import BATCH, next_due, overdue
from tests.routing.story import START, Story, town


def accepted(within_s: int | None = None) -> Story:
    story = Story()
    story.press()
    story.do("anna", Action.ACCEPT, within_s=within_s)
    return story


def test_a_lapsed_lease_asks_the_owner_then_reopens_and_tells_the_lead() -> None:
    story = accepted()
    assert story.wait(1799) == []
    assert story.wait(1) == ["asked 300s: anna@webhook-1 (owner_asked)"]
    assert story.wait(299) == []
    assert story.wait(1) == [
        "reopened from anna",
        "step 2.0 60s: anna@webhook-1 berit@webhook-1 (lease_lapsed)",
        "paged lea@webhook-1 (lead_told_lapsed)",
    ]


def test_the_history_keeps_the_acceptance_that_lapsed() -> None:
    story = accepted()
    story.wait(1800)
    story.wait(300)
    story.accept("berit")
    told = [r.fact for r in story.journal]
    assert [f.person for f in told if isinstance(f, AlarmAccepted)] == ["anna", "berit"]
    assert [f.previous_owner for f in told if isinstance(f, AlarmReopened)] == ["anna"]


def test_the_arrival_time_that_the_owner_taps_is_the_lease() -> None:
    story = accepted(within_s=600)
    assert story.wait(599) == []
    assert story.wait(1) == ["asked 300s: anna@webhook-1 (owner_asked)"]


def test_an_answer_to_the_question_begins_a_new_lease() -> None:
    story = accepted()
    story.wait(1800)
    assert story.do("anna", Action.ON_THE_WAY, within_s=1200) == [
        "on_the_way anna 1200s",
        "on_the_way done",
    ]
    assert story.owed == []
    assert story.wait(1199) == []
    assert story.wait(1) == ["asked 300s: anna@webhook-1 (owner_asked)"]


def test_whoever_is_there_is_left_in_peace_for_an_hour() -> None:
    story = accepted()
    story.do("anna", Action.ARRIVE)
    assert next_due(story.state) == START + HOUR
    assert story.wait(3599) == []


def test_a_question_that_cannot_be_delivered_takes_the_next_channel() -> None:
    story = accepted()
    story.wait(1800)
    assert story.unsent("anna") == ["unsent anna@webhook-1", "paged anna@webhook-2 (next_channel)"]
    assert story.unsent("anna", "webhook-2") == [
        "unsent anna@webhook-2",
        "paged lea@webhook-1 (lead_told_unreached)",
    ]


def test_next_due_follows_the_alarm() -> None:
    story = Story()
    assert next_due(story.state) is None
    story.press()
    assert next_due(story.state) == START + MINUTE
    story.accept("anna")
    assert next_due(story.state) == START + 30 * MINUTE
    story.close("anna")
    assert next_due(story.state) == START + DAY


def test_after_downtime_one_overdue_step_is_taken_and_then_the_normal_wait() -> None:
    story = Story()
    story.press()
    assert story.wait(8 * 3600) == ["step 1.1 90s: carl@webhook-1 (nobody_accepted_in_time)"]
    assert story.wait(89) == []
    assert story.wait(1)[0] == "round 1 ended (nobody_accepted_in_time)"


def test_the_earliest_deadline_is_handled_first_and_others_are_left_alone() -> None:
    story = Story()
    story.press("scaip:3")
    first = story.alarm
    story.at += 10 * SECOND
    story.press("scaip:1")
    story.at += 49 * SECOND
    assert overdue(story.state, story.at) == []
    story.at += SECOND
    assert overdue(story.state, story.at) == [first]
    story.at += 10 * SECOND
    assert [a == first for a in overdue(story.state, story.at)] == [True, False]


def test_a_long_queue_of_deadlines_is_taken_in_batches() -> None:
    crowd = [Device(id=f"d{n}", subject=f"scaip:c{n}") for n in range(BATCH + 20)]
    story = Story(town(*crowd))
    for device in crowd:
        story.press(device.subject)
    assert len(story.wait(60)) == 500
    assert len(story.wait(0)) == 20
    assert story.wait(0) == []


def test_a_batch_of_deadlines_looks_at_no_more_than_it_needs() -> None:
    looks = 0

    class Counted(list[tuple[int, str]]):
        def __getitem__(self, index):  # type: ignore[no-untyped-def]
            nonlocal looks
            looks += 1
            return super().__getitem__(index)

    crowd = [Device(id=f"d{n}", subject=f"scaip:x{n}") for n in range(20 * BATCH)]
    story = Story(town(*crowd))
    for device in crowd:
        story.press(device.subject)
    story.state.due = Counted(story.state.due)
    assert len(overdue(story.state, story.at + MINUTE)) == 500
    assert looks <= 2 * BATCH + 1


def test_a_closed_alarm_leaves_memory_after_a_day() -> None:
    story = accepted()
    story.close("anna")
    assert story.wait(86_399) == []
    assert story.wait(1) == ["archived"]
    assert (story.state.alarms, list(story.state.closed)) == ({}, [])
    assert next_due(story.state) is None


def test_closed_alarms_are_archived_in_the_order_of_their_closing() -> None:
    story = Story()
    story.press("scaip:1")
    first = story.alarm
    story.hear(Kind.SMOKE_DETECTED, "scaip:1")
    second = next(a for a in story.state.alarms if a != first)
    for alarm in (second, first):
        story.do("anna", Action.ACCEPT, alarm=alarm)
        story.at += HOUR
        story.do("anna", Action.CLOSE, alarm=alarm, outcome="talk")  # type: ignore[arg-type]
    story.at += DAY - HOUR
    assert story.wait(0) == ["archived"]
    assert set(story.state.alarms) == {first}
    assert story.wait(3600) == ["archived"]
