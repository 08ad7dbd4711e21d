"""The numbers through which one speaks with residents, from the municipality's document."""

import logging
from collections.abc import Mapping

import msgspec

from adapters.session import Speak
from hub.journal.port import JournalReader
from routing.state import State

log = logging.getLogger(__name__)


class _Municipality(msgspec.Struct):
    """The part of `hub.configuration.documents.MunicipalityDocument` that is needed here."""

    numbers: dict[str, str] = {}


class Numbers:
    """Looks numbers up, and keeps them as long as the document has the same digest."""

    def __init__(self, journal: JournalReader, state: State) -> None:
        self._journal, self._state = journal, state
        self._kept: tuple[str | None, Mapping[str, str]] = (None, {})

    def find(self, number: str) -> Speak | None:
        """Return what the number's id stands for; None where the document has none."""
        one = self._state.registry.municipality
        if one is None:
            return None
        digest = self._state.registry.private.get(("municipality", one.id))
        if digest is None or self._kept[0] != digest:
            self._kept = digest, _numbers(self._journal.document("municipality", one.id))
        found = self._kept[1].get(number)
        return None if found is None else Speak(found)


def _numbers(body: bytes | None) -> Mapping[str, str]:
    """Read the document; one that cannot be read has no numbers: an alarm is not held up by it."""
    if body is None:
        return {}
    try:
        return msgspec.json.decode(body, type=_Municipality).numbers
    except msgspec.DecodeError:
        log.error("the municipality's document cannot be read; run varde apply again")
        return {}
