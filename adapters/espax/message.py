"""Reading the XML of a frame, leniently: any namespace or none, elements in any order and case of
names, unknown ones passed over. DTDs and entities are refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NOT_WELL_FORMED, INVALID = 601, 602
_BLANK = b" \t\r\n\0"
_MOST_FIELDS = 64
_MOST_MESSAGES = 16
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Message:
    """`REQ.P-START` with what stands in it; the first of each name counts."""

    name: str
    invoke_id: str
    fields: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return the text of an element, empty where it is missing."""
        return self.fields.get(name, "")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """XML that is none, or is no ESPA-X, with the code that says so."""

    code: int
    reason: str


def read_messages(xml: bytes) -> list[Message] | Unreadable:
    """Return the messages of a frame, usually one. Never raises."""
    try:
        root = fromstring(xml.strip(_BLANK), forbid_dtd=True)
    except DefusedXmlException:
        return Unreadable(INVALID, "DTD or entities in the XML are refused")
    except (ParseError, ValueError, LookupError) as error:
        return Unreadable(NOT_WELL_FORMED, f"not well-formed XML: {error}"[:200])
    if _name(root) != "ESPA-X":
        return Unreadable(INVALID, f"the root element is <{_name(root)[:32]}> and not <ESPA-X>")
    found = [_message(one) for one in list(root)[:_MOST_MESSAGES] if "." in _name(one)]
    return found or Unreadable(INVALID, "there is no request in <ESPA-X>")


def _message(element: "Element") -> Message:
    fields: dict[str, str] = {}
    for child in list(element)[:_MOST_FIELDS]:
        text = " ".join("".join(c if c.isprintable() else " " for c in child.text or "").split())
        if text:
            fields.setdefault(_name(child), text[:_LONGEST])
    invoke_id = element.get("invokeID") or element.get("invokeId") or "0"
    return Message(_name(element)[:64], invoke_id[:32], fields)


def _name(element: "Element") -> str:
    return str(element.tag).rpartition("}")[2].upper()
