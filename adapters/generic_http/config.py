"""Configuration of a gateway that posts JSON with a bearer token."""

from typing import Literal

from pydantic import Field, field_validator

from adapters.listener import Listener
from adapters.mapping import Mapping


class GenericHttpConfig(Listener):
    """One sender. Its token is the secret `generic-http-<id>`: made by the hub, or set."""

    protocol: Literal["generic-http"] = "generic-http"
    mapping: Mapping
    dedupe_window_s: int = Field(default=600, ge=1, le=3600)
    """A message with the same value at `mapping.dedupe`, or the same `Idempotency-Key`, within this
    time is the same event. Without either every call is an event of its own."""

    @field_validator("mapping")
    @classmethod
    def _names_the_device(cls, mapping: Mapping) -> Mapping:
        if mapping.device is None:
            raise ValueError("mapping.device is missing: say where the device's id is in the JSON")
        return mapping
