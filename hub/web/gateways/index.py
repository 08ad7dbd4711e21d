"""Every call in memory, found by what proves it: each is read once, however often is asked.

Anybody may ask for a link, and a storm has a report for each of its calls. So a question must not
cost as much as there are calls.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hub.journal.port import Record
from hub.rights.short import link_token, reference
from routing.fact_base import Page
from routing.instant import Instant

BY_NUMBER = frozenset({"sms", "voice"})
BY_LINK = frozenset({"sms", "ntfy"})
Key = tuple[str, str]
"""What a call is found by, and its value: `link`, `reference`, or the `person` of an SMS."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call, the id of what it is about, and when it was made."""

    about: str
    page: Page
    at: Instant


def keys_of(page: Page, key: bytes) -> list[Key]:
    """Return what a call is found by."""
    kind, found = page.channel.rpartition("-")[0], list[Key]()
    if kind in BY_LINK:
        found.append(("link", link_token(key, page.send)))
    if kind in BY_NUMBER:
        found.append(("reference", reference(key, page.send)))
    if kind == "sms":
        found.append(("person", page.person))
    return found


class CallIndex:
    """The calls of the timelines in memory."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[Sequence[Record], int]] = {}
        """What a timeline is about, to the timeline and how much of it has been read."""
        self._calls: dict[str, list[tuple[Call, list[Key]]]] = {}
        self._by: dict[Key, list[Call]] = {}

    def follow(self, timelines: Mapping[str, Sequence[Record]], key: bytes) -> None:
        """Read what has come since the last time, and forget what has left memory."""
        for about in self._read.keys() - timelines.keys():
            self._forget(about)
        for about, records in timelines.items():
            before, count = self._read.get(about, (records, 0))
            if before is not records:
                self._forget(about)
                count = 0
            if len(records) > count or not count:
                self._add(about, records[count:], key)
                self._read[about] = (records, len(records))

    def find(self, key: Key) -> Sequence[Call]:
        """Return the calls, the oldest first."""
        return self._by.get(key, ())

    def _add(self, about: str, records: Iterable[Record], key: bytes) -> None:
        for record in records:
            for page in getattr(record.fact, "pages", ()):
                call, keys = Call(about, page, record.recorded_at), keys_of(page, key)
                if keys:
                    self._calls.setdefault(about, []).append((call, keys))
                for one in keys:
                    self._by.setdefault(one, []).append(call)

    def _forget(self, about: str) -> None:
        del self._read[about]
        for call, keys in self._calls.pop(about, ()):
            for one in keys:
                self._by[one].remove(call)
                if not self._by[one]:
                    del self._by[one]
