"""One call read outside a conversation, for `varde decode osmand`."""

import re

from adapters.decoded import Decoded
from adapters.osmand.config import OsmandConfig
from adapters.osmand.session import RECEIVED, SHORTEST_KEY, OsmandSession
from adapters.session import Call
from adapters.undecodable import first_error
from routing.instant import Instant

_REQUEST = re.compile(rb"(?:GET|POST) [^ ?]*(?:\?([^ \r\n]*))?[^\r\n]*\r?\n?", re.ASCII)
_NO_KEY = "-" * SHORTEST_KEY
"""A payload outside a call has no address, so no key is asked for."""
_HEADERS = re.compile(rb"(?:[A-Za-z-]+:[^\r\n]*\r?\n)*\r?\n?")


def decode(payload: bytes, at: Instant, *, check_clock: bool = True) -> Decoded:
    """Read a body (JSON, or fields as in a form), or a whole request that begins with its line."""
    config = OsmandConfig(id="decode", clock_tolerance_s=600 if check_clock else None)
    events = tuple(OsmandSession(config, _NO_KEY).events(_call(payload), at))
    reply = RECEIVED.text.encode()
    return Decoded(events, reply=reply, binary=False, error=first_error(events))


def _call(payload: bytes) -> Call:
    line = _REQUEST.match(payload)
    if line is None:
        return Call({}, payload.strip())
    headers = _HEADERS.match(payload, line.end())
    body = payload[headers.end() if headers else line.end() :]
    return Call({}, body.strip(), query=(line[1] or b"").decode("ascii", "replace"))
