"""Where people are reached: the private settings of their channels, and the language in which they
are spoken to, from their document."""

import logging
from typing import TypeVar

import msgspec

from hub.journal.port import JournalReader
from hub.notifier.channel import Send
from hub.text import Language, choose
from routing.alarm import Alarm
from routing.municipality import Role
from routing.owed import about
from routing.proofs.book import ChannelTest
from routing.state import Owed, State
from routing.tasks.value import Task

log = logging.getLogger(__name__)


class _Person(msgspec.Struct):
    """The part of `hub.configuration.documents.PersonDocument` that a channel needs."""

    channels: dict[str, dict[str, str]] = {}
    language: str | None = None


class _Unit(msgspec.Struct):
    """The part of a unit's document that a channel needs."""

    name: str | None = None


T = TypeVar("T", _Person, _Unit)


class Addresses:
    """Looks addresses up, and keeps them as long as a document has the same digest."""

    def __init__(self, journal: JournalReader, state: State) -> None:
        self._journal, self._state = journal, state
        self._people: dict[str, tuple[str | None, _Person]] = {}
        self._units: dict[str, tuple[str | None, _Unit]] = {}

    def describe(self, owed: Owed) -> Send | None:
        """Return the send with what it is about and the address; None when that has left memory."""
        one = about(self._state, owed.alarm)
        if one is None:
            return None
        person = self._read("person", owed.page.person, _Person, self._people)
        address = person.channels.get(owed.page.channel, {})
        unit = None if isinstance(one, ChannelTest) else one.unit
        place = None if unit is None else self._read("unit", unit, _Unit, self._units).name or unit
        knows = self._knows_home(owed.page.person, one)
        return Send(owed, one, address, self._language(person), place, knows)

    def _knows_home(self, person: str, one: Alarm | Task | ChannelTest) -> bool:
        registry = self._state.registry
        known = registry.people.get(person)
        if known is None or set(known.roles) != {Role.RELATIVE} or not isinstance(one, Alarm):
            return True
        home = registry.residents.get(one.of_whom or "")
        return home is not None and person in home.relatives

    def _language(self, person: _Person) -> Language:
        municipality = self._state.registry.municipality
        return choose([person.language], "nb" if municipality is None else municipality.language)

    def _read(
        self, section: str, id: str, type: type[T], known: dict[str, tuple[str | None, T]]
    ) -> T:
        digest = self._state.registry.private.get((section, id))
        kept = known.get(id)
        if kept is not None and kept[0] == digest:
            return kept[1]
        read = _decoded(section, id, type, self._journal.document(section, id))
        known[id] = (digest, read)
        return read


def _decoded(section: str, id: str, type: type[T], body: bytes | None) -> T:
    """Read the document; one that cannot be read has no addresses, so that the person's sends fail
    at once and others are called."""
    if body is None:
        return type()
    try:
        return msgspec.json.decode(body, type=type)
    except msgspec.DecodeError:
        log.error("%s %s: the document cannot be read; run varde apply again", section, id)
        return type()
