"""Every known payload of every protocol: the rows of tests/data/<protocol>.json in one shape.

The files differ in what their protocols need; a row is a payload (`hex`, `text`, `line` or
`payload`), where it was heard (`topic`, `retained`) and what it says (`events`, `says` or `kind`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data"
_NAMES = ("desc", "name", "description", "topic")
_PAYLOADS = ("hex", "text", "line", "payload")


@dataclass(frozen=True, slots=True)
class Known:
    """One payload, and what has been written down of it."""

    protocol: str
    name: str
    octets: bytes
    in_hex: bool
    """Whether the file gives it as hex digits."""
    topic: str
    retained: bool
    key: str | None
    """Of an encrypted one."""
    events: tuple[Mapping[str, Any], ...] | None
    """What each event says; None for a payload that is there for its conversation only."""
    reply: str | None
    """Hex of octets, else text; empty where nothing is answered, None where nothing is said."""
    subject: str | None
    """Who every event is about; None where nothing is said of it."""


def known(protocol: str) -> list[Known]:
    """Return the payloads of a protocol; none where it has no file yet."""
    path = DATA / f"{protocol.replace('-', '_')}.json"
    if not path.exists():
        return []
    return [_known(protocol, row) for row in _rows(json.loads(path.read_text("utf-8")))]


def _rows(found: Any) -> Iterator[dict[str, Any]]:
    lists = [found] if isinstance(found, list) else found.values()
    for rows in lists:
        if isinstance(rows, list):
            yield from (row for row in rows if any(name in row for name in _PAYLOADS))


def _known(protocol: str, row: Mapping[str, Any]) -> Known:
    octets = _octets(row)
    return Known(
        protocol=protocol,
        name=next((str(row[name]) for name in _NAMES if name in row), repr(octets[:30])),
        octets=octets,
        in_hex="hex" in row,
        topic=str(row.get("topic", "")),
        retained=bool(row.get("retained", False)),
        key=row.get("expected", {}).get("key_ascii"),
        events=_events(row),
        reply=(row["reply"] or "") if "reply" in row else _acknowledged(row),
        subject=row.get("subject"),
    )


def _octets(row: Mapping[str, Any]) -> bytes:
    if "hex" in row:
        return bytes.fromhex(row["hex"])
    text = row.get("text", row.get("line", row.get("payload")))
    return (text if isinstance(text, str) else json.dumps(text)).encode()


def _events(row: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...] | None:
    if "says" in row:
        return tuple(dict(zip(("kind", "code", "part"), says, strict=True)) for says in row["says"])
    if "kind" in row:
        said = {name: row[name] for name in ("kind", "subject", "data") if name in row}
        return (said,)
    events = row.get("events")
    return tuple(events) if isinstance(events, list) else None


def _acknowledged(row: Mapping[str, Any]) -> str | None:
    acknowledged = row.get("expected", {}).get("ack")
    return None if acknowledged is None else f"\n{acknowledged}\r"
