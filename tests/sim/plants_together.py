"""Planted bugs of municipalities beside each other, of two workers for one of them, and of an
alarm that nobody is called for."""

from collections.abc import Mapping
from unittest.mock import patch

from hub.journal.port import Record
from hub.router.work import Batch
from routing import hear
from tests.sim.broker import Broker, Subscriber
from tests.sim.disk import Disk
from tests.sim.hub import Hub
from tests.sim.plants_more import Plant

_append = Disk.append


def _without_fence(disk: Disk, token: int, batch: Batch) -> bool:
    """Take it whoever it comes from; what the two then make of it is beyond folding."""
    if disk.holds(token):
        return _append(disk, token, batch)
    disk.tokens.append((False, token, len(disk.journal)))
    for fact in batch.facts:
        disk.journal.append(Record(len(disk.journal) + 1, batch.at, fact))
    disk._world.stop()
    return True


def _everybody(broker: Broker, partition: str) -> list[tuple[Subscriber, int]]:
    """As if a hub had subscribed to the topics of every municipality."""
    return list(broker._subscribers.values())


def _nobody_called(*_: object) -> None:
    return None


PLANTS_TOGETHER: Mapping[str, Plant] = {
    "chain-never-starts": (
        Hub,
        lambda: patch.object(hear, "start", _nobody_called),
        "ends_owned_or_loud",
    ),
    "fence-forgotten": (
        Hub,
        lambda: patch.object(Disk, "append", _without_fence),
        "one_writer",
    ),
    "hears-every-municipality": (
        Hub,
        lambda: patch.object(Broker, "hearers", _everybody),
        "nothing_leaks",
    ),
}
