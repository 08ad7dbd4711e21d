"""More of what must hold of every run: nothing dropped or held back, help first, no time for
nobody, severity, location, tasks.

As in `tests.sim.checkers`, each checker walks the journal by itself and knows the invariants of the
domain, not the code that decides.
"""

from collections.abc import Iterator
from itertools import islice

from hub.journal.port import Record
from routing import facts, facts_life
from routing.facts_correlate import AlarmLowered, AlarmSettled, IncidentJoined
from routing.instant import MINUTE, SECOND, Instant
from routing.kinds import Kind
from routing.tasks.facts import TaskMade
from tests.sim.checkers import CLOSES, RINGS, TAKEN, Checker, Run
from tests.sim.silence import restarts_blame_no_device, silence_is_told
from tests.sim.tasks import task_sends_are_followed
from tests.sim.town import MAINTENANCE, PAUSED_UNTIL, STEP_WAITS_S, subject
from tests.sim.unseen import unseen_is_followed

TECHNICAL = frozenset({Kind.CODE_UNKNOWN, Kind.FRAME_UNDECODABLE, Kind.MAINS_LOST})
HELP = frozenset({Kind.HELP_PRESSED, Kind.FALL_DETECTED, Kind.SMOKE_DETECTED})
FIRST_PAGE_WITHIN: Instant = SECOND
"""From the hub's hearing of a press until somebody is called: turns take milliseconds."""
CLOCK_OFF: Instant = 5 * MINUTE
MOVES_ON = (facts.StepStarted, facts.RoundEnded, facts_life.PolicyFollowed, facts_life.NextCalled)


def nothing_dropped(run: Run) -> Iterator[str]:
    """Invariant 3: a fault, an unknown code and an undecodable frame reach a person, or wait for
    the end of maintenance or of a pause."""
    told = {
        record.fact.event
        for record in run.of(*RINGS, IncidentJoined)
        if isinstance(record.fact, (*RINGS, IncidentJoined))
    }
    for record in run.of(facts.EventRecorded):
        fact = record.fact
        if not isinstance(fact, facts.EventRecorded) or fact.kind not in TECHNICAL:
            continue
        if fact.event not in told and not _muted(fact.subject, record.recorded_at):
            yield f"#{record.seq}: {fact.kind} of {fact.subject} reaches nobody"


def _muted(who: str, at: Instant) -> bool:
    in_north = who in {subject(number) for number in range(12)}
    away = who in {subject(2), subject(10)} and at < PAUSED_UNTIL
    return (in_north and MAINTENANCE[0] <= at < MAINTENANCE[1]) or away


def wrong_clocks_are_told(run: Run) -> Iterator[str]:
    """Invariant 4: a device whose clock is far off is a fault of its own."""
    told = {
        record.fact.subject
        for record in run.of(facts.EventRecorded)
        if isinstance(record.fact, facts.EventRecorded) and record.fact.kind is Kind.CLOCK_WRONG
    }
    known = {subject(number) for number in range(12)}
    for record in run.of(facts.EventRecorded):
        fact = record.fact
        if not isinstance(fact, facts.EventRecorded) or fact.subject not in known - told:
            continue
        if fact.occurred_at is not None and abs(fact.occurred_at - fact.received_at) > CLOCK_OFF:
            yield f"#{record.seq}: the clock of {fact.subject} is off and nobody is told"


def help_first(run: Run) -> Iterator[str]:
    """Invariant 9: whatever else comes in, somebody is called as soon as the hub has heard."""
    asked: dict[str, Instant] = {}
    for record in run.of(facts.StepStarted):
        if isinstance(record.fact, facts.StepStarted):
            asked.setdefault(record.fact.alarm, record.recorded_at)
    for record in run.of(facts.AlarmRaised):
        fact = record.fact
        if not isinstance(fact, facts.AlarmRaised) or fact.kind not in HELP:
            continue
        press = run.presses.get(fact.event)
        heard = [at for at in press.heard if at <= record.recorded_at] if press else []
        if not heard:
            continue
        since = _heard_in_this_life(run, heard, record.recorded_at)
        first = asked.get(fact.alarm)
        if first is None or first > since + FIRST_PAGE_WITHIN:
            waited_s = ((first or run.ended_at) - since) / SECOND
            yield f"#{record.seq}: a press waited {waited_s:.1f} s for a page"


def _heard_in_this_life(run: Run, heard: list[Instant], at: Instant) -> Instant:
    began = max((up for _, up in run.downtimes if up <= at), default=0)
    return next((one for one in heard if one >= began), max(began, heard[-1]))


