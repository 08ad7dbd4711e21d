"""Every known payload is read rightly by `varde decode`, and a wrong reading is noticed."""

from dataclasses import replace

import pytest

from adapters.protocols import PROTOCOLS
from tests.vectors.judge import decode, wrong
from tests.vectors.known import Known, known


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_known_payload_is_read_rightly(protocol: str) -> None:
    rows = known(protocol)
    assert rows
    assert [f"{row.name}: {why}" for row in rows if (why := wrong(row)) is not None] == []


def _press() -> Known:
    return next(row for row in known("gt06") if row.name.startswith("SOS"))


def test_a_reading_that_differs_is_told() -> None:
    row = _press()
    *events, last = row.events or ()
    assert wrong(row) is None
    assert "tells" in str(wrong(replace(row, events=tuple(events))))
    assert "code is None" in str(wrong(replace(row, events=(*events, {**last, "code": "x"}))))
    assert "answers" in str(wrong(replace(row, reply="00")))
    assert "subject" in str(wrong(replace(row, subject="gt06:1")))


def test_what_is_printed_is_what_the_command_prints() -> None:
    printed = decode(_press())
    assert [event["type"] for event in printed.events] == ["help.pressed", "position.reported"]
    assert (printed.reply, printed.error, printed.code) == ("78780516004b3d120d0a", None, 0)
