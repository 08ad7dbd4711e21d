"""The alphabet of an SMS: 160 septets hold one text, one sign outside the alphabet leaves 70
(3GPP TS 23.038, 6.2.1, the default alphabet and its extension table)."""

import unicodedata
from collections.abc import Iterator

ONE_SMS = 160
"""Septets in one message."""
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each takes two septets: an escape and itself."""
_LIKE = {
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "…": "...",
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "„": '"',
    "’": "'",
    "‘": "'",
    "·": "-",
    "•": "-",
    "⁄": "/",
    "đ": "d",
    "Đ": "D",
    "ŋ": "n",
    "Ŋ": "N",
    "ŧ": "t",
    "Ŧ": "T",
}
"""What stands in for typographic signs, and for Sami letters that have no base letter."""
_UNKNOWN = "?"


def in_alphabet(text: str) -> str:
    """Return the text in the default alphabet: `Kárášjohka` becomes `Karasjohka`, `ø` stays."""
    return "".join(part for sign in unicodedata.normalize("NFC", text) for part in _spelt(sign))


def _spelt(sign: str) -> Iterator[str]:
    if sign in _BASIC or sign in _EXTENDED:
        yield sign
    elif sign in _LIKE:
        yield _LIKE[sign]
    elif sign.isspace():
        yield " "
    else:
        parts = (_LIKE.get(part, part) for part in unicodedata.normalize("NFKD", sign))
        base = [part for part in parts if part in _BASIC]
        yield "".join(base) or _UNKNOWN


def septets(text: str) -> int:
    """Return how much of an SMS a text in the default alphabet takes."""
    return sum(2 if sign in _EXTENDED else 1 for sign in text)
