"""What the access log holds, and what it can be asked.

The patient shall be told, when asking for it, who has had access to the information about them
(pasientjournalloven section 22, https://lovdata.no/lov/2014-06-20-42/§22). A row is therefore one
*look*: a person at a phone who has read one thing about one resident for one reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from routing.instant import MINUTE, Instant

SAME_LOOK: Instant = 10 * MINUTE
"""A page that is open fetches what it shows each time the alarm changes. Within so long of the last
fetch that is the same look going on (its `last_at` moves); after it, somebody looks anew."""
TOUCH: Instant = MINUTE
"""How exact `last_at` is: a look that goes on is written down at most so often."""


class What(StrEnum):
    """What was read."""

    DETAIL = "detail"
    """An alarm with the resident's address, telephone number and history of the alarm."""
    ENTRY = "entry"
    """How one gets in, the note on care, and an address that is protected."""
    POSITION = "position"
    ZONE = "zone"
    """A phone has stored the home's address and notes for a shift, to have them without a
    connection."""
    STORED = "stored"
    """What a phone had stored was opened on it."""
    TASKS = "tasks"
    INCIDENT = "incident"


class LogBroken(Exception):
    """The access log cannot be used; the message says which file and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look as it is asked for."""

    person: str
    name: str
    """Of the person as it was then: the row must be readable when they have left."""
    roles: str
    """Codes of their roles then, parted by spaces."""
    handset: str
    """Id of the phone, empty where it is not known."""
    resident: str
    what: What
    why: str = ""
    """Id of the alarm, task, incident or zone."""
    kind: str = ""
    """Code of the kind of alarm."""
    tap: str = ""
    """What makes one tap or shift one look, however often it is asked again; empty: by time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Look):
    """One look as it was written down."""

    at: Instant
    last_at: Instant
    """When it was fetched last, to `TOUCH` exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which looks are asked for; those that began in [from_at, to_at)."""

    resident: str | None = None
    person: str | None = None
    handset: str | None = None
    from_at: Instant = 0
    to_at: Instant | None = None


class AccessLog(Protocol):
    """Appends durably, and tells."""

    def append(self, looks: Iterable[Look], at: Instant) -> None:
        """Write the looks down; durable when it returns. LogBroken when it cannot be."""
        ...

    def find(self, sought: Sought) -> list[Read]:
        """Return the looks, the oldest first. LogBroken."""
        ...

    def close(self) -> None:
        """Let go of what it is written to."""
        ...
