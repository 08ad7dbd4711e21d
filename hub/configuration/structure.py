"""Each entry of the file against its shape: every error of every entry, by path."""

from collections.abc import Iterator
from typing import Any, Final, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from hub.configuration.model import MunicipalityEntry, MunicipalityFile
from hub.configuration.problem import Path, Problem
from hub.configuration.suggest import closest, keys_at

_TOP = MunicipalityFile.model_fields
LISTS: Final = tuple(n for n in _TOP if n not in {"municipality", "managed_by"})
"""Sections that are lists of entries."""
_OWN = {
    "bad_id",
    "bad_address",
    "bad_broker",
    "bad_tiles",
    "bad_zoom",
    "bad_bounds",
    "bad_tls",
    "bad_phone",
    "bad_duration",
    "bad_count",
    "bad_time",
    "bad_timezone",
    "bad_subject",
    "bad_url",
    "bad_url_field",
    "bad_viewer",
    "bad_host",
    "bad_characters",
    "bad_target",
    "bad_channel",
    "bad_account",
    "bad_number",
    "bad_topic_name",
    "bad_template",
    "bad_placeholder",
    "bad_auth",
    "bad_hook",
    "bad_gateway_body",
    "no_such_gateway",
    "bad_day",
    "bad_local",
    "bad_year",
    "bad_make",
    "bad_order",
    "bad_week",
    "bad_extra",
    "bad_deed",
    "bad_moment",
    "bad_start",
    "no_such_start",
    "start_too_far",
    "no_such_time",
    "lasts_too_long",
    "bad_who",
    "bad_every",
    "bad_payload",
    "bad_hex",
    "bad_topic",
    "bad_fault",
    "bad_until",
    "bad_window",
    "bad_expectation",
    "not_one_of",
    "missing",
}
"""pydantic error types that are problem codes already."""
_LENGTH = ("too_short", "too_long", "string_too_short", "tuple_type", "list_type")
_FIELDS = ("model_type", "model_attributes_type", "dict_type")
_OTHER = {**dict.fromkeys(_LENGTH, "bad_length"), **dict.fromkeys(_FIELDS, "not_fields")}
"""pydantic error type to problem code; the rest is `invalid`."""


def shape_of(section: str) -> Any:
    """Return the type of the section's entries."""
    return get_args(_TOP[section].annotation)[0]


def entries(data: dict[str, Any]) -> tuple[dict[str, list[tuple[Path, Any]]], list[Problem]]:
    """Return each section's sound entries with their paths, and the problems of all the others."""
    problems = list(_unknown_sections(data))
    sound: dict[str, list[tuple[Path, Any]]] = {section: [] for section in LISTS}
    for section in LISTS:
        listed = data.get(section)
        if listed is not None and not isinstance(listed, list):
            problems.append(Problem("not_a_list", (section,), {"section": section}))
            continue
        for index, raw in enumerate(listed or ()):
            path: Path = (section, index)
            entry, found = parse(shape_of(section), raw, path)
            problems += found
            if entry is not None:
                sound[section].append((path, entry))
    return sound, problems


def municipality(data: dict[str, Any]) -> tuple[MunicipalityEntry | None, list[Problem]]:
    """Return the municipality entry, None when it is unsound."""
    if "municipality" not in data:
        return None, [Problem("missing", (), {"key": "municipality"})]
    return parse(MunicipalityEntry, data["municipality"], ("municipality",))


def managed_by(data: dict[str, Any]) -> tuple[dict[str, str], list[Problem]]:
    """Return which sections the file manages for good."""
    raw = data.get("managed_by") or {}
    entry, problems = parse(_TOP["managed_by"].annotation, raw, ("managed_by",))
    return entry or {}, problems


def parse(shape: Any, raw: Any, path: Path) -> tuple[Any, list[Problem]]:
    """Return the entry, or None and what is wrong with it."""
    try:
        return TypeAdapter(shape).validate_python(raw), []
    except ValidationError as error:
        details = [e for e in error.errors(include_url=False) if not _follows(e, error)]
        return None, [_problem(each, shape, raw, path) for each in details]


def _follows(error: ErrorDetails, all: ValidationError) -> bool:
    """Whether a list is only too short because its values were refused: that is told already."""
    own = error["loc"]
    others = (e["loc"] for e in all.errors(include_url=False))
    inside = any(len(loc) > len(own) and loc[: len(own)] == own for loc in others)
    return error["type"] == "too_short" and inside


def _unknown_sections(data: dict[str, Any]) -> Iterator[Problem]:
    for key in data:
        if key not in _TOP:
            yield _unknown_key(str(key), set(_TOP), (str(key),))


def _unknown_key(key: str, allowed: set[str], path: Path) -> Problem:
    near = closest(key, allowed)
    if near is not None:
        return Problem("unknown_key_near", path, {"key": key, "near": near})
    known = ", ".join(sorted(allowed))
    return Problem("unknown_key", path, {"key": key, "known": known})


def _problem(error: ErrorDetails, shape: Any, raw: Any, path: Path) -> Problem:
    inside = _real_path(error["loc"], raw)
    place = (*path, *inside)
    key = _key(error, place)
    code, context = error["type"], error.get("ctx", {})
    value = str(context.get("value", error["input"]))[:80]
    if code == "extra_forbidden":
        return _unknown_key(key, _allowed(shape, inside[:-1]), place)
    if code in _OWN:
        params = {k: str(v) for k, v in context.items()}
        return Problem(code, place, {**params, "key": key, "value": value})
    if code in {"literal_error", "enum", "union_tag_invalid"}:
        expected = str(context.get("expected") or context.get("expected_tags"))
        expected = expected.replace(" or ", ", ")
        found = str(context.get("tag", value))
        return Problem("not_one_of", place, {"value": found, "expected": expected})
    if code == "union_tag_not_found":
        return Problem("missing", place, {"key": "protocol"})
    params = {"key": key, "value": value, "what": error["msg"]}
    return Problem(_OTHER.get(code, "invalid"), place, params)


def _key(error: ErrorDetails, place: Path) -> str:
    """Return the key that the error is about: the one that is missing, else the nearest name."""
    if error["type"] in {"missing", "extra_forbidden"}:
        return str(error["loc"][-1])
    return next((part for part in reversed(place) if isinstance(part, str)), "")


def _allowed(shape: Any, inside: Path) -> set[str]:
    shapes = [shape] if isinstance(shape, type) else list(get_args(get_args(shape)[0]))
    return {key for each in shapes for key in keys_at(each, inside)}


def _real_path(location: Path, raw: Any) -> Path:
    """Return the location without what pydantic adds to it (union tags, names of validators)."""
    path: list[str | int] = []
    for part in location:
        held = raw if isinstance(raw, dict) else _numbered(raw)
        if part in held:
            raw = held[part]
            path.append(part)
    return tuple(path)


def _numbered(raw: Any) -> dict[Any, Any]:
    return dict(enumerate(raw)) if isinstance(raw, list) else {}
