"""Hostile octets: nothing raises, nothing readable is dropped, and the session goes on."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.session import Emit, Outcome, Send
from adapters.sia_dc09 import decode
from adapters.sia_dc09.frame import checksum
from tests.adapters.sia_dc09.frames import AT, TCP, UDP, arc, framed, golden, kinds, plain, session

LINES = [b"\n" + row["line"].encode() + b"\r" for row in golden() if "*" not in row["line"]]
GOOD = plain(
    "|Nri1/MA001/FA002^x^", after="[X10.5][Y59.5][H08:00:00,11-20-2026]_12:00:00,11-22-2026"
)


@given(st.binary(max_size=400))
def test_the_checksum_is_the_one_of_the_catalogue(octets: bytes) -> None:
    assert checksum(octets) == arc(octets)


@given(st.binary(max_size=600))
def test_any_datagram_is_survived_and_never_silent(octets: bytes) -> None:
    outputs = session().receive(UDP, octets, AT)
    assert bool(outputs) == bool(octets.strip(b"\r\n\t \0"))


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_any_stream_is_survived_and_a_frame_behind_it_is_heard(parts: list[bytes]) -> None:
    panel = session()
    for part in parts:
        panel.receive(TCP, part, AT)
    assert "help.pressed" in kinds(panel.receive(TCP, b"\r" + GOOD, AT))


@given(st.integers(0, len(GOOD) - 10), st.binary(min_size=1, max_size=6), st.integers(0, 6))
def test_a_mutated_frame_with_a_right_checksum_is_survived_and_never_silent(
    place: int, octets: bytes, left_out: int
) -> None:
    covered = bytearray(GOOD[9:-1])
    covered[place : place + left_out] = octets
    outputs = session().receive(UDP, framed(bytes(covered)), AT)
    assert outputs
    for output in outputs:
        assert isinstance(output, Emit | Send)


@given(st.text(alphabet=st.characters(codec="cp1252", exclude_characters="[]\r\n"), max_size=120))
def test_any_data_in_a_whole_frame_ends_in_events_and_one_answer(data: str) -> None:
    panel = session()
    for id in ("SIA-DCS", "ADM-CID", "NULL", "OTHER-1"):
        outputs = panel.receive(UDP, plain(f"|{data}", id=id), AT)
        told = [output.event.id for output in outputs if isinstance(output, Emit)]
        answers = [output for output in outputs if isinstance(output, Send)]
        for event_id in told:
            confirmed = panel.confirm(event_id, Outcome.DURABLE, AT)
            answers += [output for output in confirmed if isinstance(output, Send)]
        assert len(answers) == 1


@given(st.sampled_from(LINES), st.data())
def test_however_a_frame_is_cut_it_says_the_same(line: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(line)), max_size=5)))
    panel, told = session(clock_tolerance_s=None), []
    for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True):
        told += kinds(panel.receive(TCP, line[start:end], AT))
    whole = [str(event.type) for event in decode(line, AT, check_clock=False).events]
    assert told == whole


@given(st.integers(1, len(GOOD) - 1))
def test_a_frame_cut_short_is_never_answered(end: int) -> None:
    panel = session()
    outputs = [*panel.receive(TCP, GOOD[:end], AT), *panel.closed(TCP, AT)]
    whole = end == len(GOOD) - 1  # only CR is missing
    assert not any(isinstance(output, Send) for output in outputs)
    told = kinds(outputs)
    if end > 1:
        assert ("frame.undecodable" in told) != whole


@given(st.text(max_size=80))
def test_extended_data_of_any_kind_never_costs_the_alarm(text: str) -> None:
    value = text.encode("cp1252", "ignore").decode("cp1252")
    value = "".join(sign for sign in value if sign not in "[]\r\n")
    for name in "XYZHTILRSOM?":
        frame = plain("|Nri1/MA001", after=f"[{name}{value}]_12:00:00,11-22-2026")
        assert kinds(session().receive(UDP, frame, AT)) == ["help.pressed"]
