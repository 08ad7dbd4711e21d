"""Server-sent events for one reader: every alarm's present value as it changes.

The event id is an opaque cursor into the journal, so a reader who comes back hears exactly what
changed meanwhile; `resync` tells them to fetch the list when that cannot be promised.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable

import msgspec
from fastapi.sse import format_sse_event

from hub.journal.port import Cursor
from hub.web.alarms.view import Views
from hub.web.live import Live
from hub.web.site import Site
from routing.alarm import Alarm
from routing.instant import to_rfc3339

RETRY_MS = 1000


def to_opaque(partition: str, cursor: Cursor) -> str:
    """Return the cursor as clients see it."""
    return base64.urlsafe_b64encode(f"{partition}:{cursor}".encode()).decode().rstrip("=")


def from_opaque(partition: str, text: str) -> Cursor | None:
    """Return the cursor, None when it is not one of this partition."""
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        whose, _, number = plain.decode().rpartition(":")
    except ValueError:
        return None
    is_number = number.isascii() and number.isdigit()
    return int(number) if whose == partition and is_number and len(number) < 20 else None


def _event(name: str, data: object, id: str) -> bytes:
    return format_sse_event(event=name, data_str=msgspec.json.encode(data).decode(), id=id)


class Stream:
    """One reader's stream, from a cursor on."""

    def __init__(self, site: Site, views: Views, stands: Callable[[], bool]) -> None:
        self._site = site
        self._live: Live = site.live
        self._views = views
        self._stands = stands
        """Whether the session still stands, asked at least every `recheck_s`."""
        self._at: Cursor = site.live.cursor

    async def events(self, cursor: str | None) -> AsyncIterator[bytes]:
        """Yield the stream until shutdown, or until the session ends."""
        yield format_sse_event(comment="varde", retry=RETRY_MS)
        for event in self._resume(cursor):
            yield event
        clock = asyncio.get_running_loop().time
        beat_at = clock()
        while not self._site.stop.is_set() and self._stands():
            for event in self._changes():
                yield event
            if clock() >= beat_at:
                beat_at = clock() + self._site.beat_s
                yield self._beat()
            await self._live.news(self._at, min(self._site.recheck_s, self._site.beat_s))

    def _resume(self, cursor: str | None) -> list[bytes]:
        """Take up where the reader was; without a cursor the reader starts from now."""
        if cursor is None:
            return []
        at = from_opaque(self._live.journal.partition, cursor)
        if at is None or not self._live.can_resume(at):
            return [_event("resync", {}, self._id())]
        self._at = at
        return []

    def _changes(self) -> list[bytes]:
        if not self._live.can_resume(self._at):
            self._at = self._live.cursor
            return [_event("resync", {}, self._id())]
        found = [self._told(seq, alarm) for seq, alarm in self._live.changed_after(self._at)]
        self._at = self._live.cursor
        return found

    def _told(self, seq: Cursor, alarm: Alarm) -> bytes:
        """Return the alarm as it is now, made once for all who see it the same way."""
        views, live = self._views, self._live

        def make() -> bytes:
            return _event("alarm", views.alarm(alarm), to_opaque(live.journal.partition, seq))

        which = (alarm.id, views.audience(alarm))
        return self._site.shared_events.event(live.cursor, which, make)

    def _beat(self) -> bytes:
        """A comment for proxies and an event for the page, which cannot see comments."""
        data = msgspec.json.encode({"now": to_rfc3339(self._site.clock())}).decode()
        return format_sse_event(comment="beat", event="beat", data_str=data, id=self._id())

    def _id(self) -> str:
        return to_opaque(self._live.journal.partition, self._at)
