"""Commands to locks on their way: each begun once, one at a time, never late, and its end told.

The end is an event of the lock with the command's id as its reference: what the lock was seen to do
after the command, or that it cannot. When nothing is seen there is no end here: the hub waits, and
then says that nobody knows. What is remembered is lost with the process: an unlock may then be sent
twice within its few seconds of life, and a lock that has been told so twice is as open as once.
"""

from dataclasses import dataclass

from adapters.recent import Bounded
from routing.instant import MINUTE, Instant
from routing.to_device import DeviceAction, DeviceCommand

ANSWERS_WITHIN: Instant = 2 * MINUTE
"""Longer than any lock moves: what is seen later is not because of the command."""


@dataclass(slots=True)
class UnderWay:
    """A command that a lock has been given and that has not ended."""

    command: DeviceCommand
    began_at: Instant
    by_another: bool = False
    """Whether the lock has told since then that it begins something which is not ours."""

    @property
    def unlocks(self) -> bool:
        return self.command.action is DeviceAction.UNLOCK


class LockCommands:
    """The commands of one listener, by device."""

    def __init__(self) -> None:
        self._under_way: Bounded[str, UnderWay] = Bounded()
        self._known: Bounded[str, None] = Bounded()

    def known(self, command: DeviceCommand) -> bool:
        """Say whether the command has come before, and remember it: what is known is not begun."""
        if command.id in self._known:
            return True
        self._known.put(command.id, None)
        return False

    def hindered(self, device: str, command: DeviceCommand, at: Instant) -> str | None:
        """Return as a code why the command is not begun: it comes too late, or another is under
        way."""
        if at >= command.expires_at:
            return "command=expired"
        other = self.under_way(device, at)
        busy = other is not None and at < other.command.expires_at
        return "command=busy" if busy else None

    def begin(self, device: str, command: DeviceCommand, at: Instant) -> None:
        """The lock is told: wait for what it does."""
        self._under_way.put(device, UnderWay(command, at))

    def under_way(self, device: str, at: Instant) -> UnderWay | None:
        """Return what the lock has been told and has not answered."""
        found = self._under_way.get(device)
        if found is None or at - found.began_at >= ANSWERS_WITHIN:
            return None
        return found

    def end(self, device: str) -> None:
        """The lock has answered."""
        self._under_way.pop(device, None)
