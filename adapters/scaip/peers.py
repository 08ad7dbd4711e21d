"""Where a message goes: the bridge's peer names against SIP's addresses."""

from typing import NamedTuple

from adapters.scaip.sip_headers import SipUri, Via
from adapters.session import Peer

DEFAULT_PORT = 5060


class Address(NamedTuple):
    """The parts of a peer name; `host` is a bare IP address without brackets."""

    transport: str
    host: str
    port: int


def address_of(peer: Peer) -> Address:
    """Read `udp:127.0.0.1:5070`, `tcp:127.0.0.1:40112#7` or `tls:...#7`; IPv6 in brackets."""
    transport, _, rest = peer.partition(":")
    host, _, port = rest.partition("#")[0].rpartition(":")
    return Address(transport, host.strip("[]"), int(port))


def is_datagram(peer: Peer) -> bool:
    return peer.startswith("udp:")


def is_private(peer: Peer) -> bool:
    return peer.startswith("tls:")


def datagram_peer(like: Peer, port: int) -> Peer:
    """Return the peer on the same host at another port, written as the bridge writes it."""
    return f"{like.rpartition(':')[0]}:{port}"


def response_peer(peer: Peer, via: Via) -> Peer:
    """Return where a response goes (RFC 3261, 18.2.2; RFC 3581, 4).

    With `rport`, and wherever the Via host is not the source (a NAT is between), the source port is
    right; otherwise the port that the Via names.
    """
    source = address_of(peer)
    if not is_datagram(peer) or "rport" in via.params or via.host.strip("[]") != source.host:
        return peer
    return datagram_peer(peer, via.port or DEFAULT_PORT)


def contact_peer(peer: Peer, contact: SipUri) -> Peer:
    """Return where requests to a registered contact go.

    Never to another host than the one that registered: a contact behind a NAT is reached through
    the source port, and a false contact cannot aim our messages at a third party.
    """
    if not is_datagram(peer) or contact.host.strip("[]") != address_of(peer).host:
        return peer
    return datagram_peer(peer, contact.port or DEFAULT_PORT)
