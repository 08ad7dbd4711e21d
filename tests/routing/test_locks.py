"""Doors opened from here: who may, one command at a time, and what becomes of each."""

from typing import Any

import pytest

from routing.event import derive_id
from routing.facts import EventRecorded
from routing.inputs import TimeReached
from routing.instant import HOUR, MINUTE, SECOND
from routing.kinds import Kind
from routing.lifecycle import Action, OutcomeCode
from routing.locks.facts import LockAsked, LockEnded, TaskLockAsked, TaskLockEnded
from routing.locks.plans import LockCare
from routing.locks.told import told_at_boot, told_of
from routing.municipality import Device, Municipality, RaiseRule, Resident
from routing.plans import LastingRule
from routing.snapshot import restore, take
from routing.tasks.command import NewTask, TaskCommand
from routing.tasks.life import TaskAction, TaskKind
from tests.routing.story import START, UNHURRIED, Story, town

LOCK = Device(id="lock", subject="nuki:1", resident="rolf")
CARE = LockCare(wait_s=40, before_s=600, after_s=1200)
HERE = Municipality(
    id="simby", timezone="Europe/Oslo", default_policy="plain", paging=UNHURRIED, locks=CARE
)


class Home(Story):
    """Rolf's home with a lock that has spoken, and an alarm that Anna has."""

    def __init__(self, *more: Any, owner: str | None = "anna") -> None:
        super().__init__(town(HERE, LOCK, *more))
        self.press()
        (self.case,) = self.state.alarms
        self.says(Kind.LOCK_LOCKED)
        if owner is not None:
            self.accept(owner)

    @property
    def alarm(self) -> str:
        return self.case

    def says(
        self,
        kind: Kind,
        answers: str | None = None,
        *,
        subject: str = "nuki:1",
        adapter: str = "front",
        told: bool = True,
    ) -> list[str]:
        self.at += SECOND
        return self.feed(
            EventRecorded(
                event=derive_id(kind, self.at, subject),
                kind=kind,
                subject=subject,
                received_at=self.at,
                adapter=adapter,
                told=told,
                answers=answers,
                code="state=3",
            )
        )

    def unlock(self, person: str = "anna", **more: Any) -> str | None:
        """Ask for it; return why not, None when it is asked of the lock."""
        before = len(self.journal)
        self.do(person, more.pop("action", Action.UNLOCK), **more)
        *_, ended = (record.fact for record in self.journal[before:])
        refused = getattr(ended, "refused", None)
        return None if refused is None else str(refused.code)

    @property
    def asked(self) -> LockAsked:
        *_, last = (r.fact for r in self.journal if isinstance(r.fact, LockAsked))
        return last

    @property
    def ends(self) -> list[tuple[str, str]]:
        found = (r.fact for r in self.journal if isinstance(r.fact, LockEnded | TaskLockEnded))
        return [(str(fact.outcome), str(fact.reason.code)) for fact in found]

    @property
    def alarms(self) -> int:
        return len(self.state.alarms)


def test_the_owner_opens_and_the_lock_says_so() -> None:
    home = Home()
    assert home.unlock() is None
    asked = home.asked
    assert (asked.person, asked.device, asked.resident) == ("anna", "lock", "rolf")
    assert (asked.subject, asked.adapter, str(asked.action)) == ("nuki:1", "front", "unlock")
    assert asked.expires_at - home.at == 20 * SECOND
    assert asked.due_at - home.at == 40 * SECOND
    assert str(asked.reason.code) == "lock_for_alarm"
    home.says(Kind.LOCK_UNLOCKED, asked.command)
    assert home.ends == [("ok", "lock_answered")]
    home.wait(60)
    assert len(home.ends) == 1
    assert home.unlock() is None


def test_the_command_id_says_nothing_of_the_phone_that_chose_its_own() -> None:
    home = Home()
    home.unlock(command="a-phone-made-this")
    assert len(home.asked.command) == 32
    assert set(home.asked.command) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("person", "why"), [("berit", "not_owner"), ("carl", "not_owner"), ("nobody", "no_such_person")]
)
def test_only_who_has_the_alarm_opens(person: str, why: str) -> None:
    assert Home().unlock(person) == why


