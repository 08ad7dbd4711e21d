"""How much a session holds: the octets of every object that is reached from it."""

import gc
import sys
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

_SHARED = (type, ModuleType, BuiltinFunctionType)
"""Belongs to the program, not to the session."""


def kept_octets(session: object) -> int:
    """Return the octets; code and classes are not counted."""
    seen: set[int] = set()
    stack: list[Any] = [session]
    total = 0
    while stack:
        one = stack.pop()
        if id(one) in seen or isinstance(one, _SHARED):
            continue
        seen.add(id(one))
        if isinstance(one, FunctionType):
            stack += [cell.cell_contents for cell in one.__closure__ or ()]
            continue
        total += sys.getsizeof(one)
        stack += gc.get_referents(one)
    return total
