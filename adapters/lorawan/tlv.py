"""Milesight's framing: channel, type and a value whose length both decide.

Source: github.com/Milesight-IoT/SensorDecoders, the tables in the README and the decoder of each
model (2025). There is no length on the wire: what follows an unknown pair cannot be read.
"""

from collections.abc import Mapping
from typing import NamedTuple

from adapters.lorawan.config import Profile

Pair = tuple[int, int]

_COMMON: Mapping[Pair, int] = {
    (0xFF, 0x01): 1,  # protocol version
    (0xFF, 0x08): 6,  # serial number
    (0xFF, 0x09): 2,  # hardware version
    (0xFF, 0x0A): 2,  # firmware version
    (0xFF, 0x0B): 1,  # switched on
    (0xFF, 0x0F): 1,  # LoRaWAN class
    (0xFF, 0x16): 8,  # serial number
    (0xFF, 0xFE): 1,  # reset
    (0xFF, 0xFF): 2,  # TSL version
    (0x01, 0x75): 1,  # battery, %
}
_MODEL: Mapping[Profile, Mapping[Pair, int]] = {
    Profile.WS101: {(0xFF, 0x2E): 1},
    Profile.WS301: {(0x03, 0x00): 1, (0x04, 0x00): 1},
    Profile.VS340: {(0x03, 0x00): 1},
    Profile.VS373: {
        (0x03, 0xF8): 6,
        (0x04, 0xF9): 4,
        (0x05, 0xFA): 8,
        (0x06, 0xFB): 5,
        (0x20, 0xCE): 9,
    },
}
_ANSWERS: Mapping[int, int] = {
    **dict.fromkeys((0x04, 0x10, 0x28, 0x2F, 0x3E, 0x40, 0x42, 0x64, 0x69, 0x74, 0x84, 0xB2), 1),
    **dict.fromkeys((0x03, 0x95), 2),
    **dict.fromkeys((0x6A, 0x8E), 3),
    **dict.fromkeys((0x98, 0x99), 5),
    **dict.fromkeys((0x35, 0x96), 8),
    0x11: 4,
}
"""By type, what follows channel FE or FF when the device repeats a setting it was sent."""
_LONG_ANSWERS: Mapping[int, int] = {
    **{0x48: 1, 0x49: 9, 0x4A: 5, 0x4B: 9, 0x4C: 5, 0x4D: 1, 0x4E: 1, 0x4F: 12},
    **{0x50: 2, 0x51: 6, 0x52: 3, 0x53: 3, 0x56: 2},
}
"""The same after channel F8 (which adds an octet with the outcome) and F9."""


class Value(NamedTuple):
    """One channel's value."""

    channel: int
    type: int
    octets: bytes

    @property
    def pair(self) -> Pair:
        return self.channel, self.type


class Cut(NamedTuple):
    """A payload in its values, and what is left where an unknown or cut one begins."""

    values: tuple[Value, ...]
    rest: bytes


def cut(profile: Profile, payload: bytes) -> Cut:
    """Cut a payload into values; `rest` is empty when all of it could be cut."""
    values: list[Value] = []
    place = 0
    while place < len(payload):
        length = _length(profile, payload[place : place + 2])
        end = place + 2 + (length or 0)
        if length is None or end > len(payload):
            break
        values.append(Value(payload[place], payload[place + 1], payload[place + 2 : end]))
        place = end
    return Cut(tuple(values), payload[place:])


def _length(profile: Profile, head: bytes) -> int | None:
    if len(head) < 2:
        return None
    channel, kind = head
    own = _MODEL[profile].get((channel, kind), _COMMON.get((channel, kind)))
    if own is not None:
        return own
    if channel in (0xFE, 0xFF):
        return _ANSWERS.get(kind)
    if channel in (0xF8, 0xF9) and kind in _LONG_ANSWERS:
        return _LONG_ANSWERS[kind] + (channel == 0xF8)
    return None
