"""The `adapters` section: one listener an entry, its shape chosen by `protocol`.

The shapes belong to the protocols (`adapters/<protocol>/config.py`); SCAIP's is written here,
because its session takes secrets and addresses that are no part of a municipality's file.
"""

from typing import Annotated, Literal

from pydantic import Field

from adapters.ev07b.config import Ev07bConfig
from adapters.generic.config import GenericConfig
from adapters.listener import Listener
from adapters.scaip.config import ReplyStyle, RequireAuth
from adapters.webhook.config import WebhookConfig
from adapters.zigbee2mqtt.config import Zigbee2mqttConfig


class ScaipEntry(Listener):
    """A SCAIP receiver over SIP, UDP and TCP."""

    protocol: Literal["scaip"]
    realm: str = Field(default="varde", pattern=r"^[A-Za-z0-9.-]{1,64}$")
    require_auth: RequireAuth = RequireAuth.KNOWN
    reply_style: ReplyStyle = ReplyStyle.AUTO
    heartbeat_min: int | None = Field(default=5, ge=1, le=1440)


ListenerEntry = Annotated[
    ScaipEntry | Ev07bConfig | Zigbee2mqttConfig | WebhookConfig | GenericConfig,
    Field(discriminator="protocol"),
]
