"""Which connection a device is on: a new one replaces the old, which may be half open.

A tracker that loses its network comes back on a new connection while the server still holds the
old one, sometimes for hours. What it did not get an answer for it sends again.
"""

from adapters.recent import Bounded
from adapters.session import Close, Output, Peer


class Owners:
    """The last connection of each device; shared by a listener's connections."""

    def __init__(self) -> None:
        self._peers: Bounded[str, Peer] = Bounded()

    def take(self, device: str, peer: Peer) -> list[Output]:
        """The device has named itself on this connection: return what ends its earlier one."""
        earlier = self._peers.get(device)
        self._peers.put(device, peer)
        return [] if earlier in (None, peer) else [Close(earlier)]

    def leave(self, device: str, peer: Peer) -> None:
        """The connection has ended."""
        if self._peers.get(device) == peer:
            del self._peers[device]
