"""Words that make an event an absence, and not when they only stand in somebody's name."""

import re
from collections.abc import Iterator, Mapping

ABSENT = frozenset(
    {
        *("absence", "absent", "vacation", "holiday", "leave", "sick"),
        *("ferie", "fravær", "fråvær", "permisjon", "avspasering"),
        *("syk", "sykdom", "sykmeldt", "sykemeldt", "sykmelding", "sykemelding", "egenmelding"),
        *("sjuk", "sjukdom", "sjukmeld", "sjukmelding", "eigenmelding"),
    }
)
"""Words in SUMMARY or CATEGORIES that make an event an absence."""
_PARTS = re.compile(r"[:,;|()\u2013\u2014]|\s-\s")
_WORD = r"\b(?<!\w-)\w+\b(?!-\w)"
"""Not the half of a double name: an id such as `kari-leave` is no word of absence."""
_ENDS = " -./!"


class AbsenceWords:
    """Finds words of absence outside people's ids and full names (Kari Holiday is on duty)."""

    def __init__(self, names: Mapping[str, str]) -> None:
        called = [re.escape(id) for id in names if absent_in(id)]
        called += [f"(?i:{re.escape(name)})" for name in names.values() if absent_in(name)]
        anyone = "|".join(sorted(called, key=len, reverse=True)) or "(?!)"
        self._called = re.compile(rf"(?<!\w)(?<!\w-)(?:{anyone})(?!-?\w)")
        self._word = re.compile(rf"({self._called.pattern})|{_WORD}")

    def called(self, text: str) -> list[str]:
        """Return the ids and names in the text that hold such a word."""
        return self._called.findall(text)

    def said(self, text: str) -> frozenset[str]:
        """Return the words of absence in the text."""
        return absent_in(self._called.sub(" ", text))

    def beside(self, summary: str) -> list[str]:
        """Return the parts of a summary without its words of absence: "Syk: Ola" is ["Ola"]."""
        left = self._word.sub(_unless_absent, summary)
        parts = (" ".join(part.split()).strip(_ENDS) for part in _PARTS.split(left))
        return [part for part in parts if part]


ANYWHERE = AbsenceWords({})
"""Finds them in names too."""


def _unless_absent(found: re.Match[str]) -> str:
    is_name = found[1] is not None
    return "" if found[0].casefold() in ABSENT and not is_name else found[0]


def absent_in(text: str) -> frozenset[str]:
    """Return the words of absence in a text, whatever else it is."""
    return ABSENT & set(words(text))


def words(text: str) -> Iterator[str]:
    """Yield the words of a text, to be compared."""
    yield from re.findall(r"\w+", text.casefold())


def summary_parts(summary: str) -> list[str]:
    """Return what of a summary may be a name: all of it, and its parts."""
    parts = [part.strip() for part in _PARTS.split(summary)]
    return [text for text in dict.fromkeys([summary.strip(), *parts]) if text]
