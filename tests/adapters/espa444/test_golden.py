"""Every known block and exchange, and what it says."""

from typing import Any

import pytest

from adapters.espa444 import Espa444Config, Espa444Session, decode
from adapters.session import Emit, Outcome, Output, Send
from routing.kinds import KINDS, KindClass
from tests.adapters.espa444.blocks import AT, golden

PEER = "tcp:127.0.0.1:40112#1"


@pytest.mark.parametrize("row", golden()["blocks"], ids=lambda row: row["desc"])
def test_a_known_block_says_what_its_description_says(row: dict[str, Any]) -> None:
    decoded = decode(bytes.fromhex(row["hex"]), AT)
    told = [
        {
            "kind": str(event.type),
            "room": event.subject.removeprefix("espa444:espa444").removeprefix("/"),
            "level": None if event.data.level is None else str(event.data.level),
            "note": event.data.note,
        }
        for event in decoded.events
    ]
    assert told == row["events"]
    assert decoded.reply is not None
    assert decoded.reply.hex() == row["reply"]
    unreadable = any(event["kind"] == "frame.undecodable" for event in told)
    assert (decoded.error is not None) == unreadable


@pytest.mark.parametrize("row", golden()["exchanges"], ids=lambda row: row["desc"])
def test_a_known_exchange_is_answered_as_it_was(row: dict[str, Any]) -> None:
    session = Espa444Session(Espa444Config(id="ward"))
    session.opened(PEER, AT)
    sent: list[str] = []
    calls: set[str] = set()
    for side, octets in row["exchange"]:
        if side == "tx":
            assert sent.pop(0) == octets
            continue
        outputs: list[Output] = list(session.receive(PEER, bytes.fromhex(octets), AT))
        for event in [one.event for one in outputs if isinstance(one, Emit)]:
            if KINDS[event.type].kind_class is not KindClass.SAMPLE:
                calls.add(event.id)
            outputs += session.confirm(event.id, Outcome.DURABLE, AT)
        sent += [one.data.hex() for one in outputs if isinstance(one, Send)]
    assert (sent, len(calls)) == ([], row["events"])
