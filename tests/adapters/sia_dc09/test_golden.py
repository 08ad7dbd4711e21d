"""Every known frame, and what it says."""

from typing import Any

import pytest

from adapters.sia_dc09 import decode
from tests.adapters.sia_dc09.frames import AT, arc, golden


@pytest.mark.parametrize("row", golden(), ids=lambda row: row["desc"])
def test_a_known_frame_says_what_its_description_says(row: dict[str, Any]) -> None:
    expected = row["expected"]
    line = row["line"].encode()
    decoded = decode(line, AT, check_clock=False, key=expected.get("key_ascii"))
    told = [[str(event.type), event.data.code, event.data.part] for event in decoded.events]
    assert told == row["says"]
    assert {event.subject for event in decoded.events} == {f"sia-dc09:{expected['account']}"}
    for event, words in zip(decoded.events, row["words"], strict=False):
        assert words in str(event.data.note)
    undecodable = "frame.undecodable" in [kind for kind, _, _ in row["says"]]
    assert (decoded.error is not None) == undecodable
    if "ack" in expected:
        assert decoded.reply == b"\n" + expected["ack"].encode() + b"\r"


@pytest.mark.parametrize("row", [row for row in golden() if row["expected"].get("crc_ok") is False])
def test_a_frame_with_a_wrong_checksum_is_visible_and_never_answered(row: dict[str, Any]) -> None:
    decoded = decode(row["line"].encode(), AT, check_clock=False)
    assert decoded.reply is None
    assert f"checksum {row['expected']['crc_declared']}" in str(decoded.error)
    assert row["expected"]["crc_calc"] in str(decoded.error)


def test_line_ends_and_several_frames_at_once_are_read() -> None:
    rows = [row for row in golden() if "ack" in row["expected"]]
    together = b"".join(b"\n" + row["line"].encode() + b"\r" for row in rows)
    decoded = decode(together, AT)
    assert [[str(e.type), e.data.code, e.data.part] for e in decoded.events] == [
        row["says"][0] for row in rows
    ]
    assert decoded.reply == b"".join(b"\n%s\r" % row["expected"]["ack"].encode() for row in rows)


def test_the_oracle_of_the_checksum_knows_the_published_check_value() -> None:
    # CRC-16/ARC, check value of the catalogue of parametrised CRC algorithms.
    assert arc(b"123456789") == 0xBB3D


def test_a_key_that_is_none_is_an_error_in_words() -> None:
    decoded = decode(b"", AT, key="short")
    assert decoded.error == "a DC-09 key is 32, 48 or 64 hex digits, or 16, 24 or 32 characters"
