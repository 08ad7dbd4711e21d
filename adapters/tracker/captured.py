"""Cutting a captured stretch of a stream into its whole frames. What is no frame is refused: only a
frame that was read can be made anonymous."""

from typing import TypeVar

from adapters.anonymous import NotAnonymous
from adapters.tracker.cutter import Shape, Unreadable

F = TypeVar("F")


def whole_frames(shape: Shape[F], octets: bytes) -> tuple[list[F], bytes]:
    """Return the frames, and the beginning of one whose end has not come. NotAnonymous for octets
    that are no frame."""
    frames: list[F] = []
    left = bytearray(octets.lstrip(shape.between) if shape.between else octets)
    while left:
        if shape.find(left, 0) != 0:
            raise NotAnonymous("octets that are no frame")
        size = shape.size(left, 0)
        if size is None or len(left) < size <= shape.longest:
            break
        frame = shape.read(bytes(left[:size]))
        if isinstance(frame, Unreadable):
            raise NotAnonymous("octets that are no frame")
        frames.append(frame)
        left = left[size:].lstrip(shape.between) if shape.between else left[size:]
    return frames, bytes(left)
