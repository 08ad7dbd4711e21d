"""One captured payload read outside a conversation, for `varde decode sia-dc09`."""

from adapters.decoded import Decoded
from adapters.session import Emit, Outcome, Send
from adapters.sia_dc09.config import SiaDc09Config
from adapters.sia_dc09.crypt import KeyWrong, keys_of
from adapters.sia_dc09.session import SiaDc09Session
from adapters.undecodable import first_error
from routing.instant import Instant

_PEER = "udp:decode:0"
_UNTIMED = SiaDc09Config(id="decode", late_s=None, clock_tolerance_s=None)


def decode(
    payload: bytes, at: Instant, *, check_clock: bool = True, key: str | None = None
) -> Decoded:
    """Read one frame, or several in a row, with or without LF and CR; the reply is what a panel
    gets when all is durable.

    `at` is when the payload arrived; without a true one `check_clock` should be False. `key` opens
    an encrypted frame; the padding of the answer is then always the same.
    """
    config = SiaDc09Config(id="decode") if check_clock else _UNTIMED
    try:
        keys = [] if key is None else keys_of(key)
    except KeyWrong as error:
        return Decoded((), None, binary=False, error=str(error))
    session = SiaDc09Session(config, lambda _account: keys, bytes)
    outputs = list(session.receive(_PEER, payload, at))
    emitted = [output.event for output in outputs if isinstance(output, Emit)]
    for event_id in dict.fromkeys(event.id for event in emitted):
        outputs += session.confirm(event_id, Outcome.DURABLE, at)
    reply = b"".join(output.data for output in outputs if isinstance(output, Send))
    return Decoded(tuple(emitted), reply or None, binary=False, error=first_error(emitted))
