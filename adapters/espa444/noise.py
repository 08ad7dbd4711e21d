"""What could not be read on a line: told at once, then at most once a minute with the number.

A block with a wrong check character is refused, and the control station sends it again: it is told
only when that has not helped, because a call may have been lost in it.
"""

from adapters.espa444.reader import Noise
from routing.instant import MINUTE, SECOND, Instant

_PATIENCE = 15 * SECOND
_MOST_UNSOUND = 3
"""Blocks in a row; then it is the line, and not one click on it."""


class Noises:
    """The unreadable stretches of one line."""

    def __init__(self) -> None:
        self._quiet_until: Instant = 0
        self._kept: Noise | None = None
        self._count = 0
        self._unsound: Noise | None = None
        self._unsound_count = 0
        self._unsound_due: Instant | None = None

    def noise(self, noise: Noise, at: Instant) -> list[tuple[Noise, int]]:
        """Return what is to be told now, with its count."""
        self._kept, self._count = noise, self._count + 1
        if at < self._quiet_until:
            return []
        return self._tell(at)

    def unsound(self, noise: Noise, at: Instant) -> list[tuple[Noise, int]]:
        """A block with a wrong check character came."""
        self._unsound, self._unsound_count = noise, self._unsound_count + 1
        self._unsound_due = self._unsound_due or at + _PATIENCE
        return self._unsound_tell(at) if self._unsound_count >= _MOST_UNSOUND else []

    def sound(self) -> None:
        """A block came whole: the one before it has come again, or its sender lives."""
        self._unsound, self._unsound_count, self._unsound_due = None, 0, None

    def next_due(self) -> Instant | None:
        held = self._quiet_until if self._count else None
        return min((due for due in (held, self._unsound_due) if due is not None), default=None)

    def due(self, at: Instant) -> list[tuple[Noise, int]]:
        """Return what was held back."""
        told: list[tuple[Noise, int]] = []
        if self._unsound_due is not None and self._unsound_due <= at:
            told += self._unsound_tell(at)
        if self._count and self._quiet_until <= at:
            told += self._tell(at)
        return told

    def rest(self, at: Instant) -> list[tuple[Noise, int]]:
        """The line ends: return everything."""
        told = self._unsound_tell(at)
        self._quiet_until = at
        return [*told, *self._tell(at)]

    def _unsound_tell(self, at: Instant) -> list[tuple[Noise, int]]:
        noise = self._unsound
        self.sound()
        return [] if noise is None else self.noise(noise, at)

    def _tell(self, at: Instant) -> list[tuple[Noise, int]]:
        if self._kept is None:
            return []
        told = [(self._kept, self._count)]
        self._kept, self._count, self._quiet_until = None, 0, at + MINUTE
        return told
