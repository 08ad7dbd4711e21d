"""One-time codes: eight characters that are easy to read aloud and to type, and their hash."""

import hashlib
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters: no 0/O and no 1/I."""
LENGTH = 8


def make() -> str:
    """Return a new code, `XXXX-XXXX`, 40 random bits."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{text[:4]}-{text[4:]}"


def normal(typed: str) -> str | None:
    """Return the eight characters of what was typed, None when it cannot be a code.

    Case, spaces and dashes do not matter.
    """
    text = "".join(typed.split()).replace("-", "").upper()
    return text if len(text) == LENGTH and set(text) <= set(ALPHABET) else None


def digest(text: str, salt: bytes) -> bytes:
    """Return the code's hash: slow and salted, since 40 bits fall to a fast one in 15 minutes."""
    return hashlib.scrypt(text.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
