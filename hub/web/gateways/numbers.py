"""Whose number an SMS comes from: the numbers of people's SMS channels, from their documents."""

from collections.abc import Collection

import msgspec

from hub.web.live import Live


class _Person(msgspec.Struct):
    """The part of `hub.configuration.documents.PersonDocument` that is needed here."""

    channels: dict[str, dict[str, str]] = {}


class Numbers:
    """Looks numbers up, and keeps them as long as the person's document has the same digest."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._kept: dict[str, tuple[str | None, frozenset[str]]] = {}

    def having(self, numbers: Collection[str]) -> list[str]:
        """Return everybody who is reached by SMS at one of the numbers; a phone may be shared."""
        people = self._live.state.registry.people
        for gone in self._kept.keys() - people.keys():
            del self._kept[gone]
        wanted = set(numbers)
        return [
            id
            for id, person in people.items()
            if any(channel.startswith("sms-") for channel in person.channels)
            and wanted & self._of(id)
        ]

    def of(self, person: str) -> str | None:
        """Return the number at which a person is answered, None without one."""
        return min(self._of(person), default=None)

    def _of(self, person: str) -> frozenset[str]:
        digest = self._live.state.registry.private.get(("person", person))
        kept = self._kept.get(person)
        if kept is not None and digest is not None and kept[0] == digest:
            return kept[1]
        found = _numbers(self._live.journal.document("person", person))
        self._kept[person] = (digest, found)
        return found


def _numbers(body: bytes | None) -> frozenset[str]:
    """Read the document; one that cannot be read has no numbers, and the SMS is kept instead."""
    if body is None:
        return frozenset()
    try:
        channels = msgspec.json.decode(body, type=_Person).channels
    except msgspec.DecodeError:
        return frozenset()
    return frozenset(
        settings["number"]
        for id, settings in channels.items()
        if id.startswith("sms-") and "number" in settings
    )
