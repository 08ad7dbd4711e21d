"""SIA DC-09 without the person: another account, no receiver, another place, the codes with their
zones, and no texts. Length and checksum are right. What is encrypted is refused: nobody knows what
stands in it."""

import re

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms, with_octets
from adapters.protocol import Payload
from adapters.sia_dc09.blocks import Block, blocks_of
from adapters.sia_dc09.content import Content, parse_stamp, read_content, stamp_text
from adapters.sia_dc09.frame import OH, Frame, build, read_line

_BLANK = b"\r\n\t \0"
_KNOWN = frozenset(("SIA-DCS", "ADM-CID", "NULL"))
_TIMES = frozenset("HT")
_LONGEST_ZONE = 4
_TEST = "00000000"
_SMALL = re.compile(r"[0-9A-Fa-f]{1,4}", re.ASCII)


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the frames of a stretch or a datagram; NotAnonymous for a part that is not known."""
    *lines, last = payload.octets.split(b"\r")
    frames = [_frame(line) for line in lines if line.strip(_BLANK)]
    rest = b""
    if last.strip(_BLANK):
        if _is_whole(last):
            frames.append(_frame(last))
        else:
            rest = last
    made = tuple(with_octets(payload, _written(frame, names)) for frame in frames)
    return Anonymised(made, rest)


def _is_whole(line: bytes) -> bool:
    """Whether a line whose end has not come is a frame: a datagram needs no CR."""
    return all(isinstance(one, Frame) and one.crc_fault is None for one in read_line(line))


def _frame(line: bytes) -> Frame:
    pieces = read_line(line)
    if len(pieces) != 1 or not isinstance(pieces[0], Frame):
        raise NotAnonymous("octets that are no frame")
    frame = pieces[0]
    if frame.encrypted:
        raise NotAnonymous("an encrypted frame, in which nobody knows what stands")
    if frame.crc_fault is not None:
        raise NotAnonymous("a frame whose checksum is wrong")
    return frame


def _written(frame: Frame, names: Pseudonyms) -> bytes:
    account = "" if frame.account is None else names.digits(frame.account)
    if frame.id == OH:
        if frame.body.decode() != _TEST:
            raise NotAnonymous("a short line with a code that is not known")
        return f"SR0001L0001    {account}    [ID{_TEST}]\r".encode()
    if frame.id not in _KNOWN:
        raise NotAnonymous("a format that is not known")
    content = read_content(frame.body, padded=False)
    if content is None or content.broken:
        raise NotAnonymous("a frame with a part that cannot be read")
    outer = f"#{account}" if account else ""
    inner = "" if content.account is None else f"#{names.digits(content.account)}"
    said = f"{_data(frame, content)}]{_more(content, names)}"
    stamp = "" if content.stamp is None else stamp_text(content.stamp)
    text = f'"{frame.id}"{frame.sequence}L0{outer}[{inner}|{said}{stamp}'
    return build(text, binary_crc=frame.binary_crc)


def _data(frame: Frame, content: Content) -> str:
    blocks = blocks_of(frame.id, content.data)
    if content.data.strip() and not blocks:
        raise NotAnonymous("data in which no code stands")
    if frame.id == "ADM-CID":
        return " ".join(f"{block.code} {block.area} {block.zone}" for block in blocks)
    return "|".join(map(_sia, blocks))


def _sia(block: Block) -> str:
    """`Nri1/PA001`, without the text."""
    if len(block.zone or "") > _LONGEST_ZONE or not _SMALL.fullmatch(block.area or "0"):
        raise NotAnonymous("a zone that may be a number of somebody's")
    area = "" if block.area is None else f"ri{block.area}/"
    return f"{'O' if block.old else 'N'}{area}{block.code}{block.zone or ''}"


def _more(content: Content, names: Pseudonyms) -> str:
    """Times of occurrence, and the place: X is the longitude, Y the latitude."""
    kept = [
        f"[{name}{value}]"
        for name, value in content.xdata
        if name in _TIMES and parse_stamp(value) is not None
    ]
    if content.position is not None:
        lat, lon = names.place(content.position.lat, content.position.lon)
        kept += [f"[X{lon:.6f}]", f"[Y{lat:.6f}]"]
    return "".join(kept)
