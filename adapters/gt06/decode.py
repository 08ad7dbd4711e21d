"""One captured payload read outside a conversation, for `varde decode gt06`."""

from adapters.decoded import Decoded
from adapters.gt06.config import Gt06Config
from adapters.gt06.session import gt06_session
from adapters.tracker.decode import decode_stream
from routing.instant import Instant


def decode(payload: bytes, at: Instant, *, check_clock: bool = True) -> Decoded:
    """Read one frame, or several in a row.

    `at` is when the payload arrived; without a true one `check_clock` should be False, so that a
    captured frame is not called late.
    """
    tolerance = 600 if check_clock else None
    config = Gt06Config(id="decode", clock_tolerance_s=tolerance)
    return decode_stream(gt06_session(config), payload, at)
