"""Cutting the stream: garbage, cuts, doubles, wrong checksums and lengths."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.ev07b import frame as frame_module
from adapters.ev07b.frame import Frame, FrameReader, Piece, build, checksum
from adapters.tracker.cutter import Unreadable
from tests.adapters.ev07b.frames import alarm, data, frame, golden

SOS = frame(data(alarm(1 << 12)))
WRONG = SOS[:-1] + bytes((SOS[-1] ^ 1,))


def read(*chunks: bytes) -> list[Piece]:
    reader = FrameReader()
    return [piece for chunk in chunks for piece in reader.feed(chunk)] + reader.give_up()


def summing(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return where the length of everything whose checksum is taken is noted."""
    summed: list[int] = []

    def noted(content: bytes) -> int:
        summed.append(len(content))
        return checksum(content)

    monkeypatch.setattr(frame_module, "checksum", noted)
    return summed


def test_an_answer_is_the_literal_one() -> None:
    assert build(20, bytes.fromhex("7f0100")).hex() == "ab00030008c714007f0100"


def test_frames_in_a_row_are_each_read() -> None:
    assert [type(piece) for piece in read(SOS + SOS)] == [Frame, Frame]


def test_garbage_before_a_frame_is_reported_and_the_frame_is_read() -> None:
    garbage, good = read(b"GET / HTTP/1.1\r\n" + SOS)
    assert garbage == Unreadable(b"GET / HTTP/1.1\r\n", "no frame begins here")
    assert isinstance(good, Frame)


def test_a_wrong_checksum_is_reported_once_and_the_next_frame_is_read() -> None:
    bad, good = read(WRONG + SOS)
    assert bad == Unreadable(WRONG, "the checksum is wrong")
    assert isinstance(good, Frame)


def test_two_wrong_frames_are_two_reports() -> None:
    assert read(WRONG + WRONG) == [Unreadable(WRONG, "the checksum is wrong")] * 2


def test_a_length_over_the_limit_does_not_hide_the_next_frame() -> None:
    pieces = read(bytes.fromhex("ab10ffff00000000") + SOS)
    assert pieces[0] == Unreadable(
        bytes.fromhex("ab10ffff00000000"), "the length is over 2048 octets"
    )
    assert isinstance(pieces[1], Frame)


def test_a_cut_frame_is_reported_at_the_end() -> None:
    assert read(SOS[:20]) == [
        Unreadable(SOS[:20], f"the frame is cut: 20 of {len(SOS)} octets came")
    ]


def test_a_false_header_inside_a_bad_frame_does_not_hold_up_a_press() -> None:
    # The bad frame holds AB and a claim of 1024 octets, which never come.
    content = data(bytes.fromhex("0a30 ab 10 0004 0000 0000 00"))
    bad = bytearray(frame(content))
    bad[4] ^= 0xFF
    reader = FrameReader()
    pieces = reader.feed(bytes(bad) + SOS)
    assert [type(piece) for piece in pieces] == [Unreadable, Frame]


def test_garbage_is_reported_in_bounded_pieces() -> None:
    pieces = read(b"\0" * 8_000)
    assert sum(len(piece.raw) for piece in pieces if isinstance(piece, Unreadable)) == 8_000
    assert all(len(piece.raw) <= 2049 for piece in pieces if isinstance(piece, Unreadable))


@pytest.mark.parametrize(
    "garbage",
    [
        b"\0" * 4_000_000,
        b"\xab" * 4_000_000,
        bytes.fromhex("ab00d007") * 1_000_000,
        bytes.fromhex("ab1001000000000001") * 440_000,
    ],
    ids=["zeros", "AB", "long frames", "short frames"],
)
def test_endless_garbage_loses_the_stream_and_costs_no_more(
    garbage: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    summed = summing(monkeypatch)
    reader = FrameReader()
    for start in range(0, len(garbage), 65_536):
        reader.feed(garbage[start : start + 65_536])
    assert reader.lost
    assert not reader.waiting
    assert sum(summed) <= 300_000
    assert len(summed) <= 1_100


def test_a_readable_frame_keeps_the_stream() -> None:
    pieces = read(*[b"\0" * 5_000, SOS] * 4)
    assert [type(piece) for piece in pieces].count(Frame) == 4


def test_octet_by_octet_each_place_behind_a_bad_frame_is_summed_twice_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A bad frame; in it an AB whose claim does not end soon, and 30 that claim one octet.
    inside = bytes.fromhex("ab100007 00000000") + bytes.fromhex("ab10010000000000 01") * 30
    bad = bytearray(frame(data() + inside))
    bad[4] ^= 0xFF
    summed = summing(monkeypatch)
    pieces = read(*(bytes((octet,)) for octet in bytes(bad) + SOS))
    assert [type(piece) for piece in pieces] == [Unreadable, Frame]
    assert len(summed) <= 2 * 32


parts = st.lists(
    st.one_of(
        st.sampled_from([bytes.fromhex(row["hex"]) for row in golden()]),
        st.sampled_from([SOS, WRONG, SOS[:17], b"\xab", bytes.fromhex("ab10ffff00000000")]),
        st.binary(max_size=40).map(lambda octets: octets.replace(b"\xab", b"\0")),
    ),
    max_size=8,
)


@given(parts, st.lists(st.integers(0, 600), max_size=30))
def test_the_network_may_cut_the_stream_anywhere(stream: list[bytes], cuts: list[int]) -> None:
    octets = b"".join(stream)
    at = [0, *sorted(min(cut, len(octets)) for cut in cuts), len(octets)]
    chunks = [octets[start:end] for start, end in itertools.pairwise(at)]
    whole = [piece for piece in read(octets) if isinstance(piece, Frame)]
    assert [piece for piece in read(*chunks) if isinstance(piece, Frame)] == whole


@given(st.lists(st.sampled_from([SOS, WRONG]), max_size=6), st.lists(st.integers(0, 300)))
def test_good_and_bad_frames_give_the_same_pieces_however_cut(
    stream: list[bytes], cuts: list[int]
) -> None:
    octets = b"".join(stream)
    at = [0, *sorted(min(cut, len(octets)) for cut in cuts), len(octets)]
    chunks = [octets[start:end] for start, end in itertools.pairwise(at)]
    expected = [Frame if part is SOS else Unreadable for part in stream]
    assert [type(piece) for piece in read(*chunks)] == expected


@given(st.binary(max_size=400), st.integers(0, 400))
def test_any_octets_are_survived_and_a_frame_after_them_is_found(noise: bytes, cut: int) -> None:
    pieces = read(noise[:cut], noise[cut:] + SOS)
    contents = [piece.content for piece in pieces if isinstance(piece, Frame)]
    assert SOS[8:] in contents
