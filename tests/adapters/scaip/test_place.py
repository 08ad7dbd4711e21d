"""Where a unit says it is. Positions are of Bodø, worked out by hand from degrees and minutes."""

import pytest

from adapters.scaip import decode
from routing.event import Position
from tests.adapters.scaip.unit import T0, mrq

GGA = "$GPGGA,101530.00,6716.8000,N,01424.3000,E,1,08,0.9,42.5,M,33.0,M,,*56"
BODO = Position(lat=67.28, lon=14.405, altitude_m=42.5)


def _at(lge: str) -> Position | None:
    return decode(mrq(stc="10", lge=lge).encode(), T0).events[0].data.position


@pytest.mark.parametrize(
    ("lge", "position"),
    [
        ("<geo>67.28,14.405</geo>", Position(lat=67.28, lon=14.405)),
        ("<geo> -33.9 , 18.4 </geo><tim>101530</tim>", Position(lat=-33.9, lon=18.4)),
        ("<geo>67.28;14.405</geo>", Position(lat=67.28, lon=14.405)),
        (f"<gga>{GGA}</gga>", BODO),
        (f"<gga>{GGA[1:-3]}</gga>", BODO),
        (f"<geo>nowhere</geo><gga>{GGA}</gga>", BODO),
        (
            "<gga>$GNGGA,1,3354.0000,S,01824.0000,W,2,5,1,,M,,M,,</gga>",
            Position(lat=-33.9, lon=-18.4),
        ),
        (f"<gga>{GGA[:-2]}00</gga>", None),
        (f"<gga>{GGA.replace('E,1,', 'E,0,')[:-3]}</gga>", None),
        ("<gga>$GPGGA,1,9954.0000,N,01824.0000,E,1,5,1,,M,,M,,</gga>", None),
        ("<geo>91,14</geo>", None),
        ("<geo>67.28,14.405,9</geo>", None),
        ("<geo>1e5,nan</geo>", None),
        ("<geo/>", None),
        ("", None),
    ],
)
def test_position(lge: str, position: Position | None) -> None:
    assert _at(lge) == position


def test_its_time_is_told_as_the_unit_writes_it() -> None:
    body = mrq(stc="10", stt="Alarm", lge="<geo>67.28,14.405</geo><tim>221126 101530</tim>")
    assert decode(body.encode(), T0).events[0].data.note == "Alarm; position of 221126 101530"


def test_place_and_value_are_told_together() -> None:
    (event,) = decode(mrq(stc="10", lco="012", lte="Bath", lva="2").encode(), T0).events
    assert (event.data.location_code, event.data.location_text) == ("012", "Bath, 2")
