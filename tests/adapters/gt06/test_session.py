"""The conversation: who gets an answer, when, and under which event ids."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.gt06 import Gt06Config, gt06_session
from adapters.per_connection import PerConnection
from adapters.session import Close, Emit, Outcome, Output, Send
from routing.event import Event
from routing.instant import HOUR, MINUTE, SECOND
from routing.kinds import Kind
from tests.adapters.gt06.frames import AT, CELL, LOGIN, WHERE, alarm, dated, frame, golden

PEER = "tcp:127.0.0.1:40112#1"
OTHER = "tcp:127.0.0.1:40113#2"
SOS = alarm(0x01, serial=0x22)


def session() -> PerConnection:
    return gt06_session(Gt06Config(id="gps"))


def events(outputs: Sequence[Output]) -> list[Event]:
    return [output.event for output in outputs if isinstance(output, Emit)]


def kinds(outputs: Sequence[Output]) -> list[str]:
    return [str(event.type) for event in events(outputs)]


def sent(outputs: Sequence[Output]) -> list[str]:
    return [output.data.hex() for output in outputs if isinstance(output, Send)]


def test_a_login_is_answered_at_once_and_names_what_follows() -> None:
    gps = session()
    outputs = gps.receive(PEER, LOGIN, AT)
    assert sent(outputs) == ["787805010003face0d0a"]
    assert kinds(outputs) == ["device.alive"]
    press, where = events(gps.receive(PEER, SOS, AT))
    assert (press.type, press.subject) == (Kind.HELP_PRESSED, "gt06:353419036066061")
    assert (press.time, press.data.battery_pct) == ("2026-11-22T12:00:00Z", 66)
    assert where.type is Kind.POSITION_REPORTED


def test_a_press_is_answered_only_after_it_is_durable() -> None:
    gps = session()
    told = events(gps.receive(PEER, SOS, AT))
    assert sent(gps.confirm(told[0].id, Outcome.DURABLE, AT)) == []
    assert sent(gps.confirm(told[1].id, Outcome.DURABLE, AT)) == ["787805260022457b0d0a"]
    assert sent(gps.confirm(told[1].id, Outcome.DURABLE, AT)) == []


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.FAILED])
def test_without_a_durable_event_the_device_hears_nothing(outcome: Outcome) -> None:
    gps = session()
    told = events(gps.receive(PEER, SOS, AT))
    answers = [gps.confirm(told[0].id, outcome, AT), gps.confirm(told[1].id, Outcome.DURABLE, AT)]
    assert [sent(answer) for answer in answers] == [[], []]


def test_a_confirmation_that_comes_too_late_is_silence() -> None:
    gps = session()
    told = events(gps.receive(PEER, SOS, AT))
    assert gps.next_due() == AT + 30 * SECOND
    gps.due(AT + 30 * SECOND)
    late = [gps.confirm(event.id, Outcome.DURABLE, AT + 31 * SECOND) for event in told]
    assert late == [[], []]


def test_a_press_in_the_status_and_another_alarm_are_both_told_and_a_press_only_once() -> None:
    gps = session()
    both = alarm(0x0E, status=0x46 | 4 << 3)
    assert kinds(gps.receive(PEER, both, AT))[:2] == ["battery.low", "help.pressed"]
    twice = alarm(0x01, status=0x46 | 4 << 3, serial=2)
    assert kinds(gps.receive(PEER, twice, AT)) == ["help.pressed", "position.reported"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (0x01, "help.pressed"),
        (0x23, "fall.detected"),
        (0x0E, "battery.low"),
        (0x0F, "battery.low"),
        (0x04, "zone.entered"),
        (0x05, "zone.left"),
        (0x02, "mains.lost"),
        (0x11, "link.lost"),
    ],
)
@pytest.mark.parametrize("kind_of_frame", [0x16, 0x26, 0x32])
def test_an_alarm_octet_says_its_kind(code: int, kind: str, kind_of_frame: int) -> None:
    outputs = session().receive(PEER, alarm(code, kind=kind_of_frame), AT)
    assert kinds(outputs) == [kind, "position.reported"]
    assert events(outputs)[0].data.code == f"alarm=0x{code:02x}"


def test_a_fence_number_is_the_part() -> None:
    content = WHERE + CELL + bytes([0x46, 4, 3, 0x05, 2, 3])
    left, _ = events(session().receive(PEER, frame(0x27, content), AT))
    assert (left.type, left.data.part) == (Kind.ZONE_LEFT, "zone 3")


def test_an_unknown_alarm_becomes_a_visible_event() -> None:
    outputs = session().receive(PEER, alarm(0x77), AT)
    unknown, where = events(outputs)
    assert (unknown.type, unknown.data.code) == (Kind.CODE_UNKNOWN, "alarm=0x77")
    assert where.type is Kind.POSITION_REPORTED


def test_an_unknown_type_is_told_once_and_answered() -> None:
    gps = session()
    (told,) = events(gps.receive(PEER, frame(0x55, serial=1), AT))
    assert (told.type, told.data.code) == (Kind.CODE_UNKNOWN, "type=0x55")
    assert len(sent(gps.confirm(told.id, Outcome.DURABLE, AT))) == 1
    assert kinds(gps.receive(PEER, frame(0x55, serial=2), AT)) == ["device.alive"]


@pytest.mark.parametrize(
    "content",
    ["46 06 04 04b0", "46 06 04 0502", "46 06 04 0402", "70 06 04 0002", "46 0504 04 0002"],
)
def test_voltage_and_fence_bits_of_a_heartbeat_are_no_zone_alarm(content: str) -> None:
    outputs = session().receive(PEER, frame(0x13, bytes.fromhex(content)), AT)
    assert kinds(outputs) == ["device.alive"]


@pytest.mark.parametrize("content", ["66 06 04 0002", "46 06 04 0102"])
def test_a_press_in_a_heartbeat_rings(content: str) -> None:
    outputs = session().receive(PEER, frame(0x13, bytes.fromhex(content)), AT)
    assert kinds(outputs) == ["help.pressed"]


def test_a_resend_keeps_its_id_on_the_same_and_on_a_new_connection() -> None:
    gps = session()
    gps.receive(PEER, LOGIN, AT)
    first = events(gps.receive(PEER, SOS, AT))[0]
    again = events(gps.receive(PEER, SOS, AT + MINUTE))[0]
    gps.receive(OTHER, LOGIN, AT + 8 * MINUTE)
    moved = events(gps.receive(OTHER, SOS, AT + 9 * MINUTE))[0]
    assert first.id == again.id == moved.id
    assert events(gps.receive(OTHER, SOS, AT + 10 * MINUTE))[0].id != first.id


def test_the_same_serial_with_another_content_is_a_new_press() -> None:
    gps = session()
    later = alarm(0x01, serial=0x22, where=dated("1a0b160c0003"))
    ids = {events(gps.receive(PEER, octets, AT))[0].id for octets in (SOS, later)}
    assert len(ids) == 2


def test_a_new_connection_of_a_device_ends_the_one_before() -> None:
    gps = session()
    gps.receive(PEER, LOGIN, AT)
    outputs = gps.receive(OTHER, LOGIN, AT + SECOND)
    assert [output for output in outputs if isinstance(output, Close)] == [Close(PEER)]
    gps.closed(PEER, AT + SECOND)
    assert not [o for o in gps.receive(OTHER, LOGIN, AT + SECOND) if isinstance(o, Close)]


def test_a_login_without_an_imei_is_visible_and_gets_no_answer() -> None:
    outputs = session().receive(PEER, frame(0x01, bytes.fromhex("0abc419036066061")), AT)
    assert kinds(outputs) == ["frame.undecodable"]
    assert sent(outputs) == []


def test_a_time_request_gets_our_time_at_once() -> None:
    outputs = session().receive(PEER, frame(0x8A, serial=6), AT)
    assert sent(outputs) == [frame(0x8A, bytes.fromhex("1a0b160c0007"), 6).hex()]


def test_a_press_with_a_wrong_checksum_is_visible_with_its_reading_and_gets_no_answer() -> None:
    gps = session()
    wrong = SOS[:-3] + bytes((SOS[-3] ^ 1,)) + b"\r\n"
    (event,) = events(gps.receive(PEER, wrong, AT))
    assert event.type is Kind.FRAME_UNDECODABLE
    assert event.data.note == "the checksum is wrong; type 0x26, which would be help.pressed"
    assert event.data.raw == wrong.hex()
    assert gps.confirm(event.id, Outcome.DURABLE, AT) == []


def test_unreadable_octets_are_told_at_once_and_then_counted() -> None:
    gps = session()
    assert kinds(gps.receive(PEER, b"junk\r\nxx\x05\x13\0\1\0\0\r\n", AT)) == ["frame.undecodable"]
    assert kinds(gps.receive(PEER, b"xx\x05\x13\0\1\0\0\r\n", AT + SECOND)) == []
    (event,) = events(gps.due(AT + MINUTE))
    assert event.data.note == "the checksum is wrong; type 0x13 (2 times)"


def test_a_frame_that_never_ends_is_cut_after_five_seconds() -> None:
    gps = session()
    assert gps.receive(PEER, SOS[:30], AT) == []
    assert gps.next_due() == AT + 5 * SECOND
    assert kinds(gps.due(AT + 5 * SECOND)) == ["frame.undecodable"]
    assert kinds(gps.receive(PEER, SOS, AT + 6 * SECOND))[0] == "help.pressed"


def test_a_stream_of_garbage_is_closed_with_one_event() -> None:
    gps = session()
    outputs = gps.receive(PEER, SOS + b"\0" * 20_000, AT)
    assert kinds(outputs) == ["help.pressed", "position.reported", "frame.undecodable"]
    assert outputs[-1] == Close(PEER)
    assert gps.receive(PEER, SOS, AT) == []


frames = st.sampled_from([bytes.fromhex(row["hex"]) for row in golden()] + [SOS, LOGIN])


@given(
    frames,
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=6),
    st.integers(0, 255) | st.none(),
)
def test_a_mutated_frame_with_a_right_checksum_never_raises_and_is_never_silent(
    original: bytes, changes: list[tuple[int, int]], kind: int | None
) -> None:
    long = original[:2] == b"yy"
    content = bytearray(original[5 if long else 4 : -6])
    for place, octet in changes:
        if content:
            content[place % len(content)] = octet
    was = original[4 if long else 3]
    gps = session()
    outputs = gps.receive(PEER, frame(was if kind is None else kind, bytes(content), long=long), AT)
    told = events(outputs)
    assert told
    answers = [sent(gps.confirm(event.id, Outcome.DURABLE, AT)) for event in told]
    assert not any(answers[:-1])


@given(st.lists(st.binary(max_size=60), max_size=10))
def test_any_octets_are_only_outputs(chunks: list[bytes]) -> None:
    gps = session()
    outputs = [output for chunk in chunks for output in gps.receive(PEER, chunk, AT)]
    outputs += [*gps.due(AT + HOUR), *gps.closed(PEER, AT + HOUR)]
    assert all(isinstance(output, Emit | Send | Close) for output in outputs)
