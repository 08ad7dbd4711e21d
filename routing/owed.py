"""owed(state, changed) -> sends: what should be under way because of the state.

Level-triggered: the hub compares this with what it is sending, starts what is missing and stops
what is no longer owed. At boot everything owed is new, so a send whose outcome is unknown goes out
again under the same id. Sends are about alarms, about tasks, and tests of channels.
"""

from collections.abc import Iterable, Sequence

from routing.alarm import Alarm
from routing.kinds import Severity
from routing.proofs.book import ChannelTest
from routing.state import Owed, State
from routing.tasks.value import Task

About = Alarm | Task | ChannelTest
"""What a send can be about."""


def owed(state: State, changed: Iterable[str] | None = None) -> Sequence[Owed]:
    """Return the sends owed for the changed alarms, tasks and tests, or all of them at boot, most
    severe first."""
    if changed is None:
        every = state.owed.values()
        return sorted(every, key=lambda one: rank(about(state, one.alarm)), reverse=True)
    abouts = (about(state, id) for id in changed)
    return [
        state.owed[page.send]
        for one in abouts
        if one is not None
        for page in one.pages
        if page.send in state.owed
    ]


def about(state: State, id: str) -> About | None:
    """Return the alarm, task or test of the id; None when it has left memory."""
    return state.alarms.get(id) or state.book.tasks.get(id) or state.proofs.tests.get(id)


def rank(one: About | None) -> tuple[int, bool, int]:
    """Return what goes out first, the highest of all: what needs help, then what is less; of the
    same need those whom we know, then the more severe. So no flood of unknown devices, whose every
    press counts as critical, stands before a resident's pendant."""
    if one is None:
        return 0, False, 0
    known = not isinstance(one, Alarm) or not one.of_stranger
    return min(one.severity, Severity.HIGH), known, one.severity


def index_owed(state: State, old: About | None, new: About) -> None:
    """Bring the sends that should be under way along; `routing.evolve` calls it."""
    if old is not None:
        same = old.pages is new.pages and old.failed is new.failed
        if same and old.delivered is new.delivered:
            return
        for page in old.pages:
            state.owed.pop(page.send, None)
    for page in new.pages:
        if new.owes(page):
            state.owed[page.send] = Owed(new.id, page)
