"""One captured payload read outside a conversation, for `varde decode ev07b`."""

from adapters.decoded import Decoded
from adapters.ev07b.config import Ev07bConfig
from adapters.ev07b.session import ev07b_session
from adapters.tracker.decode import decode_stream
from routing.instant import Instant


def decode(payload: bytes, at: Instant, *, check_clock: bool = True) -> Decoded:
    """Read one frame, or several in a row; the reply is what a device gets when all is durable.

    `at` is when the payload arrived; without a true one `check_clock` should be False, so that a
    captured frame is not called late.
    """
    tolerance = 600 if check_clock else None
    session = ev07b_session(Ev07bConfig(id="decode", clock_tolerance_s=tolerance))
    return decode_stream(session, payload, at)
