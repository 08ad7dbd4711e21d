"""Answers that wait until every event of their frame is durable.

Any other outcome, or a confirmation that comes too late, is silence: these protocols have no
"busy", and a device that hears nothing sends again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.session import Outcome
from routing.instant import Instant

_MOST_WAITING = 256
"""Answers waited for on one connection; the oldest gives way to silence."""


@dataclass(slots=True)
class _Waiting:
    events: set[str]
    answer: bytes
    until: Instant


class Answers:
    """The answers that one connection owes."""

    def __init__(self, within: Instant) -> None:
        self._within = within
        self._waiting: list[_Waiting] = []

    def owe(self, answer: bytes, events: Iterable[str], at: Instant) -> None:
        """Remember an answer and the ids of the events that it waits for."""
        self._waiting = self._waiting[-_MOST_WAITING + 1 :]
        self._waiting.append(_Waiting(set(events), answer, at + self._within))

    def confirm(self, event_id: str, outcome: Outcome, at: Instant) -> list[bytes]:
        """Return the answers that are earned now, in the order of their frames."""
        concerned = [waiting for waiting in self._waiting if event_id in waiting.events]
        if outcome is not Outcome.DURABLE:
            self._waiting = [waiting for waiting in self._waiting if waiting not in concerned]
            return []
        for waiting in concerned:
            waiting.events.discard(event_id)
        earned = [waiting for waiting in concerned if not waiting.events]
        self._waiting = [waiting for waiting in self._waiting if waiting.events]
        return [waiting.answer for waiting in earned if at <= waiting.until]

    def next_due(self) -> Instant | None:
        """Return when the first of them is too late."""
        return min((waiting.until for waiting in self._waiting), default=None)

    def expire(self, at: Instant) -> None:
        """Forget those that are too late."""
        self._waiting = [waiting for waiting in self._waiting if waiting.until > at]
