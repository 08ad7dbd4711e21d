"""Every known message, and what it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.nuki import decode
from routing.instant import from_rfc3339

AT = from_rfc3339("2026-11-22T08:00:00Z")
MESSAGES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "data" / "nuki.json").read_text()
)["messages"]


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: f"{row['topic']} {row['payload']}")
def test_a_known_message_says_what_its_description_says(row: dict[str, Any]) -> None:
    decoded = decode(row["payload"].encode(), AT, topic=row["topic"], retained=row["retained"])
    told = [
        {
            "kind": str(event.type),
            "history": event.history,
            "data": event.data.model_dump(exclude_defaults=True),
        }
        for event in decoded.events
    ]
    assert told == row["events"]
    assert {event.subject for event in decoded.events} <= {"nuki:2BB28570"}
    assert decoded.reply is None
    assert (decoded.error is None) == all(one["kind"] != "frame.undecodable" for one in told)
