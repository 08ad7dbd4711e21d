"""Tasks: made by hand and rule, offered step by step, accepted, done, overdue, cancelled."""

from typing import Any

import pytest

from routing.instant import HOUR, MINUTE, SECOND, Instant, from_rfc3339
from routing.kinds import Kind, Severity
from routing.municipality import AnyItem, Device, Municipality, Person, Resident, Role
from routing.snapshot import restore, take
from routing.tasks.command import NewTask
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome, TaskPhase, task_verdict
from routing.tasks.plans import TaskCare, TaskRule
from tests.routing.story import START, town
from tests.routing.story_tasks import TaskStory

ACCEPT, REFUSE = TaskAction.ACCEPT, TaskAction.REFUSE
BATTERY = TaskRule(on=Kind.BATTERY_LOW, make=TaskKind.CHANGE_BATTERY, within_s=7200)
NIGHT: Instant = from_rfc3339("2026-11-23T22:30:00Z")
"""23:30 in Oslo."""


def new(hours: int = 2, **more: Any) -> NewTask:
    return NewTask(
        kind=TaskKind.VISIT,
        resident="rolf",
        start=START,
        end=START + hours * HOUR,
        **more,
    )


def cared(*rules: TaskRule, **more: Any) -> AnyItem:
    tasks = TaskCare(rules=rules, **more)
    return Municipality(id="simby", timezone="Europe/Oslo", default_policy="plain", tasks=tasks)


def offered(**more: Any) -> TaskStory:
    """A task made by hand and offered to those on duty."""
    story = TaskStory()
    story.make(new(**more))
    story.time()
    return story


def test_a_task_made_by_hand_is_offered_step_by_step_and_the_first_yes_wins() -> None:
    story = TaskStory()
    assert story.make(new()) == ["made visit rolf 0s to 7200s (task_by_hand)", "make ok"]
    assert story.time() == [
        "offered 0 60s: anna@webhook-1 berit@webhook-1 (task_offered)",
    ]
    assert story.task.phase is TaskPhase.OFFERED
    assert story.owed == ["anna@webhook-1", "berit@webhook-1"]
    assert story.time(59) == []
    assert story.time(1) == ["offered 1 90s: carl@webhook-1 (task_nobody_yet)"]
    assert story.task_do("berit", ACCEPT) == ["yes berit", "accept ok"]
    assert (story.task.phase, story.task.owners) == (TaskPhase.ACCEPTED, ("berit",))
    assert story.owed == []
    assert story.time(6000) == []
    assert story.end_task("berit") == ["done berit done", "done ok"]
    assert (story.task.phase, story.task.outcome) == (TaskPhase.DONE, TaskOutcome.DONE)


def test_after_the_last_step_leads_are_told_once_and_it_waits_in_the_list() -> None:
    story = offered()
    assert story.time(60) == ["offered 1 90s: carl@webhook-1 (task_nobody_yet)"]
    assert story.time(90) == ["untaken: lea@webhook-1"]
    assert story.time(7049) == []
    assert story.time(1) == ["overdue: lea@webhook-1"]
    assert story.task.phase is TaskPhase.OVERDUE
    assert story.time(100_000) == []


def test_an_overdue_task_can_still_be_done_and_says_that_it_was_late() -> None:
    story = offered()
    story.task_do("anna", ACCEPT)
    assert story.time(7200) == ["overdue: anna@webhook-1 lea@webhook-1"]
    assert story.end_task("anna") == ["done anna done", "done ok"]


def test_when_all_refuse_the_next_step_comes_at_once() -> None:
    story = offered()
    assert story.task_do("anna", REFUSE) == ["no anna", "refuse ok"]
    assert story.task_do("berit", REFUSE) == [
        "no berit",
        "offered 1 90s: carl@webhook-1 (all_refused)",
        "refuse ok",
    ]


def test_several_people_are_needed_and_it_goes_on_until_they_are_found() -> None:
    story = offered(people=2)
    assert story.task_do("anna", ACCEPT) == ["yes anna, more are needed", "accept ok"]
    assert story.task.phase is TaskPhase.OFFERED
    assert story.owed == ["berit@webhook-1"]
    assert story.task_do("anna", ACCEPT) == ["accept not ok (task_yours_already)"]
    assert story.time(60) == ["offered 1 90s: carl@webhook-1 (task_nobody_yet)"]
    assert story.task_do("carl", ACCEPT) == ["yes carl", "accept ok"]
    assert (story.task.phase, story.task.owners) == (TaskPhase.ACCEPTED, ("anna", "carl"))
    assert story.task_do("berit", ACCEPT) == ["accept not ok (task_has_enough)"]


