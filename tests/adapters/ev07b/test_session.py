"""The conversation: who gets an answer, when, and under which event ids."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.ev07b import Ev07bConfig, ev07b_session
from adapters.per_connection import PerConnection
from adapters.session import Close, Emit, Outcome, Output, Send
from routing.event import Event
from routing.instant import HOUR, MINUTE, SECOND
from routing.kinds import Kind
from tests.adapters.ev07b.frames import AT, STATUS, alarm, data, frame, golden

PEER = "tcp:127.0.0.1:40112#1"
SOS = frame(data(STATUS, alarm(1 << 12)), index=20)
SOS_ACK = "ab00030008c714007f0100"


def session() -> PerConnection:
    return ev07b_session(Ev07bConfig(id="gps"))


def events(outputs: Sequence[Output]) -> list[Event]:
    return [output.event for output in outputs if isinstance(output, Emit)]


def kinds(outputs: Sequence[Output]) -> list[str]:
    return [str(event.type) for event in events(outputs)]


def sent(outputs: Sequence[Output]) -> list[str]:
    return [output.data.hex() for output in outputs if isinstance(output, Send)]


def test_a_press_is_answered_only_after_it_is_durable() -> None:
    gps = session()
    outputs = gps.receive(PEER, SOS, AT)
    (press,) = events(outputs)
    assert (press.type, press.subject) == (Kind.HELP_PRESSED, "ev07b:863921039983476")
    assert (press.time, press.data.battery_pct) == ("2022-10-13T06:41:43Z", 100)
    assert sent(outputs) == []
    assert sent(gps.confirm(press.id, Outcome.DURABLE, AT)) == [SOS_ACK]
    assert sent(gps.confirm(press.id, Outcome.DURABLE, AT)) == []


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.FAILED])
def test_without_a_durable_event_the_device_hears_nothing(outcome: Outcome) -> None:
    gps = session()
    (press,) = events(gps.receive(PEER, SOS, AT))
    assert sent(gps.confirm(press.id, outcome, AT)) == []
    assert sent(gps.confirm(press.id, Outcome.DURABLE, AT)) == []


def test_a_confirmation_that_comes_too_late_is_silence() -> None:
    gps = session()
    (press,) = events(gps.receive(PEER, SOS, AT))
    assert gps.next_due() == AT + 30 * SECOND
    assert gps.due(AT + 30 * SECOND) == []
    assert gps.next_due() is None
    assert sent(gps.confirm(press.id, Outcome.DURABLE, AT + 31 * SECOND)) == []


def test_several_alarms_in_a_frame_are_all_told_and_all_waited_for() -> None:
    gps = session()
    bits = 1 << 0 | 1 << 2 | 1 << 12 | 1 << 5 | 1 << 27
    outputs = gps.receive(PEER, frame(data(STATUS, alarm(bits)), index=20), AT)
    told = events(outputs)
    assert kinds(outputs) == ["battery.low", "fall.detected", "zone.entered", "help.pressed"]
    assert len({event.id for event in told}) == 4
    for event in told[:-1]:
        assert sent(gps.confirm(event.id, Outcome.DURABLE, AT)) == []
    assert sent(gps.confirm(told[-1].id, Outcome.DURABLE, AT)) == [SOS_ACK]


def test_sos_ended_is_told_beside_the_press() -> None:
    outputs = session().receive(PEER, frame(data(STATUS, alarm(1 << 12 | 1 << 17))), AT)
    assert kinds(outputs) == ["help.pressed", "help.cancelled"]


def test_a_resend_keeps_its_id_on_the_same_and_on_a_new_connection() -> None:
    gps = session()
    (first,) = events(gps.receive(PEER, SOS, AT))
    (again,) = events(gps.receive(PEER, SOS, AT + MINUTE))
    (moved,) = events(gps.receive("tcp:127.0.0.1:40113#2", SOS, AT + 9 * MINUTE))
    assert first.id == again.id == moved.id
    outputs = gps.confirm(first.id, Outcome.DURABLE, AT + 9 * MINUTE)
    assert [output.peer for output in outputs if isinstance(output, Send)] == [
        "tcp:127.0.0.1:40113#2"
    ]


def test_outside_the_window_or_with_another_index_it_is_a_new_press() -> None:
    gps = session()
    other = frame(data(STATUS, alarm(1 << 12)), index=21)
    told = [events(gps.receive(PEER, octets, AT))[0].id for octets in (SOS, other)]
    late = events(gps.receive(PEER, SOS, AT + 10 * MINUTE))
    assert len({*told, late[0].id}) == 3


def test_the_id_of_the_device_is_remembered_on_its_connection() -> None:
    gps = session()
    nameless = frame(data(STATUS, alarm(1 << 12), imei=""))
    assert events(gps.receive(PEER, nameless, AT))[0].subject == "ev07b:unknown"
    gps.receive(PEER, SOS, AT)
    assert events(gps.receive(PEER, nameless, AT))[0].subject == "ev07b:863921039983476"


def test_a_time_request_gets_our_time_at_once() -> None:
    gps = session()
    outputs = gps.receive(PEER, frame(b"\x03\x01\x12", index=7), 1_665_643_310_000_000)
    # type 03, item length 05, key 12, 0x6347B32E little-endian; checksum from the oracle.
    assert sent(outputs) == [frame(bytes.fromhex("0305122eb34763"), index=7, flags=0).hex()]
    assert events(outputs) == []


def test_a_frame_that_asks_for_no_answer_gets_none() -> None:
    gps = session()
    (press,) = events(gps.receive(PEER, frame(data(alarm(1 << 12)), flags=0), AT))
    assert gps.confirm(press.id, Outcome.DURABLE, AT) == []


@pytest.mark.parametrize("seconds", [0, 0x6347B329 + 3 * 3600], ids=["1970", "+3 h"])
def test_a_wrong_clock_is_kept_and_is_a_fault_once_an_hour(seconds: int) -> None:
    gps = session()
    status = b"\x09\x24" + seconds.to_bytes(4, "little") + bytes.fromhex("3003a964")
    press = [frame(data(status, alarm(1 << 12, seconds)), index=index) for index in range(3)]
    outputs = gps.receive(PEER, press[0], AT)
    assert kinds(outputs) == ["help.pressed", "clock.wrong"]
    assert events(outputs)[0].occurred_at == seconds * SECOND
    assert events(outputs)[0].received_at == AT
    assert kinds(gps.receive(PEER, press[1], AT + MINUTE)) == ["help.pressed"]
    assert kinds(gps.receive(PEER, press[2], AT + HOUR)) == ["help.pressed", "clock.wrong"]


def test_the_same_frame_sent_again_tells_the_wrong_clock_again_under_the_same_id() -> None:
    gps = session()
    first = events(gps.receive(PEER, SOS, AT + HOUR))
    again = events(gps.receive(PEER, SOS, AT + HOUR + SECOND))
    assert [event.type for event in first] == [Kind.HELP_PRESSED, Kind.CLOCK_WRONG]
    assert [event.id for event in again] == [event.id for event in first]


def test_an_archived_press_is_history_and_its_old_time_no_fault() -> None:
    archived = b"\x09\x24" + (0x6347B329).to_bytes(4, "little") + bytes.fromhex("b003a964")
    (press,) = events(session().receive(PEER, frame(data(archived, alarm(1 << 12))), AT + HOUR))
    assert (press.type, press.history) == (Kind.HELP_PRESSED, True)


@pytest.mark.parametrize("bits", [1 << 22, 1 << 26, 0], ids=["unknown", "lone direction", "none"])
def test_an_unknown_alarm_becomes_a_visible_event(bits: int) -> None:
    outputs = session().receive(PEER, frame(data(STATUS, alarm(bits))), AT)
    assert [(event.type, event.data.code) for event in events(outputs)] == [
        (Kind.CODE_UNKNOWN, f"alarm=0x{bits:08x}")
    ]


def test_an_unknown_item_or_type_is_told_once() -> None:
    gps = session()
    unknown = frame(data(STATUS, b"\x02\x7a\x00"), index=1)
    assert [event.data.code for event in events(gps.receive(PEER, unknown, AT))] == ["key=0x7a"]
    again = frame(data(STATUS, b"\x02\x7a\x00"), index=2)
    assert kinds(gps.receive(PEER, again, AT)) == ["device.alive"]
    assert [event.data.code for event in events(gps.receive(PEER, frame(b"\x55"), AT))] == [
        "type=0x55"
    ]


def test_a_broken_item_is_told_beside_the_press_it_must_not_hide() -> None:
    gps = session()
    for_gps = b"\x03\x20\x00\x00"
    beyond = b"\xff\x24\x00"
    outputs = gps.receive(PEER, frame(data(for_gps, alarm(1 << 12), beyond), index=20), AT)
    assert kinds(outputs) == ["help.pressed", "frame.undecodable", "frame.undecodable"]
    answers = [sent(gps.confirm(event.id, Outcome.DURABLE, AT)) for event in events(outputs)]
    assert answers == [[], [], [SOS_ACK]]


def test_an_item_of_no_length_hides_nothing() -> None:
    outputs = session().receive(PEER, frame(data(STATUS, b"\0\0", alarm(1 << 12), b"\0")), AT)
    assert kinds(outputs) == ["help.pressed"]


def test_a_frame_full_of_items_is_a_bounded_number_of_events_with_the_press() -> None:
    bad_items = b"\x02\x02\x00" * 500
    outputs = session().receive(PEER, frame(data(bad_items, alarm(1 << 12))), AT)
    told = events(outputs)
    assert len(told) == 33
    assert told[0].type is Kind.HELP_PRESSED
    assert (told[-1].type, told[-1].data.code) == (Kind.CODE_UNKNOWN, "469 more in one frame")


def test_a_stream_of_garbage_is_closed_with_one_event() -> None:
    gps = session()
    outputs = gps.receive(PEER, SOS + b"\0" * 20_000, AT)
    assert kinds(outputs) == ["help.pressed", "frame.undecodable"]
    assert events(outputs)[1].data.note == "no readable frame for too long: closed (4 times)"
    assert outputs[-1] == Close(PEER)
    assert gps.receive(PEER, SOS, AT) == []
    assert gps.closed(PEER, AT) == []


def test_a_press_with_a_wrong_checksum_is_visible_and_gets_no_answer() -> None:
    gps = session()
    wrong = SOS[:-1] + bytes((SOS[-1] ^ 1,))
    (event,) = events(gps.receive(PEER, wrong, AT))
    assert event.type is Kind.FRAME_UNDECODABLE
    assert event.subject == "ev07b:863921039983476"
    assert event.data.raw == wrong.hex()
    assert gps.confirm(event.id, Outcome.DURABLE, AT) == []


def test_unreadable_octets_are_told_at_once_and_then_counted() -> None:
    gps = session()
    wrong = SOS[:-1] + bytes((SOS[-1] ^ 1,))
    assert kinds(gps.receive(PEER, wrong, AT)) == ["frame.undecodable"]
    assert kinds(gps.receive(PEER, wrong * 2, AT + SECOND)) == []
    assert gps.next_due() is not None
    gps.due(AT + 6 * SECOND)
    (event,) = events(gps.due(AT + MINUTE))
    assert event.data.note == "the checksum is wrong (2 times)"
    assert gps.next_due() is None


def test_a_frame_that_never_ends_is_cut_after_five_seconds() -> None:
    gps = session()
    assert gps.receive(PEER, SOS[:30], AT) == []
    assert gps.next_due() == AT + 5 * SECOND
    assert kinds(gps.due(AT + 5 * SECOND)) == ["frame.undecodable"]
    assert kinds(gps.receive(PEER, SOS, AT + 6 * SECOND)) == ["help.pressed"]


def test_a_connection_that_ends_in_a_frame_leaves_a_visible_event() -> None:
    gps = session()
    gps.receive(PEER, SOS[:30], AT)
    assert kinds(gps.closed(PEER, AT)) == ["frame.undecodable"]


frames = st.sampled_from([bytes.fromhex(row["hex"]) for row in golden()] + [SOS])


@given(frames, st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=6))
def test_a_mutated_frame_with_a_right_checksum_never_raises_and_is_never_silent(
    original: bytes, changes: list[tuple[int, int]]
) -> None:
    content = bytearray(original[8:])
    for place, octet in changes:
        content[place % len(content)] = octet
    gps = session()
    outputs = gps.receive(PEER, frame(bytes(content)), AT)
    told = events(outputs)
    assert told or sent(outputs) or content[0] in (0x02, 0x03, 0x04, 0x7E, 0x7F)
    answers = [sent(gps.confirm(event.id, Outcome.DURABLE, AT)) for event in told]
    if told:
        assert len(answers[-1]) == 1
        assert not any(answers[:-1])
