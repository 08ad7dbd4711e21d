"""Which alarms were heard lately: a resend of the same ref keeps its event id for 30 minutes.

A device resends after hold for 3 to 30 minutes with the same ref (SS 91100:2014), and a reset
reuses the ref of its alarm, so the key holds controller, ref, message class, device type, status.
The id derives from the key and the half hour of the first reception: after a restart a resend has
the same id unless a half hour began in between, and then it rings again.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

from adapters.session import Speak
from routing.event import EventData, derive_id
from routing.instant import MINUTE, Instant
from routing.kinds import KINDS, Kind, Lane

WINDOW: Instant = 30 * MINUTE


class Thread(NamedTuple):
    """What the parts and updates of one alarm have in common."""

    cid: str
    ref: str
    reset: bool


class Key(NamedTuple):
    """The dedupe key. `code` is the number, or the text where it is none."""

    thread: Thread
    dty: int | None
    code: int | str | None
    kind: Kind


@dataclass(slots=True)
class Heard:
    """An alarm that was heard; `durable` once the hub has it."""

    key: Key
    event_id: str
    first_at: Instant
    fragments_left: int
    durable: bool = False
    speak: Speak | None = None
    """Of the first alarm of a thread: how one speaks with the resident, as the hub said."""
    data: EventData | None = None
    """What was said of it so far."""


class Memory:
    """The alarms of the window; at most `limit`, the oldest forgotten first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._by_key: OrderedDict[Key, Heard] = OrderedDict()
        self._by_thread: dict[Thread, Heard] = {}
        self._by_id: dict[str, Heard] = {}

    def find(self, key: Key, at: Instant) -> Heard | None:
        """Return the earlier hearing of a resend."""
        self._forget(at)
        return self._by_key.get(key)

    def begun(self, thread: Thread, at: Instant) -> Heard | None:
        """Return the first alarm of a thread, which updates and later fragments belong to."""
        self._forget(at)
        return self._by_thread.get(thread)

    def hear(self, key: Key, fragments_left: int, at: Instant) -> Heard:
        """Remember a new alarm."""
        event_id = derive_id("scaip", *key.thread, key.dty, key.code, key.kind, at // WINDOW)
        heard = Heard(key, event_id, at, fragments_left)
        self._by_key[key] = heard
        self._by_thread.setdefault(key.thread, heard)
        self._by_id[event_id] = heard
        if len(self._by_key) > self._limit:
            self._drop_oldest()
        return heard

    def durable(self, event_id: str, speak: Speak | None) -> None:
        """The hub has it, in time or late: a resend may be answered at once."""
        if heard := self._by_id.get(event_id):
            heard.durable = True
            begun = self._by_thread.get(heard.key.thread)
            if begun and speak and KINDS[heard.key.kind].lane is Lane.HELP:
                begun.speak = speak

    def _forget(self, at: Instant) -> None:
        while self._by_key and next(iter(self._by_key.values())).first_at + WINDOW <= at:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        key, heard = self._by_key.popitem(last=False)
        self._by_id.pop(heard.event_id, None)
        if self._by_thread.get(key.thread) is heard:
            del self._by_thread[key.thread]
