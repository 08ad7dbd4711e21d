"""The stream connections of a listener: their framers, and the messages that stay half received.

A message that never ends must not vanish (invariant 3): it is told once when its connection ends,
or when it has stood half received for `HALF_WAIT`. It is still read when its rest comes after all.
"""

from collections import OrderedDict
from dataclasses import dataclass

from adapters.scaip.framing import Broken, Frame, StreamFramer
from adapters.session import Peer
from routing.instant import SECOND, Instant

HALF_WAIT: Instant = 30 * SECOND


@dataclass(slots=True)
class _Stream:
    framer: StreamFramer
    is_told: bool = False
    """The half message in the framer was told."""


class Streams:
    """The open connections, the one idle longest first; at most `limit`."""

    def __init__(self, limit: int, head_octets: int, body_octets: int) -> None:
        self._limit = limit
        self._sizes = head_octets, body_octets
        self._open: OrderedDict[Peer, _Stream] = OrderedDict()
        self._half: OrderedDict[Peer, Instant] = OrderedDict()
        """Since when a message is half received, the oldest first."""

    def __contains__(self, peer: Peer) -> bool:
        return peer in self._open

    def open(self, peer: Peer) -> Peer | None:
        """Take a new connection; return the one that must be closed for it."""
        self._open[peer] = _Stream(StreamFramer(*self._sizes))
        return next(iter(self._open)) if len(self._open) > self._limit else None

    def feed(self, peer: Peer, data: bytes, at: Instant) -> list[Frame]:
        """Take octets of a connection and return the frames that are complete."""
        stream = self._open.get(peer)
        if stream is None:
            return []
        self._open.move_to_end(peer)
        frames = stream.framer.feed(data)
        if frames or not stream.framer.is_waiting:
            self._half.pop(peer, None)
            stream.is_told = False
        if stream.framer.is_waiting and not stream.is_told:
            self._half.setdefault(peer, at)
        return frames

    def close(self, peer: Peer) -> Broken | None:
        """Forget a connection; return what was left half received and is not told."""
        stream = self._open.pop(peer, None)
        self._half.pop(peer, None)
        if stream is None or stream.is_told:
            return None
        return stream.framer.half("the connection ended inside a message")

    def next_due(self) -> Instant | None:
        return next(iter(self._half.values())) + HALF_WAIT if self._half else None

    def due(self, at: Instant) -> list[Broken]:
        """Return the messages that stood half received for too long, each once."""
        told: list[Broken] = []
        while (first := self.next_due()) is not None and first <= at:
            peer, _ = self._half.popitem(last=False)
            self._open[peer].is_told = True
            half = self._open[peer].framer.half("half a message, and no more came for 30 s")
            told += [half] if half else []
        return told
