"""Event codes: how they stand in the data, and what they mean."""

from typing import Any

import pytest

from adapters.sia_dc09.blocks import blocks_of
from adapters.sia_dc09.codes import meaning_of
from adapters.sia_dc09.contact_id import meaning_of as contact_meaning
from adapters.sia_dc09.place import position_of


def read(id: str, data: str) -> list[tuple[Any, ...]]:
    return [(b.code, b.zone, b.area, b.text, b.old) for b in blocks_of(id, data)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("Nri1/PA01", [("PA", "01", "1", None, False)]),
        ("Nri0KR1^TAST. 001 ^", [("KR", "1", "0", "TAST. 001", False)]),
        ("NBA01", [("BA", "01", None, None, False)]),
        ("OP01", [("OP", "01", None, None, False)]),
        ("ORP01", [("RP", "01", None, None, True)]),
        ("Oti12:00/QA1", [("QA", "1", None, None, True)]),
        ("NA0", [("NA", "0", None, None, False)]),
        (
            "Nri1/BA001/FA002|Nri2/YT02",
            [
                ("BA", "001", "1", None, False),
                ("FA", "002", "1", None, False),
                ("YT", "02", "2", None, False),
            ],
        ),
        (
            "Nri1PA01YT02",
            [("PA", "01", "1", None, False), ("YT", "02", "1", None, False)],
        ),
        ("Nti14:12/id7/ri3/MA1^Bad^", [("MA", "1", "3", "Bad", False)]),
        ("Nri1/BA1 KITCHEN", [("BA", "1", "1", "KITCHEN", False)]),
        ("", []),
        ("^only words FA1^", []),
    ],
)
def test_sia_blocks(data: str, expected: list[tuple[Any, ...]]) -> None:
    assert read("SIA-DCS", data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("1101 01 001", [("1101", "001", "01", None, False)]),
        (
            "1100 01 001|3302 01 000",
            [("1100", "001", "01", None, False), ("3302", "000", "01", None, False)],
        ),
        (
            "1100 01 001 1110 01 002",
            [("1100", "001", "01", None, False), ("1110", "002", "01", None, False)],
        ),
        ("110001001", [("1100", "001", "01", None, False)]),
        ("1100", []),
    ],
)
def test_contact_id_blocks(data: str, expected: list[tuple[Any, ...]]) -> None:
    assert read("ADM-CID", data) == expected


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ("MA QA PA HA", "help.pressed"),
        ("MH MR QR PH BR BC", "help.cancelled"),
        ("FA KA SA GA", "smoke.detected"),
        ("FR FH KR GR", "smoke.cleared"),
        ("WA", "water.detected"),
        ("WR WH", "water.cleared"),
        ("BA BV UA UX ZA", "help.automatic"),
        ("NA", "inactivity.detected"),
        ("TA AA JA", "tamper.detected"),
        ("AT", "mains.lost"),
        ("AR", "mains.restored"),
        ("YT XT YM", "battery.low"),
        ("YR XR", "battery.ok"),
        ("YC YS LT XQ MY FZ", "link.lost"),
        ("YK LR", "link.restored"),
        ("RP RX TX FX FK", "device.tested"),
        ("FT MT QB HS YX ET", "device.fault"),
        ("FJ MJ QU TR YZ ER RR", "device.recovered"),
        ("CL OP CA OA", "device.alive"),
        ("DA QQ ZQ ÆØ", "code.unknown"),
    ],
)
def test_sia_codes(codes: str, kind: str) -> None:
    assert {code: str(meaning_of(code).kind) for code in codes.split()} == dict.fromkeys(
        codes.split(), kind
    )


@pytest.mark.parametrize(
    ("codes", "new", "restored"),
    [
        ((100, 101, 120, 121, 123), "help.pressed", "help.cancelled"),
        ((102, 641), "inactivity.detected", "device.alive"),
        ((110, 111, 113, 114, 118, 151, 162), "smoke.detected", "smoke.cleared"),
        ((154,), "water.detected", "water.cleared"),
        ((130, 140, 150, 159, 199), "help.automatic", "help.cancelled"),
        ((137, 144, 383), "tamper.detected", "device.recovered"),
        ((301, 342), "mains.lost", "mains.restored"),
        ((302, 311, 338, 384), "battery.low", "battery.ok"),
        ((350, 354, 381), "link.lost", "link.restored"),
        ((300, 321, 373, 380, 570), "device.fault", "device.recovered"),
        ((401, 441, 627), "device.alive", "device.alive"),
        ((601, 602), "device.tested", "device.tested"),
        ((406,), "help.cancelled", "help.cancelled"),
        ((999, 0, 480), "code.unknown", "code.unknown"),
    ],
)
def test_contact_id_codes(codes: tuple[int, ...], new: str, restored: str) -> None:
    for code in codes:
        assert str(contact_meaning("1", code).kind) == new
        assert str(contact_meaning("6", code).kind) == new
        assert str(contact_meaning("3", code).kind) == restored
        assert str(contact_meaning("2", code).kind) == "code.unknown"


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        ("59.9139", "10.7522", (59.9139, 10.7522)),
        ("-33.5", "+151.25", (-33.5, 151.25)),
        ("33.5S", "70.25W", (-33.5, -70.25)),
        ("59N30.0", "010E45.0", (59.5, 10.75)),
        ("5930.00N", "01045.00E", (59.5, 10.75)),
    ],
)
def test_positions(latitude: str, longitude: str, expected: tuple[float, float]) -> None:
    found = position_of(latitude, longitude)
    assert found is not None
    assert (found.lat, found.lon) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(None, "10"), ("91", "10"), ("59", "181"), ("59E", "10N"), ("x", "y"), ("", "")],
)
def test_what_is_no_position(latitude: str | None, longitude: str | None) -> None:
    assert position_of(latitude, longitude) is None
