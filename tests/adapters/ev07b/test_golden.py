"""Every known frame, and what it says."""

from typing import Any

import pytest

from adapters.ev07b import decode
from routing.instant import from_rfc3339
from tests.adapters.ev07b.frames import golden, xmodem

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
    assert {event.data.battery_pct for event in decoded.events} <= {row["battery_pct"]}
    assert {event.history for event in decoded.events} <= {row["archived"]}
    assert {event.subject for event in decoded.events} <= {f"ev07b:{row['imei']}"}
    assert (None if decoded.reply is None else decoded.reply.hex()) == row["reply"]
    assert (decoded.error is not None) == ("frame.undecodable" in [e["kind"] for e in told])


@pytest.mark.parametrize("row", [row for row in golden() if row["position"]])
def test_a_position_is_read(row: dict[str, Any]) -> None:
    (event,) = decode(bytes.fromhex(row["hex"]), NOW, check_clock=False).events
    position, expected = event.data.position, row["position"]
    assert position is not None
    assert (position.lat, position.lon) == pytest.approx((expected["lat"], expected["lon"]))
    assert (position.speed_kmh, position.course_deg, position.altitude_m) == (
        expected["speed_kmh"],
        expected["course"],
        expected["alt"],
    )


def test_the_oracle_of_the_checksum_knows_the_published_check_value() -> None:
    # CRC-16/XMODEM, check value of the catalogue of parametrised CRC algorithms.
    assert xmodem(b"123456789") == 0x31C3


def test_the_clock_is_judged_when_the_time_of_receipt_is_known() -> None:
    captured = bytes.fromhex(golden()[5]["hex"])
    kinds = [str(event.type) for event in decode(captured, NOW).events]
    assert kinds == ["fall.detected", "clock.wrong"]
