"""A send about a task that has had no receipt in time is followed by the same person's next
channel, as with alarms. Nobody's eyes are waited for: the step's own wait asks the next.

No timer: the wait begins and ends as facts are folded, and stands among the watches.
"""

from collections.abc import Iterator

from routing.call import call_of
from routing.fact_base import Page
from routing.instant import SECOND
from routing.proofs.order import next_channel
from routing.reasons import ReasonCode, because
from routing.state import State
from routing.tasks import facts
from routing.tasks.offer import next_page
from routing.tasks.value import Task
from routing.waits import receipt_s
from routing.watch import WatchKind


def watch_receipts(state: State, old: Task | None, new: Task) -> None:
    """Begin and end the waits for receipts; `routing.tasks.fold` calls it."""
    waited = {} if old is None else {one.send: one for one in old.pages if old.owes(one)}
    owed = {one.send: one for one in new.pages if new.owes(one)}
    for send in waited.keys() - owed.keys():
        state.watches.end(WatchKind.UNHEARD, send)
    for send in owed.keys() - waited.keys():
        _begin(state, new, owed[send])


def _begin(state: State, task: Task, one: Page) -> None:
    if next_channel(state.registry, task, one.person, one.send) is None:
        return
    wait_s = receipt_s(state.registry, one.person, one.channel)
    state.watches.put(WatchKind.UNHEARD, one.send, state.recorded_at + wait_s * SECOND)


def call_on(state: State, send: str) -> Iterator[facts.TaskPaged]:
    """Yield the call by the next channel when the wait is over; the first is still tried."""
    task = state.book.tasks.get(send.split(":", maxsplit=1)[0])
    one = None if task is None else next((p for p in task.pages if p.send == send), None)
    if task is None or one is None:
        return
    wait_s = receipt_s(state.registry, one.person, one.channel)
    why = because(ReasonCode.NO_RECEIPT, channel=one.channel, wait_s=wait_s)
    called = next_page(state.registry, task, one.person, send, why)
    if called is not None:
        yield facts.TaskPaged(task=task.id, pages=(called,), due_at=task.due_at, reason=why)


def goes_on_elsewhere(task: Task, send: str) -> bool:
    """Whether the call has gone on by another channel already, so that this one's failure brings
    no further."""
    known = [one.send for one in task.pages]
    later = known[known.index(send) + 1 :] if send in known else []
    return any(call_of(other) == call_of(send) for other in later)
