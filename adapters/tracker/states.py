"""Status bits that a device repeats in every frame: told when they change.

A frame that is sent again must give the same events, so what was known before a frame is kept
until another frame comes. The memory is in the process: after a restart what is on is told again.
"""

from collections.abc import Iterable
from typing import NamedTuple

from adapters.recent import Bounded

State = frozenset[int]
_NONE: State = frozenset()


class _Last(NamedTuple):
    key: tuple[object, ...]
    before: State
    now: State


class Change(NamedTuple):
    """Which bits were set by a frame, and which it cleared."""

    set: State
    cleared: State


class States:
    """The last known status of each device."""

    def __init__(self) -> None:
        self._last: Bounded[str | None, _Last] = Bounded()

    def change(self, device: str | None, bits: Iterable[int], key: tuple[object, ...]) -> Change:
        """Remember the bits that are on, and say how they differ; `key` names the frame."""
        last, now = self._last.get(device), frozenset(bits)
        before = _NONE if last is None else last.before if last.key == key else last.now
        self._last.put(device, _Last(key, before, now))
        return Change(now - before, before - now)
