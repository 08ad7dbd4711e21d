"""What a simulated worker has under way towards phones: attempts that fail, arrive, or arrive and
are not known to have arrived."""

from collections.abc import Callable, Sequence
from typing import Protocol

from routing.facts import SendEnded
from routing.instant import Instant
from routing.state import Owed
from tests.sim.world import World

ATTEMPTS = 3


class Arrives(Protocol):
    """Where sends go."""

    def ring(self, one: Owed) -> None:
        """It is at the phone."""

    def carry(self, one: Owed) -> None:
        """A service has it, whose receipt comes by itself."""


class Sends:
    """Level-triggered, as the hub's notifier: it is told what is owed and makes that so."""

    def __init__(
        self,
        world: World,
        later: Callable[..., None],
        may_send: Callable[[], bool],
        arrives: Arrives,
        ended: Callable[[SendEnded], None],
    ) -> None:
        """`later(delay, happen, ...)` happens in the worker's present life only."""
        self._world, self._later, self._may_send = world, later, may_send
        self._arrives, self._ended = arrives, ended
        self.under_way: dict[str, set[str]] = {}
        """Alarm to its sends."""

    def settle(self, alarm: str, sends: Sequence[Owed]) -> None:
        """Start what is owed for the alarm and not yet under way; stop what is no longer owed."""
        known = self.under_way.setdefault(alarm, set())
        for one in sends:
            if one.page.send not in known:
                known.add(one.page.send)
                self._attempt(one, 1)
        known.intersection_update({one.page.send for one in sends})

    def _attempt(self, one: Owed, number: int) -> None:
        delay: Instant = self._world.between_s(0.02, 2)
        self._later(delay, self._arrive, one, number)

    def _arrive(self, one: Owed, number: int) -> None:
        if one.page.send not in self.under_way.get(one.alarm, ()):
            return
        if not self._may_send():
            self._attempt(one, number)
            return
        if self._world.chance(0.3):
            if number < ATTEMPTS:
                self._attempt(one, number + 1)
            else:
                self._end(one, delivered=False)
            return
        self._arrives.ring(one)
        if self._world.chance(0.3):
            self._arrives.carry(one)
            return
        if self._world.chance(0.1):  # it arrived, and nobody here knows: the same id goes out again
            self._attempt(one, number + 1)
            return
        self._end(one, delivered=True)

    def _end(self, one: Owed, *, delivered: bool) -> None:
        page = one.page
        self._ended(
            SendEnded(
                alarm=one.alarm,
                send=page.send,
                person=page.person,
                channel=page.channel,
                delivered=delivered,
                code="simulated",
            )
        )
