"""Which phone an OwnTracks topic speaks of: `<base>/<user>/<device>`, and below it.

Source: owntracks/booklet, docs/tech/json.md, "Topics".
"""

from typing import NamedTuple

_HEARD = frozenset(("", "event"))
"""The phone's own topic, and that of its transitions. The others are commands to it, and its
waypoints, cards, beacons and dumps."""


class About(NamedTuple):
    """Who a topic speaks of."""

    device: str
    """`<user>/<device>`"""
    heard: bool
    """False for the topics that tell nothing the hub acts on."""


def read_topic(base: str, topic: str) -> About | None:
    """Return what a topic speaks of; None where it names no phone."""
    user, _, rest = topic.removeprefix(f"{base}/").partition("/")
    device, _, below = rest.partition("/")
    if not topic.startswith(f"{base}/") or not user or not device:
        return None
    return About(f"{user}/{device}", below in _HEARD)