def test_only_those_with_the_competence_are_asked_and_may_accept() -> None:
    trained = Person(
        id="carl",
        roles=(Role.OPERATOR,),
        teams=("centre",),
        channels=("webhook-1",),
        competences=("medicine",),
    )
    story = TaskStory(town(trained))
    story.make(new(competence="medicine"))
    assert story.time() == ["offered 1 90s: carl@webhook-1 (task_offered)"]
    assert story.task_do("anna", ACCEPT) == ["accept not ok (competence_missing)"]
    assert story.task_do("carl", ACCEPT) == ["yes carl", "accept ok"]


def test_what_has_been_accepted_can_be_given_back_and_is_offered_to_the_others() -> None:
    story = offered()
    story.task_do("anna", ACCEPT)
    assert story.task_do("anna", TaskAction.GIVE_BACK) == [
        "returned anna (task_returned)",
        "offered 0 60s: berit@webhook-1 (task_returned)",
        "give_back ok",
    ]
    assert story.task.owners == ()


def test_an_owner_who_leaves_the_service_leaves_no_task_without_owner() -> None:
    story = offered()
    story.task_do("anna", ACCEPT)
    before = len(story.journal)
    story.configure(remove=[("person", "anna")])
    assert story.lines(before) == [
        "removed anna",
        "returned anna (task_person_left)",
        "offered 0 60s: berit@webhook-1 (task_person_left)",
    ]


def test_the_tasks_of_a_resident_who_is_removed_end() -> None:
    story = TaskStory()
    story.make(NewTask(kind=TaskKind.VISIT, resident="siri", start=START, end=START + HOUR))
    before = len(story.journal)
    story.configure(remove=[("device", "other"), ("resident", "siri")])
    assert story.lines(before)[-1] == "cancelled None (resident_left)"


def test_a_send_that_fails_goes_on_by_the_next_channel() -> None:
    story = offered()
    before = len(story.journal)
    story.unsent("anna")
    unproven = "unproven anna@webhook-1 http-410"
    told = "told anna@webhook-2 (next_channel)"
    assert story.lines(before) == ["task.send_ended", unproven, told]
    assert story.owed == ["anna@webhook-2", "berit@webhook-1"]
    story.sent("anna", "webhook-2")
    assert story.owed == ["berit@webhook-1"]
    assert story.time(60) == ["offered 1 90s: carl@webhook-1 (task_nobody_yet)"]


# -- nights ----------------------------------------------------------------------------------------


def test_little_hurry_never_rings_at_night() -> None:
    story = TaskStory(town(cared(BATTERY)), at=NIGHT)
    rule = TaskRule(on=Kind.BATTERY_LOW, make=TaskKind.CHANGE_BATTERY, within_s=36_000)
    story.configure(cared(rule))
    before = len(story.journal)
    story.hear(Kind.BATTERY_LOW)
    assert story.lines(before)[-1] == "made change_battery rolf 0s to 36000s (task_by_rule)"
    assert story.time() == ["held 27000s (night_is_quiet)"]
    assert not [one for one in story.state.owed.values() if one.alarm == story.task.id]
    story.close_all()
    told = story.time(27_000)
    assert told == ["offered 0 60s: anna@webhook-1 berit@webhook-1 (task_offered)"]


def test_a_window_that_ends_in_the_night_is_told_in_the_morning() -> None:
    story = TaskStory(town(cared(BATTERY)), at=NIGHT)
    story.hear(Kind.BATTERY_LOW)
    story.close_all()
    assert story.time() == ["held 7200s (night_is_quiet)"]
    assert story.time(7200) == ["overdue:"]
    assert story.time(19_799) == []
    assert story.time(1) == ["told lea@webhook-1 (task_window_ended)"]


def test_what_is_urgent_rings_at_night_and_no_quiet_time_is_no_quiet_time() -> None:
    urgent = TaskStory(at=NIGHT)
    urgent.make(NewTask(kind=TaskKind.VISIT, start=NIGHT, end=NIGHT + HOUR))
    assert urgent.time()[0].startswith("offered 0")
    loud = TaskStory(town(cared(quiet_from_minute=0, quiet_to_minute=0)), at=NIGHT)
    low = NewTask(kind=TaskKind.VISIT, start=NIGHT, end=NIGHT + HOUR, severity=Severity.TECHNICAL)
    loud.make(low)
    assert loud.time()[0].startswith("offered 0")


