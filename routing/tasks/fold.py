"""What facts change in the book of tasks and in the sends that are owed for tasks. Called by
`routing.evolve` and by taking up a snapshot, and by nothing else."""

from msgspec.structs import replace

from routing.by_class import registered
from routing.facts import Fact
from routing.instant import Instant
from routing.owed import index_owed
from routing.state import State
from routing.tasks.book import KeptTasks, fold, take_up
from routing.tasks.facts import TaskArchived, TaskFact
from routing.tasks.unheard import watch_receipts
from routing.tasks.value import Task


def folds_tasks(kind: type) -> bool:
    """Whether facts of the class change anything here."""
    return registered(fold, kind) is not None


def fold_tasks(fact: Fact, state: State, at: Instant) -> None:
    """Fold one fact."""
    if not isinstance(fact, TaskFact):
        fold(fact, state.book, at)
        return
    old = state.book.tasks.get(fact.task)
    fold(fact, state.book, at)
    if isinstance(fact, TaskArchived):
        if old is not None:
            _put(state, old, replace(old, pages=()))
        return
    _put(state, old, state.book.tasks[fact.task])


def _put(state: State, old: Task | None, new: Task) -> None:
    index_owed(state, old, new)
    watch_receipts(state, old, new)


def take_up_tasks(state: State, kept: KeptTasks) -> None:
    """Put back what a snapshot holds."""
    state.book = take_up(kept)
    for task in state.book.tasks.values():
        index_owed(state, None, task)
