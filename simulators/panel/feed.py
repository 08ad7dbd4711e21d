"""The device log as server-sent events, for the page's own log."""

import asyncio
import json
from collections.abc import Mapping

from aiohttp import web

from simulators.devicelog import DeviceLog, Entry

_QUEUE = 256
"""Entries a slow page may be behind; the oldest are left out then: this is a show, not a record."""
_HIDDEN = {"heartbeat", "report", "sync_clock", "register", "connect", "alive"}
"""What devices do by themselves, all the time."""


async def stream(
    request: web.Request, log: DeviceLog, names: Mapping[str, str], ending: asyncio.Event
) -> web.StreamResponse:
    """Send every entry from now on, until the page goes or the demonstration ends."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    waiting: asyncio.Queue[Entry | None] = asyncio.Queue(_QUEUE)
    forget = log.listen(lambda entry: _put(waiting, entry))
    watcher = asyncio.create_task(_end(waiting, ending))
    try:
        await response.write(b": open\n\n")
        while (entry := await waiting.get()) is not None:
            if entry.action not in _HIDDEN:
                await response.write(_event(entry, names))
    except ConnectionResetError:
        # The page was closed: nothing is owed to it.
        pass
    finally:
        watcher.cancel()
        forget()
    return response


def _put(waiting: "asyncio.Queue[Entry | None]", entry: Entry | None) -> None:
    if waiting.full():
        waiting.get_nowait()
    waiting.put_nowait(entry)


async def _end(waiting: "asyncio.Queue[Entry | None]", ending: asyncio.Event) -> None:
    await ending.wait()
    _put(waiting, None)


def _event(entry: Entry, names: Mapping[str, str]) -> bytes:
    told = {
        "device": names.get(entry.device, entry.device),
        "what": entry.what,
        "action": entry.action,
        "ms": None if entry.ms is None else round(entry.ms, 1),
        "detail": entry.detail,
    }
    return f"data: {json.dumps(told)}\n\n".encode()
