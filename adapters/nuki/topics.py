"""Which lock a topic speaks of: `<base>/<id>/<what>`, where the id is 6 to 16 hex digits."""

import re
from typing import NamedTuple

_ID = re.compile(r"[0-9A-Fa-f]{6,16}")


class About(NamedTuple):
    """A lock and what of it."""

    device: str
    """In upper case, as it stands on the lock."""
    what: str


def read_topic(base: str, topic: str) -> About | None:
    """Return what the topic speaks of; None for what is no lock's."""
    if not topic.startswith(f"{base}/"):
        return None
    device, _, what = topic[len(base) + 1 :].partition("/")
    return About(device.upper(), what) if what and _ID.fullmatch(device) else None


def command_topic(base: str, device: str) -> str | None:
    """Return the topic by which a lock is told to move; None for what is no lock's id."""
    return f"{base}/{device}/lockAction" if _ID.fullmatch(device) else None
