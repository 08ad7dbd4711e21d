"""Planted bugs: each breaks one promise, and the checkers must find it within 500 seeds."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from unittest.mock import patch

from hub.router.work import Batch
from routing import act, hear
from routing import evolve as fold
from routing.alarm import Alarm
from routing.facts import AnyFact, EventRecorded
from routing.instant import Instant
from routing.lifecycle import Action, Phase, Verdict, verdict
from routing.reasons import Reason
from routing.state import State
from tests.sim.hub import Hub
from tests.sim.plants_more import MORE, Plant
from tests.sim.plants_reach import PLANTS_REACH
from tests.sim.plants_together import PLANTS_TOGETHER


class AckBeforeJournal(Hub):
    """Acknowledges and confirms as soon as it has decided."""

    def decided(self, batch: Batch) -> None:
        for done, outcome in batch.done:
            done(outcome)
        batch.done.clear()


class NoSendsAtBoot(Hub):
    """Believes that what it was sending before it died has been sent."""

    def settle_at_boot(self) -> None:
        for alarm in self.engine.state.alarms.values():
            self.sends.under_way[alarm.id] = {page.send for page in alarm.pages}


def _last_acceptance_wins(phase: Phase, action: Action, *, owner: bool) -> Verdict:
    if phase in {Phase.ACCEPTED, Phase.ON_THE_WAY} and action is Action.ACCEPT:
        return Phase.ACCEPTED
    return verdict(phase, action, owner=owner)


def _duplicate_restarts_chain(
    state: State,
    event: EventRecorded,
    at: Instant,
    ids: hear.Ids,
    why: Reason | None = None,
) -> list[AnyFact]:
    if event.event not in state.events:
        return _hear(state, event, at, ids, why)
    state.events.discard(event.event)
    return _hear(state, event, at, lambda name: ids(name) + "-again", why)


_hear = hear.hear
_put_alarm = fold.put_alarm


def _deadline_forgotten(state: State, old: Alarm | None, new: Alarm) -> None:
    """Arms a deadline when an alarm is born and forgets it when a lease is to be watched."""
    _put_alarm(state, old, new)
    if new.phase is Phase.ON_THE_WAY and new.due_at is not None:
        state.due[:] = [entry for entry in state.due if entry[1] != new.id]


PLANTS: Mapping[str, Plant] = {
    "ack-before-journal": (AckBeforeJournal, nullcontext, "every_press_rings"),
    "last-acceptance-wins": (
        Hub,
        lambda: patch.object(act, "verdict", _last_acceptance_wins),
        "one_owner",
    ),
    "no-sends-at-boot": (NoSendsAtBoot, nullcontext, "pages_are_decided_and_sent"),
    "duplicate-restarts-chain": (
        Hub,
        lambda: patch("routing.decide.hear", _duplicate_restarts_chain),
        "every_press_rings",
    ),
    "deadline-forgotten": (
        Hub,
        lambda: patch.object(fold, "put_alarm", _deadline_forgotten),
        "nothing_overdue",
    ),
    **MORE,
    **PLANTS_REACH,
    **PLANTS_TOGETHER,
}
"""Name of the bug to the hub that has it, the patch that plants it, and the checker that must find
it."""


@contextmanager
def planted(name: str | None) -> Iterator[type[Hub]]:
    """Give the hub class to run, with the named bug in place."""
    if name is None:
        yield Hub
        return
    hub_class, patched, _ = PLANTS[name]
    with patched():
        yield hub_class
