"""How many events one message may become: help first, the rest counted.

A frame may hold as many codes as fit into it, and a stranger fills it to flood the journal. What is
over the bound is not dropped silently: the codec tells it as one `code.unknown` with the count.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from routing.kinds import KINDS, Kind, KindClass, Lane

T = TypeVar("T")


def is_call(kind: Kind) -> bool:
    """Say whether a kind is an alarm that brings a person: help, fall, smoke and the like."""
    return KINDS[kind].kind_class is KindClass.ALARM and KINDS[kind].lane is Lane.HELP


def help_first(told: Sequence[T], kind_of: Callable[[T], Kind], most: int) -> tuple[list[T], int]:
    """Return at most `most` of what is told, in its order, and how many are left out.

    Calls for help stay before what else travels with them, alarms before observations."""
    ranked = sorted(range(len(told)), key=lambda place: _rank(kind_of(told[place])))
    kept = sorted(ranked[:most])
    return [told[place] for place in kept], len(told) - len(kept)


def _rank(kind: Kind) -> int:
    if is_call(kind):
        return 0
    if KINDS[kind].lane is Lane.HELP:
        return 1
    return 2 if KINDS[kind].kind_class is KindClass.ALARM else 3
