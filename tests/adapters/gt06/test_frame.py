"""Cutting the stream: garbage, cuts, wrong checksums and lengths."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.gt06.frame import Frame, FrameReader, build, checksum
from adapters.tracker import Unreadable
from tests.adapters.gt06.frames import LOGIN, alarm, frame, golden

SOS = alarm(0x01)
WRONG = SOS[:-3] + bytes((SOS[-3] ^ 1,)) + b"\r\n"
LONG = frame(0x94, b"\0" * 300, long=True)


def read(*chunks: bytes) -> list[Frame | Unreadable]:
    reader = FrameReader()
    return [piece for chunk in chunks for piece in reader.feed(chunk)] + reader.give_up()


def test_the_checksum_has_its_published_check_value() -> None:
    assert checksum(b"123456789") == 0x906E


def test_an_answer_is_the_literal_one() -> None:
    assert build(0x16, 0x4B).hex() == "78780516004b3d120d0a"


def test_short_and_long_frames_in_a_row_are_each_read() -> None:
    assert [
        (piece.type, piece.long) for piece in read(LOGIN + LONG + SOS) if isinstance(piece, Frame)
    ] == [
        (0x01, False),
        (0x94, True),
        (0x26, False),
    ]


def test_garbage_before_a_frame_is_reported_and_the_frame_is_read() -> None:
    garbage, good = read(b"GET / HTTP/1.1\r\n" + SOS)
    assert garbage == Unreadable(b"GET / HTTP/1.1\r\n", "no frame begins here")
    assert isinstance(good, Frame)


def test_a_wrong_checksum_is_reported_once_and_the_next_frame_is_read() -> None:
    bad, good = read(WRONG + SOS)
    assert bad == Unreadable(WRONG, "the checksum is wrong")
    assert isinstance(good, Frame)


def test_a_length_that_is_wrong_does_not_hide_the_next_frame() -> None:
    broken = b"xx\x20" + SOS[3:]
    *bad, good = read(broken + SOS)
    assert b"".join(piece.raw for piece in bad if isinstance(piece, Unreadable)) == broken
    assert isinstance(good, Frame)


def test_a_false_beginning_inside_a_bad_frame_does_not_hold_up_a_press() -> None:
    # The bad frame holds 7979 and a claim of 2816 octets, which never come.
    bad = bytearray(frame(0x15, b"\0\0yy\x0b\0\0\0"))
    bad[-3] ^= 0xFF
    assert [type(piece) for piece in FrameReader().feed(bytes(bad) + SOS)] == [Unreadable, Frame]


@pytest.mark.parametrize("garbage", [b"\0", b"x", b"y", b"xx\xff", b"yy\x0f\xff"])
def test_endless_garbage_loses_the_stream(garbage: bytes) -> None:
    reader = FrameReader()
    for _ in range(40):
        reader.feed(garbage * (65_536 // len(garbage)))
    assert reader.lost
    assert not reader.waiting


parts = st.lists(
    st.one_of(
        st.sampled_from([bytes.fromhex(row["hex"]) for row in golden()]),
        st.sampled_from([SOS, LONG, WRONG, SOS[:17], b"x", b"yy\xff\xff"]),
        st.binary(max_size=40),
    ),
    max_size=8,
)
cuts = st.lists(st.integers(0, 900), max_size=30)


def chunks_of(octets: bytes, at: list[int]) -> list[bytes]:
    ends = [0, *sorted(min(cut, len(octets)) for cut in at), len(octets)]
    return [octets[start:end] for start, end in itertools.pairwise(ends)]


@given(parts, cuts)
def test_the_network_may_cut_the_stream_anywhere(stream: list[bytes], at: list[int]) -> None:
    octets = b"".join(stream)
    whole = [piece for piece in read(octets) if isinstance(piece, Frame)]
    cut = [piece for piece in read(*chunks_of(octets, at)) if isinstance(piece, Frame)]
    assert cut == whole


@given(st.lists(st.sampled_from([SOS, WRONG, LONG]), max_size=6), cuts)
def test_good_and_bad_frames_give_the_same_pieces_however_cut(
    stream: list[bytes], at: list[int]
) -> None:
    expected = [Unreadable if part is WRONG else Frame for part in stream]
    assert [type(piece) for piece in read(*chunks_of(b"".join(stream), at))] == expected


@given(st.binary(max_size=400), st.integers(0, 400))
def test_any_octets_are_survived_and_a_frame_after_them_is_found(noise: bytes, cut: int) -> None:
    pieces = read(noise[:cut], noise[cut:] + SOS)
    contents = [piece.content for piece in pieces if isinstance(piece, Frame)]
    assert SOS[4:-6] in contents
