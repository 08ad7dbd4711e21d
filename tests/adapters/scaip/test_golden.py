"""Every known payload, as one line: what it means and what a confirmed one is answered."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.scaip import decode
from tests.adapters.scaip.unit import T0

_ROWS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "data" / "scaip.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("row", _ROWS, ids=[row["name"][:40] for row in _ROWS])
def test_payload(row: dict[str, Any]) -> None:
    decoded = decode(row["payload"].encode(), T0)
    assert [event.type.value for event in decoded.events] == [row["kind"]]
    event = decoded.events[0]
    assert event.subject == row["subject"]
    data = json.loads(event.data.model_dump_json(exclude_none=True))
    assert {name: data[name] for name in row["data"]} == row["data"]
    assert decoded.reply == row["reply"].encode()
    assert (decoded.error is not None) == row["is_error"]
    assert not decoded.binary


def test_every_family_of_payload_is_there() -> None:
    assert len(_ROWS) == 19


def test_a_sip_message_that_is_none_is_the_senders_fault() -> None:
    decoded = decode(b"MESSAGE sip:arc@x SIP/2.0\r\n\r\n", T0)
    assert decoded.error == "sender's fault: no readable Via, so there is nowhere to answer"
    assert [event.type.value for event in decoded.events] == ["frame.undecodable"]
    assert decoded.reply is None


def test_a_message_without_a_body_for_us_has_no_events() -> None:
    register = (
        b"REGISTER sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
        b"From: <sip:7@x>;tag=1\r\nTo: <sip:7@x>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n\r\n"
    )
    decoded = decode(register, T0)
    assert (decoded.events, decoded.reply, decoded.error) == ((), None, None)
