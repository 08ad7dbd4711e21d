"""Commands to locks in words, for `hub.telling.timeline`."""

from functools import singledispatch

from hub.telling.words import Words
from routing.facts import Fact
from routing.locks.facts import LockAsked, LockEnded, LockOutcome, TaskLockAsked, TaskLockEnded
from routing.reasons import Reason
from routing.to_device import DeviceAction

Said = tuple[str, Reason | None, str | None]
"""Text, reason, and the person it is about."""


@singledispatch
def say(fact: Fact, words: Words) -> Said | None:
    """Return the fact in words; None for a fact that is not about a lock."""
    return None


@say.register
def _(fact: LockAsked | TaskLockAsked, words: Words) -> Said:
    names = {"person": words.person(fact.person), "device": words.names.name("device", fact.device)}
    text = words.text(f"timeline.lock.{fact.action}.asked", **names)
    return text, fact.reason, fact.person


@say.register
def _(fact: LockEnded | TaskLockEnded, words: Words) -> Said:
    device = words.names.name("device", fact.device)
    text = words.text(f"timeline.lock.{fact.action}.{fact.outcome}", device=device)
    return text, fact.reason, fact.person


def way_in(fact: Fact, words: Words) -> tuple[str, str] | None:
    """Return how one gets in when the door has not opened: a heading and the resident's own text;
    None where there is nothing to tell."""
    if not isinstance(fact, LockEnded | TaskLockEnded) or fact.outcome is LockOutcome.OK:
        return None
    note = words.names.card("resident", fact.resident).entry_note
    if note is None or fact.action is not DeviceAction.UNLOCK:
        return None
    return words.text("timeline.lock.entry_note"), note
