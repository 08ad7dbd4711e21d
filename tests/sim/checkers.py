"""What must hold of every run, judged from the journal and from logs kept outside the hub.

The checkers know the facts' meaning from the invariants of the domain, not from the code that
decides them: each walks the journal by itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import attrgetter

from hub.journal.port import Record
from routing import facts, facts_life
from routing.facts_correlate import AlarmSettled
from routing.instant import SECOND, Instant
from routing.kinds import Kind
from routing.proofs.facts import ChannelTested
from routing.reasons import ReasonCode
from tests.sim.life import Press
from tests.sim.town import ASK_S, LEADS_WAIT_S, LEASE_S, STAY_S, STEP_WAITS_S

SLACK: Instant = SECOND
"""How late a step may be while the hub is up: turns and commits take simulated milliseconds."""
TRIED_WITHIN: Instant = 30 * SECOND
"""A page decided so shortly before the end may still be on its way: links lose and delay."""
RINGS = (facts.AlarmRaised, facts.AlarmRepeated)
STEPS = (facts.StepStarted, facts.RoundEnded)
CLOSES = (facts.AlarmClosed, AlarmSettled)
TAKEN = (facts.AlarmAccepted, *CLOSES)
SILENCING = (*TAKEN, facts.AlarmProgressed)
CALLS_ANEW = (facts.StepStarted, facts_life.NextCalled, facts.Paged, facts.OwnerAsked)
HARMLESS = (facts.AlarmArchived, facts.AlarmSeen, facts.AlarmReopened)
"""What may come after the close."""
TIMED = (
    *(*STEPS, *SILENCING, facts.OwnerAsked),
    *(facts.AlarmReopened, facts_life.HandoverAccepted, facts_life.OwnerSilent),
)
"""What falls due, or sets or ends a deadline."""


@dataclass(frozen=True)
class Run:
    """Everything a checker may look at."""

    journal: Sequence[Record]
    presses: dict[str, Press]
    rang: dict[str, int]
    downtimes: Sequence[tuple[Instant, Instant]]
    quiet: bool
    """Faults have been off long enough for everything to come to rest."""
    ended_at: Instant
    positions: Sequence[tuple[int, str, bool]] = ()
    """(facts before it, alarm, kept or erased) of every position."""
    ring_times: Mapping[str, Instant] = field(default_factory=dict)
    """Send to when it first arrived at a phone."""

    answers: Mapping[str, Instant] = field(default_factory=dict)
    """Test to when its person first answered it."""

    commands: Set[str] = frozenset()
    """Every command that this municipality's people gave."""
    tokens: Sequence[tuple[bool, int, int]] = ()
    """(whether it is a claim of the lease, or an append; token; facts before it), in order."""

    @cached_property
    def for_leads(self) -> Set[str]:
        """Alarms by which the hub tells leads of a person: their chain has a pace of its own."""
        born = (record.fact for record in self.of(facts.AlarmRaised))
        told = (fact for fact in born if isinstance(fact, facts.AlarmRaised))
        return {fact.alarm for fact in told if fact.kind is Kind.REACH_LOST}

    @cached_property
    def _by_kind(self) -> dict[type, list[Record]]:
        found: dict[type, list[Record]] = {}
        for record in self.journal:
            found.setdefault(type(record.fact), []).append(record)
        return found

    def of(self, *kinds: type) -> Sequence[Record]:
        """Return the records of these kinds of fact, in order."""
        found = [records for kind, records in self._by_kind.items() if issubclass(kind, kinds)]
        return found[0] if len(found) == 1 else sorted(chain(*found), key=attrgetter("seq"))


Checker = Callable[[Run], Iterator[str]]


def one_owner(run: Run) -> Iterator[str]:
    """Invariant 2: at most one owner; only the owner moves an alarm on; a closed one stays
    closed."""
    owner: dict[str, str] = {}
    closed: set[str] = set()
    for record in run.of(facts.AlarmFact):
        fact = record.fact
        assert isinstance(fact, facts.AlarmFact)
        if fact.alarm in closed and not isinstance(fact, HARMLESS):
            yield f"#{record.seq}: {type(fact).__name__} after the alarm was closed"
        match fact:
            case facts.AlarmAccepted():
                if fact.alarm in owner:
                    has = owner[fact.alarm]
                    yield f"#{record.seq}: accepted by {fact.person} while {has} has it"
                owner[fact.alarm] = fact.person
            case facts.AlarmProgressed() | facts.AlarmClosed():
                if owner.get(fact.alarm) != fact.person:
                    yield f"#{record.seq}: {fact.person} moved an alarm of {owner.get(fact.alarm)}"
            case facts_life.HandoverAccepted():
                if owner.get(fact.alarm) != fact.previous_owner:
                    gave = fact.previous_owner
                    yield f"#{record.seq}: handed over by {gave}, who does not have it"
                owner[fact.alarm] = fact.person
            case facts.AlarmReopened():
                closed.discard(fact.alarm)
                owner.pop(fact.alarm, None)
        if isinstance(fact, CLOSES):
            closed.add(fact.alarm)


