"""Nuki smart locks by their own MQTT.

codes     what the numbers mean         topics    which lock a topic speaks of
read      one message as sayings        session   levels, commands and their ends
"""

from adapters.nuki.config import NukiConfig
from adapters.nuki.decode import decode
from adapters.nuki.protocol import PROTOCOL
from adapters.nuki.session import NukiSession

__all__ = ["PROTOCOL", "NukiConfig", "NukiSession", "decode"]
