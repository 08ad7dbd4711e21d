"""Fit what a device says into the limits of the canonical event (`routing/event.py`).

A session never raises for what a peer sends, so nothing a peer chooses (names, codes, numbers,
frames) reaches the event model without passing here.
"""

import hashlib
import math
import re

from pydantic_core import from_json

_SUBJECT_LIMIT = 200
_RAW_OCTETS = 4096
UNKNOWN = "unknown"
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line ends, changes of the writing direction, halves of characters."""

Json = object
"""A JSON value as Python builds it; the reader checks each part it uses."""


def fit(text: str, limit: int) -> str:
    """Return the text, or its beginning and an ellipsis when it is longer than `limit`."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def subject(protocol: str, device: str | None) -> str:
    """Return `<protocol>:<device>`. Of an over-long id the beginning is kept, and characters that
    would steer a terminal or a page become `?`; such a name gets a digest, so that two devices
    never share a subject."""
    name = f"{protocol}:{device or UNKNOWN}"
    shown = _STEERING.sub("?", name)
    if shown == name and len(name) <= _SUBJECT_LIMIT:
        return name
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{shown[: _SUBJECT_LIMIT - 17]}~{digest}"


def raw_hex(frame: bytes) -> str:
    """Return the hex of an undecodable frame, shortened to the first 4096 octets."""
    return frame[:_RAW_OCTETS].hex()


def number(value: Json) -> float | None:
    """Return a finite number, or None for anything else (a boolean is not a number)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        real = float(value)
    except OverflowError:
        return None
    return real if math.isfinite(real) else None


def percent(value: Json) -> float | None:
    """Return a number from 0 to 100, or None: a wrong battery figure never costs the event."""
    real = number(value)
    return real if real is not None and 0 <= real <= 100 else None


def read_json(payload: bytes) -> Json:
    """Parse JSON; ValueError says what is wrong (bad UTF-8, NaN and too deep nesting included)."""
    return from_json(payload, allow_inf_nan=False)


def code_text(value: Json) -> str:
    """Return a maker's value as text to look up: booleans as in JSON, whole numbers without a
    fraction and without leading zeros, because codes are compared as integers. Of objects and
    lists only that they are such: they may hold what must not travel (a lock's `pin_code`)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, dict | list):
        return "(object)" if isinstance(value, dict) else "(list)"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    return str(int(text)) if text.isascii() and text.isdigit() and len(text) <= 18 else text
