"""Ten days of a town: alarms, tasks, changes of configuration; most of it archived."""

from functools import cache

from hub.journal.memory import MemoryReader, MemoryStore, open_reader
from hub.journal.port import Record
from hub.journal.rows import to_row
from routing.instant import HOUR
from routing.kinds import Kind
from routing.lifecycle import Action, OutcomeCode
from routing.municipality import Person, Role
from routing.tasks.command import NewTask
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome
from tests.routing.story import plain
from tests.routing.story_tasks import TaskStory

DAY_S = 86_400


@cache
def life() -> tuple[Record, ...]:
    """Every record of the days."""
    story = TaskStory()
    _press_and_close(story)
    _task(story)
    story.configure(plain(loop="all"), Person(id="dora", roles=(Role.STAFF,)))
    story.hear(Kind.HELP_PRESSED, "scaip:1", occurred_at=story.at - HOUR)
    story.time(70)
    story.do("carl", Action.ACCEPT, alarm=_open(story))
    story.time(2000)
    story.do("carl", Action.CLOSE, alarm=_open(story), outcome=OutcomeCode.NO_NEED)
    story.time(DAY_S + 10)
    story.configure(remove=[("person", "dora")])
    _press_and_close(story)
    story.hear(Kind.LINK_LOST, "scaip:9")
    story.time(DAY_S + 10)
    for _ in range(8):
        _press_and_close(story)
        _task(story)
        story.time(DAY_S + 10)
    story.press()
    story.time(100)
    return tuple(story.journal)


def _open(story: TaskStory) -> str:
    return next(a.id for a in story.state.alarms.values() if a.closed_at is None)


def _press_and_close(story: TaskStory) -> None:
    story.press()
    story.time(5)
    # By whatever channel she is called now: one that has failed comes after those that have not.
    called = next(one.page for one in story.state.owed.values() if one.page.person == "anna")
    story.end(called, delivered=False)
    story.time(70)
    alarm = _open(story)
    story.do("carl", Action.ACCEPT, alarm=alarm)
    story.do("berit", Action.ACCEPT, alarm=alarm)
    story.time(60)
    story.do("carl", Action.CLOSE, alarm=alarm, outcome=OutcomeCode.TALK)


def _task(story: TaskStory) -> None:
    story.make(
        NewTask(kind=TaskKind.VISIT, resident="rolf", start=story.at, end=story.at + 2 * HOUR)
    )
    story.time()
    task = next(one.id for one in story.state.book.tasks.values() if one.live)
    story.task_do("berit", TaskAction.ACCEPT, task=task)
    story.task_do("berit", TaskAction.DONE, task=task, outcome=TaskOutcome.NOT_HOME)


def whole(count: int) -> MemoryReader:
    """A journal of the first records, all of them there."""
    store = MemoryStore("solvik")
    store.rows = [to_row(one.seq, one.recorded_at, one.fact) for one in life()[:count]]
    return open_reader(store)
