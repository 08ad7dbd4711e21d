"""Sequence numbers: `restored` that arrives before its `failure` is put in the device's own order.

Only for technical faults and doses: a press, smoke or water rings in whatever order it arrives.
After `reorder_s` a lower number means that the device has begun to count anew, not that it is late.
"""

from routing.correlate.memory import pair
from routing.correlate.settings import settings
from routing.facts import EventRecorded
from routing.instant import SECOND, Instant
from routing.kinds import KINDS, Category
from routing.state import State
from routing.trouble import ANSWERS

ORDERED = frozenset({Category.TECHNICAL, Category.MEDICATION})


def overtaken(state: State, event: EventRecorded, at: Instant) -> bool:
    """Whether a later message of the device about the same trouble, saying the opposite, was here
    before this one."""
    if event.sequence is None or KINDS[event.kind].category not in ORDERED:
        return False
    trouble = ANSWERS.get(event.kind, event.kind)
    newest = state.memory.spoke.get(pair(event.subject, trouble))
    if newest is None or newest.sequence <= event.sequence or newest.kind is event.kind:
        return False
    return at - newest.at <= settings(state.registry).reorder_s * SECOND
