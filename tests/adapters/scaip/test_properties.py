"""Properties: cuts of a stream, patterns of retransmission, and mutations of valid frames."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.scaip import Credential, decode
from adapters.session import Emit, Outcome, Output
from routing.event import Event
from tests.adapters.scaip.unit import ALARM, SECOND, T0, TCP, UDP, events, make, mrq, sip

STREAM = (
    b"\r\n\r\n"
    + sip(transport="TCP")
    + b"\r\n"
    + sip(mrq(ref="B1", mty="PI"), transport="TCP", branch="z9hG4bK2")
    + b"\r\n\r\n"
    + sip("<mrq>", transport="TCP", branch="z9hG4bK3")
    + sip("", method="OPTIONS", transport="TCP", branch="z9hG4bK4")
    + b"X" * 40
    + b"\r\n\r\n"
)


@given(st.lists(st.integers(min_value=0, max_value=len(STREAM)), max_size=12))
def test_any_cut_of_a_stream_gives_the_same_outputs(cuts: list[int]) -> None:
    whole = make()
    whole.opened(TCP, T0)
    wanted = list(whole.receive(TCP, STREAM, T0))
    assert len(wanted) == 12
    session = make()
    session.opened(TCP, T0)
    marks = [0, *sorted(cuts), len(STREAM)]
    outputs: list[Output] = []
    for start, end in pairwise(marks):
        outputs += session.receive(TCP, STREAM[start:end], T0)
    assert outputs == wanted


@given(
    st.lists(
        st.tuples(
            st.integers(min_value=0, max_value=1_000 * SECOND),
            st.sampled_from([1, 2, 3]),
            st.booleans(),
        ),
        min_size=1,
        max_size=15,
    )
)
def test_any_retransmission_pattern_is_one_press(pattern: list[tuple[int, int, bool]]) -> None:
    session = make()
    seen: set[str] = set()
    receptions: set[str] = set()
    for offset, branch, confirm in sorted(pattern):
        at = T0 + offset
        outputs = [*session.due(at), *session.receive(UDP, sip(branch=f"z9hG4bK{branch}"), at)]
        for event in events(outputs):
            seen.add(event.id)
            receptions.add(event.receivedat)
        if confirm:
            for event_id in seen:
                session.confirm(event_id, Outcome.DURABLE, at)
    assert len(seen) == 1
    assert len(receptions) == 1


FRAMES = [
    sip(),
    sip(
        mrq(mty="IN", stc="10", ame="1", crd="gsm:1", lte="Bath", hbo="001").replace(
            "</mrq>",
            "<lge><geo>67.28,14.405</geo><tim>1</tim><gga>$GPGGA,1,6716.8,N,01424.3,E,1,8,1,4,M,3,M,,"
            "</gga></lge></mrq>",
        ),
        branch="z9hG4bK6",
    ),
    sip("<scaip><cid>+1</cid><dty>4</dty><stc>10</stc><ref>d1</ref></scaip>", branch="z9hG4bK5"),
    sip(
        "",
        method="REGISTER",
        to="10149471",
        extra=["Contact: <sip:10149471@192.0.2.10:5062>;expires=600", "Expires: 600"],
    ),
    sip(extra=['Authorization: Digest realm="varde", nonce="1-2", response="3", qop=auth, nc=1']),
    b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\n"
    b"To: <sip:c@d>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n",
]
SPLICES = st.sampled_from(
    [b"\r\n", b"\r\n\r\n", b"<", b">", b"&x;", b"\0", b"\xff", b";rport", b",", b'"', b"%00", b"*"]
)
EDITS = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=700),
        st.integers(min_value=0, max_value=30),
        st.one_of(SPLICES, st.binary(max_size=6)),
    ),
    min_size=1,
    max_size=6,
)


def _mutated(frame: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for start, length, octets in edits:
        frame = frame[:start] + octets + frame[start + length :]
    return frame


@settings(max_examples=300)
@given(st.sampled_from(FRAMES), EDITS)
def test_mutations_never_raise_and_a_session_goes_on(
    frame: bytes, edits: list[tuple[int, int, bytes]]
) -> None:
    data = _mutated(frame, edits)
    session = make(credentials={"unit": Credential(password="p")}.get)
    session.opened(TCP, T0)
    outputs = [*session.receive(UDP, data, T0), *session.receive(TCP, data, T0)]
    for output in outputs:
        if isinstance(output, Emit):
            assert Event.parse(output.event.to_json()) == output.event
            session.confirm(output.event.id, Outcome.DURABLE, T0)
    session.due(T0 + 60 * SECOND)
    fresh = session.receive("udp:192.0.2.99:5060", sip(mrq(cid="7")), T0 + 60 * SECOND)
    assert [event.subject for event in events(fresh)] == ["scaip:7"]


@settings(max_examples=300)
@given(EDITS)
def test_a_mutated_body_is_never_lost(edits: list[tuple[int, int, bytes]]) -> None:
    body = _mutated(ALARM.encode(), edits)
    decoded = decode(body, T0)
    assert decoded.events
    assert decoded.reply or decoded.error


@given(st.binary(max_size=400))
def test_noise_is_survived(data: bytes) -> None:
    session = make()
    session.opened(TCP, T0)
    session.receive(UDP, data, T0)
    session.receive(TCP, data, T0)
    assert session.next_due() in (None, T0 + 4 * SECOND, T0 + 30 * SECOND)
