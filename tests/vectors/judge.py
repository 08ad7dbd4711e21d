"""Reads a known payload by `varde decode`, as a person would, and compares."""

import io
import json
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from hub.cli.main import main
from routing.instant import from_rfc3339
from tests.vectors.known import Known

AT = from_rfc3339("2026-11-22T12:00:00Z")
"""When every payload arrives: answers that tell the time are compared too."""
UNDECODABLE = "frame.undecodable"


@dataclass(frozen=True, slots=True)
class Printed:
    """What the command printed."""

    events: tuple[Mapping[str, Any], ...]
    reply: str | None
    error: str | None
    code: int


def wrong(row: Known) -> str | None:
    """Return what is read otherwise than written down; None where all is right."""
    printed = decode(row)
    if printed.code == 2:
        return "the command line was refused"
    undecodable = any(event["type"] == UNDECODABLE for event in printed.events)
    if undecodable != (printed.error is not None) and row.protocol != "scaip":
        return f"{UNDECODABLE}: {undecodable}, and the error is {printed.error!r}"
    if row.events is None:
        return None
    said = [_kind(event) for event in row.events]
    told = [event["type"] for event in printed.events]
    if told != said:
        return f"tells {told}, not {said}"
    for event, expected in zip(printed.events, row.events, strict=True):
        if (difference := _difference(event, expected)) is not None:
            return difference
    if row.reply is not None and (printed.reply or "") != row.reply:
        return f"answers {printed.reply!r}, not {row.reply!r}"
    if row.subject is not None and not {event["subject"] for event in printed.events} <= {
        row.subject
    }:
        return f"the subject is not {row.subject!r}"
    return None


def decode(row: Known) -> Printed:
    """Return what `varde decode` prints for the payload, at a clock that stands still."""
    arguments = ["decode", row.protocol]
    arguments.append(f"--hex={row.octets.hex()}" if row.in_hex else f"--text={row.octets.decode()}")
    arguments += [f"--topic={row.topic}"] if row.topic else []
    arguments += ["--retained"] if row.retained else []
    arguments += [f"--key={row.key}"] if row.key else []
    out, clock = io.StringIO(), SimpleNamespace(time_ns=lambda: AT * 1000)
    with patch("hub.cli.decode.time", clock), redirect_stdout(out), redirect_stderr(out):
        code = main(arguments)
    return _printed([] if code == 2 else out.getvalue().splitlines(), code)


def _printed(lines: list[str], code: int) -> Printed:
    objects = [json.loads(line) for line in lines]
    replies = [one["reply"] for one in objects if "reply" in one]
    return Printed(
        events=tuple(one["event"] for one in objects if "event" in one),
        reply=next((next(iter(reply.values())) for reply in replies), None),
        error=next((one["error"] for one in objects if "error" in one), None),
        code=code,
    )


def _kind(event: Mapping[str, Any]) -> str:
    return str(event["kind"])


def _difference(event: Mapping[str, Any], expected: Mapping[str, Any]) -> str | None:
    """Return what one event says otherwise; what the row does not speak of is not asked."""
    data = event["data"]
    asked = {**expected, **expected.get("data", {})}
    for name, value in asked.items():
        if name in {"kind", "data", "room"}:
            continue
        found = event[name] if name in event else data.get(name)
        if not _same(found, value):
            return f"{event['type']}: {name} is {found!r}, not {value!r}"
    return None


def _same(found: Any, value: Any) -> bool:
    if isinstance(value, Mapping):
        return isinstance(found, Mapping) and all(_same(found.get(k), v) for k, v in value.items())
    if isinstance(value, float) and isinstance(found, int | float):
        return abs(found - value) < 1e-6
    return bool(found == value)
