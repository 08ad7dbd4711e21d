"""What a channel is to the notifier: one attempt at one send, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from routing.alarm import Alarm
from routing.state import Owed
from routing.tasks.value import Task


class Result(Enum):
    """What one attempt came to."""

    DELIVERED = "delivered"
    """The receiver's service has it. That proves radio, not ears."""
    AGAIN = "again"
    """Unknown or passing: try again under the same id."""
    FAILED = "failed"
    """It will not work, however often it is tried."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt's result, the channel's name for it (`http-503`), and when to come back."""

    result: Result
    code: str
    again_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """A send with what it is about, as it was when it became owed."""

    owed: Owed
    alarm: Alarm | Task
    address: Mapping[str, str]
    """The person's private settings for the channel, such as `url`."""


class Channel(Protocol):
    """A way to reach people. `attempt` never raises for what a receiver does."""

    async def attempt(self, send: Send) -> Attempt:
        """Try once, within the channel's own time limit."""
