"""Names, addresses and notes: documents of the journal, read by id and never kept."""

import msgspec

from hub.journal.port import JournalReader


class Card(msgspec.Struct, frozen=True):
    """What a document of a person, resident, device, unit or team says to a reader."""

    name: str | None = None
    address: str | None = None
    phone: str | None = None
    language: str | None = None
    place: str | None = None
    entry_note: str | None = None
    """Of a resident: how one gets in."""
    viewer: str | None = None
    """Of a resident: where they can be looked at. It leaves us only by `hub.web.api_view`."""
    viewers: tuple[str, ...] = ()
    """Of the municipality: the hosts to which such a link may lead."""
    numbers: dict[str, str] = {}
    """Of the municipality: id to the number through which a step speaks with residents."""


_NOTHING = Card()


class Names:
    """Looks documents up by section and id."""

    def __init__(self, journal: JournalReader) -> None:
        self._journal = journal

    def card(self, section: str, id: str | None) -> Card:
        """Return the document, empty when there is none (or it has been erased)."""
        body = None if id is None else self._journal.document(section, id)
        return _NOTHING if body is None else msgspec.json.decode(body, type=Card)

    def name(self, section: str, id: str) -> str:
        """Return the name to show; the id where the document has none."""
        return self.card(section, id).name or id

    def note(self, command: str) -> str | None:
        """Return the free text that came with a command."""
        body = self._journal.document("note", command)
        return None if body is None else body.decode()
