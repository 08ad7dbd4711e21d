"""A SCAIP listener in a municipality's file; secrets and addresses are no part of it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from adapters.listener import Listener
from adapters.scaip.codes import is_known
from adapters.scaip.config import ReplyStyle, RequireAuth
from routing.kinds import Kind


def _is_free(code: int) -> int:
    if is_known(code):
        raise ValueError(f"status {code} has its meaning from the standard")
    return code


OwnCode = Annotated[int, Field(ge=1, le=9999), AfterValidator(_is_free)]
"""A status code that the standard's tables leave open: a maker's own are 900-999."""


class ScaipEntry(Listener):
    """A SCAIP receiver over SIP, by UDP, TCP and TLS."""

    protocol: Literal["scaip"] = "scaip"
    realm: str = Field(default="varde", pattern=r"^[A-Za-z0-9.-]{1,64}$")
    require_auth: RequireAuth = RequireAuth.KNOWN
    reply_style: ReplyStyle = ReplyStyle.AUTO
    codes: dict[OwnCode, Kind] = Field(default_factory=dict)
    """What a maker's own status codes mean: `{901: help.pressed}`."""
    sip_gateway: str | None = Field(default=None, pattern=r"^[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$")
    """Where units that speak by SIP alone reach telephone numbers; none by default."""
    heartbeat_min: int | None = Field(default=5, ge=1, le=1440)
