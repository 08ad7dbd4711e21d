"""One captured payload read outside a conversation, for `varde decode ev07b`."""

from adapters.decoded import Decoded
from adapters.ev07b.config import Ev07bConfig
from adapters.ev07b.session import ev07b_session
from adapters.session import Emit, Outcome, Send
from adapters.undecodable import first_error
from routing.instant import Instant

_PEER = "tcp:decode"


def decode(payload: bytes, at: Instant, *, check_clock: bool = True) -> Decoded:
    """Read one frame, or several in a row; the reply is what a device gets when all is durable.

    `at` is when the payload arrived; without a true one `check_clock` should be False, so that a
    captured frame is not called late.
    """
    tolerance = 600 if check_clock else None
    session = ev07b_session(Ev07bConfig(id="decode", clock_tolerance_s=tolerance))
    outputs = list(session.receive(_PEER, payload, at))
    emitted = [output.event for output in outputs if isinstance(output, Emit)]
    for event_id in dict.fromkeys(event.id for event in emitted):
        outputs += session.confirm(event_id, Outcome.DURABLE, at)
    left = session.closed(_PEER, at)
    events = (*emitted, *(output.event for output in left if isinstance(output, Emit)))
    reply = b"".join(output.data for output in outputs if isinstance(output, Send))
    return Decoded(events, reply or None, binary=True, error=first_error(events))
