"""One room of a nurse-call system: its call cord, its presence button and its reset button."""

from collections.abc import Awaitable
from typing import Protocol

from simulators.devicelog import Answer


class CallSystem(Protocol):
    """A nurse-call system that calls for its rooms."""

    name: str

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    def call(self, room: str) -> Awaitable[Answer]: ...
    def assistance(self, room: str) -> Awaitable[Answer]: ...
    def emergency(self, room: str) -> Awaitable[Answer]: ...
    def presence_on(self, room: str) -> Awaitable[Answer]: ...
    def presence_off(self, room: str) -> Awaitable[Answer]: ...
    def reset(self, room: str) -> Awaitable[Answer]: ...


class NurseRoom:
    """The room, with a system of its own."""

    def __init__(self, room: str, system: CallSystem) -> None:
        self._room, self._system = room, system
        self.name = system.name

    async def start(self) -> None:
        """Connect the system."""
        await self._system.start()

    async def stop(self) -> None:
        """Disconnect it."""
        await self._system.stop()

    async def call(self) -> Answer:
        """Somebody pulls the cord."""
        return await self._system.call(self._room)

    async def assistance(self) -> Answer:
        """Staff in the room want a colleague."""
        return await self._system.assistance(self._room)

    async def emergency(self) -> Answer:
        """Staff in the room want everybody."""
        return await self._system.emergency(self._room)

    async def presence_on(self) -> Answer:
        """Staff say that they are in the room."""
        return await self._system.presence_on(self._room)

    async def presence_off(self) -> Answer:
        """Staff say that they leave."""
        return await self._system.presence_off(self._room)

    async def reset(self) -> Answer:
        """The call is reset in the room."""
        return await self._system.reset(self._room)
