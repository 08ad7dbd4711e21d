"""SCAIP without the person: the bare `<mrq>` of a MESSAGE with another controller id and reference,
no numbers to speak by, no free text and no place. Elements that are not known are refused."""

from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms, with_octets
from adapters.protocol import Payload
from adapters.scaip.sip_message import SipError, SipResponse, parse_datagram

_CODES = frozenset(
    ("ver", "hbi", "mty", "dty", "did", "stc", "stt", "pri", "lco", "ico", "cha", "mre", "hbo")
)
"""Codes and numbers that say nothing of whose they are."""
_LEFT_OUT = frozenset(("crd", "tnu", "lte", "lge", "ste", "ite", "dte", "cre", "dco", "not"))
"""Numbers to call, names, free text and places: left out whole."""
_LONGEST_CODE = 8


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the body of a MESSAGE; nothing for other SIP messages. NotAnonymous as it says."""
    body = _body(payload.octets)
    if body is None:
        return Anonymised(())
    try:
        root = fromstring(body.strip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise NotAnonymous(f"a body that is no XML: {error}") from None
    if _name(root) == "mrs":
        return Anonymised(())
    return Anonymised((with_octets(payload, tostring(_request(root, names))),))


def _body(octets: bytes) -> bytes | None:
    if octets.lstrip().startswith(b"<"):
        return octets
    try:
        message = parse_datagram(octets)
    except SipError as error:
        raise NotAnonymous(f"a SIP message that cannot be read: {error}") from None
    if isinstance(message, SipResponse) or message.method != "MESSAGE":
        return None
    return message.body


def _request(root: Element, names: Pseudonyms) -> Element:
    if _name(root) not in ("mrq", "scaip"):
        raise NotAnonymous(f"a body <{_name(root)}>")
    new = Element(_name(root))
    for element in root:
        name, text = _name(element), "".join(element.itertext()).strip()
        if name in {"cid", "ref"}:
            SubElement(new, name).text = names.digits(text)
        elif name in _CODES and len(text) <= _LONGEST_CODE:
            SubElement(new, name).text = text
        elif name not in _LEFT_OUT:
            raise NotAnonymous(f"an element <{name}>")
    return new


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
