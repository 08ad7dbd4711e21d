"""ESPA 4.4.4 without the people: other rooms, and of the texts only the words that decide what a
call means. The check character is right again."""

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms, with_octets
from adapters.espa444.block import RS, STX, US, read_block
from adapters.espa444.config import Espa444Config
from adapters.espa444.reader import ENQ, EOT, ETX, SOH, End, Enquiry, Framed, Piece, Reader, bcc
from adapters.protocol import Payload

_CONFIG = Espa444Config(id="anonymise")
_ADDRESS, _TEXT, _CALL_TYPE, _PRIORITY, _STATUS, _SYSTEM = 1, 2, 4, 6, 7, 8
_LONGEST_ADDRESS = 2
"""Digits of a station's address; longer ones may be anybody's number."""


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the transmissions of a stretch; NotAnonymous for a part that is not known."""
    whole, rest = _whole(payload.octets)
    pieces = Reader().feed(whole)
    made = tuple(with_octets(payload, _piece(one, names)) for one in pieces)
    return Anonymised(made, rest)


def _whole(octets: bytes) -> tuple[bytes, bytes]:
    """Return what is complete, and the beginning of a block whose end has not come."""
    reader = Reader()
    reader.feed(octets)
    if not reader.waiting:
        return octets, b""
    begun = octets.rindex(SOH)
    return octets[:begun], octets[begun:]


def _piece(piece: Piece, names: Pseudonyms) -> bytes:
    if isinstance(piece, End):
        return bytes((EOT,))
    if isinstance(piece, Enquiry):
        if len(piece.address) > _LONGEST_ADDRESS or not piece.address.isalnum():
            raise NotAnonymous("an address that is no station's")
        return piece.address.encode("ascii") + bytes((ENQ,))
    if not isinstance(piece, Framed) or not piece.sound:
        raise NotAnonymous("octets that are no block")
    content = _content(piece.content, names)
    covered = content + bytes((ETX,))
    return bytes((SOH,)) + covered + bytes((bcc(covered),))


def _content(content: bytes, names: Pseudonyms) -> bytes:
    block = read_block(content, _CONFIG.charset)
    if block is None or block.header is None or block.strange:
        raise NotAnonymous("a block with a part that is not known")
    codes = {
        _CALL_TYPE: block.call_type,
        _PRIORITY: block.priority,
        _STATUS: block.status,
        _SYSTEM: block.system,
    }
    records = [(_ADDRESS, names.word(address)) for address in block.addresses]
    if word := _deciding(block.text):
        records.append((_TEXT, word))
    records += [(number, str(code)) for number, code in codes.items() if code is not None]
    written = (str(number).encode() + US + text.encode("latin-1") for number, text in records)
    return str(block.header).encode() + STX + RS.join(written)


def _deciding(text: str) -> str:
    """Return the words by which the meaning of a text is decided; nobody's name is among them."""
    folded = text.casefold()
    rules = (rule.contains for rule in _CONFIG.texts)
    return next((word for word in rules if word.casefold() in folded), "")
