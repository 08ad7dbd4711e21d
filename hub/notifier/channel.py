"""What a channel is to the notifier: one attempt at one send, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from hub.text import Language
from routing.owed import About
from routing.state import Owed


class Result(Enum):
    """What one attempt came to."""

    DELIVERED = "delivered"
    """The receiver's service has it. That proves radio, not ears."""
    TAKEN = "taken"
    """The service has it; the receipt comes from outside, later (`routing.inputs.Receipt`). Until
    then it stays owed, and is not sent again while this process lives."""
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
    alarm: About
    address: Mapping[str, str]
    """The person's private settings for the channel, such as `url`."""
    language: Language = "nb"
    """What the person reads."""
    place: str | None = None
    """Name of the unit in whose zone it is, where there is one: never a home's address."""
    knows_home: bool = True
    """Whether the receiver may be told which resident: not the relative of another, who shares the
    device."""


class Channel(Protocol):
    """A way to reach people. `attempt` never raises for what a receiver does."""

    async def attempt(self, send: Send) -> Attempt:
        """Try once, within the channel's own time limit."""
