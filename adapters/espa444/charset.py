"""Texts of seven bits with national letters: variants of ISO 646 (IR 60, IR 10, IR 11, IR 21)."""

from collections.abc import Mapping
from enum import StrEnum


class Charset(StrEnum):
    """How a text is written."""

    LATIN_1 = "latin-1"
    ASCII = "ascii"
    NORWEGIAN = "norwegian"
    """NS 4551-1; Danish texts use the same six letters."""
    SWEDISH = "swedish"
    """SEN 85 02 00 B."""
    SWEDISH_NAMES = "swedish-names"
    """SEN 85 02 00 C."""
    GERMAN = "german"
    """DIN 66003."""


def _table(plain: str, national: str) -> Mapping[int, str]:
    return {ord(one): other for one, other in zip(plain, national, strict=True)}


_NATIONAL: Mapping[Charset, Mapping[int, str]] = {
    Charset.NORWEGIAN: _table("[\\]{|}", "ÆØÅæøå"),
    Charset.SWEDISH: _table("[\\]{|}", "ÄÖÅäöå"),
    Charset.SWEDISH_NAMES: _table("@[\\]^`{|}~", "ÉÄÖÅÜéäöåü"),
    Charset.GERMAN: _table("@[\\]{|}~", "§ÄÖÜäöüß"),
}


def text_of(octets: bytes, charset: Charset) -> str:
    """Return the text without control characters; any octets have one."""
    if charset is not Charset.LATIN_1:
        octets = bytes(octet & 0x7F for octet in octets)
    text = octets.decode("latin-1").translate(_NATIONAL.get(charset, {}))
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
