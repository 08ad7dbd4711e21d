"""The request to replay, as it is on the replay topic."""

import msgspec

from routing.instant import Instant


class ReplayWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """JSON on the replay topic."""

    id: str
    author: str
    who: str
    """A device's subject, or the id of one frame."""
    from_at: Instant | None = None
    to_at: Instant | None = None
