"""Marks: what is true of an alarm beside its phase, and stays true until a fact takes it away."""

from enum import StrEnum


class Mark(StrEnum):
    """One mark. The texts are `mark.<value>`."""

    RETURNED = "returned"
    """Who or what it was about is back; it stays open until somebody closes it."""
    EXERCISE = "exercise"
    """From a device registered for exercise: never to real residents, relatives or 110/113."""
    RELATIVES_NOT_TOLD = "relatives_not_told"
    """The resident is paused (moved, in hospital, dead): staff handle it, no relative is called."""
