"""One captured transmission read outside a conversation, for `varde decode espa444`."""

from adapters.decoded import Decoded
from adapters.espa444.config import Espa444Config
from adapters.espa444.connection import Connection
from adapters.espa444.statuses import StatusBack
from adapters.espa444.tell import PROTOCOL, Teller
from adapters.per_connection import PerConnection
from adapters.tracker.decode import decode_stream
from routing.instant import Instant

_CONFIG = Espa444Config(id=PROTOCOL)


def decode(payload: bytes, at: Instant) -> Decoded:
    """Read enquiries and blocks in a row, of a listener called `espa444`; the reply is what the
    control station gets when all is durable."""
    teller, back = Teller(_CONFIG), StatusBack(_CONFIG)
    return decode_stream(
        PerConnection(lambda peer: Connection(peer, _CONFIG, teller, back)), payload, at
    )
