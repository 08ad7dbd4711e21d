"""LoRaWAN without the home: the message of either network server written anew from what was read of
it. Another device, no gateways by name, and of the octets only those the reading depends on: serial
numbers become zeros."""

import base64
import json
from dataclasses import replace
from typing import Any

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms
from adapters.lorawan import chirpstack, things_stack
from adapters.lorawan.config import LorawanConfig, Profile
from adapters.lorawan.heard import Gateway, Heard, Spoke, Trouble, Uplink
from adapters.lorawan.profiles import read, settings_of
from adapters.protocol import Payload
from routing.event import Position
from routing.instant import to_rfc3339

_CONFIG = LorawanConfig(id="anonymise", server="chirpstack")
_STACK = "v3/"
_LONGEST_CODE = 40
_LONGEST = 242
"""Octets of the longest LoRaWAN payload."""


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the message; nothing for chatter. NotAnonymous for what is not known."""
    if not payload.octets:
        return Anonymised(())
    stack = payload.topic.startswith(_STACK)
    heard = (things_stack if stack else chirpstack).read(payload.topic, payload.octets)
    if heard is None:
        return Anonymised(())
    topic, body = (_stack if stack else _chirpstack)(heard, payload.topic, names)
    return Anonymised((replace(payload, topic=topic, octets=json.dumps(body).encode()),))


def _chirpstack(heard: Heard, topic: str, names: Pseudonyms) -> tuple[str, dict[str, Any]]:
    if isinstance(heard, Gateway):
        state = "ONLINE" if heard.online else "OFFLINE"
        return f"recorded/gateway/{_id(heard.gateway, names)}/state/conn", {"state": state}
    if not isinstance(heard, Uplink | Spoke | Trouble):
        raise NotAnonymous("a message that cannot be read")
    device = _id(heard.device, names)
    body: dict[str, Any] = {"deviceInfo": {"devEui": device}}
    if isinstance(heard, Trouble):
        body |= _trouble(heard)
    elif heard.key is not None:
        body["deduplicationId"] = names.word(heard.key.partition(" ")[2])
    if isinstance(heard, Uplink):
        body["deviceInfo"]["deviceProfileName"] = _profile(heard)
        body |= _timed(heard, "time") | {"fPort": heard.port, "data": _data(heard)}
        body |= {} if heard.quality is None else {"rxInfo": [{"rssi": heard.quality}]}
    if isinstance(heard, Spoke):
        body |= _spoke(heard, topic)
        body |= {} if heard.position is None else {"location": _place(heard.position, names)}
    event = topic.rpartition("/")[2]
    return f"application/recorded/device/{device}/event/{event}", body


def _spoke(heard: Spoke, topic: str) -> dict[str, Any]:
    if topic.endswith("/ack"):
        return {"acknowledged": True}
    if not topic.endswith("/status"):
        return {}
    if heard.battery_pct is None:
        return {"batteryLevelUnavailable": True}
    return {"batteryLevel": heard.battery_pct}


def _trouble(heard: Trouble) -> dict[str, Any]:
    level, _, code = heard.code.partition(" ")
    if not code or len(code) > _LONGEST_CODE or not code.replace("_", "").isalnum():
        raise NotAnonymous("a kind of event that is not known")
    return {"level": level, "code": code}


def _stack(heard: Heard, topic: str, names: Pseudonyms) -> tuple[str, dict[str, Any]]:
    if not isinstance(heard, Uplink | Spoke):
        raise NotAnonymous("a message that cannot be read")
    device, about = _id(heard.device, names), topic.split("/", 4)[4]
    body: dict[str, Any] = {"end_device_ids": {"device_id": device, "dev_eui": device}}
    key = None if heard.key is None else names.word(heard.key)
    if isinstance(heard, Uplink):
        quality = [] if heard.quality is None else [{"rssi": heard.quality}]
        body["uplink_message"] = {
            "f_port": heard.port,
            "frm_payload": _data(heard),
            "rx_metadata": quality,
            "version_ids": {"model_id": _profile(heard)},
            **_timed(heard, "received_at"),
            **({} if key is None else {"session_key_id": key}),
        }
    elif key is not None and about == "join":
        body["join_accept"] = {"session_key_id": key}
    elif key is not None:
        body["received_at"] = key
    if isinstance(heard, Spoke) and heard.position is not None:
        body["location_solved"] = {"location": _place(heard.position, names)}
    return f"v3/recorded@recorded/devices/{device}/{about}", body


def _id(device: str, names: Pseudonyms) -> str:
    return names.digits(device.lower()) if device.isalnum() else names.word(device)


def _place(position: Position, names: Pseudonyms) -> dict[str, float]:
    lat, lon = names.place(position.lat, position.lon)
    return {"latitude": round(lat, 7), "longitude": round(lon, 7)}


def _timed(heard: Uplink, name: str) -> dict[str, str]:
    return {} if heard.sent_at is None else {name: to_rfc3339(heard.sent_at)}


def _profile(heard: Uplink) -> Profile:
    settings = settings_of(_CONFIG, heard.device, heard.hints)
    if settings is None:
        raise NotAnonymous("a sensor of a profile that is not known")
    return settings.profile


def _data(heard: Uplink) -> str:
    profile, octets = _profile(heard), bytearray(heard.payload)
    said = read(profile, heard.payload)
    if said.rest or len(octets) > _LONGEST:
        raise NotAnonymous("octets of a sensor that are not known")
    for at, octet in enumerate(heard.payload):
        octets[at] = 0
        if read(profile, bytes(octets)) != said:
            octets[at] = octet
    return base64.b64encode(octets).decode()
