"""Device clocks: old frames, wrong clocks, local time."""

import pytest

from routing.instant import HOUR, MINUTE
from routing.kinds import Kind
from tests.adapters.gt06.frames import AT, CELL, WHERE, alarm, dated, frame
from tests.adapters.gt06.test_session import PEER, events, kinds, session


def test_old_positions_are_history_and_an_old_press_too() -> None:
    old = alarm(0x01, where=dated("1a0b16090000"))
    press, where = events(session().receive(PEER, old, AT))
    assert (press.type, press.history, where.history) == (Kind.HELP_PRESSED, True, True)
    buffered = frame(0x22, WHERE + CELL[1:] + bytes([0, 0, 1]))
    (position,) = events(session().receive(PEER, buffered, AT))
    assert (position.type, position.history) == (Kind.POSITION_REPORTED, True)


@pytest.mark.parametrize("date", ["1a0b160e0000", "110101000000"], ids=["+2 h", "2017"])
def test_a_clock_that_cannot_be_right_is_a_fault_once_an_hour(date: str) -> None:
    gps = session()
    presses = [alarm(0x01, serial=number, where=dated(date)) for number in range(3)]
    assert kinds(gps.receive(PEER, presses[0], AT))[:2] == ["help.pressed", "clock.wrong"]
    assert "clock.wrong" not in kinds(gps.receive(PEER, presses[1], AT + MINUTE))
    assert not any(event.history for event in events(gps.receive(PEER, presses[2], AT + HOUR)))


def test_a_local_time_is_moved_by_the_zone_of_the_login() -> None:
    gps = session()
    gps.receive(PEER, frame(0x01, bytes.fromhex("0353419036066061 3608 0641")), AT)
    press = events(gps.receive(PEER, alarm(0x01, where=dated("1a0b160d0000")), AT))[0]
    assert (press.time, press.history) == ("2026-11-22T12:00:00Z", False)
    utc = events(gps.receive(PEER, alarm(0x01), AT))[0]
    assert utc.time == "2026-11-22T12:00:00Z"
