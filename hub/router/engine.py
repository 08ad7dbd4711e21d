"""The engine: takes work, decides it in turns, and gives batches to be committed. No I/O, no clock.

    take(work) -> queued by lane        turn(at) -> Batch | None        (commit)        the batch's
    effects

The runner drives it with the real clock and journal, the simulation with its own. State runs ahead
of the journal between a turn and its commit; nothing leaves the process in that time, and when a
commit fails the process ends, so memory is never believed over the journal.
"""

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

from adapters.session import Outcome
from hub.journal.port import Document, Record
from hub.router.work import REPLAYED, Batch, Sample, Task, Work
from routing import duty_reach
from routing.correlate.objects import notice, withheld
from routing.correlate.proof import no_way
from routing.coverage import LOOK_EVERY, upcoming
from routing.decide import decide
from routing.evolve import evolve
from routing.facts import (
    AlarmClosed,
    AlarmFact,
    AlarmRaised,
    AnyFact,
    CommandEnded,
    ConfigurationRemoved,
    ConfigurationSet,
    EventRecorded,
    StepStarted,
)
from routing.facts_correlate import AlarmSettled, WatchEnded
from routing.hear import Ids
from routing.inputs import Command, Configure, Input, TimeReached
from routing.instant import Instant
from routing.kinds import Category, Kind, Lane
from routing.locks.told import told_of
from routing.owed import owed
from routing.pass_time import next_due
from routing.presence import Presence, look, next_look, observe, supervise
from routing.proofs.facts import ChannelProven, ChannelReceived, ChannelTested, ChannelUnproven
from routing.reasons import ReasonCode
from routing.speak import number_of, open_alarm_of
from routing.state import State
from routing.tasks.command import TaskCommand
from routing.tasks.facts import TaskCommandEnded, TaskFact
from routing.tasks.open_duty import open_duties

TURN = 128
"""Inputs decided in one turn: a press never waits for more than this many others."""
ENDS = (AlarmClosed, AlarmSettled)
TESTS = (ChannelTested, ChannelReceived, ChannelProven, ChannelUnproven)
ROSTER = (ConfigurationSet, ConfigurationRemoved)
"""Facts by which a person's word changes the roster."""
POSITION_CATEGORIES = (Category.HELP, Category.WANDERING)
"""Open alarms for which a later position is worth keeping."""


