"""Cutting the stream: garbage, cuts, pings, wrong checksums and lengths."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teltonika.frame import Data, FrameReader, Login, TeltonikaFrame, checksum
from adapters.tracker import Unreadable
from tests.adapters.teltonika.frames import LOGIN, frame, golden, record

SOS = frame(record(236, {236: 1}, priority=2))
WRONG = SOS[:-1] + bytes((SOS[-1] ^ 1,))


def read(*chunks: bytes) -> list[TeltonikaFrame | Unreadable]:
    reader = FrameReader()
    return [piece for chunk in chunks for piece in reader.feed(chunk)] + reader.give_up()


def frames_of(pieces: list[TeltonikaFrame | Unreadable]) -> list[TeltonikaFrame]:
    return [piece for piece in pieces if not isinstance(piece, Unreadable)]


def test_the_checksum_has_its_published_check_value() -> None:
    assert checksum(b"123456789") == 0xBB3D


def test_a_login_and_frames_in_a_row_are_each_read() -> None:
    assert [type(piece) for piece in read(LOGIN + SOS + SOS)] == [Login, Data, Data]


def test_pings_between_frames_say_nothing() -> None:
    assert [type(piece) for piece in read(LOGIN + b"\xff\xff" + SOS + b"\xff")] == [Login, Data]


def test_garbage_before_a_frame_is_reported_and_the_frame_is_read() -> None:
    garbage, good = read(b"GET / HTTP/1.1\r\n" + SOS)
    assert garbage == Unreadable(b"GET / HTTP/1.1\r\n", "no frame begins here")
    assert isinstance(good, Data)


def test_a_wrong_checksum_is_reported_once_and_the_next_frame_is_read() -> None:
    bad, good = read(WRONG + SOS)
    assert bad == Unreadable(WRONG, "the checksum is wrong")
    assert isinstance(good, Data)


def test_a_zero_too_many_does_not_hide_the_frame() -> None:
    assert [type(piece) for piece in read(b"\0" + SOS)] == [Unreadable, Data]


@pytest.mark.parametrize("content", [b"\0", b"\0\x0f1", b"\0\0\0\0\0\0\x0f\xff", b"\x01"])
def test_endless_garbage_loses_the_stream(content: bytes) -> None:
    reader = FrameReader()
    for _ in range(40):
        reader.feed(content * (65_536 // len(content)))
    assert reader.lost
    assert not reader.waiting


parts = st.lists(
    st.one_of(
        st.sampled_from([bytes.fromhex(row["hex"]) for row in golden()]),
        st.sampled_from([SOS, LOGIN, WRONG, SOS[:17], b"\0", b"\xff", b"\0\0\0\0\0\0\x0f\xff"]),
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
    assert frames_of(read(*chunks_of(octets, at))) == frames_of(read(octets))


@given(st.lists(st.sampled_from([SOS, LOGIN, WRONG]), max_size=6), cuts)
def test_good_frames_are_read_and_every_octet_of_bad_ones_is_reported_once_however_cut(
    stream: list[bytes], at: list[int]
) -> None:
    pieces = read(*chunks_of(b"".join(stream), at))
    good = [{SOS: Data, LOGIN: Login}[part] for part in stream if part is not WRONG]
    assert [type(piece) for piece in frames_of(pieces)] == good
    reported = b"".join(piece.raw for piece in pieces if isinstance(piece, Unreadable))
    assert reported == WRONG * stream.count(WRONG)


@given(st.binary(max_size=400), st.integers(0, 400))
def test_any_octets_are_survived_and_a_frame_after_them_is_found(noise: bytes, cut: int) -> None:
    pieces = frames_of(read(noise[:cut], noise[cut:] + SOS))
    assert SOS[8:-4] in [piece.content for piece in pieces if isinstance(piece, Data)]
