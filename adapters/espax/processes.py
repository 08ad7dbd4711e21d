"""The processes (calls) of a listener: which reference is which call, and what its panel knows.

Kept over restarts, so that an acceptance still finds the panel that waits for it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from adapters.recent import Bounded
from adapters.session import Keep
from routing.event import derive_id
from routing.kinds import Kind
from routing.lifecycle import Phase

_MOST = 2048
_MOST_EARLY = 256
_KEY = "process-"


class Status(StrEnum):
    """What a panel is told of a call: never who."""

    WAITING = "Waiting"
    ACCEPTED = "Accepted"
    ENDED = "Ended"


_STATUS: Mapping[Phase, Status] = {
    Phase.LOOKING: Status.WAITING,
    Phase.ACCEPTED: Status.ACCEPTED,
    Phase.ON_THE_WAY: Status.ACCEPTED,
    Phase.AT_RESIDENT: Status.ACCEPTED,
    Phase.CLOSED: Status.ENDED,
}


@dataclass(slots=True)
class Process:
    """One call of a panel."""

    reference: str
    room: str
    event: str
    user: str
    kind: Kind
    status: Status = Status.WAITING
    known: Status = Status.WAITING
    """What the panel has been told."""

    @property
    def tan(self) -> str:
        """Our own number for it (SP-PR-TAN)."""
        return str(int(self.event[:7] or "0", 16))

    @property
    def key(self) -> str:
        return f"{_KEY}{derive_id(self.reference)[:16]}"


class Processes:
    """Those that go on, the oldest first; where there are too many it is forgotten."""

    def __init__(self, kept: Mapping[str, str]) -> None:
        self._by_reference: Bounded[str, Process] = Bounded(_MOST + 1)
        self._early: Bounded[str, Status] = Bounded(_MOST_EARLY)
        """Of events whose confirmation has not come yet: it has a way of its own."""
        for key, value in kept.items():
            if key.startswith(_KEY):
                process = _read(value)
                self._by_reference[process.reference] = process

    def get(self, reference: str) -> Process | None:
        return self._by_reference.get(reference)

    def begin(self, process: Process) -> list[Keep]:
        """Remember a call that is durable; its alarm may have come further already."""
        process.status = self._early.pop(process.event, process.status)
        self._by_reference.put(process.reference, process)
        kept = [Keep(process.key, _written(process))]
        if len(self._by_reference) > _MOST:
            _, oldest = self._by_reference.popitem(last=False)
            kept.append(Keep(oldest.key, None))
        return kept

    def end(self, reference: str) -> list[Keep]:
        """Forget a call that is over."""
        process = self._by_reference.pop(reference, None)
        return [] if process is None else [Keep(process.key, None)]

    def told(self, event: str, phase: Phase) -> list[Process]:
        """An alarm has come to a phase: return the calls whose panel hears of it. Every call of the
        room goes with the one that raised or joined it, since they are one alarm."""
        first = next((p for p in self._by_reference.values() if p.event == event), None)
        if first is None:
            self._early.put(event, _STATUS[phase])
            return []
        calls = [p for p in self._by_reference.values() if p.room == first.room and _calls(p)]
        for process in calls:
            process.status = _STATUS[phase]
        return calls

    def moved(self, user: str) -> list[Process]:
        """Return the calls of a user with which something has happened."""
        mine = (p for p in self._by_reference.values() if p.user == user)
        return [p for p in mine if p.status is not Status.WAITING]


def _calls(process: Process) -> bool:
    return process.kind is Kind.CALL_RAISED


def _written(process: Process) -> str:
    return json.dumps([process.reference, process.room, process.event, process.user, process.kind])


def _read(value: str) -> Process:
    reference, room, event, user, kind = json.loads(value)
    return Process(reference, room, event, user, Kind(kind))
