"""Alarms about somebody of the staff: what stands as their subject in the place of a device."""

_CALLS, _UNREACHED = "person", "reach"


def subject_of(person: str) -> str:
    """Return the subject of a person's own call for help."""
    return f"{_CALLS}:{person}"


def unreached(person: str) -> str:
    """Return the subject of the word that a person cannot be called."""
    return f"{_UNREACHED}:{person}"


def colleague_of(subject: str) -> str | None:
    """Return whom of the staff an alarm is about; None where it is about a device."""
    about, _, person = subject.partition(":")
    return person if about in {_CALLS, _UNREACHED} else None
