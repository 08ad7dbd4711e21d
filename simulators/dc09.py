"""SIA DC-09 frames as a panel writes them and a receiver answers them.

`LF` CRC-16/ARC in hex, `0LLL` in hex, `"id"` sequence receiver line account `[` data `]` time `CR`.
Encrypted: `"*id"`, and AES-CBC with a zero vector over padding, data and time, in hex. Layout:
ANSI/SIA DC-09-2013, section 5.5, as public implementations and its review text describe it.
"""

import re
import time
from calendar import timegm
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_FRAME = re.compile(
    r'\n?([0-9A-F]{4})0?([0-9A-F]{3,4})("(\*?)([A-Z-]+)"(\d{4})((?:R[0-9A-F]+)?(?:[LA][0-9A-F]+)*'
    r"(?:#([0-9A-F]+))?)\[(.*))",
    re.DOTALL,
)
_TIME = "_%H:%M:%S,%m-%d-%Y"
_ZERO_VECTOR = bytes(16)


@dataclass(frozen=True, slots=True)
class Message:
    """A frame that arrived whole, with a true checksum; `text` is opened where it was sealed."""

    id: str
    sealed: bool
    sequence: str
    route: str
    """Receiver, line and account as sent."""
    account: str
    text: str
    """What follows `[`, padding included."""

    @property
    def data(self) -> str:
        """What stands between `|` and the bracket."""
        return self.text.partition("]")[0].rpartition("|")[2]

    @property
    def time_s(self) -> int | None:
        """The time of the sender, Unix seconds; None where there is none."""
        stamp = "_" + self.text.rpartition("_")[2].strip()
        try:
            return timegm(time.strptime(stamp, _TIME))
        except ValueError:
            return None


def crc16_arc(data: bytes) -> int:
    """CRC-16 with polynomial 8005h reflected, start 0."""
    crc = 0
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def frame(content: str) -> bytes:
    """Put checksum and length in front of `"id"...`, LF and CR around it."""
    octets = content.encode("ascii")
    return b"\n%04X%04X%s\r" % (crc16_arc(octets), len(octets), octets)


def stamp(time_s: float) -> str:
    """The time as it stands in a frame, UTC."""
    return time.strftime(_TIME, time.gmtime(time_s))


def seal(text: str, key: bytes, padding: str) -> str:
    """Encrypt `|data]_time`; of the padding as much is used as the block needs."""
    clear = text.encode("ascii")
    clear = padding[: 16 - len(clear) % 16].encode("ascii") + clear
    return _aes(key, clear, encrypting=True).hex().upper()


def read(octets: bytes, key: bytes | None = None) -> Message:
    """Read one frame; ValueError says what is wrong with it."""
    found = _FRAME.fullmatch(octets.removesuffix(b"\r").decode("ascii", "replace"))
    if found is None:
        raise ValueError("no DC-09 frame")
    crc, length, covered, star, name, sequence, route, account, text = found.groups()
    if int(crc, 16) != crc16_arc(covered.encode("ascii", "replace")):
        raise ValueError("false checksum")
    if int(length, 16) != len(covered):
        raise ValueError("false length")
    if star:
        if key is None:
            raise ValueError("encrypted, and there is no key")
        text = _aes(key, bytes.fromhex(text), encrypting=False).decode("ascii", "replace")
    return Message(name, bool(star), sequence, route, account or "", text)


def _aes(key: bytes, octets: bytes, *, encrypting: bool) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.CBC(_ZERO_VECTOR))
    context = cipher.encryptor() if encrypting else cipher.decryptor()
    return context.update(octets) + context.finalize()
