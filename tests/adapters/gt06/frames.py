"""Frames for the tests, made by a checksum of their own (bit by bit, from the polynomial)."""

import json
from pathlib import Path
from typing import Any

IMEI = "353419036066061"
LOGIN = bytes.fromhex("78780d0103534190360660610003c3df0d0a")
"""A captured login."""
WHERE = bytes.fromhex("1a0b160c0000ca066d959c0127516803145a")
"""2026-11-22T12:00:00Z, Oslo, 3 km/h, course 90, fixed."""
CELL = bytes.fromhex("0900f201271100abcd")
AT = 1_795_348_807_000_000
"""2026-11-22T12:00:07Z, seven seconds after that."""


def golden() -> list[dict[str, Any]]:
    path = Path(__file__).parents[2] / "data" / "gt06.json"
    frames: list[dict[str, Any]] = json.loads(path.read_text())["frames"]
    return frames


def x25(data: bytes) -> int:
    crc = 0xFFFF
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = (crc >> 1) ^ (0x8408 if crc & 1 else 0)
    return crc ^ 0xFFFF


def frame(kind: int, content: bytes = b"", serial: int = 1, *, long: bool = False) -> bytes:
    length = len(content) + 5
    body = length.to_bytes(2 if long else 1, "big") + bytes([kind]) + content
    body += serial.to_bytes(2, "big")
    return (b"yy" if long else b"xx") + body + x25(body).to_bytes(2, "big") + b"\r\n"


def alarm(
    code: int, *, status: int = 0x46, serial: int = 1, kind: int = 0x26, where: bytes = WHERE
) -> bytes:
    return frame(kind, where + CELL + bytes([status, 4, 3, code, 2]), serial)


def dated(text: str) -> bytes:
    """Return `WHERE` with a date given as its twelve hex digits."""
    return bytes.fromhex(text) + WHERE[6:]
