"""What a person can do about devices that nobody has registered: list, assign, replay.

The same for the command line and for the pages. It reads files and waits: call it from a thread's
loop or with `asyncio.to_thread` where others wait for the loop.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hub.configuration.apply import CONFIRM_WAIT_S, Publish, Unconfirmed, through_router
from hub.configuration.check import check_data
from hub.configuration.compile import compile
from hub.configuration.export import to_yaml
from hub.configuration.load import load
from hub.configuration.model import MunicipalityFile
from hub.configuration.problem import Problem
from hub.configuration.recorded import recorded
from hub.journal.port import JournalReader
from hub.kept_frames.model import HeardOf
from hub.kept_frames.store import heard_of
from hub.kept_frames.wish import ReplayWish
from routing import topics
from routing.facts_devices import FramesReplayed


class NotAssigned(Exception):
    """The device cannot be registered so; `problems` say what is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("the device cannot be registered so")
        self.problems = problems


class ManagedByFile(Exception):
    """The devices are managed by the municipality file: add the device there and apply it."""


class AlreadyAssigned(Exception):
    """The subject belongs to a registered device, whose id `device` is."""

    def __init__(self, device: str) -> None:
        super().__init__(device)
        self.device = device


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device as it is to be registered."""

    subject: str
    id: str
    resident: str | None = None
    unit: str | None = None
    name: str | None = None
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """One municipality's."""

    municipality: str
    open_journal: Callable[[], JournalReader]
    kept_path: Path
    key: Callable[[], bytes]
    """The secret of the documents' digests."""
    publish: Publish

    def unknown(self) -> list[HeardOf]:
        """Return the devices that were heard and are not registered, the latest first."""
        with closing(self.open_journal()) as journal:
            registry = recorded(journal).state.registry
        found = heard_of(self.kept_path)
        return [one for one in found if one.subject not in registry.device_of or one.kept]

    def with_device(self, new: NewDevice) -> MunicipalityFile:
        """Return the journal's configuration with the device in it, checked.

        AlreadyAssigned, ManagedByFile, NotAssigned.
        """
        with closing(self.open_journal()) as journal:
            now = recorded(journal)
            known = now.state.registry.device_of.get(new.subject)
            if known is not None:
                raise AlreadyAssigned(known)
            file = now.described()
        if "devices" in file.managed_by:
            raise ManagedByFile
        data = load(to_yaml(file)).data
        data.setdefault("devices", []).append(_entry(new))
        wanted, problems = check_data(data)
        if wanted is None:
            raise NotAssigned([p for p in problems if not p.warning])
        return wanted

    async def assign(self, new: NewDevice, author: str) -> None:
        """Register the device by the running router; returns when it is recorded.

        As `with_device`; BrokerAway and Unconfirmed too.
        """
        wanted = await asyncio.to_thread(self.with_device, new)
        with closing(self.open_journal()) as journal:
            now = await asyncio.to_thread(recorded, journal)
            key = self.key()
            await through_router(now, compile(wanted), key, self.publish, author=author)

    async def replay(self, wish: ReplayWish, *, wait_s: float = CONFIRM_WAIT_S) -> FramesReplayed:
        """Have kept frames treated again; returns what came of it. BrokerAway, Unconfirmed."""
        with closing(self.open_journal()) as journal:
            after = journal.head()
            await self.publish(topics.replay(self.municipality), msgspec.json.encode(wish))
            try:
                async with asyncio.timeout(wait_s):
                    return await _told(journal, after, wish.id)
            except TimeoutError:
                raise Unconfirmed from None


async def _told(journal: JournalReader, after: int, request: str) -> FramesReplayed:
    async for records in journal.tail(after):
        for record in records:
            if isinstance(record.fact, FramesReplayed) and record.fact.request == request:
                return record.fact
    raise Unconfirmed


def _entry(new: NewDevice) -> dict[str, object]:
    said = {"id": new.id, "name": new.name or new.id, "subject": new.subject}
    more = {"resident": new.resident, "unit": new.unit}
    found: dict[str, object] = {**said, **{k: v for k, v in more.items() if v is not None}}
    return {**found, "exercise": True} if new.exercise else found