def test_a_helper_who_has_joined_opens_too() -> None:
    home = Home()
    home.do("anna", Action.NEED_HELP)
    assert home.unlock("berit") == "not_owner"
    home.do("berit", Action.JOIN)
    assert home.unlock("berit") is None


def test_an_alarm_that_nobody_has_opens_no_door() -> None:
    assert Home(owner=None).unlock() == "accept_first"


def test_a_closed_alarm_opens_no_door() -> None:
    home = Home()
    home.close("anna")
    assert home.unlock() == "already_closed"


def test_whoever_has_handed_over_opens_no_more() -> None:
    home = Home()
    home.do("anna", Action.HAND_OVER, to_person="berit")
    home.do("berit", Action.TAKE_OVER)
    assert home.unlock("anna") == "not_owner"
    assert home.unlock("berit") is None


def test_one_command_at_a_time() -> None:
    home = Home()
    home.do("anna", Action.NEED_HELP)
    home.do("berit", Action.JOIN)
    assert home.unlock("anna") is None
    assert home.unlock("berit") == "lock_busy"
    assert home.unlock("anna", action=Action.LOCK) == "lock_busy"
    home.says(Kind.LOCK_FAILED, home.asked.command)
    assert home.unlock("berit") is None


def test_a_replayed_command_does_nothing() -> None:
    home = Home()
    home.unlock(command="once-only")
    first = home.asked
    home.says(Kind.LOCK_UNLOCKED, first.command)
    assert home.do("anna", Action.UNLOCK, command="once-only") == []
    assert home.asked is first


def test_a_command_that_has_waited_opens_nothing() -> None:
    assert Home().unlock(made_ago_s=41) == "command_expired"
    assert Home().unlock(made_ago_s=39) is None


@pytest.mark.parametrize(
    ("home", "why"),
    [
        (Home(Resident(id="rolf", unit="north", objects=("lock",))), "lock_objected"),
        (Home(Device(id="lock", subject="nuki:1", resident="siri")), "no_lock"),
        (Home(Device(id="lock", subject="nuki:1")), "no_lock"),
        (Home(Device(id="lock", subject="nuki:1", resident="rolf", exercise=True)), "no_lock"),
        (Home(Device(id="lock", subject="nuki:2", resident="rolf")), "no_lock"),
    ],
)
def test_what_makes_a_home_one_without_a_lock(home: Home, why: str) -> None:
    assert home.unlock() == why


def test_a_lock_whose_adapter_tells_nothing_is_no_lock() -> None:
    home = Home(Device(id="lock", subject="webhook:1", resident="rolf"))
    home.says(Kind.LOCK_LOCKED, subject="webhook:1", told=False)
    assert home.unlock() == "no_lock"


def test_a_lock_that_spoke_before_it_was_registered_is_known_afterwards() -> None:
    home = Home()
    home.says(Kind.LOCK_LOCKED, subject="nuki:2", adapter="back")
    home.configure(Device(id="yard", subject="nuki:2", resident="rolf"))
    assert home.unlock() == "lock_not_named"
    assert home.unlock(device="yard") is None
    assert (home.asked.device, home.asked.adapter) == ("yard", "back")
    assert home.unlock(device="pendant") == "no_lock"
    assert home.unlock(device="lock") is None


def test_the_listener_that_spoke_last_is_told() -> None:
    home = Home()
    home.says(Kind.LOCK_LOCKED, adapter="moved")
    home.unlock()
    assert home.asked.adapter == "moved"


def test_silence_ends_unknown_and_a_late_answer_corrects_it() -> None:
    home = Home()
    home.unlock()
    home.wait(39)
    assert home.ends == []
    home.wait(1)
    assert home.ends == [("unknown", "lock_no_answer")]
    home.says(Kind.LOCK_UNLOCKED, home.asked.command)
    assert home.ends[1:] == [("ok", "lock_answered_late")]


