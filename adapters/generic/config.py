"""Configuration of a generic MQTT listener."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from adapters.generic.pattern import DEVICE, check_pattern
from adapters.listener import Listener
from adapters.mapping import Mapping

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class TopicMapping(BaseModel):
    """How the messages of one topic pattern are read."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    topic: Pattern
    """`care/{device}/button`: `{device}` is the id, `+` is any one part, a last `#` the rest."""
    says: Literal["level", "edge"]
    """A level is a state and speaks when it changes; an edge happens each time it is sent, and is
    history when the broker kept it (retained)."""
    mapping: Mapping

    @model_validator(mode="after")
    def _device_is_named_once(self) -> Self:
        check_pattern(self.topic)
        in_topic = DEVICE in self.topic.split("/")
        if in_topic == (self.mapping.device is not None):
            raise ValueError("the device's id comes from {device} in the topic or mapping.device")
        return self


class GenericConfig(Listener):
    """Messages of one device-side broker, each topic pattern with its mapping."""

    protocol: Literal["generic"] = "generic"
    topics: tuple[TopicMapping, ...] = Field(min_length=1)
    dedupe_window_s: int = Field(default=600, ge=1, le=3600)
    """A message with the same value at `mapping.dedupe` within this time is the same event."""