@pytest.mark.parametrize(
    ("at", "held_s"),
    [
        ("2026-10-25T00:30:00Z", 5 * 3600 + 1800),  # 02:30 the first time, the night is longer
        ("2027-03-28T00:30:00Z", 4 * 3600 + 1800),  # 01:30, half an hour before the clock jumps
        ("2026-11-23T06:00:00Z", None),  # 07:00 sharp
        ("2026-11-23T05:59:59Z", 1),
        ("2026-11-23T21:00:00Z", 32_400),  # 22:00 sharp
        ("2026-11-23T20:59:59Z", None),
    ],
)
def test_the_night_ends_by_the_local_clock(at: str, held_s: int | None) -> None:
    story = TaskStory(at=from_rfc3339(at))
    story.make(
        NewTask(
            kind=TaskKind.REFILL,
            start=story.at,
            end=story.at + 24 * HOUR,
            severity=Severity.LOW,
        )
    )
    held = f"held {held_s}s (night_is_quiet)"
    assert story.time() == ([held] if held_s else [OFFER])


OFFER = "offered 0 60s: anna@webhook-1 berit@webhook-1 (task_offered)"


# -- rules -----------------------------------------------------------------------------------------


def test_a_low_battery_asks_for_a_task_once_and_a_good_one_ends_it() -> None:
    story = TaskStory(town(cared(BATTERY)))
    before = len(story.journal)
    story.hear(Kind.BATTERY_LOW)
    assert story.lines(before)[-1] == "made change_battery rolf 0s to 7200s (task_by_rule)"
    before = len(story.journal)
    story.hear(Kind.BATTERY_LOW)
    assert not [line for line in story.lines(before) if "made" in line]
    before = len(story.journal)
    story.hear(Kind.BATTERY_LOW, "scaip:2")
    assert story.lines(before)[-1] == "made change_battery rolf 0s to 7200s (task_by_rule)"
    before = len(story.journal)
    story.hear(Kind.BATTERY_OK)
    assert story.lines(before)[-1] == "cancelled None (trouble_passed)"


def test_a_good_battery_takes_nothing_from_the_one_who_changes_it() -> None:
    story = TaskStory(town(cared(BATTERY)))
    story.hear(Kind.BATTERY_LOW)
    story.task_do("anna", ACCEPT)
    before = len(story.journal)
    story.hear(Kind.BATTERY_OK)
    assert not [line for line in story.lines(before) if "cancelled" in line]
    assert story.task.owners == ("anna",)


def test_a_rule_can_ask_for_the_device_s_own_code() -> None:
    refill = TaskRule(on=Kind.MEDICATION_FAULT, make=TaskKind.REFILL, code="empty")
    story = TaskStory(town(cared(refill)))
    story.hear(Kind.MEDICATION_FAULT)
    assert story.state.book.tasks == {}


def test_a_device_of_exercise_and_an_old_message_ask_nobody() -> None:
    trainer = Device(id="trainer", subject="scaip:9", unit="north", exercise=True)
    story = TaskStory(town(cared(BATTERY), trainer))
    story.hear(Kind.BATTERY_LOW, "scaip:9")
    story.hear(Kind.BATTERY_LOW, history=True)
    story.hear(Kind.BATTERY_LOW, "scaip:unknown")
    assert story.state.book.tasks == {}


def test_a_silent_device_asks_for_a_visit_once() -> None:
    story = TaskStory()
    before = len(story.journal)
    story.hear(Kind.LINK_LOST)
    assert story.lines(before)[-1] == "made visit rolf 0s to 86400s (task_visit_asked)"
    assert story.task.alarm == story.alarm
    before = len(story.journal)
    story.hear(Kind.LINK_LOST, "scaip:2")
    assert not [line for line in story.lines(before) if line.startswith("made")]


# -- overdue alarms --------------------------------------------------------------------------------


def test_overdue_becomes_an_alarm_only_where_it_says_so() -> None:
    story = offered(overdue=Severity.HIGH)
    story.task_do("anna", ACCEPT)
    assert story.time(7200) == [
        "overdue: anna@webhook-1 lea@webhook-1",
        "raised task.overdue HIGH (task_window_ended)",
        "step 1.0 60s: anna@webhook-1 berit@webhook-1 (chain_started)",
    ]
    alarm = story.state.alarms[story.alarm]
    assert (alarm.category, alarm.resident) == ("task", "rolf")
    assert story.press()[1].startswith("raised help.pressed")


# -- refusals --------------------------------------------------------------------------------------


