"""From a text and a priority to one of our kinds and levels."""

from collections.abc import Mapping
from typing import NamedTuple

from adapters.nursecall.config import Means, NurseCallListener
from routing.kinds import CallLevel, Kind


class Meaning(NamedTuple):
    """A kind, and of a call how urgent it is."""

    kind: Kind
    level: CallLevel | None = None


_MEANINGS: Mapping[Means, Meaning] = {
    Means.CALL: Meaning(Kind.CALL_RAISED, CallLevel.CALL),
    Means.ASSISTANCE: Meaning(Kind.CALL_RAISED, CallLevel.ASSISTANCE),
    Means.EMERGENCY: Meaning(Kind.CALL_RAISED, CallLevel.EMERGENCY),
    Means.RESET: Meaning(Kind.CALL_CLEARED),
    Means.PRESENCE: Meaning(Kind.PRESENCE_ENTERED),
    Means.PRESENCE_LEFT: Meaning(Kind.PRESENCE_LEFT),
    Means.FAULT: Meaning(Kind.DEVICE_FAULT),
    Means.FAULT_OVER: Meaning(Kind.DEVICE_RECOVERED),
}
RESET = _MEANINGS[Means.RESET]
FAULT = _MEANINGS[Means.FAULT]


def meaning_of(config: NurseCallListener, text: str, priority: int | None) -> Meaning:
    """Return what a call means that the protocol itself does not call a reset."""
    folded = text.casefold()
    for rule in config.texts:
        if rule.contains.casefold() in folded:
            return _MEANINGS[rule.means]
    if priority is None:
        return _MEANINGS[config.usual]
    return _MEANINGS[config.priorities.get(priority, config.usual)]
