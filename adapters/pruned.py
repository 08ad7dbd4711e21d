"""A maker's JSON made anonymous by its mapping: only what the mapping reads is kept, ids are
replaced, places moved, and everything else is left out, free text too."""

import json
from collections.abc import Iterator
from typing import Any

from adapters.anonymous import NotAnonymous, Pseudonyms
from adapters.fit import Json, number, read_json
from adapters.mapping import MESSAGE, WHOLE, Mapping, Part, Scalar, Test, items, look_up
from routing.instant import from_rfc3339

_LONGEST_NUMBER = 12
_LONGEST_TIME = 40


def pruned(mapping: Mapping, octets: bytes, names: Pseudonyms) -> bytes:
    """Return the body with nothing but what the mapping reads. NotAnonymous for what is no JSON,
    and for a value that both decides and names."""
    try:
        said = read_json(octets)
    except ValueError:
        raise NotAnonymous("a body that is no JSON") from None
    bodies = said if isinstance(said, list) and not _is_read_whole(mapping) else [said]
    made = [_message(mapping, one, names) for one in bodies]
    return json.dumps(made if isinstance(said, list) and bodies is said else made[0]).encode()


def _is_read_whole(mapping: Mapping) -> bool:
    """Whether a list is a message itself, since a path begins with a place in it."""
    paths = (mapping.each or "", *_deciding(mapping))
    return any(path.partition(".")[0].isdigit() for path in paths)


def _message(mapping: Mapping, message: Json, names: Pseudonyms) -> Json:
    found: Json = None
    if mapping.each is None:
        for path, value in _kept(mapping, message, names):
            found = _put(found, message, path, value)
        return found
    parts = items(mapping, message)
    made: list[Json] = []
    for part in parts:
        item: Json = None
        for path, value in _kept(mapping, part, names):
            if path.startswith(MESSAGE):
                found = _put(found, message, path.removeprefix(MESSAGE), value)
            elif isinstance(part, Part):
                item = _put(item, part.item, path, value)
        made.append(item)
    return _put(found, message, mapping.each, made)


def _put(made: Json, original: Json, path: str, value: Json) -> Json:
    """Return `made` with the value at the path, built as the original is."""
    if path == WHOLE:
        return value
    name, _, below = path.partition(".")
    inner = look_up(original, name)
    if isinstance(original, list):
        kept: list[Any] = made if isinstance(made, list) else [None] * len(original)
        kept[int(name)] = _put(kept[int(name)], inner, below or WHOLE, value)
        return kept
    known: dict[str, Any] = made if isinstance(made, dict) else {}
    known[name] = _put(known.get(name), inner, below or WHOLE, value)
    return known


def _kept(mapping: Mapping, payload: Json, names: Pseudonyms) -> Iterator[tuple[str, Json]]:
    """Yield the paths that are read, with what shall stand there."""
    naming = {mapping.device, mapping.reference, mapping.dedupe, mapping.part} - {None}
    deciding = _deciding(mapping)
    if naming & deciding.keys():
        raise NotAnonymous("a value that both decides what is said and names somebody")
    for path in sorted(one for one in naming if one is not None):
        value = look_up(payload, path)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
            yield path, names.word(str(value))
    for path, conditions in deciding.items():
        if (value := look_up(payload, path)) is not None:
            yield path, _decides(value, conditions, names)
    for figure in (mapping.battery, mapping.link_quality):
        if figure is not None and number(look_up(payload, figure)) is not None:
            yield figure, look_up(payload, figure)
    if mapping.time is not None and _is_time(look_up(payload, mapping.time)):
        yield mapping.time, look_up(payload, mapping.time)
    yield from _place(mapping, payload, names)


def _deciding(mapping: Mapping) -> dict[str, list[Scalar | Test]]:
    """Return the paths by which the kind is decided, with what they are compared with."""
    found: dict[str, list[Scalar | Test]] = {}
    if mapping.kind_from is not None:
        found[mapping.kind_from] = list(mapping.kinds)
    for rule in mapping.rules:
        for path, wanted in rule.when.items():
            found.setdefault(path, []).append(wanted)
    return found


def _decides(value: Json, conditions: list[Scalar | Test], names: Pseudonyms) -> Json:
    """Return a value that is compared: itself where that is no text of its own."""
    if isinstance(value, bool) or number(value) is not None:
        return value
    if not isinstance(value, str):
        return names.word(json.dumps(value))
    tests = [one for one in conditions if isinstance(one, Test)]
    known = [one for one in conditions if not isinstance(one, Test)]
    known += [one for test in tests for one in test.one_of or ()]
    if value in [str(one) for one in known] or (tests and _is_figure(value)):
        return value
    return names.word(value)


def _is_figure(text: str) -> bool:
    return len(text) <= _LONGEST_NUMBER and text.lstrip("-").replace(".", "", 1).isdigit()


def _is_time(value: Json) -> bool:
    if not isinstance(value, str):
        return number(value) is not None
    try:
        from_rfc3339(value)
    except (ValueError, OverflowError):
        return False
    return len(value) <= _LONGEST_TIME


def _place(mapping: Mapping, payload: Json, names: Pseudonyms) -> Iterator[tuple[str, Json]]:
    lat, lon = (
        number(look_up(payload, mapping.latitude)),
        number(look_up(payload, mapping.longitude)),
    )
    if lat is not None and lon is not None and mapping.latitude and mapping.longitude:
        moved = names.place(lat, lon)
        yield mapping.latitude, round(moved[0], 7)
        yield mapping.longitude, round(moved[1], 7)
