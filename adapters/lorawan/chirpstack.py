"""Messages of ChirpStack v4 (`integration.proto` of chirpstack_api 4, JSON marshaler).

    application/<id>/device/<DevEUI>/event/{up,join,ack,txack,log,status,location,integration}
    <region>/gateway/<id>/state/conn        JSON, or protobuf as the gateway's forwarder prefers

JSON leaves out fields that are 0, false or empty.
"""

import base64
import binascii
from collections.abc import Mapping

from adapters.fit import Json, fit, number, percent, read_json
from adapters.lorawan.heard import Gateway, Heard, Spoke, Trouble, Unreadable, Uplink
from adapters.lorawan.place import place_at, strongest, when
from adapters.mapping import text_at

_OWN_CODEC = frozenset(("UPLINK_CODEC", "DOWNLINK_CODEC"))
"""The codec in the network server failed. We read the octets ourselves."""
_ORDINARY = frozenset(("UPLINK_F_CNT_RETRANSMISSION", "RELAY_NEW_END_DEVICE", "EXPIRED"))
_FAULTS = frozenset(
    (
        *("UNKNOWN", "DOWNLINK_PAYLOAD_SIZE", "OTAA", "UPLINK_F_CNT_RESET", "UPLINK_MIC"),
        *("DOWNLINK_GATEWAY", "F_CNT_DOWN"),
    )
)
_STATE, _TEXTS = 0x10, (0x0A, 0x1A)
"""Tags of `ConnState`: the state, and the gateway's id in its old and its new field."""


def read(topic: str, payload: bytes) -> Heard | None:
    """Return what a message says; None for chatter and for topics of others."""
    parts = topic.split("/")
    if parts[-2:] == ["state", "conn"] and len(parts) >= 4 and parts[-4] == "gateway":
        return _gateway(parts[-3], payload)
    if len(parts) != 6 or (parts[0], parts[2], parts[4]) != ("application", "device", "event"):
        return None
    event = parts[5]
    if event in ("txack", "integration"):
        return None
    try:
        body = read_json(payload)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return Unreadable(parts[3], "not a JSON object: set `json = true` in the server's MQTT")
    return _event(event, parts[3], body)


def _event(event: str, in_topic: str, body: Mapping[str, Json]) -> Heard | None:
    device = (text_at(body, "deviceInfo.devEui") or in_topic).lower()
    number = text_at(body, "deduplicationId") or text_at(body, "time")
    key = None if number is None else f"{event} {number}"
    match event:
        case "up":
            return _uplink(device, key, body)
        case "log":
            return _log(device, body)
        case "ack" if body.get("acknowledged") is not True:
            return None
        case "join" | "status" | "ack" | "location":
            return Spoke(
                device,
                key,
                joined=event == "join",
                battery_pct=_battery(body) if event == "status" else None,
                position=place_at(body, "location"),
            )
    return Trouble(device, f"event={event}", "a kind of event that is not known", False)


def _battery(body: Mapping[str, Json]) -> float | None:
    for name in ("batteryLevelUnavailable", "externalPowerSource"):
        if body.get(name) is True:
            return None
    return percent(body.get("batteryLevel", 0))


def _uplink(device: str, key: str | None, body: Mapping[str, Json]) -> Heard:
    try:
        octets = base64.b64decode(str(body.get("data") or ""), validate=True)
    except (binascii.Error, ValueError):
        return Unreadable(device, "`data` is not base64")
    port = number(body.get("fPort"))
    return Uplink(
        device,
        key,
        octets,
        int(port or 0),
        when(body.get("time")),
        strongest(body.get("rxInfo")),
        tuple(
            name
            for path in ("deviceInfo.tags.profile", "deviceInfo.deviceProfileName")
            if (name := text_at(body, path)) is not None
        ),
    )


def _log(device: str, body: Mapping[str, Json]) -> Trouble | None:
    level, code = text_at(body, "level") or "INFO", text_at(body, "code") or "UNKNOWN"
    if level == "INFO" or code in _OWN_CODEC or code in _ORDINARY:
        return None
    note = fit(text_at(body, "description") or "", 300)
    return Trouble(device, f"{level} {code}", note, level == "ERROR" or code in _FAULTS)


def _gateway(gateway: str, payload: bytes) -> Heard:
    """JSON, or protobuf. A zero is left out of both, and OFFLINE is zero."""
    try:
        body = read_json(payload)
    except ValueError:
        online = _says_online(payload)
    else:
        online = body.get("state") in ("ONLINE", 1) if isinstance(body, dict) else None
    if online is None:
        return Unreadable(f"gateway/{gateway}", "not a gateway's connection state")
    return Gateway(gateway, online)


def _says_online(payload: bytes) -> bool | None:
    """Read `ConnState` of ChirpStack's `gw.proto`: field 2 is 1 when online. None for anything
    else than its fields."""
    place = 0
    while place + 1 < len(payload):
        tag, value = payload[place], payload[place + 1]
        if tag == _STATE:
            return value == 1
        if tag not in _TEXTS:
            return None
        place += 2 + value
    return False if place == len(payload) else None
