"""Configuration of a LoRaWAN listener: one application of one network server."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from adapters.listener import Listener
from routing.kinds import Kind


class Profile(StrEnum):
    """What a device's octets are read as."""

    WS101 = "ws101"
    WS301 = "ws301"
    VS340 = "vs340"
    VS373 = "vs373"


Server = Literal["chirpstack", "things-stack"]
DeviceId = Annotated[str, StringConstraints(pattern=r"^[^\s+#/\x00]{1,64}$", to_lower=True)]
"""The DevEUI in hex; the network server's own device id where it gives no DevEUI."""
Part = Annotated[str, StringConstraints(pattern=r"^([^+#/\x00]{1,100}|\+)$")]
Filter = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class DeviceSettings(BaseModel):
    """What is known of one device beside what its network server says."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    profile: Profile
    kinds: Mapping[str, Kind | Literal["ignore"]] = Field(default_factory=dict)
    """What a code means at this device (`button=double: ignore`), before what the profile says."""


class LorawanConfig(Listener):
    """One application of one network server."""

    protocol: Literal["lorawan"] = "lorawan"
    server: Server
    application: Part = "+"
    """ChirpStack: the application's id. The Things Stack: `app@tenant`. `+` is every one."""
    devices: Mapping[DeviceId, DeviceSettings] = Field(default_factory=dict)
    profiles: Mapping[str, Profile] = Field(default_factory=dict)
    """The network server's own profile name (ChirpStack `deviceProfileName`, The Things Stack's
    attribute `profile`) to ours, where the name does not contain the model."""
    gateways: tuple[Filter, ...] = ("eu868/gateway/+/state/conn",)
    """ChirpStack only: where its gateways say whether they are online; the first part is the prefix
    of its region. Empty: not listened to."""
    f_port: int = Field(default=85, ge=1, le=223)
    """The port on which the sensors send; 85 unless it was changed in them."""
    battery_low_pct: int = Field(default=15, ge=1, le=50)
    """At this level or under it a battery is low; it is well again 10 % above."""
    late_after_s: int = Field(default=600, ge=60, le=86_400)
    """What the network server received longer ago than this is history, and rings only if it is a
    call for help."""

    @property
    def filters(self) -> tuple[str, ...]:
        """The topic filters of what this listener reads."""
        if self.server == "chirpstack":
            return (f"application/{self.application}/device/+/event/+", *self.gateways)
        return (f"v3/{self.application}/devices/+/#",)
