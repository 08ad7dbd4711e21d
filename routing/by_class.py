"""What is done with a fact, found by its class: once for each class, then in a plain dictionary.

`functools.singledispatch` looks up its cache through weak references at every call, which cost more
than most folds, and a fact would pass through every fold that has nothing to do with it.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Dispatched(Protocol):
    """A function made by `functools.singledispatch`."""

    def dispatch(self, cls: Any) -> Callable[..., Any]: ...


class ByClass(dict[type, T]):
    """Class to what `find` says of it."""

    def __init__(self, find: Callable[[type], T]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, kind: type) -> T:
        found = self[kind] = self._find(kind)
        return found


def registered(dispatched: Dispatched, kind: type) -> Callable[..., Any] | None:
    """Return what is registered for the class; None where that is only the default."""
    found = dispatched.dispatch(kind)
    return None if found is dispatched.dispatch(object) else found
