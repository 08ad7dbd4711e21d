"""Frames for the tests, made by a checksum of their own (bit by bit, from the polynomial)."""

import json
from pathlib import Path
from typing import Any

LOGIN = bytes.fromhex("000F313233343536373839303132333435")
AT = 1_795_348_807_000_000
"""2026-11-22T12:00:07Z."""
NOW_MS = 1_795_348_800_000
"""2026-11-22T12:00:00Z."""
OSLO = bytes.fromhex("06688e10 23b60b78 000c 005a 09 0004")
"""10.7515408, 59.9133048; 12 m, course 90, 9 satellites, 4 km/h."""


def golden() -> list[dict[str, Any]]:
    path = Path(__file__).parents[2] / "data" / "teltonika.json"
    frames: list[dict[str, Any]] = json.loads(path.read_text())["frames"]
    return frames


def arc(data: bytes) -> int:
    crc = 0
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc


def record(
    event: int = 0,
    io: dict[int, int] | None = None,
    *,
    ms: int = NOW_MS,
    priority: int = 0,
    place: bytes = OSLO,
) -> bytes:
    """A record of codec 8 extended with elements of one octet."""
    given = io or {}
    count = len(given).to_bytes(2, "big")
    elements = b"".join(key.to_bytes(2, "big") + bytes([value]) for key, value in given.items())
    said = event.to_bytes(2, "big") + count + count + elements + bytes(8)
    return ms.to_bytes(8, "big") + bytes([priority]) + place + said


def wrapped(content: bytes) -> bytes:
    head = bytes(4) + len(content).to_bytes(4, "big")
    return head + content + arc(content).to_bytes(4, "big")


def frame(*records: bytes, codec: int = 0x8E) -> bytes:
    count = bytes([len(records)])
    return wrapped(bytes([codec]) + count + b"".join(records) + count)
