"""GT06 trackers over TCP: Concox, Jimi and the many that speak as they do.

`FrameReader` cuts the stream, `parse_content` reads a frame by its type and length, `tell` turns it
into events, `gt06_session` holds the conversation. Sources: Concox and Jimi protocol descriptions,
and traccar's GT06 decoder and its captured frames (traccar/traccar, Apache-2.0; facts only).
"""

from adapters.gt06.config import Gt06Config
from adapters.gt06.decode import decode
from adapters.gt06.protocol import PROTOCOL
from adapters.gt06.session import gt06_session

__all__ = ["PROTOCOL", "Gt06Config", "decode", "gt06_session"]
