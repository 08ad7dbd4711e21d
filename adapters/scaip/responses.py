"""Writing our SIP messages: responses to requests, and the MESSAGE that carries an answer."""

import hashlib
import hmac
import re
from collections.abc import Sequence

from adapters.scaip.peers import address_of, is_datagram, response_peer
from adapters.scaip.sip_headers import parse_name_addr, parse_via, user_of
from adapters.scaip.sip_message import SipRequest, encode
from adapters.session import Peer, Send
from routing.instant import Instant

CONTENT_TYPE = "application/scaip+xml"
_RPORT = re.compile(r";\s*rport\s*(?=;|$)", re.IGNORECASE)
_COOKIE = "z9hG4bK"


class Tokens:
    """Tags, branches and call ids: a keyed hash of a counter and the time, never repeated."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._count = 0

    def make(self, at: Instant) -> str:
        self._count += 1
        text = f"token|{at}|{self._count}".encode()
        return hmac.new(self._secret, text, "sha256").hexdigest()[:20]


def respond(
    request: SipRequest,
    peer: Peer,
    status: int,
    reason: str,
    *,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
    content_type: str = CONTENT_TYPE,
) -> Send:
    """Write a response and address it (RFC 3261, 8.2.6)."""
    vias = request.listed("via")
    lines = [("Via", _seen_via(vias[0], peer)), *(("Via", via) for via in vias[1:])]
    lines += [("From", request.first("from")), ("To", _tagged(request))]
    lines += [("Call-ID", request.first("call-id")), ("CSeq", request.first("cseq")), *headers]
    if body:
        lines.append(("Content-Type", content_type))
    via = parse_via(vias[0])
    to = peer if via is None else response_peer(peer, via)
    return Send(to, encode(f"SIP/2.0 {status} {reason}", lines, body))


def _seen_via(via: str, peer: Peer) -> str:
    """Fill in what we saw of the sender (RFC 3581, 4)."""
    source = address_of(peer)
    filled = _RPORT.sub(f";rport={source.port}", via)
    return filled if "received" in via.lower() else f"{filled};received={source.host}"


def _tagged(request: SipRequest) -> str:
    """Give To a tag that a retransmission gets again."""
    to = request.first("to")
    if "tag" in parse_name_addr(to)[1]:
        return to
    seed = f"{request.first('call-id')}|{request.first('cseq')}|{request.branch}"
    return f"{to};tag={hashlib.blake2b(seed.encode(), digest_size=8).hexdigest()}"


def answer_message(
    request: SipRequest,
    peer: Peer,
    uri: str | None,
    body: bytes,
    *,
    sent_by: str,
    content_type: str,
    tokens: Tokens,
    at: Instant,
) -> tuple[str, Send]:
    """Write the MESSAGE that answers a device's MESSAGE (RFC 3428); return its branch too.

    `uri` is the registered contact; without one the sender is addressed where it sent from.
    """
    branch = f"{_COOKIE}{tokens.make(at)}"
    transport = address_of(peer).transport.upper()
    target = uri or _source_uri(request, peer)
    ours = parse_name_addr(request.first("to"))[0]
    theirs = parse_name_addr(request.first("from"))[0]
    lines = [
        ("Via", f"SIP/2.0/{transport} {sent_by};branch={branch};rport"),
        ("Max-Forwards", "70"),
        ("From", f"<{ours}>;tag={tokens.make(at)}"),
        ("To", f"<{theirs}>"),
        ("Call-ID", f"{tokens.make(at)}@{sent_by.rpartition(':')[0]}"),
        ("CSeq", "1 MESSAGE"),
        ("Content-Type", content_type),
    ]
    return branch, Send(peer, encode(f"MESSAGE {target} SIP/2.0", lines, body))


def _source_uri(request: SipRequest, peer: Peer) -> str:
    source = address_of(peer)
    host = f"[{source.host}]" if ":" in source.host else source.host
    user = re.sub(r"[^A-Za-z0-9+._~!$&*()-]", "", user_of(request.first("from")))
    transport = "" if is_datagram(peer) else f";transport={source.transport}"
    return f"sip:{user}@{host}:{source.port}{transport}" if user else f"sip:{host}:{source.port}"
