"""One captured payload read outside a conversation, for `varde decode setracker`."""

from dataclasses import replace

from adapters.decoded import Decoded
from adapters.setracker.config import SetrackerConfig
from adapters.setracker.session import setracker_session
from adapters.tracker.decode import decode_stream
from routing.instant import Instant


def decode(payload: bytes, at: Instant, *, check_clock: bool = True) -> Decoded:
    """Read one frame, or several in a row; `check_clock` is False when `at` is not when it came."""
    tolerance = 600 if check_clock else None
    config = SetrackerConfig(id="decode", clock_tolerance_s=tolerance)
    return replace(decode_stream(setracker_session(config), payload, at), binary=False)
