"""Zigbee2MQTT messages without the home: another friendly name, and only the attributes that say
what happened. Everything else a gateway adds (names, addresses, firmware) is left out."""

import json
from dataclasses import replace
from typing import Any

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms
from adapters.protocol import Payload
from adapters.zigbee2mqtt.attributes import ACTIVITY, LEVELS

_KEPT = frozenset(
    (*LEVELS, *ACTIVITY, "action", "lock_state", "state", "battery", "linkquality", "availability")
)
_LONGEST_WORD = 32


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the message; NotAnonymous when it is no JSON object and no plain word."""
    _, _, rest = payload.topic.partition("/")
    parts = rest.split("/")
    if not rest or parts[0] == "bridge":
        return Anonymised(())
    tail = f"/{parts[-1]}" if parts[-1] in ("availability", "set", "get") else ""
    name = rest.removesuffix(tail)
    topic = f"zigbee2mqtt/{names.word(name)}{tail}"
    return Anonymised((replace(payload, topic=topic, octets=_body(payload.octets)),))


def _body(octets: bytes) -> bytes:
    if octets in (b"online", b"offline", b""):
        return octets
    try:
        said = json.loads(octets)
    except ValueError:
        raise NotAnonymous("a payload that is no JSON") from None
    if not isinstance(said, dict):
        raise NotAnonymous("a payload that is no JSON object")
    return json.dumps({key: said[key] for key in said if _is_plain(key, said[key])}).encode()


def _is_plain(key: str, value: Any) -> bool:
    """Whether it is an attribute that is kept, with a number, a truth or a short word."""
    if key not in _KEPT:
        return False
    if isinstance(value, str):
        return len(value) <= _LONGEST_WORD and value.replace("_", "").isalnum()
    return value is None or isinstance(value, bool | int | float)
