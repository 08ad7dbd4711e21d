"""Test alarms: recorded as proof of life, no chain. While somebody at that address needs help, the
same button counts as real: nobody tests a pendant in the middle of an alarm."""

from routing.correlate.heard import Ring, Source
from routing.kinds import KINDS, Category, Kind
from routing.reasons import ReasonCode, because
from routing.state import State

_REAL = tuple(category for category in Category if category is not Category.TECHNICAL)


def tested(state: State, source: Source, subject: str) -> Ring:
    """Return what a test rings."""
    real = source.device is not None and not source.device.exercise
    if real and _alarm_at(state, source, subject):
        why = because(ReasonCode.TEST_COUNTS_AS_REAL)
        return Ring(Kind.HELP_PRESSED, KINDS[Kind.HELP_PRESSED].severity, why)
    return Ring(Kind.DEVICE_TESTED, None, because(ReasonCode.TEST_RECORDED))


def _alarm_at(state: State, source: Source, subject: str) -> bool:
    who = source.resident or subject
    return any((who, category) in state.open_by_trouble for category in _REAL)
