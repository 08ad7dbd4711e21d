"""Eview EV-07B / MiniFinder GPS pendants over TCP.

`FrameReader` cuts the stream, `parse_content` reads a frame, `tell` turns it into events,
`Ev07bSession` holds the conversation. Sources: the frames in traccar's Minifinder2 decoder tests
and that decoder (traccar/traccar, Apache-2.0; facts only), and Eview's protocol description.
"""

from adapters.ev07b.config import Ev07bConfig
from adapters.ev07b.decode import decode
from adapters.ev07b.protocol import PROTOCOL
from adapters.ev07b.session import ev07b_session

__all__ = ["PROTOCOL", "Ev07bConfig", "decode", "ev07b_session"]
