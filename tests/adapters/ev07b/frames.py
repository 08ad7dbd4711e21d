"""Frames for the tests, made by a checksum of their own (bit by bit, from the polynomial)."""

import json
from pathlib import Path
from typing import Any

IMEI = "863921039983476"
AT = 1_665_643_310_000_000
"""2022-10-13T06:41:50Z, seven seconds after the time in the captured alarm frame."""
STATUS = bytes.fromhex("0924 29b34763 3003a964")
"""Item 0x24 of the captured alarm frame: 06:41:45Z, battery 100 %, not archived."""


def golden() -> list[dict[str, Any]]:
    path = Path(__file__).parents[2] / "data" / "ev07b.json"
    frames: list[dict[str, Any]] = json.loads(path.read_text())["frames"]
    return frames


def xmodem(data: bytes) -> int:
    crc = 0
    for octet in data:
        crc ^= octet << 8
        for _ in range(8):
            crc = (crc << 1) ^ (0x1021 if crc & 0x8000 else 0)
        crc &= 0xFFFF
    return crc


def frame(content: bytes, index: int = 1, flags: int = 0x10) -> bytes:
    head = bytes((0xAB, flags)) + len(content).to_bytes(2, "little")
    return head + xmodem(content).to_bytes(2, "little") + index.to_bytes(2, "little") + content


def data(*items: bytes, imei: str = IMEI) -> bytes:
    named = bytes((len(imei) + 1, 1)) + imei.encode() if imei else b""
    return b"\x01" + named + b"".join(items)


def alarm(bits: int, seconds: int = 0x6347B327) -> bytes:
    return b"\x09\x02" + bits.to_bytes(4, "little") + seconds.to_bytes(4, "little")
