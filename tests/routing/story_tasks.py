"""Stories of tasks: the town of `tests.routing.story`, and a line for each fact about a task."""

from routing.facts import AnyFact
from routing.inputs import TimeReached
from routing.instant import SECOND, Instant
from routing.lifecycle import Action, OutcomeCode
from routing.pass_time import next_due
from routing.tasks import facts
from routing.tasks.command import NewTask, TaskCommand
from routing.tasks.life import TaskAction, TaskOutcome
from routing.tasks.value import Task
from tests.routing.story import Story, brief
from tests.routing.story_life import called


def task_brief(fact: AnyFact, at: Instant) -> str:  # noqa: PLR0912 one line a fact, one table
    """Return the fact as the line a test expects."""
    match fact:
        case facts.TaskMade():
            window = f"{(fact.start - at) // SECOND}s to {(fact.end - at) // SECOND}s"
            return f"made {fact.kind} {fact.resident} {window} ({fact.reason.code})"
        case facts.TaskHeld():
            return f"held {(fact.due_at - at) // SECOND}s ({fact.reason.code})"
        case facts.TaskOffered():
            wait = (fact.due_at - at) // SECOND
            return f"offered {fact.step} {wait}s: {called(fact.pages)} ({fact.reason.code})"
        case facts.TaskUntaken():
            return f"untaken: {called(fact.pages)}".rstrip()
        case facts.TaskPaged():
            return f"told {called(fact.pages)} ({fact.reason.code})"
        case facts.TaskAccepted():
            return f"yes {fact.person}{'' if fact.enough else ', more are needed'}"
        case facts.TaskRefused():
            return f"no {fact.person}"
        case facts.TaskReturned():
            return f"returned {fact.person} ({fact.reason.code})"
        case facts.TaskDone():
            return f"done {fact.person} {fact.outcome}"
        case facts.TaskOverdue():
            return f"overdue: {called(fact.pages)}".rstrip()
        case facts.TaskCancelled():
            return f"cancelled {fact.person} ({fact.reason.code})"
        case facts.TaskCommandEnded():
            end = "ok" if fact.refused is None else f"not ok ({fact.refused.code})"
            return f"{fact.action} {end}"
        case facts.VisitWaits():
            return f"visit {fact.plan} waits {(fact.due_at - at) // SECOND}s"
    return brief(fact, at)


class TaskStory(Story):
    """A story in which people do things with tasks."""

    def lines(self, after: int) -> list[str]:
        """Return the journal's lines after a place in it."""
        return [task_brief(one.fact, one.recorded_at) for one in self.journal[after:]]

    def time(self, seconds: int = 0) -> list[str]:
        """Time passes; everything due at its end is noticed, one input after another."""
        before = len(self.journal)
        self.at += seconds * SECOND
        while (due := next_due(self.state)) is not None and due <= self.at:
            assert self.feed(TimeReached()) != []
        return self.lines(before)

    def task_do(
        self,
        person: str,
        action: TaskAction,
        *,
        task: str | None = None,
        new: NewTask | None = None,
        outcome: TaskOutcome | None = None,
        command: str | None = None,
        made_ago_s: int = 0,
    ) -> list[str]:
        """A person does something with the task (the only one, when none is named)."""
        before = len(self.journal)
        self._count += 1
        name = "" if action is TaskAction.MAKE else task or self.task.id
        self.feed(
            TaskCommand(
                id=command or f"t{self._count}",
                task=name,
                person=person,
                action=action,
                made_at=self.at - made_ago_s * SECOND,
                new=new,
                outcome=outcome,
            )
        )
        return self.lines(before)

    def make(self, new: NewTask, person: str = "lea") -> list[str]:
        return self.task_do(person, TaskAction.MAKE, new=new)

    def end_task(self, person: str) -> list[str]:
        return self.task_do(person, TaskAction.DONE, outcome=TaskOutcome.DONE)

    @property
    def task(self) -> Task:
        """The only task."""
        (only,) = self.state.book.tasks.values()
        return only

    def close_all(self) -> None:
        """Somebody accepts and closes every open alarm."""
        for alarm in [a.id for a in self.state.alarms.values() if a.closed_at is None]:
            self.do("anna", Action.ACCEPT, alarm=alarm)
            self.do("anna", Action.CLOSE, alarm=alarm, outcome=OutcomeCode.TECHNICAL)
