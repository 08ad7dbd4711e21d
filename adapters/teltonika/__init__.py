"""Teltonika trackers over TCP, codec 8, 8 extended and 16.

`FrameReader` cuts the stream, `parse_records` reads a data frame, `tell` turns it into events,
`teltonika_session` holds the conversation. Sources: Teltonika's public description of its data
sending protocols, and the frames in traccar's Teltonika decoder tests (traccar/traccar,
Apache-2.0; facts only).
"""

from adapters.teltonika.config import TeltonikaConfig
from adapters.teltonika.decode import decode
from adapters.teltonika.protocol import PROTOCOL
from adapters.teltonika.session import teltonika_session

__all__ = ["PROTOCOL", "TeltonikaConfig", "decode", "teltonika_session"]