def test_the_failure_of_a_command_is_told_on_its_alarm_and_raises_none() -> None:
    home = Home()
    home.unlock()
    home.says(Kind.LOCK_FAILED, home.asked.command)
    assert home.ends == [("failed", "lock_says_failed")]
    home.says(Kind.LOCK_FAILED, home.asked.command)
    assert (len(home.ends), home.alarms) == (1, 1)


@pytest.mark.parametrize(
    "wrong",
    [{"answers": None}, {"answers": "f" * 32}, {"adapter": "other"}, {"subject": "nuki:9"}],
    ids=str,
)
def test_another_failure_is_an_alarm_as_ever(wrong: dict[str, Any]) -> None:
    home = Home()
    home.unlock()
    home.says(Kind.LOCK_FAILED, **{"answers": home.asked.command, **wrong})
    assert (home.ends, home.alarms) == ([], 2)


def test_somebody_turning_the_lock_meanwhile_ends_nothing() -> None:
    home = Home()
    home.unlock()
    home.says(Kind.LOCK_UNLOCKED)
    assert home.ends == []


def test_the_opposite_of_what_was_asked_is_a_failure() -> None:
    home = Home()
    home.unlock(action=Action.LOCK)
    home.says(Kind.LOCK_UNLOCKED, home.asked.command)
    assert home.ends == [("failed", "lock_says_failed")]


def test_an_opening_that_was_asked_for_rings_no_rule_and_still_begins_a_wait() -> None:
    always = RaiseRule(Kind.LOCK_UNLOCKED)
    home = Home(Device(id="lock", subject="nuki:1", resident="rolf", raises=(always,)))
    home.unlock()
    home.says(Kind.LOCK_UNLOCKED, home.asked.command)
    assert home.alarms == 1
    home.says(Kind.LOCK_UNLOCKED)
    assert home.alarms == 2
    lasting = LastingRule(Kind.LOCK_UNLOCKED, after_s=300)
    home = Home(Device(id="lock", subject="nuki:1", resident="rolf", lasting=(lasting,)))
    home.unlock()
    home.says(Kind.LOCK_UNLOCKED, home.asked.command)
    home.wait(300)
    assert home.alarms == 2


# -- visits ------------------------------------------------------------------------------------


class Visit(Home):
    """A visit to Rolf from 10:00 to 10:30 (an hour from the start), made by Lea and taken by
    Anna."""

    def __init__(self, *more: Any, maker: str = "lea", kind: TaskKind = TaskKind.VISIT) -> None:
        super().__init__(*more)
        start = START + HOUR
        new = NewTask(kind=kind, resident="rolf", start=start, end=start + 30 * MINUTE)
        self.task("", TaskAction.MAKE, maker, new=new)
        (self.visit,) = self.state.book.tasks
        self.task(self.visit, TaskAction.ACCEPT, "anna")

    def task(self, task: str, action: TaskAction, person: str, **more: Any) -> str | None:
        self._count += 1
        before = len(self.journal)
        command = TaskCommand(
            id=f"t{self._count}", person=person, action=action, made_at=self.at, task=task, **more
        )
        self.feed(command)
        *_, ended = (record.fact for record in self.journal[before:])
        refused = getattr(ended, "refused", None)
        return None if refused is None else str(refused.code)

    def open(self, person: str = "anna") -> str | None:
        return self.task(self.visit, TaskAction.UNLOCK, person)


@pytest.mark.parametrize(
    ("after_s", "why"),
    [
        (3600 - 601, "lock_not_now"),
        (3600 - 600, None),
        (3600 + 1800 + 1200, None),
        (3600 + 1800 + 1201, "lock_not_now"),
    ],
)
def test_a_visit_opens_the_door_near_its_time(after_s: int, why: str | None) -> None:
    visit = Visit()
    visit.at = START + after_s * SECOND
    assert visit.open() == why


def test_a_visit_opens_the_door_for_whoever_has_it() -> None:
    visit = Visit()
    visit.at = START + HOUR
    assert visit.open("berit") == "task_not_yours"
    assert visit.open("anna") is None
    *_, asked = (r.fact for r in visit.journal if isinstance(r.fact, TaskLockAsked))
    visit.says(Kind.LOCK_UNLOCKED, asked.command)
    assert visit.ends == [("ok", "lock_answered")]
    assert visit.task(visit.visit, TaskAction.LOCK, "anna") is None
    visit.wait(40)
    visit.feed(TimeReached())
    assert visit.ends[1:] == [("unknown", "lock_no_answer")]