def quiet_after_acceptance(run: Run) -> Iterator[str]:
    """Invariant 6: between acceptance and lapse no step is started."""
    owned: set[str] = set()
    for record in run.of(facts.AlarmAccepted, facts.AlarmReopened, *STEPS):
        fact = record.fact
        if isinstance(fact, facts.AlarmAccepted):
            owned.add(fact.alarm)
        elif isinstance(fact, facts.AlarmReopened):
            owned.discard(fact.alarm)
        elif isinstance(fact, STEPS) and fact.alarm in owned:
            yield f"#{record.seq}: {type(fact).__name__} although the alarm is owned"


def every_press_rings(run: Run) -> Iterator[str]:
    """Invariants 1, 3, 5: what a device was told is received is in an alarm, exactly once."""
    rang: dict[str, int] = {}
    recorded: dict[str, int] = {}
    for record in run.of(facts.AlarmRaised, facts.AlarmRepeated, facts.EventRecorded):
        fact = record.fact
        if isinstance(fact, RINGS):
            rang[fact.event] = rang.get(fact.event, 0) + 1
        if isinstance(fact, facts.EventRecorded):
            recorded[fact.event] = recorded.get(fact.event, 0) + 1
    for event, press in run.presses.items():
        if press.confirmed_at is not None and event not in recorded:
            yield f"{event[:8]} was confirmed to the device and is not in the journal"
        if recorded.get(event, 0) > 1 or rang.get(event, 0) > 1:
            yield f"{event[:8]} was counted twice"
        helps = press.event.kind.startswith(("help.pressed", "fall", "smoke"))
        if event in recorded and helps and event not in rang:
            yield f"{event[:8]} is recorded and rang nowhere"
        if run.quiet and event not in recorded:
            yield f"{event[:8]} never got through, although the device kept sending"


def repeats_start_no_chain(run: Run) -> Iterator[str]:
    """Scenario 1: in one round of one alarm each step is started at most once."""
    started: set[tuple[str, int, int]] = set()
    for record in run.of(facts.StepStarted):
        fact = record.fact
        if isinstance(fact, facts.StepStarted):
            key = (fact.alarm, fact.round, fact.step)
            if key in started:
                yield f"#{record.seq}: step {fact.step} of round {fact.round} started twice"
            started.add(key)


def steps_in_time(run: Run) -> Iterator[str]:
    """Invariants 4, 10: no step early, and none later than the hub's own downtime explains."""
    due: dict[str, Instant] = {}
    for record in run.of(*TIMED):
        fact, at = record.fact, record.recorded_at
        assert isinstance(fact, facts.AlarmFact)
        wanted = due.get(fact.alarm)
        if _by_time(fact) and wanted is not None:
            if at < wanted:
                yield f"#{record.seq}: {(wanted - at) / SECOND:.3f} s early"
            if at > wanted + downtime(run, wanted, at) + SLACK:
                yield f"#{record.seq}: {(at - wanted) / SECOND:.3f} s late"
        _next_deadline(run, due, fact, at)


def _by_time(fact: facts.AlarmFact) -> bool:
    if isinstance(fact, facts.AlarmReopened):
        return fact.reason.code is not ReasonCode.OWNER_PHONE_LOST
    if isinstance(fact, (facts.OwnerAsked, facts_life.OwnerSilent)):
        return True
    if not isinstance(fact, (facts.StepStarted, facts.RoundEnded)):
        return False
    return fact.reason.code is ReasonCode.NOBODY_ACCEPTED_IN_TIME


def _next_deadline(run: Run, due: dict[str, Instant], fact: facts.AlarmFact, at: Instant) -> None:
    """The waits of the simulated town, told again here on purpose: an oracle of its own."""
    match fact:
        case facts.StepStarted():
            wait_s = STEP_WAITS_S[min(fact.step, len(STEP_WAITS_S) - 1)] if fact.pages else 60
            wait_s = LEADS_WAIT_S if fact.alarm in run.for_leads else wait_s
            due[fact.alarm] = at + wait_s * SECOND
        case facts.AlarmAccepted() | facts_life.HandoverAccepted():
            due[fact.alarm] = at + LEASE_S * SECOND
        case facts.AlarmProgressed(phase="on_the_way"):
            due[fact.alarm] = at + LEASE_S * SECOND
        case facts.AlarmProgressed() | facts_life.OwnerSilent():
            due[fact.alarm] = at + STAY_S * SECOND
        case facts.AlarmClosed() | AlarmSettled():
            due.pop(fact.alarm, None)
        case facts.OwnerAsked():
            due[fact.alarm] = at + ASK_S * SECOND


