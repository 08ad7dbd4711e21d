"""One captured payload read outside a conversation, for `varde decode teltonika`."""

from adapters.decoded import Decoded
from adapters.teltonika.config import TeltonikaConfig
from adapters.teltonika.session import teltonika_session
from adapters.tracker.decode import decode_stream
from routing.instant import Instant


def decode(payload: bytes, at: Instant, *, check_clock: bool = True) -> Decoded:
    """Read a login, a data frame, or several in a row.

    `at` is when the payload arrived; without a true one `check_clock` should be False, so that a
    captured record is not called late.
    """
    tolerance = 600 if check_clock else None
    config = TeltonikaConfig(id="decode", clock_tolerance_s=tolerance)
    return decode_stream(teltonika_session(config), payload, at)
