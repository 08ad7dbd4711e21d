"""AES of DC-09, 5.4: CBC with a zero initial vector, and random padding in front of the content.

A key has 128, 192 or 256 bits. Panels show it as hex digits, or as 16, 24 or 32 characters that are
the key themselves; 32 hex digits may be either, so both are tried and the time at the end of the
content says which was right. `hex:` or `text:` in front says it outright.
"""

import re
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

Entropy = Callable[[int], bytes]
"""Gives so many random octets."""

_SIZES = (16, 24, 32)
_BLOCK = 16
_OPENED = re.compile(rb"[\x20-\xff]*\](_[0-9:,-]*)?")
"""What a right key shows: text, a closing bracket, the time. A wrong key shows noise."""
_PADDING = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class KeyWrong(ValueError):
    """A secret is no AES key; the message says what one looks like."""


def keys_of(secret: str) -> list[bytes]:
    """Return the keys a secret may stand for, the likeliest first. KeyWrong when there is none."""
    form, _, rest = secret.strip().partition(":")
    found: list[bytes] = []
    if form != "text":
        found += _from_hex(rest if form == "hex" else secret.strip())
    if form != "hex":
        found.append((rest if form == "text" else secret.strip()).encode())
    found = [key for key in found if len(key) in _SIZES]
    if not found:
        raise KeyWrong("a DC-09 key is 32, 48 or 64 hex digits, or 16, 24 or 32 characters")
    return found


def _from_hex(digits: str) -> list[bytes]:
    try:
        return [bytes.fromhex(digits)]
    except ValueError:
        return []


def decrypt(body: bytes, key: bytes) -> bytes | None:
    """Return padding and content of what follows `[`; None where the key does not open it."""
    digits = body.strip()
    if not digits or len(digits) % (2 * _BLOCK) or not digits.isalnum():
        return None
    try:
        octets = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return None
    clear = _aes(key, octets, encrypting=False)
    return clear if _OPENED.fullmatch(clear) else None


def encrypt(content: str, key: bytes, entropy: Entropy) -> str:
    """Return content, with 1 to 16 octets of padding in front, as hex digits in capitals."""
    clear = content.encode("cp1252", "replace")
    wanted = _BLOCK - len(clear) % _BLOCK
    padding = bytes(_PADDING[octet % len(_PADDING)] for octet in entropy(wanted))
    return _aes(key, padding + clear, encrypting=True).hex().upper()


def _aes(key: bytes, octets: bytes, *, encrypting: bool) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.CBC(bytes(_BLOCK)))
    context = cipher.encryptor() if encrypting else cipher.decryptor()
    return context.update(octets) + context.finalize()
