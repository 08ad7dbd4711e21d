"""The conversation with a watch: who gets an answer, when, and under which event ids."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.per_connection import PerConnection
from adapters.session import Close, Emit, Outcome, Send
from adapters.setracker import SetrackerConfig, setracker_session
from routing.instant import HOUR, MINUTE, SECOND
from routing.kinds import Kind
from tests.adapters.payloads import AT, OTHER, PEER, events, golden, kinds, octets, sent

ID = "8800000015"
ROWS = [octets(row) for row in golden("setracker")]


def frame(content: str, length: str = "0000") -> bytes:
    return f"[3G*{ID}*{length}*{content}]".encode()


def placed(
    kind: str, status: str = "00000000", time: str = "120000", date: str = "221126"
) -> bytes:
    values = f"{date},{time},A,59.91273,N,10.74609,E,3.5,90.0,12.0,7,80,55,900,0,{status},1,0"
    return frame(f"{kind},{values}")


SOS = placed("AL", "00010000")


def session() -> PerConnection:
    return setracker_session(SetrackerConfig(id="watch"))


def test_a_press_is_answered_only_after_it_is_durable() -> None:
    watch = session()
    told = events(watch.receive(PEER, SOS, AT))
    assert [event.type for event in told] == [Kind.HELP_PRESSED, Kind.POSITION_REPORTED]
    assert sent(watch.confirm(told[0].id, Outcome.DURABLE, AT)) == []
    assert sent(watch.confirm(told[1].id, Outcome.DURABLE, AT)) == [f"[3G*{ID}*0002*AL]"]


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.FAILED])
def test_without_a_durable_event_the_watch_hears_nothing(outcome: Outcome) -> None:
    watch = session()
    told = events(watch.receive(PEER, SOS, AT))
    answers = [watch.confirm(told[0].id, outcome, AT)]
    answers += [watch.confirm(told[1].id, Outcome.DURABLE, AT)]
    assert [sent(answer) for answer in answers] == [[], []]


def test_a_heartbeat_is_answered_and_tells_the_battery() -> None:
    watch = session()
    (alive,) = events(watch.receive(PEER, frame("LK,1200,3,44"), AT))
    assert (alive.type, alive.data.battery_pct) == (Kind.DEVICE_ALIVE, 44)
    assert sent(watch.confirm(alive.id, Outcome.DURABLE, AT)) == [f"[3G*{ID}*0002*LK]"]


def test_the_same_heartbeat_later_is_another_sign_of_life() -> None:
    watch = session()
    signs = [watch.receive(PEER, frame("LK,0,0,44"), AT + n * MINUTE) for n in range(3)]
    assert len({events(sign)[0].id for sign in signs}) == 3


def test_a_resend_keeps_its_id_on_the_same_and_on_a_new_connection() -> None:
    watch = session()
    first = events(watch.receive(PEER, SOS, AT))[0]
    again = events(watch.receive(PEER, SOS, AT + MINUTE))[0]
    moved = events(watch.receive(OTHER, SOS, AT + 9 * MINUTE))[0]
    assert first.id == again.id == moved.id
    later = events(watch.receive(OTHER, placed("AL", "00010000", "120001"), AT))[0]
    assert later.id != first.id


def test_a_new_connection_of_a_watch_ends_the_one_before() -> None:
    watch = session()
    watch.receive(PEER, frame("LK"), AT)
    assert Close(PEER) in watch.receive(OTHER, frame("LK"), AT)


@pytest.mark.parametrize("content", ["AL", "AL,1,2,3", "AL,221126,120000,V,,,,,,,,,,,,,zz"])
def test_an_alarm_that_cannot_be_read_still_calls_somebody(content: str) -> None:
    told = kinds(session().receive(PEER, frame(content), AT))
    assert told[:2] == ["help.automatic", "frame.undecodable"]


def test_an_unknown_alarm_bit_is_visible_and_still_calls_somebody() -> None:
    told = events(session().receive(PEER, placed("AL", "02000000"), AT))
    assert [(str(event.type), event.data.code) for event in told[:2]] == [
        ("code.unknown", "status=0x02000000"),
        ("help.automatic", "status=0x02000000"),
    ]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("0001", ["battery.low"]),
        ("0002", ["zone.left"]),
        ("0004", ["zone.entered", "help.automatic"]),
        ("0000", ["help.automatic"]),
        ("00000001", ["battery.low", "help.automatic"]),
        ("00000004", ["zone.entered", "help.automatic"]),
        ("00000008", ["help.automatic"]),
        ("00020001", ["battery.low", "battery.low"]),
        ("00010006", ["zone.left", "zone.entered", "help.pressed"]),
    ],
)
def test_a_state_that_is_on_does_not_hide_an_alarm(status: str, told: list[str]) -> None:
    outputs = session().receive(PEER, placed("AL", status), AT)
    assert kinds(outputs) == [*told, "position.reported"]


def test_an_unknown_type_is_told_once() -> None:
    watch = session()
    assert kinds(watch.receive(PEER, frame("WHAT,1"), AT)) == ["code.unknown"]
    assert kinds(watch.receive(PEER, frame("WHAT,2"), AT)) == ["device.alive"]


def test_an_sos_in_a_position_rings_and_gets_no_answer() -> None:
    watch = session()
    told = events(watch.receive(PEER, placed("UD_LTE", "00010000"), AT))
    assert told[0].type is Kind.HELP_PRESSED
    assert [sent(watch.confirm(event.id, Outcome.DURABLE, AT)) for event in told] == [[], []]


def test_the_state_of_the_battery_is_told_when_it_begins() -> None:
    watch = session()
    rows = [("120000", "1"), ("120001", "1"), ("120002", "0"), ("120003", "00000001")]
    told = [kinds(watch.receive(PEER, placed("UD", bit, time), AT)) for time, bit in rows]
    position = "position.reported"
    assert told == [["battery.low", position], [position], [position], ["battery.low", position]]


def test_a_state_that_is_sent_again_is_told_again_under_the_same_id() -> None:
    watch = session()
    first = events(watch.receive(PEER, placed("UD", "1"), AT))
    again = events(watch.receive(OTHER, placed("UD", "1"), AT + MINUTE))
    assert [event.id for event in first] == [event.id for event in again]


def test_old_positions_are_history_and_an_old_press_too() -> None:
    late = events(session().receive(PEER, placed("AL", "00010000", "113000"), AT))
    assert [event.history for event in late] == [True, True]
    kept = events(session().receive(PEER, placed("UD2"), AT))
    assert [(event.type, event.history) for event in kept] == [(Kind.POSITION_REPORTED, True)]


@pytest.mark.parametrize(("date", "time"), [("221126", "140000"), ("010100", "000000")])
def test_a_clock_that_cannot_be_right_is_a_fault_and_the_press_is_news(
    date: str, time: str
) -> None:
    told = events(session().receive(PEER, placed("AL", "00010000", time, date), AT))
    assert [(str(event.type), event.history) for event in told] == [
        ("help.pressed", False),
        ("clock.wrong", False),
        ("position.reported", False),
    ]


@pytest.mark.parametrize("bad", [b"[3G*1*LK]", b"noise", b"[]", b"[3G*12*0002", b"\xff\xd8"])
def test_what_cannot_be_read_does_not_hide_the_press_behind_it(bad: bytes) -> None:
    outputs = session().receive(PEER, bad + SOS, AT)
    assert kinds(outputs) == ["frame.undecodable", "help.pressed", "position.reported"]
    assert events(outputs)[0].data.raw == bad.hex()


def test_a_flood_without_an_end_is_closed_with_one_event() -> None:
    watch = session()
    outputs = [o for _ in range(50) for o in watch.receive(PEER, b"[" + b"x" * 1400, AT)]
    outputs += [o for _ in range(50) for o in watch.receive(OTHER, b"x" * 1400, AT)]
    assert [o for o in outputs if isinstance(o, Close)] == [Close(PEER), Close(OTHER)]
    assert len(events(outputs)) <= 4


def test_an_endless_frame_is_closed() -> None:
    watch = session()
    outputs = list(watch.receive(PEER, b"[3G*1*0002*TK,", AT))
    for _ in range(60):
        outputs += watch.receive(PEER, b"x" * 1000, AT)
    assert outputs[-1] == Close(PEER)
    assert set(kinds(outputs)) == {"frame.undecodable"}


def test_a_frame_that_stops_is_told_after_five_seconds() -> None:
    watch = session()
    assert watch.receive(PEER, SOS[:30], AT) == []
    assert kinds(watch.due(AT + 5 * SECOND)) == ["frame.undecodable"]
    assert kinds(watch.receive(PEER, SOS, AT + 6 * SECOND))[0] == "help.pressed"


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
    assert Kind.HELP_PRESSED in [kind for _, kind in told]


@given(
    st.sampled_from([*ROWS, SOS]),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=6),
)
def test_a_mutated_frame_never_raises_and_is_never_silent(
    original: bytes, changes: list[tuple[int, int]]
) -> None:
    changed = bytearray(original)
    for place, octet in changes:
        changed[1 + place % (len(changed) - 2)] = octet
    watch = session()
    outputs = [*watch.receive(PEER, bytes(changed), AT), *watch.closed(PEER, AT)]
    assert events(outputs)
    assert all(event.to_json() for event in events(outputs))


@given(st.lists(st.binary(max_size=60), max_size=10))
def test_any_octets_are_only_outputs(chunks: list[bytes]) -> None:
    watch = session()
    outputs = [output for chunk in chunks for output in watch.receive(PEER, chunk, AT)]
    outputs += [*watch.due(AT + HOUR), *watch.closed(PEER, AT + HOUR)]
    assert all(isinstance(output, Emit | Send | Close) for output in outputs)
