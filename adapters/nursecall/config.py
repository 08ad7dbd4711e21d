"""The part of a nurse-call listener's configuration that both protocols share."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from adapters.listener import Listener


class Means(StrEnum):
    """What a message of a panel means."""

    CALL = "call"
    ASSISTANCE = "assistance"
    EMERGENCY = "emergency"
    RESET = "reset"
    PRESENCE = "presence"
    PRESENCE_LEFT = "presence_left"
    FAULT = "fault"
    FAULT_OVER = "fault_over"


class TextRule(BaseModel):
    """Panels say much in words only: what a text means that contains these."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    contains: str = Field(min_length=1, max_length=80)
    """Compared without regard to case."""
    means: Means


_PRIORITIES = {1: Means.EMERGENCY, 2: Means.ASSISTANCE, 3: Means.CALL}


class NurseCallListener(Listener):
    """What a message means: a text rule first, then the priority, then the usual."""

    texts: tuple[TextRule, ...] = Field(default=(), max_length=200)
    """The first that fits the text decides."""
    priorities: Mapping[int, Means] = Field(default=_PRIORITIES, max_length=32)
    usual: Means = Means.CALL
    """Of a call whose priority is missing, or not in `priorities`."""
    repeat_within_s: int = Field(default=60, ge=15, le=600)
    """The same message again within this time is the same call."""
    silent_s: int = Field(default=120, ge=10, le=3600)
    """A line without a word for so long is dead."""
    closed_s: int | None = Field(default=10, ge=1, le=3600)
    """So is one whose connection or serial port has been away for so long; null for systems that
    connect for each call."""
