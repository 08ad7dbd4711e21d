"""The conversation with an H02 tracker: who gets an answer, when, and under which event ids."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.h02 import H02Config, h02_session
from adapters.per_connection import PerConnection
from adapters.session import Close, Emit, Outcome, Send
from routing.instant import HOUR, MINUTE, SECOND
from routing.kinds import Kind
from tests.adapters.payloads import AT, OTHER, PEER, events, golden, kinds, octets, sent

ID = "9001000002"
ROWS = [octets(row) for row in golden("h02")]
BINARY_SOS = next(octets(row) for row in golden("h02") if row["desc"] == "binary with an SOS")
WHERE = "A,5954.7638,N,01044.7654,E,1.00,90"
POSITION = "position.reported"


def frame(content: str) -> bytes:
    return f"*HQ,{ID},{content}#".encode()


def placed(status: str = "FFFFFFFF", time: str = "120000", date: str = "221126") -> bytes:
    return frame(f"V1,{time},{WHERE},{date},{status}")


SOS = placed("FFFBFFFF")


def session(binary_octets: int = 32) -> PerConnection:
    return h02_session(H02Config(id="gps", binary_octets=binary_octets))


def test_a_press_is_answered_with_our_time_only_after_it_is_durable() -> None:
    gps = session()
    told = events(gps.receive(PEER, SOS, AT))
    assert [event.type for event in told] == [Kind.HELP_PRESSED, Kind.POSITION_REPORTED]
    assert sent(gps.confirm(told[0].id, Outcome.DURABLE, AT)) == []
    assert sent(gps.confirm(told[1].id, Outcome.DURABLE, AT)) == [f"*HQ,{ID},V4,V1,20261122120007#"]


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.FAILED])
def test_without_a_durable_event_the_tracker_hears_nothing(outcome: Outcome) -> None:
    gps = session()
    told = events(gps.receive(PEER, SOS, AT))
    answers = [gps.confirm(told[0].id, outcome, AT)]
    answers += [gps.confirm(told[1].id, Outcome.DURABLE, AT)]
    assert [sent(answer) for answer in answers] == [[], []]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("FFFFFFFD", ["help.pressed"]),
        ("FFFBFFFF", ["help.pressed"]),
        ("FFFBFFFD", ["help.pressed"]),
        ("FFFFFFFE", ["motion.detected"]),
        ("FFFFFFFB", ["code.unknown"]),
        ("FFFFFFEF", ["zone.entered"]),
        ("FFFFFFDF", ["zone.left"]),
        ("FFF7FFFF", ["mains.lost"]),
        ("FFEFFFFF", ["tamper.detected"]),
        ("FFF3FFDC", ["motion.detected", "help.pressed", "zone.left", "mains.lost"]),
        ("FFFFFBFF", []),
        ("FFFFFFFF", []),
    ],
)
def test_a_status_bit_that_is_low_says_its_kind(status: str, told: list[str]) -> None:
    assert kinds(session().receive(PEER, placed(status), AT)) == [*told, POSITION]


def test_a_state_is_told_when_it_begins_and_ends_and_a_press_in_every_frame() -> None:
    gps = session()
    words = ["FFF3FFFF", "FFF3FFFF", "FFF7FFFF", "FFFFFFFF"]
    told = [
        kinds(gps.receive(PEER, frame("HTBT,77") + placed(word, f"12000{place}"), AT))[1:-1]
        for place, word in enumerate(words)
    ]
    assert told == [["help.pressed", "mains.lost"], ["help.pressed"], [], ["mains.restored"]]


def test_a_resend_keeps_its_ids_on_the_same_and_on_a_new_connection() -> None:
    gps = session()
    both = placed("FFF3FFFF")
    first = [event.id for event in events(gps.receive(PEER, both, AT))]
    again = [event.id for event in events(gps.receive(PEER, both, AT + MINUTE))]
    moved = [event.id for event in events(gps.receive(OTHER, both, AT + 9 * MINUTE))]
    assert first == again == moved
    assert events(gps.receive(OTHER, placed("FFFBFFFF", "120001"), AT))[0].id not in first


def test_heartbeats_get_their_own_type_back_and_count_each_time() -> None:
    gps = session()
    beats = [events(gps.receive(PEER, frame("HTBT,77"), AT + n * MINUTE)) for n in range(2)]
    assert [one.data.battery_pct for (one,) in beats] == [77, 77]
    assert sent(gps.confirm(beats[0][0].id, Outcome.DURABLE, AT)) == [f"*HQ,{ID},HTBT#"]
    assert beats[0][0].id != beats[1][0].id


def test_an_answer_to_a_command_and_a_binary_frame_get_no_answer() -> None:
    for octets_ in (frame(f"V4,S17,1,120000,{WHERE},221126,FFFFFFFF"), BINARY_SOS):
        gps = session()
        told = events(gps.receive(PEER, octets_, AT))
        assert [sent(gps.confirm(event.id, Outcome.DURABLE, AT)) for event in told] == [[]] * len(
            told
        )


def test_text_and_binary_frames_in_a_row_are_each_read() -> None:
    outputs = session().receive(PEER, SOS + BINARY_SOS + b"\r\n" + frame("LINK,1"), AT)
    assert kinds(outputs) == ["help.pressed", POSITION, "help.pressed", POSITION, "device.alive"]


def test_longer_binary_frames_are_read_where_the_listener_is_told_so() -> None:
    outputs = session(45).receive(PEER, BINARY_SOS + bytes(13) + SOS, AT)
    assert kinds(outputs) == ["help.pressed", POSITION, "help.pressed", POSITION]


def test_a_binary_frame_without_a_place_still_rings() -> None:
    broken = BINARY_SOS[:12] + b"\xff\xff\xff\xff" + BINARY_SOS[16:]
    assert kinds(session().receive(PEER, broken, AT)) == ["help.pressed", "frame.undecodable"]


def test_a_time_without_a_date_is_the_nearest_one() -> None:
    content = f"V1,235959,{WHERE},,FFFBFFFF"
    just_after_midnight = AT - 12 * HOUR
    told = events(session().receive(PEER, frame(content), just_after_midnight))
    assert told[0].time == "2026-11-21T23:59:59Z"


def test_old_frames_are_history_and_tell_only_calls() -> None:
    told = events(session().receive(PEER, placed("FFF3FFFF", "113000"), AT))
    assert [(str(event.type), event.history) for event in told] == [
        ("help.pressed", True),
        (POSITION, True),
    ]


def test_a_clock_that_cannot_be_right_is_a_fault_once_an_hour() -> None:
    gps = session()
    assert "clock.wrong" in kinds(gps.receive(PEER, placed(date="010100"), AT))
    assert "clock.wrong" not in kinds(gps.receive(PEER, placed(date="020100"), AT))
    assert "clock.wrong" in kinds(gps.receive(PEER, placed(date="030100"), AT + HOUR))


def test_what_is_not_understood_is_told_once() -> None:
    gps = session()
    assert kinds(gps.receive(PEER, frame("QQ,1"), AT)) == ["code.unknown"]
    assert kinds(gps.receive(PEER, frame("QQ,2"), AT)) == ["device.alive"]
    without = [frame(f"V1,12000{n},{WHERE},221126") for n in range(2)]
    (unknown, _), (_,) = (events(gps.receive(PEER, one, AT)) for one in without)
    assert unknown.data.code == "type=V1 without a status"


@pytest.mark.parametrize(
    "bad", [b"*HQ,1#", b"noise", b"$" + bytes(31), b"*HQ,12,V1,120000,A", b"\xff\xd8"]
)
def test_what_cannot_be_read_does_not_hide_the_press_behind_it(bad: bytes) -> None:
    outputs = session().receive(PEER, bad + SOS, AT)
    assert kinds(outputs) == ["frame.undecodable", "help.pressed", POSITION]


def test_a_flood_is_closed() -> None:
    gps = session()
    outputs = [o for _ in range(50) for o in gps.receive(PEER, b"*" + b"x" * 1400, AT)]
    assert outputs[-1] == Close(PEER)
    assert len(events(outputs)) <= 2


def test_a_new_connection_of_a_tracker_ends_the_one_before() -> None:
    gps = session()
    gps.receive(PEER, SOS, AT)
    assert Close(PEER) in gps.receive(OTHER, SOS, AT)


def test_a_frame_that_stops_is_told_after_five_seconds() -> None:
    gps = session()
    assert gps.receive(PEER, SOS[:30], AT) == []
    assert kinds(gps.due(AT + 5 * SECOND)) == ["frame.undecodable"]
    assert kinds(gps.receive(PEER, SOS, AT + 6 * SECOND))[0] == "help.pressed"


streams = st.lists(
    st.one_of(st.sampled_from([*ROWS, SOS, SOS[:40], b"\r\n"]), st.binary(max_size=30)), max_size=6
)


@given(streams, st.lists(st.integers(0, 900), max_size=20))
def test_the_network_may_cut_the_stream_anywhere(stream: list[bytes], cuts: list[int]) -> None:
    whole = b"".join(stream) + SOS
    ends = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    cut, at_once = session(), session()
    told = [
        (event.id, event.type)
        for start, end in itertools.pairwise(ends)
        for event in events(cut.receive(PEER, whole[start:end], AT))
        if event.type is not Kind.FRAME_UNDECODABLE
    ]
    assert told == [
        (event.id, event.type)
        for event in events(at_once.receive(PEER, whole, AT))
        if event.type is not Kind.FRAME_UNDECODABLE
    ]


@given(
    st.sampled_from([*ROWS, SOS]),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=6),
    st.sampled_from([32, 42, 45]),
)
def test_a_mutated_frame_never_raises_and_is_never_silent(
    original: bytes, changes: list[tuple[int, int]], binary_octets: int
) -> None:
    changed = bytearray(original)
    for place, octet in changes:
        changed[1 + place % (len(changed) - 2)] = octet
    gps = session(binary_octets)
    outputs = [*gps.receive(PEER, bytes(changed), AT), *gps.closed(PEER, AT)]
    assert events(outputs)
    assert all(event.to_json() for event in events(outputs))


@given(st.lists(st.binary(max_size=60), max_size=10))
def test_any_octets_are_only_outputs(chunks: list[bytes]) -> None:
    gps = session()
    outputs = [output for chunk in chunks for output in gps.receive(PEER, chunk, AT)]
    outputs += [*gps.due(AT + HOUR), *gps.closed(PEER, AT + HOUR)]
    assert all(isinstance(output, Emit | Send | Close) for output in outputs)
