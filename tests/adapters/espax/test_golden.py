"""Every known frame, and what it says."""

from typing import Any

import pytest

from adapters.espax import decode
from tests.adapters.espax.frames import AT, golden, said


@pytest.mark.parametrize("row", golden(), ids=lambda row: row["desc"])
def test_a_known_frame_says_what_its_description_says(row: dict[str, Any]) -> None:
    decoded = decode(bytes.fromhex(row["hex"]), AT)
    told = [
        {
            "kind": str(event.type),
            "room": event.subject.removeprefix("espax:espax").removeprefix("/"),
            "level": None if event.data.level is None else str(event.data.level),
        }
        for event in decoded.events
    ]
    assert told == row["events"]
    assert decoded.reply is not None
    replies = [one.replace(" Client", "") for one in said(decoded.reply)]
    assert replies == row["replies"]
    unreadable = any(event["kind"] == "frame.undecodable" for event in told)
    assert (decoded.error is not None) == unreadable


def test_xml_without_its_header_is_read_too() -> None:
    xml = b'<ESPA-X><REQ.P-START invokeID="1"><CP-CALLINGNO>7</CP-CALLINGNO></REQ.P-START></ESPA-X>'
    assert [str(event.type) for event in decode(xml, AT).events] == ["call.raised"]
