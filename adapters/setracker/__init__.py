"""SeTracker, BeeSure and 3G watches over TCP: text between brackets.

`FrameReader` cuts the stream, `parse_content` reads a frame, `Teller` turns it into events,
`setracker_session` holds the conversation. Source: the frames in traccar's Watch decoder tests and
that decoder (traccar/traccar, Apache-2.0; facts only).
"""

from adapters.setracker.config import SetrackerConfig
from adapters.setracker.decode import decode
from adapters.setracker.protocol import PROTOCOL
from adapters.setracker.session import setracker_session

__all__ = ["PROTOCOL", "SetrackerConfig", "decode", "setracker_session"]
