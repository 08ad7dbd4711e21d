"""ESPA-X without the people: the bare XML of a call with other rooms and references, of the texts
only the words that decide what it means, and no login. Other requests say nothing to be kept."""

from xml.etree.ElementTree import Element, SubElement, tostring

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms, with_octets
from adapters.espax.config import EspaXConfig
from adapters.espax.frame import BadHeader, FrameReader
from adapters.espax.message import Message, Unreadable, read_messages
from adapters.protocol import Payload

_CONFIG = EspaXConfig(id="anonymise", require_login=False)
_KEPT = frozenset(("REQ.P-START", "REQ.P-STOP"))
_RENAMED = frozenset(
    ("CP-PR-REF", "CP-WARD", "CP-ROOM", "CP-BED", "CP-CALLINGNO", "CP-GROUPID", "CP-PHONENO")
)
_TEXTS = ("CP-TEXTMSG", "CP-SIGNAL")
_LONGEST_PRIORITY = 9
_HEAD = 10


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the calls of a stretch; NotAnonymous for a part that is not known."""
    if payload.octets.lstrip().startswith(b"<"):
        return Anonymised(_calls(payload, payload.octets, names))
    whole, rest = _whole(payload.octets)
    made: list[Payload] = []
    for piece in FrameReader().feed(whole):
        if isinstance(piece, BadHeader):
            raise NotAnonymous("octets that are no frame")
        made += _calls(payload, piece.xml, names)
    return Anonymised(tuple(made), rest)


def _whole(octets: bytes) -> tuple[bytes, bytes]:
    """Return the whole frames, and the beginning of the last one."""
    at = 0
    while len(octets) - at >= _HEAD:
        size = int.from_bytes(octets[at + 2 : at + 6])
        if size < _HEAD or at + size > len(octets):
            break
        at += size
    reader = FrameReader()
    reader.feed(octets[at:])
    if reader.lost:
        raise NotAnonymous("octets that are no frame")
    return octets[:at], octets[at:]


def _calls(payload: Payload, xml: bytes, names: Pseudonyms) -> tuple[Payload, ...]:
    messages = read_messages(xml)
    if isinstance(messages, Unreadable):
        raise NotAnonymous("XML that cannot be read")
    found = [_call(one, names) for one in messages if one.name in _KEPT]
    return tuple(with_octets(payload, tostring(one)) for one in found)


def _call(message: Message, names: Pseudonyms) -> Element:
    root = Element("ESPA-X", {"version": "1.00"})
    call = SubElement(root, message.name, {"invokeID": "1"})
    for name, text in message.fields.items():
        if name in _RENAMED:
            SubElement(call, name).text = names.word(text)
        elif name == "CP-PRIO":
            SubElement(call, name).text = _priority(text)
    if word := _deciding(" ".join(message.text(name) for name in _TEXTS)):
        SubElement(call, "CP-TEXTMSG").text = word
    return root


def _priority(text: str) -> str:
    known = text.casefold() in _CONFIG.priority_names or text.isdigit()
    if not known or len(text) > _LONGEST_PRIORITY:
        raise NotAnonymous("a priority that is not known")
    return text


def _deciding(text: str) -> str:
    """Return the words by which the meaning of a text is decided; nobody's name is among them."""
    folded = text.casefold()
    rules = (rule.contains for rule in _CONFIG.texts)
    return next((word for word in rules if word.casefold() in folded), "")