def downtime(run: Run, since: Instant, until: Instant) -> Instant:
    return _away(run, since, until) + sum(
        SLACK for down, up in run.downtimes if up > since and down < until
    )


def nothing_overdue(run: Run) -> Iterator[str]:
    """Invariant 2: at rest no open alarm waits for a deadline that has passed."""
    due: dict[str, Instant] = {}
    for record in run.of(*TIMED):
        assert isinstance(record.fact, facts.AlarmFact)
        _next_deadline(run, due, record.fact, record.recorded_at)
    for alarm, wanted in due.items():
        if run.quiet and wanted + SLACK < run.ended_at:
            late_s = (run.ended_at - wanted) / SECOND
            yield f"{alarm} has waited since its deadline {late_s:.0f} s ago"


def pages_are_decided_and_sent(run: Run) -> Iterator[str]:
    """Invariant 8: a phone rings only for a durable page, under its id; no page is forgotten."""
    pages: dict[str, str] = {}
    ended: set[str] = set()
    quiet: dict[str, dict[str, Instant]] = {}
    for record in run.journal:
        fact = record.fact
        if isinstance(fact, ChannelTested):
            pages[f"{fact.test}:t:{fact.person}:{fact.channel}"] = fact.channel
        if isinstance(fact, CALLS_ANEW):
            _let_go_of_replaced(run, quiet.get(fact.alarm, {}), fact.pages, record.recorded_at)
        for page in getattr(fact, "pages", ()):
            if page.send in pages:
                yield f"#{record.seq}: send {page.send} decided twice"
            pages[page.send] = page.channel
            long_ago = record.recorded_at + TRIED_WITHIN < run.ended_at
            if page.channel != "page" and isinstance(fact, facts.AlarmFact) and long_ago:
                quiet.setdefault(fact.alarm, {})[page.send] = record.recorded_at
        if isinstance(fact, facts.SendEnded):
            ended.add(fact.send)
        if isinstance(fact, SILENCING):
            quiet.pop(fact.alarm, None)
    for send in run.rang:
        if send not in pages:
            yield f"send {send} rang and was never decided"
    for sends in quiet.values():
        forgotten = [s for s in sends if s not in ended and s not in run.rang]
        if run.quiet and forgotten:
            yield f"send {forgotten[0]} is owed and was never tried"


def _let_go_of_replaced(
    run: Run, sends: dict[str, Instant], pages: tuple[facts.Page, ...], at: Instant
) -> None:
    """Somebody is called anew by a channel on which an earlier call could not go out yet, as the
    hub was away (seed 55675) or it was lost on its way (65104): the new one goes out in its
    stead."""
    anew = {(page.person, page.channel) for page in pages}
    for send, since in list(sends.items()):
        _, _, person, channel = send.split(":")
        if (person, channel) in anew and at - since - _away(run, since, at) < TRIED_WITHIN:
            del sends[send]


def _away(run: Run, since: Instant, until: Instant) -> Instant:
    return sum(max(0, min(until, up) - max(since, down)) for down, up in run.downtimes)


def ends_owned_or_loud(run: Run) -> Iterator[str]:
    """Invariant 2, 7: at rest every alarm is closed or owned, or its chain has told so out loud."""
    state: dict[str, str] = {}
    enough = run.ended_at - 2 * sum(STEP_WAITS_S) * SECOND
    for record in run.of(facts.AlarmRaised, facts.AlarmReopened, facts.RoundEnded, *TAKEN):
        fact = record.fact
        if isinstance(fact, (facts.AlarmRaised, facts.AlarmReopened)):
            wait_s = LEADS_WAIT_S if fact.alarm in run.for_leads else 0
            young = record.recorded_at + wait_s * SECOND >= enough
            state[fact.alarm] = "young" if young else "silent"
        elif isinstance(fact, TAKEN):
            state[fact.alarm] = "owned"
        elif isinstance(fact, facts.RoundEnded):
            state[fact.alarm] = "loud"
    for alarm, how in state.items():
        if run.quiet and how == "silent":
            yield f"{alarm} is neither owned nor loudly exhausted"


CHECKERS: tuple[Checker, ...] = (
    one_owner,
    quiet_after_acceptance,
    every_press_rings,
    repeats_start_no_chain,
    steps_in_time,
    nothing_overdue,
    pages_are_decided_and_sent,
    ends_owned_or_loud,
)
