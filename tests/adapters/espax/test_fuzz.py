"""Streams cut anywhere, mutated frames and any octets."""

import struct
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from adapters.session import Close, Emit, Send
from routing.instant import MINUTE
from tests.adapters.espax.frames import AT, golden, login, request, start, stop
from tests.adapters.espax.test_session import PEER, durable, kinds, logged_in, session

STREAM = login() + start() + stop() + start("ref-2") + request("HEARTBEAT")


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_a_stream_cut_anywhere_says_the_same(cuts: list[int]) -> None:
    whole, parts = session(), session()
    places = sorted({0, len(STREAM), *cuts})
    told = [out for a, b in pairwise(places) for out in parts.receive(PEER, STREAM[a:b], AT)]
    expected = whole.receive(PEER, STREAM, AT)
    assert [o for o in told if isinstance(o, Send)] == [o for o in expected if isinstance(o, Send)]
    assert kinds(told) == kinds(expected)


@given(
    st.sampled_from([bytes.fromhex(row["hex"])[10:] for row in golden()]),
    st.lists(st.tuples(st.integers(0, 999), st.integers(0, 255)), max_size=6),
)
def test_a_mutated_frame_with_a_right_length_is_never_silent(
    original: bytes, changes: list[tuple[int, int]]
) -> None:
    xml = bytearray(original)
    for place, octet in changes:
        if xml:
            xml[place % len(xml)] = octet
    line = logged_in()
    octets = b"EX" + struct.pack(">II", len(xml) + 10, 1) + bytes(xml)
    outputs = line.receive(PEER, octets, AT)
    answered = [*outputs, *durable(line, outputs)]
    about_us = b"<RSP." in xml or b"<IND." in xml or b"REQ." not in xml
    assert about_us or any(isinstance(one, Send) for one in answered)


@given(st.lists(st.binary(max_size=60), max_size=10))
def test_any_octets_are_only_outputs(chunks: list[bytes]) -> None:
    line = logged_in()
    outputs = [output for chunk in chunks for output in line.receive(PEER, chunk, AT)]
    outputs += [*line.due(AT + MINUTE), *line.closed(PEER, AT + MINUTE)]
    assert all(isinstance(output, Emit | Send | Close) for output in outputs)