class Engine:
    """One municipality's inputs, in lanes. The broker's in-flight bound also bounds these
    queues."""

    def __init__(self, state: State, presence: Presence, ids: Ids) -> None:
        self.state, self.presence, self._ids = state, presence, ids
        self._configured = True
        """Whether there may be devices that are to be supervised and are not yet."""
        self._look_for_gaps: Instant = 0
        self._lanes: dict[Lane, deque[Work]] = {lane: deque() for lane in Lane}

    def take(self, work: Work) -> None:
        """Queue an input behind those of its lane."""
        self._lanes[work.lane].append(work)

    def next_turn(self) -> Instant | None:
        """Return when `turn` has something to do: 0 for at once, None for nothing in sight."""
        if any(self._lanes.values()):
            return 0
        deadlines = (next_due(self.state), next_look(self.presence), self._next_gaps())
        return min((at for at in deadlines if at is not None), default=None)

    def turn(self, at: Instant) -> Batch | None:
        """Decide what has queued, help first, and what has fallen due. None when that is nothing.

        `recorded_at` never decreases, whatever the wall clock does.
        """
        due = self.next_turn()
        if due is None or due > max(at, 0):
            return None
        batch = Batch(at=max(at, self.state.recorded_at))
        tests = {*self.state.proofs.tests}
        for work in self._next():
            self._do(batch, work)
        self._deadlines(batch)
        over = tests - self.state.proofs.tests.keys()  # also by a new address: no fact names it
        changed = {*_changed(batch.facts), *over}
        batch.owed = {about: owed(self.state, (about,)) for about in changed}
        batch.told = told_of(self.state, batch.facts)
        return batch

    def _next_gaps(self) -> Instant | None:
        """Return when the roster is looked at next; None while nothing is said to be needed."""
        registry = self.state.registry
        return self._look_for_gaps if registry.needs or duty_reach.judged(registry) else None

    def _next(self) -> list[Work]:
        taken: list[Work] = []
        for queue in self._lanes.values():  # in the order of `Lane`: help first
            while queue and len(taken) < TURN:
                taken.append(queue.popleft())
        return taken

    def _do(self, batch: Batch, work: Work) -> None:
        task = work.task
        if isinstance(task, Sample):
            self._alive(batch, task.subject, task.kind)
            facts: list[AnyFact] = []
        else:
            facts = self._decide(batch, task)
            # What a stranger says has become an alarm already; its signs of life are told once.
            # What was kept and is treated again says nothing about now.
            heard = isinstance(task, EventRecorded) and task.adapter != REPLAYED
            if isinstance(task, EventRecorded) and heard and self._registered(task.subject):
                self._alive(batch, task.subject, task.kind)
        if facts or (work.updates and self._is_open(task)):
            batch.documents += work.documents
        batch.documents += self._position(batch, work, facts)
        batch.done.append((self._done(work), self._outcome(facts, batch.at)))

    def _done(self, work: Work) -> Callable[[Outcome], None]:
        if work.spoken is None:
            return work.done
        number = number_of(self.state, work.task) if isinstance(work.task, EventRecorded) else None
        return partial(work.spoken, number)

    def _is_open(self, task: Task) -> bool:
        """Whether somebody still goes to the alarm of an event, and is to know more of it."""
        return isinstance(task, EventRecorded) and open_alarm_of(self.state, task) is not None

    def _decide(self, batch: Batch, task: Input) -> list[AnyFact]:
        facts = decide(self.state, task, batch.at, self._ids)
        for fact in facts:
            evolve(self.state, Record(self.state.seq + 1, batch.at, fact))
            if isinstance(fact, ENDS):
                batch.documents.append(Document("position", fact.alarm, None))
        batch.facts += facts
        if isinstance(task, Configure):
            self._configured = True
        elif any(isinstance(fact, ROSTER) for fact in facts):
            self._look_for_gaps = 0
        if isinstance(task, Command | TaskCommand):
            batch.documents += _note(task, facts)
        return facts

    def _registered(self, subject: str) -> bool:
        return subject in self.state.registry.device_of

    def _alive(self, batch: Batch, subject: str, kind: Kind) -> None:
        for noticed in observe(self.presence, self.state.registry, subject, batch.at, kind):
            self._decide(batch, noticed)

    def _deadlines(self, batch: Batch) -> None:
        # First look, then plan anew: a look that has just fallen due is not planned away.
        for noticed in look(self.presence, self.state.registry, batch.at):
            self._decide(batch, noticed)
        if self._configured:
            self._configured = False
            self._look_for_gaps = 0
            supervise(self.presence, self.state.registry, batch.at)
        gaps = self._next_gaps()
        if gaps is not None and gaps <= batch.at:
            self._look_for_gaps = batch.at + LOOK_EVERY
            registry = self.state.registry
            for noticed in (
                *upcoming(registry, batch.at),
                *duty_reach.upcoming(registry, batch.at),
                *open_duties(registry, batch.at),
            ):
                self._decide(batch, noticed)
        for _ in range(TURN):
            due = next_due(self.state)
            if due is None or due > batch.at:
                return
            decided = self._decide(batch, TimeReached())
            if not any(isinstance(fact, WatchEnded) for fact in decided):
                return

    def _position(self, batch: Batch, work: Work, facts: list[AnyFact]) -> list[Document]:
        if work.position is None or not isinstance(work.task, EventRecorded | Sample):
            return []
        if withheld(self.state.registry, work.task.subject):
            objected = notice(self.state, work.task.subject, batch.at)
            if objected is not None:
                self._decide(batch, objected)
            return []
        named = [fact.alarm for fact in facts if isinstance(fact, AlarmFact)]
        alarms = named or self._open_alarms(work.task.subject)
        return [Document("position", alarm, work.position) for alarm in dict.fromkeys(alarms)]

    def _open_alarms(self, subject: str) -> list[str]:
        registry = self.state.registry
        device = registry.devices.get(registry.device_of.get(subject, ""))
        who = (device.resident if device else None) or subject
        found = (self.state.open_by_trouble.get((who, c)) for c in POSITION_CATEGORIES)
        return [alarm for alarm in found if alarm is not None]

    def _outcome(self, facts: list[AnyFact], at: Instant) -> Outcome:
        """Durable, and busy where the alarm finds nobody to call or no way to anybody: the unit
        then tries its second receiver."""
        for fact in facts:
            if isinstance(fact, StepStarted):
                lost = fact.reason.code is ReasonCode.NOBODY_ANYWHERE
            else:
                born = self.state.alarms[fact.alarm] if isinstance(fact, AlarmRaised) else None
                lost = born is not None and no_way(self.state, born, at)
            if lost:
                return Outcome.BUSY
        return Outcome.DURABLE


def _changed(facts: list[AnyFact]) -> Iterator[str]:
    """Yield the alarms, tasks and tests that the facts are about, some of them several times."""
    for fact in facts:
        if isinstance(fact, AlarmFact):
            yield fact.alarm
        elif isinstance(fact, TaskFact):
            yield fact.task
        elif isinstance(fact, TESTS) and fact.test is not None:
            yield fact.test


def _note(command: Command | TaskCommand, facts: list[AnyFact]) -> list[Document]:
    ends = (fact for fact in facts if isinstance(fact, CommandEnded | TaskCommandEnded))
    done = any(fact.refused is None for fact in ends)
    if not done or not command.note:
        return []
    return [Document("note", command.id, command.note.encode())]
