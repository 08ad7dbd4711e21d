"""Everything people read, in one catalogue: gettext .po files with symbolic msgids, read at start.

Every file named `<lang>.po` or `<part>.<lang>.po` in this folder is merged into its language, so a
part of the hub can keep its own texts beside the shared ones. Placeholders are `{name}`.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

from babel.core import Locale, negotiate_locale
from babel.messages.pofile import read_po

Language = Literal["nb", "nn", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
NAMES: Mapping[Language, str] = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
"""Each language by its own name, as a language switch shows it."""

_HERE = Path(__file__).parent
_ALIASES = {"no": "nb"}


class TextMissing(KeyError):
    """The catalogue has no such msgid: add it to every language's .po file in hub/text."""


class _Shown(dict[str, object]):
    """Parameters; one that an older fact lacks is shown as an ellipsis instead of failing."""

    def __missing__(self, key: str) -> str:
        return "…"


class Catalogue:
    """One language's texts."""

    def __init__(self, language: Language, texts: Mapping[str, str]) -> None:
        self.language = language
        self.texts = MappingProxyType(dict(texts))

    def __call__(self, msgid: str, **params: object) -> str:
        """Return the text with its parameters filled in; TextMissing when there is none."""
        try:
            text = self.texts[msgid]
        except KeyError:
            raise TextMissing(msgid) from None
        return text.format_map(_Shown(params))

    def starting_with(self, *prefixes: str) -> dict[str, str]:
        """Return msgid to unfilled text for the msgids that start with one of the prefixes."""
        return {key: text for key, text in self.texts.items() if key.startswith(prefixes)}


def files(language: Language) -> list[Path]:
    """Return the .po files of a language, in a fixed order."""
    return sorted({*_HERE.glob(f"{language}.po"), *_HERE.glob(f"*.{language}.po")})


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: Language) -> Catalogue:
    """Return a language's catalogue, read once. ValueError when two files define the same msgid."""
    texts: dict[str, str] = {}
    for path in files(language):
        with path.open("rb") as file:
            entries = [m for m in read_po(file, locale=Locale(language)) if m.id]
        for message in entries:
            if str(message.id) in texts:
                raise ValueError(f"{path.name} defines {message.id} again; remove one of the two")
            texts[str(message.id)] = str(message.string)
    return Catalogue(language, texts)


def choose(wishes: Iterable[str | None], default: Language = "nb") -> Language:
    """Return our language for the first wish that we have (`nn-NO` is nn, `no` is bokmål)."""
    tags = [wish.strip().lower().replace("_", "-").split("-")[0] for wish in wishes if wish]
    wanted = [_ALIASES.get(tag, tag) for tag in tags]
    found = negotiate_locale(wanted, LANGUAGES)
    return next((language for language in LANGUAGES if language == found), default)
