"""The event codes in the data of a frame: SIA blocks, and Contact ID.

    SIA-DCS   Nri1/PA001^text^/YT000   N new or O old, modifiers, then codes with their zones
    ADM-CID   1101 01 001              qualifier and event, partition, zone; several may follow

Panels leave out separators and repeat blocks with `|`; both are read. What stands between the codes
and is none is kept as words.
"""

import re
from dataclasses import dataclass

from adapters.sia_dc09.codes import Meaning, meaning_of
from adapters.sia_dc09.contact_id import meaning_of as contact_meaning

_TOKEN = re.compile(
    r"\^(?P<text>[^^]*)\^?"
    r"|(?P<modifier>ti|da|id|pi|ri|lt|lv|va|pt|ph|vb|ss)(?P<value>[0-9:\-.]*)"
    r"|(?<![A-Za-z])(?P<age>[NO])(?=[a-z]{2}[0-9:]|[A-Z]{2}(?:[0-9/^|*]|$))"
    r"|(?P<code>[A-Z]{2})(?:(?P<zone>[0-9]{1,8})|(?![A-Za-z0-9]))"
    r"|(?P<other>[^^/|\s]+?(?=[\^/|\s]|$))"
)
_CONTACT = re.compile(r"(?<![0-9])([0-9])([0-9]{3}) ?([0-9A-Fa-f]{2}) ?([0-9A-Fa-f]{3})(?![0-9])")
_AREA = "ri"


@dataclass(frozen=True, slots=True)
class Block:
    """One event code with what belongs to it."""

    code: str
    """As sent: `PA`, or qualifier and event, `1101`."""
    meaning: Meaning
    zone: str | None = None
    area: str | None = None
    """Partition of Contact ID; the `ri` modifier of SIA."""
    text: str | None = None
    old: bool = False
    """An event that the panel had reported or kept before."""


def blocks_of(id: str, data: str) -> list[Block]:
    """Return the blocks of a frame's data by its id; empty where there is no code."""
    return _contact(data) if id == "ADM-CID" else _sia(data)


def _contact(data: str) -> list[Block]:
    return [
        Block(
            code=qualifier + code,
            meaning=contact_meaning(qualifier, int(code)),
            zone=zone,
            area=area,
        )
        for qualifier, code, area, zone in _CONTACT.findall(data)
    ]


def _sia(data: str) -> list[Block]:
    found: list[Block] = []
    words: list[list[str]] = []
    area, old = None, False
    before: list[str] = []
    for token in _TOKEN.finditer(data):
        if token["age"]:
            old = token["age"] == "O"
        elif token["modifier"] == _AREA:
            area = token["value"] or None
        elif token["code"]:
            meaning = meaning_of(token["code"])
            found.append(Block(token["code"], meaning, token["zone"] or None, area, old=old))
            words.append([])
        elif said := (token["text"] or token["other"] or "").strip():
            (words[-1] if words else before).append(said)
    return [_with_words(block, before + said) for block, said in zip(found, words, strict=True)]


def _with_words(block: Block, words: list[str]) -> Block:
    text = " ".join(words) or None
    return Block(block.code, block.meaning, block.zone, block.area, text, block.old)
