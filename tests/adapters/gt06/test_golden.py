"""Every known frame, and what it says."""

from typing import Any

import pytest

from adapters.gt06 import decode
from routing.instant import from_rfc3339
from tests.adapters.gt06.frames import golden, x25

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
    assert {event.subject for event in decoded.events} == {row["subject"]}
    assert (None if decoded.reply is None else decoded.reply.hex()) == row["reply"]
    assert (decoded.error is not None) == ("frame.undecodable" in [e["kind"] for e in told])


@pytest.mark.parametrize("row", [row for row in golden() if row["position"]])
def test_a_position_is_read(row: dict[str, Any]) -> None:
    *_, event = decode(bytes.fromhex(row["hex"]), NOW, check_clock=False).events
    position, expected = event.data.position, row["position"]
    assert position is not None
    assert (position.lat, position.lon) == pytest.approx(
        (expected["lat"], expected["lon"]), abs=1e-6
    )
    assert (position.speed_kmh, position.course_deg) == (expected["speed_kmh"], expected["course"])


def test_the_oracle_of_the_checksum_knows_the_published_check_value() -> None:
    # CRC-16/X-25 (IBM-SDLC), check value of the catalogue of parametrised CRC algorithms.
    assert x25(b"123456789") == 0x906E
