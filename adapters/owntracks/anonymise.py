"""OwnTracks without the person: another user and device in the topic, another place, and only what
the hub reads. Names of people, places and networks are left out."""

import json
from dataclasses import replace
from typing import Any

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms
from adapters.fit import Json, number, read_json
from adapters.owntracks.message import PASSED_OVER, position
from adapters.owntracks.topics import read_topic
from adapters.protocol import Payload

_BASE = "owntracks"
_NUMBERS = ("tst", "created_at", "batt", "acc", "vel", "cog")
_EVENTS = frozenset(("enter", "leave"))
_READ = frozenset(("location", "transition", "lwt"))


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the message; nothing for what tells nothing. NotAnonymous as it says."""
    about = read_topic(payload.topic.split("/", 1)[0], payload.topic)
    if about is None or not about.heard:
        return Anonymised(())
    user, _, device = about.device.partition("/")
    below = "/event" if payload.topic.endswith(f"{about.device}/event") else ""
    topic = f"{_BASE}/{names.word(user)}/{names.word(device)}{below}"
    if not payload.octets:
        return Anonymised((replace(payload, topic=topic),))
    said = _read(payload.octets)
    if said.get("_type") in PASSED_OVER:
        return Anonymised(())
    return Anonymised((replace(payload, topic=topic, octets=_body(said, names)),))


def _read(octets: bytes) -> dict[str, Json]:
    try:
        said = read_json(octets)
    except ValueError:
        raise NotAnonymous("a payload that is no JSON") from None
    if not isinstance(said, dict):
        raise NotAnonymous("a payload that is no JSON object")
    if not isinstance(said.get("_type"), str):
        raise NotAnonymous("a message without a type")
    return said


def _body(said: dict[str, Json], names: Pseudonyms) -> bytes:
    kind = said["_type"]
    if kind == "encrypted":
        raise NotAnonymous("an encrypted message, in which nobody knows what stands")
    if kind not in _READ:
        raise NotAnonymous("a type that is not known")
    found: dict[str, Any] = {"_type": kind}
    found |= {name: said[name] for name in _NUMBERS if number(said.get(name)) is not None}
    place = position(said)
    if place is not None:
        moved = names.place(place.lat, place.lon)
        found |= {"lat": round(moved[0], 7), "lon": round(moved[1], 7)}
    if "t" in said:
        found["t"] = _trigger(said["t"])
    if kind == "transition":
        found["event"] = said.get("event")
        if found["event"] not in _EVENTS:
            raise NotAnonymous("a transition that is not known")
        if isinstance(region := said.get("rid"), str):
            found["rid"] = names.word(region)
    return json.dumps(found).encode()


def _trigger(sent: Json) -> str:
    if isinstance(sent, str) and len(sent) <= 1:
        return sent
    raise NotAnonymous("a trigger that is not known")
