"""What must hold of calls in every run: a call for help without a receipt, or without eyes, is
followed by the same person's next channel, in its time and not before."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from routing import facts, facts_life
from routing.facts_correlate import AlarmSettled
from routing.instant import SECOND, Instant
from routing.kinds import Category
from tests.sim.checkers import SLACK, Run, downtime
from tests.sim.town import RECEIPT_S, SEEN_S

PERSON, FIRST, NEXT = "day-1", "webhook-1", "webhook-2"
"""The only one in the town who has two channels."""
URGENT = frozenset(
    {Category.HELP, Category.FIRE, Category.WATER, Category.CALL, Category.WANDERING}
)
ENDS = (facts.AlarmAccepted, facts.AlarmClosed, facts.AlarmReopened, AlarmSettled)
BY_PERSON = (facts.AlarmSeen, facts.AlarmRefused)
HEARD = (
    *(*ENDS, *BY_PERSON, facts.AlarmRaised, facts.StepStarted),
    *(facts.SendEnded, facts.Paged, facts_life.NextCalled),
)


@dataclass
class _Call:
    """The latest call to the person by the first channel."""

    send: str
    due_at: Instant
    delivered: bool = False


@dataclass
class _Calls:
    urgent: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    open: dict[str, _Call] = field(default_factory=dict)


def unseen_is_followed(run: Run) -> Iterator[str]:
    """A receipt proves radio, not ears."""
    calls = _Calls()
    for record in run.of(*HEARD):
        fact, at = record.fact, record.recorded_at
        assert isinstance(fact, facts.AlarmFact)
        call = calls.open.get(fact.alarm)
        if call is not None:
            late = call.due_at + downtime(run, call.due_at, at) + SLACK
            followed = isinstance(fact, facts.Paged) and fact.instead_of == call.send
            if at > late:
                yield f"#{record.seq}: {call.send} has not been followed in its time"
                del calls.open[fact.alarm]
            elif followed:
                del calls.open[fact.alarm]
            if followed and at < call.due_at:
                yield f"#{record.seq}: {call.send} was followed too early"
        _hear(calls, fact, at)
    for call in calls.open.values():
        if run.quiet and call.due_at + SLACK + downtime(run, call.due_at, run.ended_at) < (
            run.ended_at
        ):
            yield f"{call.send} has never been followed"


def _hear(calls: _Calls, fact: facts.AlarmFact, at: Instant) -> None:
    call = calls.open.get(fact.alarm)
    match fact:
        case facts.AlarmRaised() if fact.category in URGENT:
            calls.urgent.add(fact.alarm)
        case facts.StepStarted() | facts_life.NextCalled() if fact.alarm in calls.urgent:
            mine = [p for p in fact.pages if (p.person, p.channel) == (PERSON, FIRST)]
            if mine:
                calls.open[fact.alarm] = _Call(mine[0].send, at + RECEIPT_S * SECOND)
            elif call is not None and call.delivered and isinstance(fact, facts.StepStarted):
                del calls.open[fact.alarm]
        case facts.SendEnded() if call is not None and fact.send == call.send:
            if fact.delivered and fact.alarm not in calls.seen:
                calls.open[fact.alarm] = _Call(call.send, at + SEEN_S * SECOND, delivered=True)
            else:
                del calls.open[fact.alarm]
        case facts.AlarmSeen(person=person) | facts.AlarmRefused(person=person):
            if person == PERSON:
                calls.open.pop(fact.alarm, None)
                if isinstance(fact, facts.AlarmSeen):
                    calls.seen.add(fact.alarm)
        case _ if isinstance(fact, ENDS):
            calls.open.pop(fact.alarm, None)
