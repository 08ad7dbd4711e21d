"""The part of the file about locks that are opened from here, and back."""

from typing import Annotated

from pydantic import Field

from hub.configuration.entry import Entry
from hub.configuration.scalars import Seconds, duration_text
from routing.locks.plans import LockCare


class LocksEntry(Entry):
    """The municipality's way with locks; everything may be left out."""

    wait: Annotated[Seconds, Field(ge=10, le=300)] = 30
    before_visit: Seconds = 900
    after_visit: Seconds = 3600


def locks(entry: LocksEntry) -> LockCare:
    """Return the municipality's way with locks."""
    return LockCare(wait_s=entry.wait, before_s=entry.before_visit, after_s=entry.after_visit)


def describe_locks(care: LockCare) -> dict[str, str]:
    """Return what the file says of locks."""
    return {
        "wait": duration_text(care.wait_s),
        "before_visit": duration_text(care.before_s),
        "after_visit": duration_text(care.after_s),
    }
