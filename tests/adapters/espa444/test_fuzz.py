"""Streams cut anywhere, mutated blocks and any octets."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from adapters.session import Emit, Send
from routing.instant import MINUTE
from tests.adapters.espa444.blocks import AT, CALL, RESET, SELECT, block, framed, golden
from tests.adapters.espa444.test_session import ACK, PEER, durable, events, session

stream = SELECT + CALL + b"\x04" + SELECT + RESET + b"\x04" + SELECT + block((1, "7"), (6, "1"))


@given(st.lists(st.integers(0, len(stream)), max_size=8))
def test_a_stream_cut_anywhere_says_the_same(cuts: list[int]) -> None:
    whole, parts = session(), session()
    places = sorted({0, len(stream), *cuts})
    told = [
        output
        for start, end in pairwise(places)
        for output in parts.receive(PEER, stream[start:end], AT)
    ]
    assert told == list(whole.receive(PEER, stream, AT))


contents = st.sampled_from([bytes.fromhex(row["hex"])[1:-2] for row in golden()["blocks"]])


@given(contents, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 255)), max_size=6))
def test_a_mutated_block_with_a_right_check_character_is_never_silent(
    original: bytes, changes: list[tuple[int, int]]
) -> None:
    content = bytearray(original)
    for place, octet in changes:
        content[place % len(content)] = octet
    control = {1, 3, 4, 5}
    changed = bytes(0x20 if octet in control else octet for octet in content)
    line = session()
    outputs = line.receive(PEER, framed(changed), AT)
    assert events(outputs)
    assert durable(line, outputs) == [ACK]


@given(st.lists(st.binary(max_size=60), max_size=10))
def test_any_octets_are_only_outputs(chunks: list[bytes]) -> None:
    line = session()
    outputs = [output for chunk in chunks for output in line.receive(PEER, chunk, AT)]
    outputs += [*line.due(AT + MINUTE), *line.closed(PEER, AT + MINUTE)]
    assert all(isinstance(output, Emit | Send) for output in outputs)
