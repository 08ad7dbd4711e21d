"""`varde decode scaip`: one payload outside any conversation."""

import re

from adapters.decoded import Decoded
from adapters.scaip.body import read_body
from adapters.scaip.codes import Snu
from adapters.scaip.config import ScaipConfig
from adapters.scaip.events import undecodable_event
from adapters.scaip.inbox import Inbox
from adapters.scaip.memory import Memory
from adapters.scaip.replier import reply_for
from adapters.scaip.sip_headers import user_of
from adapters.scaip.sip_message import SipError, SipResponse, parse_datagram
from routing.instant import Instant

_SIP = re.compile(rb"^\s*(\S+ +\S+ +SIP/|SIP/)", re.IGNORECASE)
_SOURCE = "/adapters/scaip/decode"
_CONFIG = ScaipConfig(secret=bytes(16))
"""Only its reply settings are used: nothing here is signed."""


def decode(payload: bytes, at: Instant) -> Decoded:
    """Read a bare XML body or a SIP message; the reply is the `<mrs>` of a confirmed event."""
    if not _SIP.match(payload):
        return _decode_body(payload, "", at)
    try:
        message = parse_datagram(payload)
    except SipError as error:
        event = undecodable_event(
            payload, str(error), source=_SOURCE, subject="scaip:unknown", at=at
        )
        return Decoded((event,), None, False, str(error))
    if isinstance(message, SipResponse) or message.method != "MESSAGE":
        return Decoded((), None, False, None)
    return _decode_body(message.body, user_of(message.first("from")), at)


def _decode_body(body: bytes, user: str, at: Instant) -> Decoded:
    reading = read_body(body)
    inbox = Inbox(_SOURCE, Memory(1))
    taken = inbox.take(body, reading, user=user, datagram=True, at=at)
    snu = taken.fault.snu if taken.fault else Snu.OK
    error = f"sender's fault: {taken.fault.reason}" if taken.fault else None
    reply = None if reading.is_answer else reply_for(_CONFIG, reading, snu)
    return Decoded(taken.events, reply, False, error)
