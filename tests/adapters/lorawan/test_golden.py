"""Every known message, and what it says; and the octets of a sensor by themselves."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.lorawan import decode
from routing.instant import from_rfc3339

AT = from_rfc3339("2026-11-22T08:00:00Z")
MESSAGES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "data" / "lorawan.json").read_text()
)["messages"]


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: row["description"])
def test_a_known_message_says_what_its_description_says(row: dict[str, Any]) -> None:
    decoded = decode(json.dumps(row["payload"]).encode(), AT, topic=row["topic"])
    assert [
        {
            "kind": str(event.type),
            "code": event.data.code,
            "history": event.history,
            "data": event.data.model_dump(exclude_defaults=True, exclude={"code"}),
        }
        for event in decoded.events
    ] == row["events"]
    assert {event.subject for event in decoded.events} <= {f"lorawan:{row['device']}"}
    assert (decoded.reply, decoded.error) == (None, None)


@pytest.mark.parametrize(
    ("profile", "octets", "kinds"),
    [
        ("ws301", "030001", ["door.opened"]),
        ("ws101", "017510ff2e01", ["help.pressed"]),
        ("VS340", "017564030001", ["motion.detected"]),
        ("vs373", "03f8040000000000", ["fall.detected"]),
        ("vs373", "06fb0100000100", ["fall.detected"]),
        ("ws101", "ff0bff", ["link.restored"]),
    ],
)
def test_the_octets_of_a_sensor_are_read_by_a_profiles_name(
    profile: str, octets: str, kinds: list[str]
) -> None:
    decoded = decode(bytes.fromhex(octets), AT, topic=profile)
    assert [str(event.type) for event in decoded.events] == kinds