def test_a_visit_that_is_over_opens_nothing() -> None:
    visit = Visit()
    visit.at = START + HOUR
    visit.task(visit.visit, TaskAction.CANCEL, "lea")
    assert visit.open() == "task_is_over"


def test_nobody_makes_a_visit_to_open_a_door_by() -> None:
    visit = Visit(maker="anna")
    visit.at = START + HOUR
    assert visit.open() == "lock_not_for_this"


@pytest.mark.parametrize("kind", [TaskKind.LOOK, TaskKind.OTHER])
def test_a_task_for_which_nobody_goes_there_opens_nothing(kind: TaskKind) -> None:
    visit = Visit(kind=kind)
    visit.at = START + HOUR
    assert visit.open() == "lock_not_for_this"


# -- restarts, and what adapters are told ------------------------------------------------------


def test_a_snapshot_keeps_what_is_under_way() -> None:
    home = Home()
    home.unlock()
    restored = restore(take(home.state))
    assert restored == home.state
    assert restored is not None
    home.state = restored
    home.wait(40)
    assert home.ends == [("unknown", "lock_no_answer")]


def test_a_command_is_told_again_after_a_restart_until_it_expires() -> None:
    home = Home()
    home.unlock()

    def commands() -> list[str]:
        return [t.key for t in told_at_boot(home.state, home.at) if t.key == home.asked.command]

    home.at += 19 * SECOND
    assert commands() == [home.asked.command]
    home.at += SECOND
    assert commands() == []


def test_a_command_whose_alarm_is_over_is_not_told_again() -> None:
    home = Home()
    home.unlock()
    home.close("anna")
    told = told_at_boot(home.state, home.at)
    assert [one.key for one in told if one.key == home.asked.command] == []


def test_after_a_long_downtime_it_ends_unknown_or_is_forgotten_with_its_alarm() -> None:
    home = Home()
    home.unlock()
    home.do("anna", Action.CLOSE, outcome=OutcomeCode.TALK)
    home.at += 25 * HOUR
    for _ in range(3):
        home.feed(TimeReached())
    assert home.state.alarms == {}
    assert (home.state.locks.runs, home.state.locks.busy, home.state.locks.of) == ({}, {}, {})
    assert (home.state.watches.live, home.ends) == ({}, [])


def test_the_phases_of_an_alarm_go_to_the_listener_that_is_told() -> None:
    story = Home(owner=None)
    story.state.alarms.clear()
    story.feed(
        EventRecorded(
            event="e" * 32,
            kind=Kind.CALL_RAISED,
            subject="nuki:1",
            received_at=story.at,
            adapter="ward",
            told=True,
        )
    )
    (alarm,) = story.state.alarms
    seen: list[tuple[str, str]] = []
    for action in (Action.ACCEPT, Action.ON_THE_WAY, Action.ARRIVE, Action.CLOSE):
        before = len(story.journal)
        outcome = OutcomeCode.TALK if action is Action.CLOSE else None
        story.do("anna", action, alarm=alarm, outcome=outcome)
        told = told_of(story.state, [record.fact for record in story.journal[before:]])
        seen += [(one.adapter, str(one.message.phase)) for one in told]  # type: ignore[union-attr]
    phases = ["accepted", "on_the_way", "at_resident", "closed"]
    assert seen == [("ward", phase) for phase in phases]
    (last,) = told_at_boot(story.state, story.at)
    assert (last.message.event, last.message.subject) == ("e" * 32, "nuki:1")  # type: ignore[union-attr]


def test_an_adapter_that_tells_nothing_hears_of_no_phase() -> None:
    story = Story()
    story.press()
    before = len(story.journal)
    story.accept("anna")
    assert told_of(story.state, [record.fact for record in story.journal[before:]]) == []
    assert told_at_boot(story.state, story.at) == []
