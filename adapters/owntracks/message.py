"""Reading one OwnTracks message: JSON whose `_type` says what it is.

Source: owntracks/booklet, docs/tech/json.md. Names of people and places (`desc`, `inregions`,
`SSID`, `tid`) are not read.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from adapters.fit import Json, number, percent
from adapters.tracker.numbers import a_date, at_least, course_deg
from routing.event import Position
from routing.instant import SECOND, Instant
from routing.kinds import Kind

Message = Mapping[str, Json]

_ITS_OWN = ("waypoint", "waypoints", "card", "cmd", "configuration")
_SENSED = ("steps", "beacon", "status", "dump", "request")
PASSED_OVER = frozenset((*_ITS_OWN, *_SENSED))
"""Types that tell nothing the hub acts on."""
_QUIET = frozenset("pcCbrtvfmTklLoMaiI23")
"""Triggers of a location that say only why it was sent."""
_TRIGGERS = {
    "9": (Kind.BATTERY_LOW, "battery low"),
    "e": (Kind.MAINS_LOST, "external power off"),
    "E": (Kind.MAINS_RESTORED, "external power on"),
    "1": (Kind.LINK_RESTORED, "switched on"),
    "!": (Kind.CODE_UNKNOWN, "tow"),
    "h": (Kind.CODE_UNKNOWN, "harsh driving"),
    "s": (Kind.CODE_UNKNOWN, "over speed"),
}
"""Of the trackers that qtripp translates (Queclink); the apps send none of them."""
_TRANSITIONS = {"enter": Kind.ZONE_ENTERED, "leave": Kind.ZONE_LEFT}
_REGION = re.compile(r"[0-9A-Za-z_-]{1,48}", re.ASCII)
_WORD = re.compile(r"[\w!.-]{1,20}", re.ASCII)
MANUAL = "u"


class Meaning(NamedTuple):
    """What a message says has happened."""

    kind: Kind
    code: str
    note: str | None = None
    part: str | None = None


def trigger(message: Message) -> Meaning | None:
    """Return what the trigger of a location says beside where the phone is, or None."""
    sent = message.get("t")
    if sent is None or sent == MANUAL or (isinstance(sent, str) and sent in _QUIET):
        return None
    code = f"t={_short(sent)}"
    if isinstance(sent, str) and sent in _TRIGGERS:
        kind, word = _TRIGGERS[sent]
        return Meaning(kind, code, word)
    return Meaning(Kind.CODE_UNKNOWN, code, "unknown trigger")


def transition(message: Message) -> Meaning:
    """Return what a transition says; its region is told by `rid`, never by its name."""
    sent, region = message.get("event"), message.get("rid")
    kind = _TRANSITIONS.get(sent) if isinstance(sent, str) else None
    part = region if isinstance(region, str) and _REGION.fullmatch(region) else None
    return Meaning(kind or Kind.CODE_UNKNOWN, f"event={_short(sent)}", None, part)


def unknown_type(message: Message) -> Meaning:
    """Return the event for a type that means nothing to us."""
    return Meaning(Kind.CODE_UNKNOWN, f"_type={_short(message.get('_type'))}", "unknown type")


def instant(message: Message, name: str) -> Instant | None:
    """Return Unix seconds at `name` as an instant."""
    seconds = at_least(0, number(message.get(name)))
    return None if seconds is None or seconds > 1e12 else a_date(round(seconds * SECOND))


def battery(message: Message) -> float | None:
    """Return the battery in percent."""
    return percent(message.get("batt"))


def position(message: Message) -> Position | None:
    """Return where the phone is; None where latitude and longitude are none on earth."""
    lat, lon = number(message.get("lat")), number(message.get("lon"))
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    return Position(
        lat=lat,
        lon=lon,
        accuracy_m=at_least(0, number(message.get("acc"))),
        altitude_m=number(message.get("alt")),
        speed_kmh=at_least(0, number(message.get("vel"))),
        course_deg=course_deg(number(message.get("cog"))),
    )


def _short(value: Json) -> str:
    """Return a word of the protocol; what is none may be anybody's text and is not repeated."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else "(text)"
