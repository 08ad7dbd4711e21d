"""What a mapping finds in a payload and what it leaves, in words: for whoever writes a mapping."""

from collections.abc import Iterator, Sequence
from itertools import islice

from adapters.fit import Json, code_text, fit, read_json
from adapters.mapping import MESSAGE, WHOLE, Mapping, Part, Rule, holds, items, look_up, wanted

_PARTS = ("device", "reference", "time", "battery", "part", "note", "link_quality")
_MORE_PARTS = ("latitude", "longitude", "dedupe")
_MOST_LINES = 200


def explain(mapping: Mapping, payload: bytes) -> list[str]:
    """Return the words, line by line; at most 200 of them."""
    try:
        message = read_json(payload)
    except ValueError as error:
        return [f"the payload is not JSON: {error}"]
    return list(islice(_explained(mapping, message), _MOST_LINES))


def _explained(mapping: Mapping, message: Json) -> Iterator[str]:
    whole = message if mapping.each is None and isinstance(message, list) else [message]
    read = [item for one in whole for item in items(mapping, one)]
    if mapping.each is not None:
        yield (
            f"each: {mapping.each} has {len(read)} items"
            if read
            else (f"each: there is no list at {mapping.each}, so nothing is read")
        )
    for number, item in enumerate(read, 1):
        if len(read) > 1:
            yield f"item {number}"
        yield from _found(mapping, item)
        yield from _kind(mapping, item)
        yield from _left(mapping, item)


def _found(mapping: Mapping, item: Json) -> Iterator[str]:
    for name in (*_PARTS, *_MORE_PARTS):
        path = getattr(mapping, name)
        if path is not None:
            yield f"{name}: {path} {_is(look_up(item, path))}"


def _kind(mapping: Mapping, item: Json) -> Iterator[str]:
    if mapping.kind is not None:
        yield f"kind: always {mapping.kind}"
    elif mapping.kind_from is not None:
        value = look_up(item, mapping.kind_from)
        kind = {code_text(key): kind for key, kind in mapping.kinds.items()}.get(code_text(value))
        told = f"means {kind}" if kind else f"is not in kinds, so {mapping.otherwise}"
        yield f"kind_from: {mapping.kind_from} {_is(value)}, which {told}"
    else:
        yield from _rules(mapping, item)


def _rules(mapping: Mapping, item: Json) -> Iterator[str]:
    any_matches = False
    for number, rule in enumerate(mapping.rules, 1):
        missed = _missed(rule, item)
        any_matches = any_matches or not missed
        conditions = ", ".join(f"{path}{wanted(value)}" for path, value in rule.when.items())
        if missed:
            yield f"rule {number} ({conditions}) does not match: {'; '.join(missed)}"
        else:
            yield f"rule {number} ({conditions}) matches: {rule.kind}"
    if not any_matches:
        yield f"no rule matches, so {mapping.otherwise}"


def _missed(rule: Rule, item: Json) -> list[str]:
    found = ((path, look_up(item, path), value) for path, value in rule.when.items())
    return [
        f"{path} {_is(value)}" for path, value, condition in found if not holds(value, condition)
    ]


def _left(mapping: Mapping, item: Json) -> Iterator[str]:
    paths = {getattr(mapping, name) for name in (*_PARTS, *_MORE_PARTS, "kind_from")}
    paths |= {path for rule in mapping.rules for path in rule.when}
    if WHOLE in paths:
        return
    own = item.item if isinstance(item, Part) else item
    for path, value in _leaves(own, ""):
        if not {path, MESSAGE + path} & paths:
            yield f"left: {path} {_is(value)}"


def _leaves(value: Json, path: str) -> Iterator[tuple[str, Json]]:
    inside: Sequence[tuple[object, Json]] = ()
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    for name, one in inside:
        yield from _leaves(one, f"{path}.{name}" if path else str(name))
    if not inside and path:
        yield path, value


def _is(value: Json) -> str:
    if value is None:
        return "is not there"
    text = fit(repr(value) if isinstance(value, str) else code_text(value), 60)
    return f"is {text}"
