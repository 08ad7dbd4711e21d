"""Configuration of a signed webhook, and the example that dispensers are mapped by."""

from typing import Literal

from pydantic import Field, field_validator

from adapters.listener import Listener
from adapters.mapping import Mapping
from routing.kinds import Kind


class WebhookConfig(Listener):
    """One sender. Its secret is not here: the hub makes it, or reads it from where secrets are."""

    protocol: Literal["webhook"] = "webhook"
    mapping: Mapping
    tolerance_s: int = Field(default=300, ge=1, le=3600)
    """How far `webhook-timestamp` may be from our clock."""
    dedupe_window_s: int = Field(default=1800, ge=60, le=3600)
    """A message with the same id within this time is the same event. The hub remembers events for
    an hour, so a longer window would promise more than it holds."""

    @field_validator("mapping")
    @classmethod
    def _names_the_device(cls, mapping: Mapping) -> Mapping:
        if mapping.device is None:
            raise ValueError("mapping.device is missing: say where the device's id is in the JSON")
        return mapping


DISPENSER_EXAMPLE = Mapping(
    device="person_id",
    kind_from="measurement",
    kinds={
        "medicine_not_taken": Kind.MEDICATION_MISSED,
        "medicine_taken": Kind.MEDICATION_TAKEN,
    },
    reference="transaction_id",
    time="timestamp",
    dedupe="transaction_id",
)
"""Datapoints as a Finnish gateway for dispensers describes them (apidoc.gillie.ai,
samples/dispenser). Other makers need their own mapping file."""
