"""One message never becomes thousands of events, and what is left out is counted."""

from adapters.scaip import decode
from tests.adapters.scaip.unit import T0, TCP, UDP, events, kinds, make, mrq, sip


def _statuses(*numbers: int, mty: str = "ME", dty: str = "3") -> str:
    inner = "".join(f"<stc>{number}</stc>" for number in numbers)
    return mrq(dty=dty, mty=mty).replace("</mrq>", f"{inner}</mrq>")


def test_a_frame_of_thousands_of_statuses_is_sixteen_events_and_a_count() -> None:
    body = _statuses(*range(900, 4500), 10)
    told = events(make().receive(UDP, sip(body), T0))
    assert len(told) == 17
    assert [event.type.value for event in told].count("help.pressed") == 1
    assert (told[-1].type.value, told[-1].data.code) == (
        "code.unknown",
        "stc=3585 more dty=3 mty=ME",
    )


def test_sixteen_statuses_are_all_told() -> None:
    assert len(events(make().receive(UDP, sip(_statuses(*range(900, 916))), T0))) == 16


def test_help_stays_and_keeps_its_place_in_the_frame() -> None:
    outputs = make().receive(UDP, sip(_statuses(901, 14, *range(902, 930), 9, 92, 10)), T0)
    told = kinds(outputs)
    assert [kind for kind in told if kind != "code.unknown"] == [
        "battery.low", "help.automatic", "help.cancelled", "help.pressed",
    ]  # fmt: skip
    assert told[:2] == ["code.unknown", "battery.low"]


def test_a_long_heartbeat_is_one_sign_of_life() -> None:
    told = kinds(make().receive(UDP, sip(_statuses(14, *range(1, 9), mty="PI")), T0))
    assert told == ["device.alive", "battery.low"]


def test_a_body_in_utf_16_is_read() -> None:
    body = mrq(stc="10")
    for octets in (
        body.encode("utf-16"),
        body.encode("utf-16-le") + b"\0\0",
        f'<?xml version="1.0" encoding="UTF-16"?>{body}'.encode("utf-16"),
    ):
        decoded = decode(octets, T0)
        assert [event.type.value for event in decoded.events] == ["help.pressed"]
    assert kinds(make().receive(UDP, sip(body.encode("utf-16-be")), T0)) == ["help.pressed"]


def test_octets_that_only_begin_like_utf_16_are_visible() -> None:
    assert kinds(make().receive(UDP, sip(b"\xff\xfe<"), T0)) == ["frame.undecodable"]


def _half() -> bytes:
    return sip(mrq(stc="10"), transport="TCP")[:-20]


def test_half_a_message_on_a_closed_connection_is_visible() -> None:
    session = make()
    session.opened(TCP, T0)
    assert session.receive(TCP, _half(), T0) == []
    (event,) = events(session.closed(TCP, T0))
    assert (event.type.value, event.subject) == ("frame.undecodable", "scaip:10149471")
    assert event.data.raw is not None
    assert bytes.fromhex(event.data.raw) == _half()
    assert events(session.closed(TCP, T0)) == []


def test_half_a_message_that_stands_is_told_once_and_its_rest_is_read() -> None:
    session = make()
    session.opened(TCP, T0)
    session.receive(TCP, _half()[:50], T0)
    session.receive(TCP, _half()[50:], T0 + 20_000_000)
    assert session.next_due() == T0 + 30_000_000
    assert events(session.due(T0 + 29_999_999)) == []
    assert kinds(session.due(T0 + 30_000_000)) == ["frame.undecodable"]
    assert session.next_due() is None
    rest = sip(mrq(stc="10"), transport="TCP")[-20:]
    assert kinds(session.receive(TCP, rest + _half(), T0 + 40_000_000)) == ["help.pressed"]
    session.due(T0 + 60_000_000)
    assert kinds(session.due(T0 + 70_000_000)) == ["frame.undecodable"]
    assert events(session.closed(TCP, T0 + 80_000_000)) == []


def test_a_keep_alive_is_no_half_message() -> None:
    session = make()
    session.opened(TCP, T0)
    session.receive(TCP, b"\r\n", T0)
    assert session.next_due() is None
    assert events(session.closed(TCP, T0)) == []
