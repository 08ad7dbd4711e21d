"""Frames built by the document, with a checksum of the tests' own, and a session to hear them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from adapters.session import Emit, Output, Send
from adapters.sia_dc09 import SiaDc09Config, SiaDc09Session
from adapters.sia_dc09.crypt import keys_of
from routing.event import Event
from routing.instant import from_rfc3339

AT = from_rfc3339("2026-11-22T12:00:00Z")
NOW = "_12:00:00,11-22-2026"
UDP = "udp:10.0.0.7:40000"
TCP = "tcp:10.0.0.8:40112#1"
KEY = "AAAAAAAAAAAAAAAA"


def golden() -> list[dict[str, Any]]:
    path = Path(__file__).parents[2] / "data" / "sia_dc09.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["vectors"]
    return found


def arc(octets: bytes) -> int:
    """CRC-16/ARC the other way round than the adapter: bits reversed, most significant first."""
    crc = 0
    for octet in octets:
        crc ^= int(f"{octet:08b}"[::-1], 2) << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x8005) & 0xFFFF if crc & 0x8000 else crc << 1
    return int(f"{crc:016b}"[::-1], 2)


def framed(covered: bytes) -> bytes:
    return b"\n%04X%04X%s\r" % (arc(covered), len(covered), covered)


def plain(
    data: str, id: str = "SIA-DCS", sequence: str = "0003", account: str = "1234", after: str = NOW
) -> bytes:
    """One frame as a panel sends it: `plain("|Nri1/MA001")`."""
    own = f"#{account}" if data.startswith("|") else ""
    return framed(f'"{id}"{sequence}L0#{account}[{own}{data}]{after}'.encode("cp1252"))


def session(keys: Mapping[str, str] | None = None, **config: Any) -> SiaDc09Session:
    found = {account: keys_of(key) for account, key in (keys or {}).items()}
    return SiaDc09Session(
        SiaDc09Config(id="arc", **config), lambda account: found.get(account, ()), bytes
    )


def events(outputs: Sequence[Output]) -> list[Event]:
    return [output.event for output in outputs if isinstance(output, Emit)]


def kinds(outputs: Sequence[Output]) -> list[str]:
    return [str(event.type) for event in events(outputs)]


def sent(outputs: Sequence[Output]) -> list[bytes]:
    return [output.data for output in outputs if isinstance(output, Send)]
