"""Social alarms: SCAIP (SS 91100:2014, CLC/TS 50134-9) over SIP, by UDP, TCP and TLS."""

from adapters.scaip.config import (
    Credential,
    DeviceSettings,
    Limits,
    ReplyStyle,
    RequireAuth,
    ScaipConfig,
    Speech,
)
from adapters.scaip.decode import decode
from adapters.scaip.entry import ScaipEntry
from adapters.scaip.protocol import PROTOCOL
from adapters.scaip.session import ScaipSession

__all__ = [
    "PROTOCOL",
    "Credential",
    "DeviceSettings",
    "Limits",
    "ReplyStyle",
    "RequireAuth",
    "ScaipConfig",
    "ScaipEntry",
    "ScaipSession",
    "Speech",
    "decode",
]
