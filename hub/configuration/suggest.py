"""Did you mean: the key or id that was probably intended."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel

from hub.configuration.problem import Path

Shape = type[BaseModel]


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like this one, None when none is."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def keys_at(shape: Shape, path: Path) -> set[str]:
    """Return the keys allowed at a place inside an entry (of all shapes that may stand there)."""
    shapes = [shape]
    for name in path:
        inner = [s for each in shapes for s in _shapes_of_field(each, name)]
        shapes = inner or shapes
    return {field.alias or name for each in shapes for name, field in each.model_fields.items()}


def _shapes_of_field(shape: Shape, name: str | int) -> Iterator[Shape]:
    for field_name, field in shape.model_fields.items():
        if (field.alias or field_name) == name:
            yield from _shapes_in(field.annotation)


def _shapes_in(annotation: Any) -> Iterator[Shape]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _shapes_in(inner)
