"""What must hold of calls in every run: a call without a receipt, or (for help) without eyes, is
followed by the same person's next channel, in its time and not before."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from routing import facts, facts_life
from routing.facts import Page
from routing.facts_correlate import AlarmSettled
from routing.instant import SECOND, Instant
from routing.kinds import Category
from routing.reasons import ReasonCode
from tests.sim.checkers import SLACK, Run, downtime
from tests.sim.town import CHANNELS, RECEIPT_S, SEEN_S

URGENT = frozenset(
    {Category.HELP, Category.FIRE, Category.WATER, Category.CALL, Category.WANDERING}
)
ENDS = (facts.AlarmAccepted, facts.AlarmClosed, facts.AlarmReopened, AlarmSettled)
BY_PERSON = (facts.AlarmSeen, facts.AlarmRefused)
OTHERWISE = tuple(
    kind for kind in facts_life.AnyLifeFact.__args__ if kind.__name__.startswith(("Hand", "Help"))
)
"""What an owner asks of others takes calls away in ways of its own; those are not followed here."""
GOES_ON = frozenset(
    {ReasonCode.NEXT_CHANNEL, ReasonCode.NO_RECEIPT, ReasonCode.NOT_SEEN, ReasonCode.CHANNEL_LOST}
)
"""Why somebody is called by another channel; what owners are asked begins calls of its own, which
are not followed here either."""
CALLS = (facts.StepStarted, facts_life.NextCalled, facts.Paged)


@dataclass
class _Call:
    """One person in one place of the chain; the last send of it."""

    person: str
    send: str
    tried: set[str]
    due_at: Instant | None
    """When it is followed by the next channel; None: it is not."""
    early_at: Instant
    """It is not followed before: a wait that the same channel has begun elsewhere counts."""
    seen_counts: bool = False
    """Delivered: it waits for eyes."""


@dataclass
class _Alarm:
    urgent: bool
    seen: set[str] = field(default_factory=set)
    owner: str | None = None
    calls: dict[str, _Call] = field(default_factory=dict)
    rung: dict[tuple[str, str], Instant] = field(default_factory=dict)
    """(person, channel) to since when a receipt is waited for by any call, followed here or not."""


def unseen_is_followed(run: Run) -> Iterator[str]:
    """A receipt proves radio, not ears."""
    alarms: dict[str, _Alarm] = {}
    for record in run.of(facts.AlarmFact):
        fact, at = record.fact, record.recorded_at
        if isinstance(fact, facts.AlarmRaised):
            alarms[fact.alarm] = _Alarm(fact.category in URGENT)
        elif isinstance(fact, facts.AlarmFact) and fact.alarm in alarms:
            here = alarms[fact.alarm]
            for call, why in _wrong(run, here, fact, at):
                yield f"#{record.seq}: {call.send} {why}"
                call.due_at = None
            _hear(here, fact, at)
    for here in alarms.values():
        for call in here.calls.values():
            if run.quiet and _is_over(run, call, run.ended_at):
                yield f"{call.send} has never been followed"


def _wrong(
    run: Run, here: _Alarm, fact: facts.AlarmFact, at: Instant
) -> Iterator[tuple[_Call, str]]:
    for call in here.calls.values():
        by_time = isinstance(fact, facts.Paged) and fact.instead_of == call.send
        if by_time and isinstance(fact, facts.Paged):
            lost = fact.reason.code is ReasonCode.CHANNEL_LOST
            if not lost and (call.due_at is None or at < call.early_at):
                yield call, "was followed too early"
        elif _is_over(run, call, at):
            yield call, "has not been followed in its time"


def _is_over(run: Run, call: _Call, at: Instant) -> bool:
    due_at = call.due_at
    return due_at is not None and at > due_at + downtime(run, due_at, at) + SLACK


def _hear(here: _Alarm, fact: facts.AlarmFact, at: Instant) -> None:
    match fact:
        case facts.StepStarted():
            for key, call in list(here.calls.items()):
                if call.seen_counts or call.due_at is None:
                    del here.calls[key]
        case facts.SendEnded():
            _ended(here, fact, at)
        case facts.AlarmSeen(person=person):
            here.seen.add(person)
            _stop(here, person)
        case facts.AlarmRefused(person=person):
            _stop(here, person)
        case _ if isinstance(fact, (*ENDS, *OTHERWISE, facts.AlarmProgressed)):
            here.calls.clear()
            here.rung.clear()
    if isinstance(fact, facts.AlarmAccepted | facts_life.HandoverAccepted):
        here.owner = fact.person
    elif isinstance(fact, facts.AlarmReopened):
        here.owner = None
        here.seen.clear()
    _note_calls(here, fact, at)


def _note_calls(here: _Alarm, fact: facts.AlarmFact, at: Instant) -> None:
    if isinstance(fact, facts.Paged) and fact.instead_of is not None:
        _, _, person, channel = fact.instead_of.split(":")
        here.rung.pop((person, channel), None)
    if isinstance(fact, facts.OwnerAsked):
        for page in fact.pages:  # In the stead of what she was told a moment ago (seed 53929).
            _replaced(here, page)
    if isinstance(fact, CALLS):
        goes_on = isinstance(fact, facts.Paged) and fact.reason.code in GOES_ON
        for page in fact.pages:
            waited_for = _replaced(here, page)
            if not goes_on or page.send.rpartition(":")[0] in here.calls:
                _call(here, page, at, waited_for)
    for page in getattr(fact, "pages", ()):
        here.rung.setdefault((page.person, page.channel), at)


def _replaced(here: _Alarm, page: Page) -> Instant | None:
    """End the calls that the page makes anew; return until when the first receipt of one was
    waited for: whoever is called more often than that is not waited for anew each time."""
    dues: list[Instant] = []
    for key, call in list(here.calls.items()):
        same = (call.person, call.send.rpartition(":")[2]) == (page.person, page.channel)
        if same and not call.seen_counts:
            del here.calls[key]
            dues += [] if call.due_at is None else [call.due_at]
    return min(dues, default=None)


def _call(here: _Alarm, page: Page, at: Instant, waited_for: Instant | None) -> None:
    if page.informed or page.channel == "page" or len(CHANNELS.get(page.person, ())) < 2:
        return
    key = page.send.rpartition(":")[0]
    known = here.calls.get(key)
    tried = {*(known.tried if known else ()), page.channel}
    more = tried < set(CHANNELS[page.person])
    due_at = at + RECEIPT_S * SECOND
    due_at = min(due_at, waited_for or due_at)
    since = here.rung.get((page.person, page.channel), at)
    early_at = min(due_at, since + RECEIPT_S * SECOND)
    here.calls[key] = _Call(page.person, page.send, tried, due_at if more else None, early_at)


def _ended(here: _Alarm, ended: facts.SendEnded, at: Instant) -> None:
    here.rung.pop((ended.person, ended.channel), None)
    call = here.calls.get(ended.send.rpartition(":")[0])
    if call is None or call.send != ended.send:
        return
    waits = ended.delivered and here.urgent and call.tried < set(CHANNELS[call.person])
    unseen = call.person != here.owner and call.person not in here.seen
    call.early_at = at + SEEN_S * SECOND
    call.due_at = call.early_at if waits and unseen else None
    call.seen_counts = call.due_at is not None


def _stop(here: _Alarm, person: str) -> None:
    for call in here.calls.values():
        if call.person == person:
            call.due_at = None
