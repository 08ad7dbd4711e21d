"""Reading the body of a request: `<mrq>` (SS 91100:2014), or root `<scaip>` of a known dialect.

Elements come in any order, unknown ones are ignored, lengths are counted in characters. The printed
schema contradicts the tables, so nothing is validated with it. DTDs and entities are refused. What
breaks only a length rule is read all the same: a press is never lost for a digit too many.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from adapters.scaip.codes import Mty, Snu
from adapters.scaip.place import parts_of, position_of
from routing.event import Position
from routing.kinds import Kind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BLANK = b" \t\r\n\0\xef\xbb\xbf"
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
"""How a body in UTF-16 begins, with and without its mark."""
_SALVAGE = {
    name: re.compile(rb"<" + name.encode() + rb">\s*([A-Za-z0-9+_.-]{1,32})\s*</")
    for name in ("ref", "cid")
}
_MAX_CODE_DIGITS = 9
Codes = Mapping[int, Kind]


@dataclass(frozen=True, slots=True)
class Status:
    """One stc: its number, None when absent or no number, and the text as sent."""

    number: int | None
    text: str
    own: Kind | None = None
    """What the configuration says of this code of a maker."""

    @property
    def is_readable(self) -> bool:
        return self.number is not None or not self.text


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a body is wrong, and the status number that says so to the sender."""

    snu: Snu
    reason: str


@dataclass(frozen=True, slots=True)
class Mrq:
    """One request. Texts are stripped and may be empty; `dty` is None when it is no number."""

    dialect: bool
    ref: str
    cid: str
    dty: int | None
    dty_text: str
    mty: Mty
    statuses: tuple[Status, ...]
    fragments_left: int
    interval_settable: bool
    priority: int | None
    callers: tuple[str, ...]
    position: Position | None
    position_time: str
    """When it was there, as the unit writes it."""
    fields: dict[str, str]

    def text(self, name: str) -> str:
        return self.fields.get(name, "")


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read: a request, a fault, or both (an alarm with a mandatory tag missing)."""

    mrq: Mrq | None
    fault: Fault | None
    ref: str
    cid: str
    is_answer: bool = False
    """It is an `<mrs>`: it gets none itself, or two receivers would answer each other for ever."""


def read_body(body: bytes, codes: Codes = MappingProxyType({})) -> Reading:
    """Read a request body. Never raises: a wrong body is a `Fault` with what could be salvaged.
    `codes` are the configuration's meanings of status codes that the tables do not know."""
    try:
        root = _root(body)
    except DefusedXmlException:
        return _unreadable(body, Fault(Snu.FORMAT, "DTD or entities in the XML are refused"))
    except (ParseError, ValueError, LookupError) as error:
        return _unreadable(body, Fault(Snu.FORMAT, f"not well-formed XML: {error}"))
    name = _name(root)
    if name not in ("mrq", "scaip"):
        fault = Fault(Snu.FORMAT, f"root element <{name[:32]}> is not <mrq>")
        return replace(_unreadable(body, fault), is_answer=name == "mrs")
    mrq = _mrq(root, name == "scaip", codes)
    return Reading(mrq, _missing(mrq), mrq.ref, mrq.cid)


def _root(body: bytes) -> "Element":
    if wide := _WIDE.get(body[:2]):
        return fromstring(body.decode(wide).strip("\ufeff \t\r\n\0"), forbid_dtd=True)
    body = body.strip(_BLANK)
    try:
        return fromstring(body, forbid_dtd=True)
    except ParseError:
        # Units exist that send Latin-1 letters without saying so; the text must not cost the alarm.
        if b"encoding" in body[:80].lower() and b"utf-8" not in body[:80].lower():
            raise
        return fromstring(body.decode("latin-1").encode(), forbid_dtd=True)


def _name(element: "Element") -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _unreadable(body: bytes, fault: Fault) -> Reading:
    found = {name: pattern.search(body) for name, pattern in _SALVAGE.items()}
    ref, cid = (match[1].decode() if match else "" for match in (found["ref"], found["cid"]))
    return Reading(None, fault, ref, cid)


def _mrq(root: "Element", dialect: bool, codes: Codes) -> Mrq:
    values: defaultdict[str, list[str]] = defaultdict(list)
    place: dict[str, str] = {}
    for element in root:
        values[_name(element)].append("".join(element.itertext()).strip())
        if _name(element) == "lge":
            place = parts_of(element)
    fields = {name: found[0] for name, found in values.items()}
    return Mrq(
        dialect=dialect,
        ref=fields.get("ref", ""),
        cid=fields.get("cid", ""),
        dty=number(fields.get("dty", "")),
        dty_text=fields.get("dty", ""),
        mty=_mty(fields.get("mty", "")),
        statuses=tuple(_statuses(values["stc"], codes)),
        fragments_left=number(fields.get("ame", "")) or 0,
        interval_settable=number(fields.get("hbo", "")) == 1,
        priority=number(fields.get("pri", "")),
        callers=tuple(text for text in values["crd"] if text),
        position=position_of(place),
        position_time=place.get("tim", ""),
        fields=fields,
    )


def number(text: str) -> int | None:
    """Read a code as an integer; None when it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_CODE_DIGITS):
        return None
    return int(text)


def _mty(text: str) -> Mty:
    """Absent and unknown are a message: what is not surely harmless is treated as an alarm."""
    try:
        return Mty(text.upper())
    except ValueError:
        return Mty.MESSAGE


def _statuses(texts: list[str], codes: Codes) -> list[Status]:
    """Return every different status of the frame; none at all is the absent one, an alarm."""
    distinct = {number(text) if number(text) is not None else text: text for text in texts}
    numbered = [(number(text), text) for text in distinct.values()] or [(None, "")]
    return [Status(n, text, codes.get(n or 0)) for n, text in numbered]


def _missing(mrq: Mrq) -> Fault | None:
    if not mrq.ref:
        return Fault(Snu.REF_MISSING, "mandatory tag <ref> missing")
    missing = [name for name in ("cid", "dty") if not mrq.text(name)]
    if missing:
        return Fault(Snu.TAG_MISSING, f"mandatory tag <{missing[0]}> missing")
    if not all(status.is_readable for status in mrq.statuses):
        return Fault(Snu.CONTENT, "<stc> is no number")
    return None
