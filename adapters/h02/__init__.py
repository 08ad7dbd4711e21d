"""H02 (`*HQ,...#`) trackers over TCP: text, and a binary form beside it.

`FrameReader` cuts the stream, `parse_text` and `parse_binary` read a frame, `Teller` turns it into
events, `h02_session` holds the conversation. Source: the frames in traccar's H02 decoder tests and
that decoder (traccar/traccar, Apache-2.0; facts only).
"""

from adapters.h02.config import H02Config
from adapters.h02.decode import decode
from adapters.h02.protocol import PROTOCOL
from adapters.h02.session import h02_session

__all__ = ["PROTOCOL", "H02Config", "decode", "h02_session"]