def repeats_are_announced(run: Run) -> Iterator[str]:
    """Invariant 5: a press that joins an alarm nobody has accepted rings again at everybody whom
    the step calls and who has no call on its way."""
    calling: dict[str, set[str]] = {}
    under_way: dict[str, dict[str, str]] = {}
    for record in run.journal:
        fact = record.fact
        if isinstance(fact, facts.AlarmRepeated) and fact.kind in HELP and not fact.pages:
            free = calling.get(fact.alarm, set()) - set(under_way.get(fact.alarm, {}).values())
            if free:
                yield f"#{record.seq}: repeated and not announced to {min(free)}"
        if isinstance(fact, facts.AlarmFact):
            _follow(calling.setdefault(fact.alarm, set()), fact)
        for page in getattr(fact, "pages", ()):
            if page.channel != "page" and isinstance(fact, facts.AlarmFact):
                under_way.setdefault(fact.alarm, {})[page.send] = page.person
        if isinstance(fact, facts.SendEnded):
            under_way.get(fact.alarm, {}).pop(fact.send, None)


def _follow(calling: set[str], fact: facts.AlarmFact) -> None:
    match fact:
        case facts.StepStarted():
            calling.clear()
            calling.update(page.person for page in fact.pages if not page.informed)
        case facts.AlarmRefused():
            calling.discard(fact.person)
        case facts.AlarmAccepted() | facts.AlarmClosed() | AlarmSettled():
            calling.clear()


def severity_only_rises(run: Run) -> Iterator[str]:
    """Invariant 6: nothing in this municipality lowers a severity."""
    now: dict[str, int] = {}
    for record in run.of(*RINGS, AlarmLowered):
        fact = record.fact
        if isinstance(fact, AlarmLowered):
            yield f"#{record.seq}: lowered, and no configuration says so"
        if isinstance(fact, RINGS):
            if fact.severity < now.get(fact.alarm, 0):
                yield f"#{record.seq}: severity falls to {fact.severity}"
            now[fact.alarm] = fact.severity


def no_time_for_nobody(run: Run) -> Iterator[str]:
    """Invariant 7: a step that finds nobody takes no time; there is a fallback for the rest."""
    for record in run.of(facts.StepStarted):
        fact = record.fact
        if not isinstance(fact, facts.StepStarted) or fact.step >= len(STEP_WAITS_S):
            continue
        if all(page.informed for page in fact.pages):
            yield f"#{record.seq}: step {fact.step} waits for nobody"


def refusals_move_on(run: Run) -> Iterator[str]:
    """Invariant 7: when all whom a step calls have refused, the next one follows at once."""
    calling: dict[str, set[str]] = {}
    for record in run.of(facts.StepStarted, facts.AlarmRefused, *TAKEN):
        fact = record.fact
        assert isinstance(fact, facts.AlarmFact)
        left = calling.setdefault(fact.alarm, set())
        asked = bool(left)
        _follow(left, fact)
        all_refused = isinstance(fact, facts.AlarmRefused) and asked and not left
        if all_refused and not _moved_on(run, record, fact.alarm):
            yield f"#{record.seq}: all have refused {fact.alarm} and it waits"


def _moved_on(run: Run, refused: Record, alarm: str) -> bool:
    for record in islice(run.journal, refused.seq, None):  # `seq` counts from 1
        fact = record.fact
        if record.recorded_at != refused.recorded_at:
            return False
        if isinstance(fact, MOVES_ON) and fact.alarm == alarm:
            return True
    return False


def location_only_while_open(run: Run) -> Iterator[str]:
    """Invariant 12: a position is kept only for an open alarm, never for who objects, and is
    erased with its close."""
    kept = {alarm for _, alarm, there in run.positions if there}
    erased = {(alarm, place) for place, alarm, there in run.positions if not there}
    raised = {
        record.fact.alarm: record.fact
        for record in run.of(facts.AlarmRaised)
        if isinstance(record.fact, facts.AlarmRaised)
    }
    for alarm in kept:
        if alarm not in raised:
            yield f"a position is kept for {alarm}, which does not exist"
        elif raised[alarm].resident == "resident-5":
            yield f"a position of a resident who objects is kept for {alarm}"
    for record in run.of(*CLOSES):
        fact = record.fact
        if not isinstance(fact, CLOSES) or fact.alarm not in kept:
            continue
        if not any(one == fact.alarm and place >= record.seq for one, place in erased):
            yield f"#{record.seq}: {fact.alarm} is closed and its position is still there"


def tasks_are_kept(run: Run) -> Iterator[str]:
    """A low battery asks for a task, by the municipality's rule, unless there is one already."""
    made = {r.fact.subject for r in run.of(TaskMade) if isinstance(r.fact, TaskMade)}
    known = {subject(number) for number in range(12)}
    for record in run.of(facts.EventRecorded):
        fact = record.fact
        if not isinstance(fact, facts.EventRecorded) or fact.kind is not Kind.BATTERY_LOW:
            continue
        if fact.subject in known - made and not _muted(fact.subject, record.recorded_at):
            yield f"#{record.seq}: the low battery of {fact.subject} is nobody's task"


PROMISES: tuple[Checker, ...] = (
    nothing_dropped,
    wrong_clocks_are_told,
    help_first,
    repeats_are_announced,
    severity_only_rises,
    no_time_for_nobody,
    refusals_move_on,
    restarts_blame_no_device,
    silence_is_told,
    unseen_is_followed,
    location_only_while_open,
    tasks_are_kept,
    task_sends_are_followed,
)