def test_commands_that_cannot_be_done_are_refused_in_words() -> None:
    story = offered()
    assert story.task_do("nobody", ACCEPT) == ["accept not ok (no_such_person)"]
    assert story.task_do("anna", ACCEPT, task="none") == ["accept not ok (no_such_task)"]
    assert story.task_do("anna", ACCEPT, made_ago_s=121) == ["accept not ok (command_expired)"]
    assert story.task_do("anna", TaskAction.DONE) == ["done not ok (outcome_missing)"]
    assert story.task_do("anna", TaskAction.CANCEL) == ["cancel not ok (role_may_not)"]
    assert story.task_do("anna", TaskAction.GIVE_BACK) == ["give_back not ok (task_not_yours)"]
    assert story.task_do("anna", TaskAction.MAKE) == ["make not ok (task_incomplete)"]
    assert story.make(new(hours=-1)) == ["make not ok (task_window_wrong)"]
    unknown = NewTask(kind=TaskKind.OTHER, resident="nobody", start=START, end=START + HOUR)
    assert story.make(unknown) == ["make not ok (no_such_resident)"]
    assert story.task_do("lea", TaskAction.CANCEL) == ["cancelled lea (task_by_hand)", "cancel ok"]
    assert story.task_do("anna", ACCEPT) == ["accept not ok (task_is_over)"]


def test_somebody_else_s_task_is_done_by_its_owner_or_written_down_by_a_lead() -> None:
    story = offered()
    story.task_do("anna", ACCEPT)
    assert story.end_task("berit") == ["done not ok (task_not_yours)"]
    assert story.end_task("lea") == ["done lea done", "done ok"]


def test_the_same_command_twice_is_done_once() -> None:
    story = offered()
    assert story.task_do("anna", ACCEPT, command="c-one") == ["yes anna", "accept ok"]
    assert story.task_do("anna", ACCEPT, command="c-one") == []


@pytest.mark.parametrize(
    ("phase", "action", "owner", "other"),
    [
        ("open", "accept", "task_yours_already", "accepted"),
        ("open", "refuse", "task_yours_already", "open"),
        ("open", "give_back", "offered", "task_not_yours"),
        ("open", "done", "done", "done"),
        ("open", "cancel", "cancelled", "cancelled"),
        ("offered", "accept", "task_yours_already", "accepted"),
        ("offered", "refuse", "task_yours_already", "offered"),
        ("offered", "give_back", "offered", "task_not_yours"),
        ("offered", "done", "done", "done"),
        ("offered", "cancel", "cancelled", "cancelled"),
        ("accepted", "accept", "task_yours_already", "task_has_enough"),
        ("accepted", "refuse", "task_yours_already", "task_has_enough"),
        ("accepted", "give_back", "offered", "task_not_yours"),
        ("accepted", "done", "done", "task_not_yours"),
        ("accepted", "cancel", "cancelled", "cancelled"),
        ("overdue", "accept", "task_yours_already", "overdue"),
        ("overdue", "refuse", "task_yours_already", "overdue"),
        ("overdue", "give_back", "overdue", "task_not_yours"),
        ("overdue", "done", "done", "done"),
        ("overdue", "cancel", "cancelled", "cancelled"),
        *(
            (phase, action, "task_is_over", "task_is_over")
            for phase in ("done", "cancelled")
            for action in ("make", "accept", "refuse", "give_back", "done", "cancel")
        ),
        *(
            (phase, "make", "task_made_already", "task_made_already")
            for phase in ("open", "offered", "accepted", "overdue")
        ),
    ],
)
def test_the_table_of_a_task_s_life(phase: str, action: str, owner: str, other: str) -> None:
    one, two = TaskPhase(phase), TaskAction(action)
    assert task_verdict(one, two, owner=True).value == owner
    assert task_verdict(one, two, owner=False).value == other


# -- memory ----------------------------------------------------------------------------------------


def test_a_task_that_is_over_leaves_memory_after_a_day() -> None:
    story = offered()
    story.end_task("anna")
    assert story.time(86_399) == []
    assert story.time(1) == ["task.archived"]
    assert story.state.book.tasks == {}


def test_a_snapshot_goes_on_like_the_state_it_was_taken_of() -> None:
    plain = Resident(id="rolf", unit="north")
    live = TaskStory(town(cared(BATTERY), plain))
    live.hear(Kind.BATTERY_LOW)
    live.hear(Kind.LINK_LOST, "scaip:3")
    live.time(30)
    assert len(live.state.book.tasks) == 2
    restored = restore(take(live.state))
    assert restored == live.state
    other = TaskStory([])
    assert restored is not None
    other.state, other.at, other.journal = restored, live.at, list(live.journal)
    for seconds in (31, 90, 7200, 90_000):
        assert other.time(seconds) == live.time(seconds)
    assert other.state == live.state


def test_after_downtime_an_overdue_offer_takes_one_step() -> None:
    story = offered(hours=10)
    assert story.time(3 * 60 * MINUTE // SECOND) == [
        "offered 1 90s: carl@webhook-1 (task_nobody_yet)"
    ]
