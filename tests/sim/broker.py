"""The simulated broker: QoS 1 towards one persistent session, with losses a real one has.

It keeps a message until it is acknowledged and gives it again after the hub has been away. When it
is killed itself it may lose what it has taken last, as Mosquitto does; that is why a device is
answered by the hub's confirmation and not by the broker's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.sim.world import World

Payload = object


@dataclass(slots=True)
class Message:
    number: int
    payload: Payload


class Broker:
    """One topic tree, one subscriber."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[int, Message] = {}
        self._next = 0
        self.up = True
        self.subscriber: Callable[[Message], None] | None = None

    def publish(self, payload: Payload) -> None:
        """Take a message over a link that may lose or repeat it."""
        if not self.up or self._world.chance(0.05):
            return
        copies = 2 if self._world.chance(0.05) else 1
        for _ in range(copies):
            self._next += 1
            message = Message(self._next, payload)
            self._kept[message.number] = message
            self._deliver_later(message)

    def ack(self, message: Message) -> None:
        """Forget a message. An acknowledgement is lost only with its connection, and after the
        reconnect the message comes again at once."""
        if not self.up:
            return
        if self._world.chance(0.02):
            self._deliver_later(message)
        else:
            self._kept.pop(message.number, None)

    def connected(self, subscriber: Callable[[Message], None]) -> None:
        """A hub has taken the session: everything not acknowledged comes again."""
        self.subscriber = subscriber
        for message in list(self._kept.values()):
            self._deliver_later(message)

    def kill(self) -> None:
        """Die, losing some of what was taken last."""
        self.up = False
        for number in list(self._kept)[-3:]:
            if self._world.chance(0.5):
                del self._kept[number]

    def restart(self) -> None:
        self.up = True
        if self.subscriber is not None:
            self.connected(self.subscriber)

    def _deliver_later(self, message: Message) -> None:
        self._world.after(self._world.between_s(0.0005, 0.05), lambda: self._deliver(message))

    def _deliver(self, message: Message) -> None:
        if self.up and self.subscriber is not None and message.number in self._kept:
            self.subscriber(message)
