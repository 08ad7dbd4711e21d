"""A SCAIP listener in a municipality's file; secrets and addresses are no part of it."""

from typing import Literal

from pydantic import Field

from adapters.listener import Listener
from adapters.scaip.config import ReplyStyle, RequireAuth


class ScaipEntry(Listener):
    """A SCAIP receiver over SIP, UDP and TCP."""

    protocol: Literal["scaip"] = "scaip"
    realm: str = Field(default="varde", pattern=r"^[A-Za-z0-9.-]{1,64}$")
    require_auth: RequireAuth = RequireAuth.KNOWN
    reply_style: ReplyStyle = ReplyStyle.AUTO
    heartbeat_min: int | None = Field(default=5, ge=1, le=1440)
