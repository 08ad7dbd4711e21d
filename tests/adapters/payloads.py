"""Known payloads of the text protocols, and what their events have to say."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from adapters.decoded import Decoded
from adapters.session import Emit, Output, Send
from routing.event import Event
from routing.instant import from_rfc3339

AT = from_rfc3339("2026-11-22T12:00:07Z")
"""Seven seconds after the time that the derived payloads tell."""
ON_THE_HOUR = from_rfc3339("2026-11-22T12:00:00Z")
PEER = "tcp:127.0.0.1:40112#1"
OTHER = "tcp:127.0.0.1:40113#2"


def golden(protocol: str) -> list[dict[str, Any]]:
    path = Path(__file__).parents[1] / "data" / f"{protocol}.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text())["payloads"]
    return rows


def octets(row: dict[str, Any]) -> bytes:
    return bytes.fromhex(row["hex"]) if "hex" in row else str(row["text"]).encode()


def check(decoded: Decoded, row: dict[str, Any]) -> None:
    """Compare what was read with what the row says."""
    told = [
        {
            "kind": str(event.type),
            "time": event.time,
            "code": event.data.code,
            "part": event.data.part,
            "history": event.history,
        }
        for event in decoded.events
    ]
    assert told == row["events"]
    assert (None if decoded.reply is None else decoded.reply.decode()) == row["reply"]
    assert {event.subject for event in decoded.events} <= {row["subject"]}
    assert {event.data.battery_pct for event in decoded.events} <= {row["battery_pct"]}
    assert (decoded.error is not None) == ("frame.undecodable" in [one["kind"] for one in told])
    _check_position(decoded.events, row["position"])


def _check_position(told: Sequence[Event], expected: dict[str, Any] | None) -> None:
    places = [event.data.position for event in told if event.data.position is not None]
    assert bool(places) == (expected is not None)
    if expected is not None:
        last = places[-1]
        assert (last.lat, last.lon) == pytest.approx((expected["lat"], expected["lon"]), abs=1e-6)
        assert last.speed_kmh == pytest.approx(expected["speed_kmh"], abs=1e-3)


def events(outputs: Sequence[Output]) -> list[Event]:
    return [output.event for output in outputs if isinstance(output, Emit)]


def kinds(outputs: Sequence[Output]) -> list[str]:
    return [str(event.type) for event in events(outputs)]


def sent(outputs: Sequence[Output]) -> list[str]:
    return [output.data.decode() for output in outputs if isinstance(output, Send)]
