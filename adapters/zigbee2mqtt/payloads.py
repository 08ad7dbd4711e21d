"""The payloads of a gateway's topics."""

from collections.abc import Mapping

from adapters.fit import Json, read_json
from routing.kinds import Kind

ONLINE = {"online": Kind.LINK_RESTORED, "offline": Kind.LINK_LOST}


def json_object(payload: bytes) -> Mapping[str, Json] | None:
    """Read the state of a device; None for what is no JSON object."""
    try:
        value = read_json(payload)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def availability(payload: bytes) -> Mapping[str, Json] | None:
    """Read `online`, or `{"state": "online"}` as newer versions send it."""
    if payload.decode("utf-8", "replace") in ONLINE:
        return {"state": payload.decode()}
    return json_object(payload)
