"""Overflow of kept frames is an alarm of its own: with its figures, once an hour, never many."""

from msgspec.structs import replace

from routing.decide import decide
from routing.facts import AlarmRaised, AnyFact, EventNoted
from routing.instant import HOUR, from_rfc3339
from routing.kept_full import overflow
from routing.kinds import Kind
from routing.reasons import Reason, ReasonCode
from routing.state import State
from tests.router.labs import Lab

FIRST, LAST = from_rfc3339("2026-11-20T08:30:00Z"), from_rfc3339("2026-11-21T21:45:00Z")


def raised(facts: list[AnyFact]) -> list[AlarmRaised]:
    return [fact for fact in facts if isinstance(fact, AlarmRaised)]


def test_it_raises_a_technical_alarm_with_count_first_and_last() -> None:
    lab = Lab()
    lab.take(overflow(12, FIRST, LAST, lab.at))
    (born,) = raised(lab.turn().facts)
    assert born.kind is Kind.KEPT_FULL
    assert born.reason == Reason(
        ReasonCode.KEPT_FULL,
        {"count": 12, "from_time": "2026-11-20 09:30", "until": "2026-11-21 22:45"},
    )


def test_the_same_hour_is_told_once_and_the_next_is_noted_beside_the_open_alarm() -> None:
    lab = Lab()
    lab.at = lab.at // HOUR * HOUR
    lab.take(overflow(12, FIRST, LAST, lab.at))
    lab.take(overflow(13, FIRST, LAST, lab.at + 1))
    assert len(raised(lab.turn().facts)) == 1
    lab.wait(3600)
    lab.take(overflow(14, FIRST, LAST, lab.at))
    facts = lab.turn().facts
    (noted,) = [fact for fact in facts if isinstance(fact, EventNoted)]
    assert raised(facts) == []
    assert noted.reason.params["count"] == 14


def test_a_device_that_says_so_is_a_stranger_like_any_other() -> None:
    forged = overflow(1, FIRST, LAST, FIRST)
    _, *rest = decide(State(), replace(forged, adapter="scaip"), LAST, lambda event: f"a-{event}")
    (born,) = raised(rest)
    assert born.reason.code is ReasonCode.DEVICE_NOT_REGISTERED
