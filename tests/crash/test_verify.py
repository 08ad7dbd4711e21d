"""The judge of the crash tests judges: each kind of failure, planted, is found and named."""

from dataclasses import replace

from hub.journal.port import Record
from routing.facts import AlarmRaised, AnyFact, EventRecorded, Page, StepStarted
from routing.instant import SECOND, Instant
from routing.kinds import Category, Kind, Severity
from routing.reasons import Reason, ReasonCode
from tests.crash.receiver import Call
from tests.crash.verify import Evidence, failures

WHY = Reason(ReasonCode.CHAIN_STARTED)


def heard(event: str = "e1") -> EventRecorded:
    return EventRecorded(
        event=event, kind=Kind.HELP_PRESSED, subject="scaip:1", received_at=0, adapter="scaip"
    )


def raised(alarm: str = "a1", event: str = "e1") -> AlarmRaised:
    return AlarmRaised(
        alarm=alarm,
        event=event,
        kind=Kind.HELP_PRESSED,
        category=Category.HELP,
        severity=Severity.HIGH,
        subject="scaip:1",
        policy="p",
        received_at=0,
        reason=WHY,
    )


def step(number: int, person: str, alarm: str = "a1", send: str | None = None) -> StepStarted:
    page = Page(send or f"{alarm}:{number}:{person}", person, "webhook-1", WHY)
    return StepStarted(alarm=alarm, round=1, step=number, pages=(page,), due_at=0, reason=WHY)


def journal(*timed: tuple[float, AnyFact]) -> list[Record]:
    return [Record(n + 1, round(at * SECOND), fact) for n, (at, fact) in enumerate(timed)]


STORY: list[tuple[float, AnyFact]] = [
    (0, heard()),
    (0, raised()),
    (0, step(0, "anna")),
    (10, step(1, "berit")),
]
GOOD = Evidence(
    journal=journal(*STORY),
    pressed={"e1": 0},
    confirmed={"e1": 1},
    calls=[Call("a1:0:anna", "a1", "anna"), Call("a1:1:berit", "a1", "berit")],
    down=[],
    wait_s=10,
    slack_s=1,
)


def after(second_step_at: float, *down: tuple[float, float]) -> Evidence:
    spans: list[tuple[Instant, Instant]] = [
        (round(gone * SECOND), round(up * SECOND)) for gone, up in down
    ]
    return replace(
        GOOD, journal=journal(*STORY[:3], (second_step_at, step(1, "berit"))), down=spans
    )


def test_a_good_story_is_good_and_so_is_the_same_call_twice() -> None:
    assert failures(GOOD) == []
    assert failures(replace(GOOD, calls=[*GOOD.calls, *GOOD.calls])) == []


def test_what_was_confirmed_and_is_not_there_is_found() -> None:
    told = failures(replace(GOOD, pressed={"e1": 0, "e2": 0}, confirmed={"e1": 1, "e2": 1}))
    assert told == [
        "e2 was confirmed to its device and is not in the journal",
        "e2 raised 0 alarms",
    ]
    assert failures(replace(GOOD, pressed={"e1": 0, "e2": 0})) == []


def test_an_event_that_is_recorded_or_raised_twice_is_found() -> None:
    again = replace(GOOD, journal=[*GOOD.journal, *journal((0, heard()))])
    assert failures(again) == ["e1 is in the journal 2 times"]
    two: list[tuple[float, AnyFact]] = [
        (0.0, raised("a2")),
        (0.0, step(0, "anna", "a2")),
        (10.0, step(1, "berit", "a2")),
    ]
    calls = [*GOOD.calls, Call("a2:0:anna", "a2", "anna"), Call("a2:1:berit", "a2", "berit")]
    twice = replace(GOOD, journal=[*GOOD.journal, *journal(*two)], calls=calls)
    assert failures(twice) == ["e1 raised 2 alarms"]


def test_a_person_called_under_two_ids_is_found() -> None:
    calls = [*GOOD.calls, Call("other", "a1", "anna")]
    assert failures(replace(GOOD, calls=calls)) == [
        "anna was called as other, which nobody has decided",
        "anna was called for a1 under two ids",
    ]


def test_a_send_that_never_arrived_is_found() -> None:
    told = failures(replace(GOOD, calls=GOOD.calls[:1]))
    assert told == ["a1:1:berit was decided and never arrived"]


def test_a_lost_timer_is_found() -> None:
    lost = replace(GOOD, journal=GOOD.journal[:3], calls=GOOD.calls[:1])
    assert failures(lost) == ["a1 never went on to its second step: the timer is lost"]


def test_a_step_may_be_late_by_downtime_and_slack_and_never_early() -> None:
    assert failures(after(11)) == []
    assert failures(after(11.5)) == ["a1 went on 1.500 s late"]
    assert failures(after(9.5)) == ["a1 went on 0.500 s early"]
    assert failures(after(15, (8, 14))) == []
    assert failures(after(15, (2, 9))) == ["a1 went on 5.000 s late"]
