"""Names, addresses and notes: documents of the journal, read by id and never kept."""

import msgspec
from msgspec.structs import replace

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
    care_note: str | None = None
    """Of a resident: what whoever goes there must know."""
    protected: bool = False
    """Of a resident: the address is secret. A card never has it then, nor how one gets in."""
    viewer: str | None = None
    """Of a resident: where they can be looked at. It leaves us only by `hub.web.homes.api_view`."""
    viewers: tuple[str, ...] = ()
    """Of the municipality: the hosts to which such a link may lead."""
    numbers: dict[str, str] = {}
    """Of the municipality: id to the number through which a step speaks with residents."""
    help_number: str | None = None
    """Of the municipality: what staff ring when the hub cannot be reached."""


class Place(msgspec.Struct, frozen=True):
    """A position in WGS 84 degrees, kept while its alarm is open."""

    lat: float
    lon: float
    accuracy_m: float | None = None
    at: str | None = None
    """When the adapter received it, RFC 3339."""


_NOTHING = Card()


class Names:
    """Looks documents up by section and id."""

    def __init__(self, journal: JournalReader) -> None:
        self._journal = journal

    def card(self, section: str, id: str | None) -> Card:
        """Return the document, empty when there is none (or it has been erased).

        Of a protected home it says neither the address nor how one gets in, so that no list, page
        or printout can tell it by mistake.
        """
        found = self._read(section, id)
        return replace(found, address=None, entry_note=None) if found.protected else found

    def home(self, resident: str) -> Card:
        """Return a home with everything in it. Only for who goes there, once it is written down
        that they read it."""
        return self._read("resident", resident)

    def _read(self, section: str, id: str | None) -> Card:
        body = None if id is None else self._journal.document(section, id)
        return _NOTHING if body is None else msgspec.json.decode(body, type=Card)

    def name(self, section: str, id: str) -> str:
        """Return the name to show; the id where the document has none."""
        return self.card(section, id).name or id

    def place(self, alarm: str) -> "Place | None":
        """Return where the device of an open alarm has last said that it is."""
        body = self._journal.document("position", alarm)
        return None if body is None else msgspec.json.decode(body, type=Place)

    def note(self, command: str) -> str | None:
        """Return the free text that came with a command."""
        body = self._journal.document("note", command)
        return None if body is None else body.decode()
