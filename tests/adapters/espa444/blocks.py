"""Blocks as the standard lays them out, made without the adapter's code."""

import json
from pathlib import Path
from typing import Any

from routing.instant import from_rfc3339

DATA = Path(__file__).parents[2] / "data" / "espa444.json"
AT = from_rfc3339("2026-11-22T12:00:00Z")


def golden() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


def check(octets: bytes) -> int:
    """The check character, bit by bit: each bit is the parity of that bit over all octets."""
    bits = (sum(octet >> bit & 1 for octet in octets) % 2 << bit for bit in range(8))
    return sum(bits)


def block(*records: tuple[int, bytes | str], header: str = "1") -> bytes:
    """A block of records (number, value)."""
    values = [(n, v.encode("latin-1") if isinstance(v, str) else v) for n, v in records]
    text = b"\x1e".join(b"%d\x1f%s" % one for one in values)
    return framed(header.encode() + b"\x02" + text)


def framed(content: bytes) -> bytes:
    """Content between SOH and ETX, with its check character."""
    return b"\x01" + content + b"\x03" + bytes((check(content + b"\x03"),))


CALL = block((1, "0815"), (2, "Rom 12"), (4, "3"), (6, "3"))
RESET = block((1, "0815"), (2, "Rom 12"), (4, "1"))
SELECT = b"1\x052\x05"
