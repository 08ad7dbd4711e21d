"""The conversation: who gets an answer, when, and under which event ids."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.per_connection import PerConnection
from adapters.session import Close, Emit, Outcome, Output, Send
from adapters.teltonika import TeltonikaConfig, teltonika_session
from routing.event import Event
from routing.instant import HOUR, MINUTE, SECOND
from routing.kinds import Kind
from tests.adapters.teltonika.frames import AT, LOGIN, NOW_MS, frame, golden, record, wrapped

PEER = "tcp:127.0.0.1:40112#1"
OTHER = "tcp:127.0.0.1:40113#2"
PRESS = record(236, {236: 1, 113: 80}, priority=2)
SOS = frame(PRESS)
HOUR_MS = 3_600_000


def session() -> PerConnection:
    return teltonika_session(TeltonikaConfig(id="gps"))


def events(outputs: Sequence[Output]) -> list[Event]:
    return [output.event for output in outputs if isinstance(output, Emit)]


def kinds(outputs: Sequence[Output]) -> list[str]:
    return [str(event.type) for event in events(outputs)]


def sent(outputs: Sequence[Output]) -> list[str]:
    return [output.data.hex() for output in outputs if isinstance(output, Send)]


def test_a_login_is_answered_at_once_and_names_what_follows() -> None:
    gps = session()
    outputs = gps.receive(PEER, LOGIN, AT)
    assert (sent(outputs), kinds(outputs)) == (["01"], ["device.alive"])
    press, where = events(gps.receive(PEER, SOS, AT))
    assert (press.type, press.subject) == (Kind.HELP_PRESSED, "teltonika:123456789012345")
    assert (press.time, press.data.battery_pct) == ("2026-11-22T12:00:00Z", 80)
    assert where.type is Kind.POSITION_REPORTED


def test_a_frame_is_answered_with_its_count_only_after_all_of_it_is_durable() -> None:
    gps = session()
    told = events(gps.receive(PEER, frame(record(), PRESS, record(ms=NOW_MS + 1)), AT))
    assert len(told) == 4
    answers = [sent(gps.confirm(event.id, Outcome.DURABLE, AT)) for event in told]
    assert answers == [[], [], [], ["00000003"]]


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.FAILED])
def test_without_a_durable_event_the_device_hears_nothing(outcome: Outcome) -> None:
    gps = session()
    told = events(gps.receive(PEER, SOS, AT))
    answers = [gps.confirm(told[0].id, outcome, AT), gps.confirm(told[1].id, Outcome.DURABLE, AT)]
    assert [sent(answer) for answer in answers] == [[], []]


def test_a_confirmation_that_comes_too_late_is_silence() -> None:
    gps = session()
    told = events(gps.receive(PEER, SOS, AT))
    gps.due(AT + 30 * SECOND)
    late = [gps.confirm(event.id, Outcome.DURABLE, AT + 31 * SECOND) for event in told]
    assert late == [[], []]


@pytest.mark.parametrize(
    ("event", "io", "kind"),
    [
        (236, {236: 1}, "help.pressed"),
        (0, {236: 1}, "help.pressed"),
        (221, {221: 1}, "help.pressed"),
        (242, {242: 1}, "fall.detected"),
        (247, {247: 1}, "help.automatic"),
        (155, {155: 0}, "zone.left"),
        (156, {156: 1}, "zone.entered"),
        (252, {252: 1}, "mains.lost"),
        (252, {252: 0}, "mains.restored"),
        (113, {113: 9}, "battery.low"),
        (999, {999: 1}, "code.unknown"),
    ],
)
def test_an_element_says_its_kind(event: int, io: dict[int, int], kind: str) -> None:
    assert kinds(session().receive(PEER, frame(record(event, io)), AT)) == [
        kind,
        "position.reported",
    ]


@pytest.mark.parametrize("io", [{236: 0}, {242: 0}, {155: 0}, {252: 1}, {113: 9}, {221: 1}])
def test_a_level_that_did_not_make_the_record_says_nothing(io: dict[int, int]) -> None:
    assert kinds(session().receive(PEER, frame(record(240, io)), AT)) == ["position.reported"]


def test_panic_priority_alone_is_a_press() -> None:
    press, _ = events(session().receive(PEER, frame(record(1, {1: 1}, priority=2)), AT))
    assert (press.type, press.data.code) == (Kind.HELP_PRESSED, "priority=2 event=1")


def test_a_record_is_the_same_event_alone_and_among_others_and_on_a_new_connection() -> None:
    gps = session()
    gps.receive(PEER, LOGIN, AT)
    first = events(gps.receive(PEER, SOS, AT))[0]
    gps.receive(OTHER, LOGIN, AT + 50 * MINUTE)
    told = events(gps.receive(OTHER, frame(record(ms=NOW_MS - 1), PRESS), AT + 50 * MINUTE))
    assert [event.id for event in told if event.type is Kind.HELP_PRESSED] == [first.id]
    other = events(gps.receive(OTHER, frame(record(236, {236: 1}, ms=NOW_MS + 1)), AT))[0]
    assert other.id != first.id


def test_a_new_connection_of_a_device_ends_the_one_before() -> None:
    gps = session()
    gps.receive(PEER, LOGIN, AT)
    outputs = gps.receive(OTHER, LOGIN, AT + SECOND)
    assert [output for output in outputs if isinstance(output, Close)] == [Close(PEER)]


def test_old_records_are_history_and_an_old_press_is_told_as_one() -> None:
    old = record(236, {236: 1}, ms=NOW_MS - 2 * HOUR_MS)
    told = events(session().receive(PEER, frame(record(), old, record(ms=NOW_MS + 1)), AT))
    assert [(str(event.type), event.history) for event in told] == [
        ("help.pressed", True),
        ("position.reported", True),
        ("position.reported", False),
        ("position.reported", False),
    ]
    assert told[0].time == "2026-11-22T10:00:00Z"


@pytest.mark.parametrize("ms", [NOW_MS + HOUR_MS, 1_000, 2**64 - 1], ids=["+1 h", "1970", "never"])
def test_a_clock_that_cannot_be_right_is_a_fault_and_the_press_rings(ms: int) -> None:
    told = events(session().receive(PEER, frame(record(236, {236: 1}, ms=ms)), AT))
    assert [str(event.type) for event in told] == [
        "help.pressed",
        "clock.wrong",
        "position.reported",
    ]
    assert not any(event.history for event in told)


@pytest.mark.parametrize("place", [bytes(15), bytes.fromhex("7fffffff 23b60b78 000c005a090004")])
def test_no_place_is_a_sign_of_life(place: bytes) -> None:
    (alive,) = events(session().receive(PEER, frame(record(place=place)), AT))
    assert (alive.type, alive.data.position) == (Kind.DEVICE_ALIVE, None)


def test_a_broken_record_is_visible_and_hides_no_press_before_it() -> None:
    gps = session()
    content = b"\x8e\x02" + PRESS + record()[:20] + b"\x02"
    outputs = gps.receive(PEER, wrapped(content), AT)
    assert kinds(outputs) == ["help.pressed", "frame.undecodable", "position.reported"]
    assert events(outputs)[1].data.note == "it ends inside record 2 of 2"
    answers = [sent(gps.confirm(event.id, Outcome.DURABLE, AT)) for event in events(outputs)]
    assert answers == [[], [], ["00000002"]]


def test_a_codec_that_is_not_read_is_visible_and_never_answered() -> None:
    gps = session()
    (event,) = events(gps.receive(PEER, wrapped(b"\x07\x01\x00\x01"), AT))
    assert (event.type, event.data.code) == (Kind.FRAME_UNDECODABLE, "codec=0x07")
    assert gps.confirm(event.id, Outcome.DURABLE, AT) == []


def test_a_frame_of_many_presses_is_a_bounded_number_of_events() -> None:
    many = [record(236, {236: 1}, ms=NOW_MS + number) for number in range(60)]
    told = events(session().receive(PEER, frame(*many), AT))
    assert [str(event.type) for event in told].count("help.pressed") == 32
    assert [event.data.code for event in told if event.type is Kind.CODE_UNKNOWN] == [
        "28 more in one frame"
    ]
    assert len({event.id for event in told}) == len(told)


def test_a_press_with_a_wrong_checksum_is_visible_and_gets_no_answer() -> None:
    gps = session()
    gps.receive(PEER, LOGIN, AT)
    wrong = SOS[:-1] + bytes((SOS[-1] ^ 1,))
    (event,) = events(gps.receive(PEER, wrong, AT))
    assert (event.type, event.subject) == (Kind.FRAME_UNDECODABLE, "teltonika:123456789012345")
    assert gps.confirm(event.id, Outcome.DURABLE, AT) == []


def test_a_frame_that_never_ends_is_cut_after_five_seconds() -> None:
    gps = session()
    assert gps.receive(PEER, SOS[:30], AT) == []
    assert kinds(gps.due(AT + 5 * SECOND)) == ["frame.undecodable"]
    assert kinds(gps.receive(PEER, SOS, AT + 6 * SECOND))[0] == "help.pressed"


def test_a_stream_of_garbage_is_closed_with_one_event() -> None:
    gps = session()
    outputs = gps.receive(PEER, SOS + b"\x01" * 20_000, AT)
    assert kinds(outputs) == ["help.pressed", "position.reported", "frame.undecodable"]
    assert outputs[-1] == Close(PEER)


contents = st.sampled_from([bytes.fromhex(row["hex"])[8:-4] for row in golden()[1:]] + [SOS[8:-4]])


@given(
    contents,
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=6),
    st.integers(0, 20),
)
def test_a_mutated_frame_with_a_right_checksum_never_raises_and_is_never_silent(
    original: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    content = bytearray(original)
    for place, octet in changes:
        content[place % len(content)] = octet
    gps = session()
    told = events(gps.receive(PEER, wrapped(bytes(content[: len(content) - cut])), AT))
    assert told
    answers = [sent(gps.confirm(event.id, Outcome.DURABLE, AT)) for event in told]
    assert not any(answers[:-1])
    assert bool(answers[-1]) == (content[0] in (0x08, 0x8E, 0x10))


@given(st.lists(st.binary(max_size=60), max_size=10))
def test_any_octets_are_only_outputs(chunks: list[bytes]) -> None:
    gps = session()
    outputs = [output for chunk in chunks for output in gps.receive(PEER, chunk, AT)]
    outputs += [*gps.due(AT + HOUR), *gps.closed(PEER, AT + HOUR)]
    assert all(isinstance(output, Emit | Send | Close) for output in outputs)
