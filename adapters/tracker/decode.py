"""One captured payload read outside a conversation."""

from adapters.decoded import Decoded
from adapters.session import Emit, Outcome, Send, WireSession
from adapters.undecodable import first_error
from routing.instant import Instant

_PEER = "tcp:decode"


def decode_stream(session: WireSession, payload: bytes, at: Instant) -> Decoded:
    """Return what a new session makes of one frame, or several in a row; the reply is what a
    device gets when all is durable."""
    outputs = list(session.receive(_PEER, payload, at))
    emitted = [output.event for output in outputs if isinstance(output, Emit)]
    for event_id in dict.fromkeys(event.id for event in emitted):
        outputs += session.confirm(event_id, Outcome.DURABLE, at)
    left = session.closed(_PEER, at)
    events = (*emitted, *(output.event for output in left if isinstance(output, Emit)))
    reply = b"".join(output.data for output in outputs if isinstance(output, Send))
    return Decoded(events, reply or None, binary=True, error=first_error(events))
