"""What is said between the adapters process and somebody who looks on (`varde listen`).

A wish ends by itself, so that nothing is shown to nobody; who looks on renews it. Frames are
personal data: they are published only while a wish holds, on a topic that only its account may
read, and never kept.
"""

import msgspec

from adapters.session import Outcome
from routing.instant import MINUTE, Instant

LONGEST: Instant = MINUTE
"""How far ahead a wish may end; what is asked for beyond is cut to this."""
LONGEST_TEST: Instant = 5 * MINUTE
"""How far ahead the wish to withhold an answer may end."""
SHOWN_OCTETS = 4096
"""Of a frame; what is longer is shown cut, and says so."""


class TapWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Show me frames until then."""

    id: str
    until: Instant
    listener: str | None = None
    subject: str | None = None
    """Only frames of this device; what came on its connection before it said who it is, too."""
    withhold: bool = False
    """Tell this device once that its call for help was not received, and see it send again. Only
    for a device that is registered for exercise; the hub has the call all the same."""


class Seen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened at a listener."""

    wishes: tuple[str, ...]
    """Ids of the wishes it is shown for."""
    at: Instant
    listener: str
    """Empty where it only says that the wish has been heard; `withheld` then, that the answer will
    be withheld."""
    peer: str = ""
    subject: str | None = None
    """Whose frame it is, as far as it is known."""
    topic: str = ""
    retained: bool = False
    heard: str | None = None
    """Hex of what came in."""
    answered: str | None = None
    """Hex of what went out."""
    events: tuple[msgspec.Raw, ...] = ()
    """What was understood, as canonical events."""
    cut: bool = False
    """Whether the hex is not all of it."""
    opened: bool = False
    closed: bool = False
    event: str = ""
    """Of an outcome: which event's."""
    outcome: Outcome | None = None
    """What the session was told became of the event."""
    withheld: bool = False
    """The event is durable; the device was told otherwise, as a wish asked for it."""
    missed: int = 0
    """How many could not be shown before this one."""
