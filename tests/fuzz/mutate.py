"""Random octets, and payloads changed a little: octet by octet, or value by value."""

import base64
import json
import re
from random import Random
from typing import Any

_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 255, 65_536, 2**31, 2**53, 10**30, -0.5, 1e308, "", "0", "ON"),
    *("é", "\ud800", "\x00", "x" * 300, "2026-11-22T12:00:00Z", "9999-99-99T99:99:99Z"),
    *([], {}, [1], {"lat": 1}, [[[[]]]]),
)
_ODD_TEXTS = (
    *(b"", b"0", b"1", b"-1", b"10", b"9999", b"65536", b"010", b"0xff", b"ME", b"PI", b"RE"),
    *(b"x" * 300, b"&amp;", b"&#233;", b"\xc3\xa9", b"\xe9", b"<x/>", b"]]>", b"sip:", b"@"),
)
_VALUE = re.compile(rb">([^<>]*)</")
_DATA = frozenset({"data", "frm_payload"})
"""Octets in base64, as LoRaWAN's servers write them."""


def random_octets(random: Random) -> bytes:
    """Return up to 400 octets, mostly few."""
    return random.randbytes(random.randrange(1, 400 if random.random() < 0.2 else 80))


def mutated(random: Random, octets: bytes) -> bytes:
    """Return the octets with one to four changes."""
    changed = bytearray(octets)
    for _ in range(random.randrange(1, 5)):
        at, way = random.randrange(len(changed) + 1), random.randrange(6)
        if way == 0 and at < len(changed):
            changed[at] ^= 1 << random.randrange(8)
        elif way == 1:
            changed[at : at + 1] = random.choice((b"\0", b"\xff", b"\x80", b"0", b"9", b"-", b","))
        elif way == 2:
            del changed[at : at + random.randrange(1, 9)]
        elif way == 3:
            changed[at:at] = random.randbytes(random.randrange(1, 9))
        elif way == 4:
            start = random.randrange(len(changed) + 1)
            changed[at:at] = changed[start : start + random.randrange(1, 40)]
        elif at < len(changed):
            changed[at] = random.randrange(256)
    return bytes(changed)


def mutated_value(random: Random, octets: bytes) -> bytes:
    """Return JSON or XML with one value changed; mutated octets where it is neither."""
    if _VALUE.search(octets):
        return _mutated_xml(random, octets)
    try:
        found = json.loads(octets)
    except ValueError:
        return mutated(random, octets)
    return _mutated_json(random, found)


def _mutated_xml(random: Random, octets: bytes) -> bytes:
    start, end = random.choice([match.span(1) for match in _VALUE.finditer(octets)])
    return octets[:start] + random.choice(_ODD_TEXTS) + octets[end:]


def _mutated_json(random: Random, found: Any) -> bytes:
    places = list(_places(found))
    if not places:
        return json.dumps(random.choice(_ODD)).encode()
    holder, key = random.choice(places)
    if key in _DATA and isinstance(holder[key], str):
        digits = holder[key].rstrip("=")
        data = base64.b64decode(digits + "=" * (-len(digits) % 4))
        holder[key] = base64.b64encode(mutated(random, data)).decode()
    elif random.random() < 0.2 and isinstance(holder, dict):
        holder[random.choice(("id", "x", str(key).upper()))] = holder.pop(key)
    else:
        holder[key] = random.choice(_ODD)
    return json.dumps(found).encode()


def _places(found: Any) -> list[tuple[Any, Any]]:
    """Return every place of a value: what holds it, and its key or number there."""
    if not isinstance(found, dict | list):
        return []
    pairs = found.items() if isinstance(found, dict) else enumerate(found)
    return [place for key, value in pairs for place in ((found, key), *_places(value))]


def cut(random: Random, octets: bytes) -> list[bytes]:
    """Return the octets in one to four pieces."""
    if len(octets) < 2 or random.random() < 0.5:
        return [octets]
    cuts = sorted(random.randrange(1, len(octets)) for _ in range(random.randrange(1, 4)))
    return [octets[a:b] for a, b in zip([0, *cuts], [*cuts, len(octets)], strict=True) if a < b]
