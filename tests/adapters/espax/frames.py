"""Frames as a nurse-call system writes them, made without the adapter's code."""

import json
import re
import struct
from pathlib import Path
from typing import Any

from routing.instant import from_rfc3339

DATA = Path(__file__).parents[2] / "data" / "espax.json"
AT = from_rfc3339("2026-11-22T12:00:00Z")


def golden() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))["frames"]
    return found


def frame(xml: str, number: int = 0) -> bytes:
    octets = xml.encode()
    return b"EX" + struct.pack(">II", len(octets) + 10, number) + octets


def request(name: str, invoke: int = 1, **fields: str) -> bytes:
    body = "".join(f"<{k.replace('_', '-')}>{v}</{k.replace('_', '-')}>" for k, v in fields.items())
    xml = f'<REQ.{name} invokeID="{invoke}">{body}</REQ.{name}>'
    return frame(
        f'<ESPA-X xmlns="http://ns.espa-x.org/espa-x" version="1.00">{xml}</ESPA-X>', invoke
    )


def login(user: str = "Panel", password: str = "correct horse") -> bytes:
    return request("LOGIN", LI_USER=user, LI_PASSWORD=password)


def start(reference: str = "ref-1", room: str = "12", prio: str = "Standard", **more: str) -> bytes:
    said = {"CP_PR_REF": reference, "CP_WARD": "W2", "CP_ROOM": room, "CP_PRIO": prio, **more}
    return request("P-START", 5, **said)


def stop(reference: str = "ref-1") -> bytes:
    return request("P-STOP", 6, CP_PR_REF=reference, CP_PR_MASK="All")


def said(octets: bytes) -> list[str]:
    """What frames say: name, code and what else matters."""
    found = []
    while octets:
        (size,) = struct.unpack(">I", octets[2:6])
        xml, octets = octets[10:size].decode(), octets[size:]
        name = re.search(r"<((?:RSP|IND)\.[A-Z-]+)", xml)
        assert name is not None
        codes = re.findall(r"<(?:RSP-CODE|SS-STATUS|SP-ENDREASON)>([^<]+)<", xml)
        found.append(" ".join([name[1], *codes]))
    return found
