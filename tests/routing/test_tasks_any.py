"""Any commands and any time in any order: what must hold of tasks whatever happens to them."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from routing.evolve import evolve
from routing.facts import decode, encode
from routing.instant import HOUR, SECOND, Instant
from routing.kinds import Kind, Severity
from routing.municipality import Person, Resident, Role
from routing.pass_time import next_due
from routing.snapshot import restore, take
from routing.state import State
from routing.tasks import facts
from routing.tasks.command import NewTask
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome, TaskPhase
from routing.tasks.plans import TaskRule, VisitPlan
from tests.routing.story import town
from tests.routing.story_tasks import TaskStory
from tests.routing.test_tasks import BATTERY, cared

ACTIONS = (*TaskAction, TaskAction.ACCEPT, TaskAction.ACCEPT)
PEOPLE = ("anna", "berit", "carl", "lea", "nobody")
VISITED = Resident(
    id="siri", unit="north", visits=(VisitPlan(id="m", minute=600, overdue=Severity.HIGH),)
)
DOUBLE = TaskRule(on=Kind.BATTERY_LOW, make=TaskKind.CHECK_DEVICE, people=2, within_s=600)
CHANGES = (
    (Person(id="anna", roles=(Role.IT,)),),
    tuple(town(cared(BATTERY), VISITED)),
    (cared(DOUBLE, quiet_from_minute=0, quiet_to_minute=720),),
    (Resident(id="siri", unit="north"),),
)


class Tasks(RuleBasedStateMachine):
    """One town and what happens to its tasks."""

    def __init__(self) -> None:
        super().__init__()
        self.story = TaskStory(town(cared(BATTERY), VISITED))
        self.replica = State()
        self.walked = 0
        self.owners: dict[str, list[str]] = {}
        self.needed: dict[str, int] = {}
        self.over: set[str] = set()
        self.sends: set[str] = set()

    @rule(kind=st.sampled_from((Kind.BATTERY_LOW, Kind.BATTERY_OK, Kind.LINK_LOST)))
    def hear(self, kind: Kind) -> None:
        self.story.hear(kind)

    @rule(hours=st.integers(0, 3), people=st.integers(1, 3), later=st.integers(0, 2))
    def make(self, hours: int, people: int, later: int) -> None:
        start: Instant = self.story.at + later * HOUR
        task = NewTask(kind=TaskKind.OTHER, start=start, end=start + hours * HOUR, people=people)
        told = self.story.make(task)
        assert told[-1] == ("make ok" if hours else "make not ok (task_window_wrong)")

    @rule(draw=st.data(), person=st.sampled_from(PEOPLE), action=st.sampled_from(ACTIONS))
    def act(self, draw: st.DataObject, person: str, action: TaskAction) -> None:
        known = ["none", *self.story.state.book.tasks]
        task = draw.draw(st.sampled_from(known[-4:]))
        told = self.story.task_do(person, action, task=task, outcome=TaskOutcome.DONE)
        assert told[-1].startswith(f"{action} ")

    @rule(draw=st.data(), delivered=st.booleans())
    def end(self, draw: st.DataObject, delivered: bool) -> None:
        owed = sorted(self.story.state.owed)
        if owed:
            one = self.story.state.owed[draw.draw(st.sampled_from(owed))]
            self.story.end(one.page, delivered=delivered)

    @rule(seconds=st.sampled_from((0, 1, 60, 600, 7200, 50_000)))
    def wait(self, seconds: int) -> None:
        self.story.time(seconds)

    @rule(change=st.sampled_from(CHANGES))
    def configure(self, change: tuple[Any, ...]) -> None:
        self.story.configure(*change)

    @rule()
    def remove(self) -> None:
        self.story.configure(remove=[("person", "berit")])

    @invariant()
    def all_holds(self) -> None:
        for record in self.story.journal[self.walked :]:
            stored = type(record)(record.seq, record.recorded_at, decode(encode(record.fact)))
            evolve(self.replica, stored)
            self._walk(stored.fact)
        self.walked = len(self.story.journal)
        state = self.story.state
        assert self.replica == state
        assert restore(take(state)) == state
        self._every_live_task_is_watched_or_overdue()

    def _walk(self, fact: object) -> None:
        """Follow owners by the facts' meaning alone."""
        if isinstance(fact, facts.TaskFact) and not isinstance(fact, facts.TaskArchived):
            assert fact.task not in self.over, "something happens to a task that is over"
        for page in getattr(fact, "pages", ()):
            assert page.send not in self.sends, "a send id was decided twice"
            self.sends.add(page.send)
        match fact:
            case facts.TaskMade(task=task, people=people):
                assert task not in self.needed, "a task was made twice"
                self.owners[task], self.needed[task] = [], people
            case facts.TaskAccepted(task=task, person=person, enough=enough):
                assert person not in self.owners[task]
                self.owners[task].append(person)
                assert len(self.owners[task]) <= self.needed[task]
                assert enough == (len(self.owners[task]) == self.needed[task])
            case facts.TaskReturned(task=task, person=person):
                self.owners[task].remove(person)
            case facts.TaskOffered(task=task, pages=pages):
                assert len(self.owners[task]) < self.needed[task], "offered although all is taken"
                assert not {page.person for page in pages} & set(self.owners[task])
            case facts.TaskDone(task=task) | facts.TaskCancelled(task=task):
                self.over.add(task)

    def _every_live_task_is_watched_or_overdue(self) -> None:
        state = self.story.state
        for task in state.book.tasks.values():
            assert list(task.owners) == self.owners[task.id]
            assert all(owner in state.registry.people for owner in task.owners if task.live)
            if task.phase is not TaskPhase.OVERDUE:
                assert task.due_at is not None, "nothing will ever happen to it"
        due = next_due(state)
        assert due is None or due >= self.story.at - 50_000 * SECOND


Tasks.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestAnyTasks = Tasks.TestCase
