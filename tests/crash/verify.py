"""What must be true after the kills, judged from journal, device log and the receiver's log."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hub.journal.port import Record
from routing.facts import AlarmRaised, EventRecorded, StepStarted
from routing.instant import SECOND, Instant
from tests.crash.receiver import Call


@dataclass(frozen=True)
class Evidence:
    """Everything a check may look at. `down` says when the router was not there."""

    journal: Sequence[Record]
    pressed: Mapping[str, Instant]
    confirmed: Mapping[str, Instant]
    calls: Sequence[Call]
    down: Sequence[tuple[Instant, Instant]]
    wait_s: int
    slack_s: float


def failures(evidence: Evidence) -> list[str]:
    """Return what is wrong, in words."""
    checks = (_nothing_lost, _raised_once, _one_id_each, _in_time)
    return [found for check in checks for found in check(evidence)]


def _nothing_lost(evidence: Evidence) -> Iterator[str]:
    recorded = Counter(r.fact.event for r in evidence.journal if isinstance(r.fact, EventRecorded))
    for event in evidence.confirmed:
        if recorded[event] == 0:
            yield f"{event} was confirmed to its device and is not in the journal"
    for event, times in recorded.items():
        if times > 1:
            yield f"{event} is in the journal {times} times"


def _raised_once(evidence: Evidence) -> Iterator[str]:
    raised = Counter(r.fact.event for r in evidence.journal if isinstance(r.fact, AlarmRaised))
    for event in evidence.pressed:
        if event in evidence.confirmed and raised[event] != 1:
            yield f"{event} raised {raised[event]} alarms"


def _one_id_each(evidence: Evidence) -> Iterator[str]:
    decided: dict[tuple[str, int, int, str], str] = {}
    for record in evidence.journal:
        fact = record.fact
        if not isinstance(fact, StepStarted):
            continue
        for page in fact.pages:
            key = (fact.alarm, fact.round, fact.step, page.person)
            if decided.setdefault(key, page.send) != page.send:
                yield f"{key} was decided under two ids"
    known = set(decided.values())
    rung: dict[tuple[str, str], str] = {}
    for call in evidence.calls:
        if call.id not in known:
            yield f"{call.person} was called as {call.id}, which nobody has decided"
        # In this town one person belongs to one step of an alarm.
        if rung.setdefault((call.alarm, call.person), call.id) != call.id:
            yield f"{call.person} was called for {call.alarm} under two ids"
    forgotten = known - {call.id for call in evidence.calls}
    for send in sorted(forgotten)[:5]:
        yield f"{send} was decided and never arrived"


def _in_time(evidence: Evidence) -> Iterator[str]:
    first: dict[str, Instant] = {}
    second: dict[str, Instant] = {}
    raised = [r.fact for r in evidence.journal if isinstance(r.fact, AlarmRaised)]
    ours = {fact.alarm for fact in raised if fact.event in evidence.pressed}
    for record in evidence.journal:
        if isinstance(record.fact, StepStarted) and record.fact.alarm in ours:
            (second if record.fact.step else first)[record.fact.alarm] = record.recorded_at
    for alarm, began in first.items():
        due = began + evidence.wait_s * SECOND
        went_on = second.get(alarm)
        if went_on is None:
            yield f"{alarm} never went on to its second step: the timer is lost"
        elif went_on < due:
            yield f"{alarm} went on {(due - went_on) / SECOND:.3f} s early"
        elif went_on > due + _downtime(evidence, due, went_on) + evidence.slack_s * SECOND:
            yield f"{alarm} went on {(went_on - due) / SECOND:.3f} s late"


def _downtime(evidence: Evidence, since: Instant, until: Instant) -> Instant:
    spans = (min(until, up) - max(since, gone) for gone, up in evidence.down)
    return sum(span for span in spans if span > 0)
