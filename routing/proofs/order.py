"""In which order a person's channels are used: those that may work first, as the person wants
them; then those that have failed. No channel is ever left out."""

from collections.abc import Iterable
from dataclasses import replace

from routing.alarm_value import LIVE_PAGE, Alarm
from routing.call import call_of, tried_in
from routing.facts import AnyFact
from routing.proofs.facts import ChannelBack, ChannelUnproven
from routing.state import Registry
from routing.tasks.value import Task


def channels(registry: Registry, person: str) -> tuple[str, ...]:
    """Return all channels of a person in the order in which they are used now."""
    known = registry.people.get(person)
    if known is None:
        return ()
    failed = registry.proofs.failed.get(person)
    if not failed:
        return known.channels
    good = [channel for channel in known.channels if channel not in failed]
    return (*good, *(channel for channel in known.channels if channel in failed))


def after(registry: Registry, shown: Iterable[AnyFact]) -> Registry:
    """Return the registry as it is after facts about channels, for what is decided beside them."""
    failed = dict(registry.proofs.failed)
    for fact in shown:
        if isinstance(fact, ChannelUnproven):
            failed[fact.person] = failed.get(fact.person, frozenset()) | {fact.channel}
        elif isinstance(fact, ChannelBack):
            failed[fact.person] = failed.get(fact.person, frozenset()) - {fact.channel}
    return replace(registry, proofs=replace(registry.proofs, failed=failed))


def first_channel(registry: Registry, person: str) -> str:
    """Return the channel tried first; the live page for those who have no other."""
    return next(iter(channels(registry, person)), LIVE_PAGE)


def next_channel(registry: Registry, one: Alarm | Task, person: str, send: str) -> str | None:
    """Return the channel tried after a send: the first by which the person has not been rung in the
    same call; None after the last.

    What has been tried decides, and not the place in the order: that changes while a call goes on.
    """
    every = channels(registry, person)
    if len(every) < 2 or send.rpartition(":")[2] == LIVE_PAGE:
        return None
    mine = [page.send for page in one.pages if page.person == person]
    tried = tried_in(call_of(send), (*mine, *one.tried))
    return next((channel for channel in every if channel not in tried), None)
