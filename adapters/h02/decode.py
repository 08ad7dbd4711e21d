"""One captured payload read outside a conversation, for `varde decode h02`."""

from dataclasses import replace

from adapters.decoded import Decoded
from adapters.h02.config import H02Config
from adapters.h02.frame import LONGEST_BINARY, SHORTEST_BINARY
from adapters.h02.session import h02_session
from adapters.tracker.decode import decode_stream
from routing.instant import Instant


def decode(payload: bytes, at: Instant, *, check_clock: bool = True) -> Decoded:
    """Read one frame, or several in a row; `check_clock` is False when `at` is not when it came.

    A payload that is one binary frame says by its own length how long such frames are.
    """
    alone = SHORTEST_BINARY < len(payload) < LONGEST_BINARY
    config = H02Config(
        id="decode",
        clock_tolerance_s=600 if check_clock else None,
        binary_octets=len(payload) if alone else SHORTEST_BINARY,
    )
    return replace(decode_stream(h02_session(config), payload, at), binary=False)
