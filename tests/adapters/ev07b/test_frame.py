"""Cutting the stream: garbage, cuts, doubles, wrong checksums and lengths."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from adapters.ev07b.frame import Frame, FrameReader, Piece, Unreadable, build
from tests.adapters.ev07b.frames import alarm, data, frame, golden

SOS = frame(data(alarm(1 << 12)))
WRONG = SOS[:-1] + bytes((SOS[-1] ^ 1,))


def read(*chunks: bytes) -> list[Piece]:
    reader = FrameReader()
    return [piece for chunk in chunks for piece in reader.feed(chunk)] + reader.give_up()


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


def test_endless_garbage_is_reported_in_bounded_pieces() -> None:
    pieces = read(b"\0" * 10_000)
    assert sum(len(piece.raw) for piece in pieces if isinstance(piece, Unreadable)) == 10_000
    assert all(len(piece.raw) <= 2049 for piece in pieces if isinstance(piece, Unreadable))


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
