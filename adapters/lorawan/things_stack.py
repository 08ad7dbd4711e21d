"""Messages of The Things Stack v3 (thethingsindustries.com, "MQTT Server" and "Data Formats").

    v3/<application>@<tenant>/devices/<device id>/{up,join,location/solved,service/data}
    v3/<application>@<tenant>/devices/<device id>/down/{push,queued,sent,ack,nack,failed,...}

Fields that are 0, false or empty are left out: a press at frame counter 0 has no `f_cnt`.
"""

import base64
import binascii
from collections.abc import Mapping

from adapters.fit import Json, number, read_json
from adapters.lorawan.heard import Heard, Spoke, Unreadable, Uplink
from adapters.lorawan.place import place_at, strongest, when
from adapters.mapping import look_up, text_at

_ANSWERED = (["down", "ack"], ["down", "nack"])
"""The device itself has spoken; the rest under `down` is the network's own talk."""


def read(topic: str, payload: bytes) -> Heard | None:
    """Return what a message says; None for chatter and for topics of others."""
    parts = topic.split("/")
    about = parts[4:]
    ours = (parts[0], *parts[2:3]) == ("v3", "devices")
    if not ours or about not in (["up"], ["join"], ["location", "solved"], *_ANSWERED):
        return None
    try:
        body = read_json(payload)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return Unreadable(parts[3], "not a JSON object")
    device = (text_at(body, "end_device_ids.dev_eui") or parts[3]).lower()
    return _uplink(device, body) if about == ["up"] else _spoke(device, about, body)


def _spoke(device: str, about: list[str], body: Mapping[str, Json]) -> Spoke:
    number = text_at(body, "join_accept.session_key_id") or text_at(body, "received_at")
    return Spoke(
        device,
        None if number is None else f"{'/'.join(about)} {number}",
        joined=about == ["join"],
        position=place_at(body, "location_solved.location"),
    )


def _uplink(device: str, body: Mapping[str, Json]) -> Heard:
    message = body.get("uplink_message")
    if not isinstance(message, dict):
        return Unreadable(device, "there is no `uplink_message`")
    try:
        octets = base64.b64decode(str(message.get("frm_payload") or ""), validate=True)
    except (binascii.Error, ValueError):
        return Unreadable(device, "`frm_payload` is not base64")
    session = text_at(message, "session_key_id") or text_at(body, "end_device_ids.dev_addr")
    return Uplink(
        device,
        None if session is None else f"up {session} {int(number(message.get('f_cnt')) or 0)}",
        octets,
        int(number(message.get("f_port")) or 0),
        when(message.get("received_at") or body.get("received_at")),
        strongest(message.get("rx_metadata")),
        tuple(
            name
            for path in ("attributes.profile", "version_ids.model_id")
            if (name := text_at(look_up(body, "uplink_message"), path)) is not None
        ),
    )
