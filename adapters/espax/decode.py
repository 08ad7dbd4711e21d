"""One captured frame read outside a conversation, for `varde decode espax`."""

from adapters.decoded import Decoded
from adapters.espax.clients import Clients
from adapters.espax.config import EspaXConfig
from adapters.espax.conversation import Conversation, Shared
from adapters.espax.frame import frame
from adapters.espax.processes import Processes
from adapters.espax.tell import PROTOCOL, Teller
from adapters.per_connection import PerConnection
from adapters.session import Peer
from adapters.tracker.decode import decode_stream
from routing.event import Event
from routing.instant import Instant

_CONFIG = EspaXConfig(id=PROTOCOL, require_login=False)
_SESSION = "decode"


def decode(payload: bytes, at: Instant) -> Decoded:
    """Read frames in a row, or XML alone, of a listener called `espax` without login; the reply is
    what the nurse-call system gets when all is durable."""
    teller, processes = Teller(_CONFIG), Processes({})
    clients = Clients(processes, lambda: _SESSION)

    def undecodable(_peer: Peer, raw: bytes, reason: str, at: Instant) -> list[Event]:
        return [teller.sayings.undecodable(raw, reason, at)]

    shared = Shared(_CONFIG, {}, teller, processes, clients, undecodable)
    session = PerConnection(lambda peer: Conversation(peer, shared))
    text = payload.lstrip()
    if text.startswith(b"<"):
        payload = frame(bytes(4), text.decode("utf-8", "replace"))
    return decode_stream(session, payload, at)
