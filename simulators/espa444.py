"""ESPA 4.4.4 as a control station writes it: enquiries, and blocks with their check character.

`SOH header STX id US value [RS id US value ...] ETX BCC`; BCC is the exclusive or of what stands
after SOH, ETX included. Layout: ESPA publication 4.4.4 (1984).
"""

from collections.abc import Iterable

SOH, STX, ETX, EOT, ENQ, ACK, NAK = b"\x01", b"\x02", b"\x03", b"\x04", b"\x05", b"\x06", b"\x15"
RS, US = b"\x1e", b"\x1f"
ADDRESS, TEXT, CALL_TYPE, PRIORITY, STATUS = 1, 2, 4, 6, 7
CALL, STATUS_INFORMATION = 1, 2
RESET_CALL, STANDARD_CALL = 1, 3


def block(header: int, records: Iterable[tuple[int, str]]) -> bytes:
    """Write a block; texts are Latin-1."""
    values = (b"%d%s%s" % (name, US, value.encode("latin-1", "replace")) for name, value in records)
    body = b"%d%s%s%s" % (header, STX, RS.join(values), ETX)
    return SOH + body + bytes((_check(body),))


def read(octets: bytes) -> dict[int, str]:
    """Read the records of a block; ValueError when its check character is wrong."""
    if octets[:1] != SOH or octets[-2:-1] != ETX or _check(octets[1:-1]) != octets[-1]:
        raise ValueError("no sound block")
    _, _, body = octets[1:-2].partition(STX)
    pairs = (record.partition(US) for record in body.split(RS))
    return {int(name): value.decode("latin-1") for name, _, value in pairs}


def _check(octets: bytes) -> int:
    found = 0
    for octet in octets:
        found ^= octet
    return found
