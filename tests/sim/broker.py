"""The simulated broker: QoS 1 towards one persistent session per partition, with losses a real one
has.

It keeps a message until it is acknowledged and gives it again after the hub has been away. A worker
that connects takes the session over: what was not acknowledged comes again, and a late
acknowledgement over the old connection counts for nothing. When the broker is killed itself it may
lose what it has taken last, as Mosquitto does; that is why a device is answered by the hub's
confirmation and not by the broker's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.sim.world import World

Payload = object


@dataclass(slots=True)
class Message:
    number: int
    partition: str
    payload: Payload


Subscriber = Callable[[Message, int], None]
"""Takes a message, with the number of the connection over which it came."""


class Broker:
    """Every partition's topics, one subscriber each."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[int, Message] = {}
        self._next = 0
        self.up = True
        self._subscribers: dict[str, tuple[Subscriber, int]] = {}
        self._connections = 0

    def publish(self, partition: str, payload: Payload) -> None:
        """Take a message over a link that may lose or repeat it."""
        if not self.up or self._world.chance(0.05):
            return
        copies = 2 if self._world.chance(0.05) else 1
        for _ in range(copies):
            self._next += 1
            message = Message(self._next, partition, payload)
            self._kept[message.number] = message
            self._deliver_later(message)

    def ack(self, message: Message, connection: int) -> None:
        """Forget a message. An acknowledgement is lost only with its connection, and after the
        reconnect the message comes again at once."""
        present = self._subscribers.get(message.partition)
        if not self.up or present is None or present[1] != connection:
            return
        if self._world.chance(0.02):
            self._deliver_later(message)
        else:
            self._kept.pop(message.number, None)

    def connected(self, partition: str, subscriber: Subscriber) -> None:
        """A worker has taken the session: everything not acknowledged comes again."""
        self._connections += 1
        self._subscribers[partition] = subscriber, self._connections
        for message in list(self._kept.values()):
            if message.partition == partition:
                self._deliver_later(message)

    def disconnected(self, partition: str, subscriber: Subscriber) -> None:
        """A worker is gone, if the session was still its own."""
        present = self._subscribers.get(partition)
        if present is not None and present[0] == subscriber:
            del self._subscribers[partition]

    def kill(self) -> None:
        """Die, losing some of what was taken last."""
        self.up = False
        for number in list(self._kept)[-3:]:
            if self._world.chance(0.5):
                del self._kept[number]

    def restart(self) -> None:
        self.up = True
        for partition, (subscriber, _) in list(self._subscribers.items()):
            self.connected(partition, subscriber)

    def hearers(self, partition: str) -> list[tuple[Subscriber, int]]:
        """Return who is given a message of the partition: its own subscriber alone."""
        present = self._subscribers.get(partition)
        return [] if present is None else [present]

    def _deliver_later(self, message: Message) -> None:
        self._world.after(self._world.between_s(0.0005, 0.05), self._deliver, message)

    def _deliver(self, message: Message) -> None:
        if self.up and message.number in self._kept:
            for subscriber, connection in self.hearers(message.partition):
                subscriber(message, connection)
