"""Configuration of a Zigbee2MQTT listener."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from adapters.listener import Listener
from routing.kinds import Kind

Topic = Annotated[str, StringConstraints(pattern=r"^[^+#\x00/]+(/[^+#\x00/]+)*$")]


class Zigbee2mqttConfig(Listener):
    """One Zigbee2MQTT gateway."""

    protocol: Literal["zigbee2mqtt"] = "zigbee2mqtt"
    base_topic: Topic = "zigbee2mqtt"
    """`mqtt.base_topic` of the gateway."""
    actions: dict[str, Kind | Literal["ignore"]] = Field(default_factory=dict)
    """What an `action` value means here, beside the built-in ones; `single: help.pressed` makes a
    plain button a call button."""
