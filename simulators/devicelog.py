"""The device's own log: what it sent, and what it was promised.

This is the oracle of crash tests: it lies outside the hub and outside the adapters, so "confirmed
to the device and lost" can be told by comparing it with the hub's journal afterwards.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    at_ms: float
    """Since the log was opened."""
    device: str
    what: str
    """`sent`, `resent`, `answered`, `refused`, `unanswered`, `heard`, `voice`, `link`."""
    action: str
    reference: str
    """The protocol's own reference: SCAIP ref, frame index, webhook id."""
    ms: float | None = None
    """From the first sending to the answer."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How an action of a device ended, as the device sees it."""

    accepted: bool
    ms: float
    reference: str
    detail: str = ""


class DeviceLog:
    """Keeps entries in memory, on disk where a path is given, and tells its listeners."""

    def __init__(
        self, path: Path | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._began = clock()
        self._file = None if path is None else path.open("a", encoding="utf-8")
        self._listeners: list[Callable[[Entry], None]] = []
        self.entries: list[Entry] = []

    def now_ms(self) -> float:
        """Milliseconds since the log was opened."""
        return (self._clock() - self._began) * 1000

    def listen(self, listener: Callable[[Entry], None]) -> Callable[[], None]:
        """Call `listener` for every entry from now on; the returned function ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def note(
        self, device: str, what: str, action: str, reference: str, *, detail: str = ""
    ) -> None:
        """Write down something that has no answer."""
        self._add(Entry(self.now_ms(), device, what, action, reference, None, detail))

    def ended(self, device: str, what: str, action: str, answer: Answer) -> Answer:
        """Write down how an action ended, and give it back."""
        self._add(
            Entry(self.now_ms(), device, what, action, answer.reference, answer.ms, answer.detail)
        )
        return answer

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        if self._file is not None:
            self._file.write(json.dumps(asdict(entry)) + "\n")
            self._file.flush()
        for listener in tuple(self._listeners):
            listener(entry)
