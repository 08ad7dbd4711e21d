"""The lease of a partition: which worker may append, and since when nobody else may.

Two things keep two workers apart. The *fence*: every append carries the token of the lease under
which it was made, and the journal itself refuses an older one, so a worker that has slept through
its lease changes nothing. The *term*: a worker that has not been able to renew for as long as the
lease lasts stops by its own clock, before anybody may take its place.

Clocks are never compared between workers. Who waits for a lease sees whether it is still renewed,
and counts by its own steady clock; that clock must go on while the machine sleeps.
"""

import msgspec

from routing.instant import SECOND, Instant

LASTS: Instant = 6 * SECOND
"""How long a worker may go without renewing; a disk that takes longer costs it the lease."""
RENEW_EVERY_S = 2.0
STARTS_WITHIN: Instant = 120 * SECOND
"""How long a new holder has for its replay, until it renews for the first time."""


class Lease(msgspec.Struct, frozen=True):
    """Who may append to a partition."""

    owner: str
    """The worker, in words for an operator."""
    token: int
    """Rises with each new holder."""
    renewed: int
    """How often this holder has renewed it."""
    lasts: Instant
    """Microseconds from the claim, or from the last renewal, to the end."""


class Term:
    """A holder's own view of its lease. `at` is always by the holder's steady clock."""

    def __init__(self, ends_at: Instant) -> None:
        self.ends_at = ends_at

    def renewed(self, asked_at: Instant) -> None:
        """Go on, counted from when the renewal was asked for: its answer may have been late."""
        self.ends_at = asked_at + LASTS

    def over(self, at: Instant) -> bool:
        """Whether somebody else may have the lease by now."""
        return at >= self.ends_at


class Vigil:
    """A standby's view of somebody else's lease. `at` is always by the standby's steady clock."""

    def __init__(self) -> None:
        self._seen: Lease | None = None
        self._since: Instant = 0

    def look(self, lease: Lease | None, at: Instant) -> Lease | None:
        """Return the lease once it may be taken: seen without a renewal for all its length."""
        if lease != self._seen:
            self._seen, self._since = lease, at
        if lease is None or at - self._since < lease.lasts:
            return None
        return lease
