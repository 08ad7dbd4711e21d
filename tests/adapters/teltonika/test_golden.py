"""Every known frame, and what it says."""

from typing import Any

import pytest

from adapters.teltonika import decode
from routing.instant import from_rfc3339
from tests.adapters.teltonika.frames import arc, golden

NOW = from_rfc3339("2026-11-22T08:00:00Z")


@pytest.mark.parametrize("row", golden(), ids=lambda row: row["desc"])
def test_a_known_frame_says_what_its_description_says(row: dict[str, Any]) -> None:
    decoded = decode(bytes.fromhex(row["hex"]), NOW, check_clock=False)
    told = [
        {
            "kind": str(event.type),
            "time": event.time,
            "code": event.data.code,
            "part": event.data.part,
        }
        for event in decoded.events
    ]
    assert told == row["events"]
    assert {event.data.battery_pct for event in decoded.events} == {row["battery_pct"]}
    assert (None if decoded.reply is None else decoded.reply.hex()) == row["reply"]
    assert (decoded.error is not None) == ("frame.undecodable" in [e["kind"] for e in told])


@pytest.mark.parametrize("row", golden(), ids=lambda row: row["desc"])
def test_positions_are_read(row: dict[str, Any]) -> None:
    decoded = decode(bytes.fromhex(row["hex"]), NOW, check_clock=False)
    found = [
        {
            "lat": position.lat,
            "lon": position.lon,
            "alt": position.altitude_m,
            "course": position.course_deg,
            "speed_kmh": position.speed_kmh,
        }
        for event in decoded.events
        if event.type == "position.reported" and (position := event.data.position) is not None
    ]
    assert found == row["positions"]


def test_the_login_names_the_device() -> None:
    (event,) = decode(bytes.fromhex(golden()[0]["hex"]), NOW).events
    assert event.subject == "teltonika:123456789012345"


def test_the_oracle_of_the_checksum_knows_the_published_check_value() -> None:
    # CRC-16/ARC, check value of the catalogue of parametrised CRC algorithms.
    assert arc(b"123456789") == 0xBB3D
