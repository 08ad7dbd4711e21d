"""Every known message, and what it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.zigbee2mqtt import decode
from routing.instant import from_rfc3339

AT = from_rfc3339("2026-11-22T08:00:00Z")
MESSAGES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "data" / "zigbee2mqtt.json").read_text()
)["messages"]


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: f"{row['topic']} {row['payload'][:30]}")
def test_a_known_message_says_what_its_description_says(row: dict[str, Any]) -> None:
    decoded = decode(row["payload"].encode(), AT, topic=row["topic"], retained=row["retained"])
    told = [(str(event.type), event.history) for event in decoded.events]
    assert told == [(event["kind"], event["history"]) for event in row["events"]]
    for event, expected in zip(decoded.events, row["events"], strict=True):
        assert event.subject == f"zigbee2mqtt:{row['device']}"
        data = event.data.model_dump(exclude_defaults=True, exclude={"code"})
        assert data == expected["data"]
    assert (decoded.reply, decoded.error) == (None, None)
