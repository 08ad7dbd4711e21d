"""Planted bugs of ways to people and of duty: each is to be found by the checker beside it."""

from collections.abc import Mapping
from unittest.mock import patch

from routing import evolve, facts, unseen
from routing.alarm import Alarm
from routing.instant import Instant
from routing.kinds import Category
from routing.proofs import act, duty, lost, order, testing
from routing.proofs.command import ReachAction, ReachCommand
from routing.proofs.facts import ChannelProven, ChannelReceived, DutyEnded
from routing.state import Registry, State
from tests.sim.hub import Hub
from tests.sim.plants_more import Plant

_channels, _ended, _end_of_test = order.channels, duty.ended, testing.end_of_test
_watch_calls = unseen.watch_calls


def _a_receipt_proves(registry: Registry, ended: facts.SendEnded) -> list[facts.AnyFact]:
    """Takes radio for ears."""
    found = _end_of_test(registry, ended)
    return [
        ChannelProven(test=fact.test, person=fact.person, channel=fact.channel, took_ms=0)
        if isinstance(fact, ChannelReceived)
        else fact
        for fact in found
    ]


def _as_written(registry: Registry, person: str) -> tuple[str, ...]:
    """Uses channels in the file's order, whatever has failed."""
    known = registry.people.get(person)
    return () if known is None else known.channels


def _without_failed(registry: Registry, person: str) -> tuple[str, ...]:
    """Leaves out what has failed, except where nothing would be left."""
    failed = registry.proofs.failed.get(person, frozenset())
    every = _channels(registry, person)
    return tuple(one for one in every if one not in failed) or every[:1]


def _nothing_reopened(*_: object) -> None:
    return None


def _still_on_the_roster(state: State, command: ReachCommand, at: Instant) -> list[facts.AnyFact]:
    """Says that she goes, and leaves her on the roster."""
    return [fact for fact in _ended(state, command, at) if isinstance(fact, DutyEnded)]


def _only_help_waits(state: State, old: Alarm | None, new: Alarm) -> None:
    if new.category is not Category.TECHNICAL:
        _watch_calls(state, old, new)


def _nobody_waits(*_: object) -> None:
    return None


PLANTS_REACH: Mapping[str, Plant] = {
    "receipts-prove": (
        Hub,
        lambda: patch("routing.decide.end_of_test", _a_receipt_proves),
        "only_answers_prove",
    ),
    "failed-channels-first": (
        Hub,
        lambda: patch.object(order, "channels", _as_written),
        "failed_channels_come_last",
    ),
    "failed-channels-left-out": (
        Hub,
        lambda: patch.object(order, "channels", _without_failed),
        "no_channel_left_out",
    ),
    "lost-phone-keeps-its-alarms": (
        Hub,
        lambda: patch.object(lost, "reopen", _nothing_reopened),
        "lost_phones_keep_no_alarm",
    ),
    "anybody-may-go": (
        Hub,
        lambda: patch.object(duty, "owning", lambda *_: 0),
        "nobody_leaves_with_an_alarm",
    ),
    "the-last-one-unawares": (
        Hub,
        lambda: patch.object(duty, "alone_in", lambda *_: None),
        "nobody_leaves_alone_unawares",
    ),
    "gone-and-still-called": (
        Hub,
        lambda: patch.dict(
            act._ACTIONS,
            {ReachAction.END: act._ACTIONS[ReachAction.END]._replace(facts=_still_on_the_roster)},
        ),
        "off_duty_is_not_called",
    ),
    "only-help-waits-for-receipts": (
        Hub,
        lambda: patch.object(evolve, "watch_calls", _only_help_waits),
        "unseen_is_followed",
    ),
    "tasks-wait-for-no-receipts": (
        Hub,
        lambda: patch("routing.tasks.fold.watch_receipts", _nobody_waits),
        "task_sends_are_followed",
    ),
}
