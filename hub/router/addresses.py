"""Where people are reached: the private settings of their channels, from their document."""

import logging

import msgspec

from hub.journal.port import JournalReader
from hub.notifier.channel import Send
from routing.owed import about
from routing.state import Owed, State

log = logging.getLogger(__name__)


class _Person(msgspec.Struct):
    """The part of `hub.configuration.documents.PersonDocument` that a channel needs."""

    channels: dict[str, dict[str, str]] = {}


class Addresses:
    """Looks addresses up, and keeps them as long as the person's document has the same digest."""

    def __init__(self, journal: JournalReader, state: State) -> None:
        self._journal, self._state = journal, state
        self._kept: dict[str, tuple[str | None, dict[str, dict[str, str]]]] = {}

    def describe(self, owed: Owed) -> Send | None:
        """Return the send with what it is about and the address; None when that has left memory."""
        one = about(self._state, owed.alarm)
        if one is None:
            return None
        return Send(owed, one, self._channels(owed.page.person).get(owed.page.channel, {}))

    def _channels(self, person: str) -> dict[str, dict[str, str]]:
        digest = self._state.registry.private.get(("person", person))
        kept = self._kept.get(person)
        if kept is not None and kept[0] == digest:
            return kept[1]
        channels = _channels(person, self._journal.document("person", person))
        self._kept[person] = (digest, channels)
        return channels


def _channels(person: str, body: bytes | None) -> dict[str, dict[str, str]]:
    """Read the document; one that cannot be read has no addresses, so that the person's sends fail
    at once and others are called."""
    if body is None:
        return {}
    try:
        return msgspec.json.decode(body, type=_Person).channels
    except msgspec.DecodeError:
        log.error("person %s: the document cannot be read; run varde apply again", person)
        return {}
