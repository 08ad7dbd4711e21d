"""What makes mutated octets pass for a whole frame again: length and checksum, by protocol.

Without it nearly every mutation ends at the checksum, and what lies behind that is never tried.
"""

import binascii
from collections.abc import Callable, Mapping

from adapters.espa444.reader import bcc
from adapters.gt06.frame import checksum as x25
from adapters.sia_dc09.frame import checksum as sia_crc
from adapters.teltonika.frame import checksum as arc

_LONGEST = 0xFFFF


def _ev07b(octets: bytes) -> bytes:
    content = octets[8:]
    length, crc = len(content) & _LONGEST, binascii.crc_hqx(content, 0)
    head = octets[1:2] + length.to_bytes(2, "little") + crc.to_bytes(2, "little") + octets[6:8]
    return b"\xab" + head + content


def _gt06(octets: bytes) -> bytes:
    long = octets[:1] == b"\x79"
    body = octets[4 if long else 3 : -4]
    length = len(body) + 2
    size = (length & _LONGEST).to_bytes(2) if long else (length & 0xFF).to_bytes(1)
    begin = b"\x79\x79" if long else b"\x78\x78"
    return begin + size + body + x25(size + body).to_bytes(2) + b"\r\n"


def _teltonika(octets: bytes) -> bytes:
    if octets[:1] == b"\0" and octets[1:2] != b"\0":
        return b"\0" + bytes((len(octets[2:]) & 0xFF,)) + octets[2:]
    data = octets[8:-4]
    return bytes(4) + len(data).to_bytes(4) + data + arc(data).to_bytes(4)


def _sia_dc09(octets: bytes) -> bytes:
    covered = octets[max(octets.find(b'"'), 0) :].strip(b"\r\n")
    return b"\n%04X0%03X%s\r" % (sia_crc(covered), len(covered) & 0xFFF, covered)


def _espa444(octets: bytes) -> bytes:
    content = octets[1:-2].translate(None, b"\x01\x03\x04\x05")
    return b"\x01" + content + b"\x03" + bytes((bcc(content + b"\x03"),))


def _espax(octets: bytes) -> bytes:
    xml = octets[10:]
    return b"EX" + (len(xml) + 10).to_bytes(4) + octets[6:10].ljust(4, b"\0") + xml


def _setracker(octets: bytes) -> bytes:
    parts = octets.strip(b"[]").split(b"*", 3)
    if len(parts) < 4:
        return b"[" + octets.translate(None, b"[]") + b"]"
    maker, device, _, content = parts
    return b"[%s*%s*%04X*%s]" % (maker, device, len(content) & _LONGEST, content)


def _h02(octets: bytes) -> bytes:
    return octets if octets[:1] == b"$" else octets.rstrip(b"#") + b"#"


def _scaip(octets: bytes) -> bytes:
    """A request of its own around the body, told from every other by what the body says."""
    name = b"%08x" % binascii.crc32(octets)
    return (
        b"MESSAGE sip:varde@127.0.0.1 SIP/2.0\r\n"
        b"Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK" + name + b";rport\r\n"
        b"From: <sip:26317@192.0.2.7>;tag=" + name + b"\r\nTo: <sip:varde@127.0.0.1>\r\n"
        b"Call-ID: " + name + b"\r\nCSeq: 1 MESSAGE\r\nMax-Forwards: 70\r\n"
        b"Content-Type: application/scaip+xml\r\n"
        b"Content-Length: " + str(len(octets)).encode() + b"\r\n\r\n" + octets
    )


REPAIRS: Mapping[str, Callable[[bytes], bytes]] = {
    "ev07b": _ev07b,
    "gt06": _gt06,
    "teltonika": _teltonika,
    "sia-dc09": _sia_dc09,
    "espa444": _espa444,
    "espax": _espax,
    "setracker": _setracker,
    "h02": _h02,
    "scaip": _scaip,
}
"""By protocol; of one that is not here the mutated octets are taken as they are."""
