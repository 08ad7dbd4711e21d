"""Many phones in a process of their own: `python -m tests.bench.phone_load`, a `Task` on standard
input; says `ready`, and at the next line it ends with a `Result`.

`sse`: open pages. They are read as octets, and parsed only when all is over, since the phones must
cost less than what they measure. `push`: simulated phones with their push service.
"""

import asyncio
import re
import sys
import time
from urllib.parse import urlsplit

import msgspec
from yarl import URL

from simulators.phone import Phone
from simulators.push_service import PushService

_ALARM = re.compile(rb'"id":"([^"]+)","phase"')
AT_ONCE = 20
"""Phones that get ready at the same time."""


class Task(msgspec.Struct, frozen=True):
    """Where the hub is, and what each phone's browser holds."""

    kind: str
    web: str
    cookies: list[dict[str, str]]


class Result(msgspec.Struct, frozen=True):
    """`first`: for each phone, alarm to when it was first heard of, monotonic ns."""

    first: list[dict[str, int]]


class _Page(asyncio.Protocol):
    """One open page."""

    def __init__(self, host: str, cookies: dict[str, str]) -> None:
        self._head = _request(host, cookies)
        self.chunks: list[tuple[int, bytes]] = []
        self.opened = asyncio.get_running_loop().create_future()
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._head)

    def data_received(self, data: bytes) -> None:
        self.chunks.append((time.monotonic_ns(), data))
        if not self.opened.done() and b"event: beat" in data:
            self.opened.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True

    def first(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for at, octets in self.chunks:
            for alarm in _ALARM.findall(octets):
                found.setdefault(alarm.decode(), at)
        return found


def _request(host: str, cookies: dict[str, str]) -> bytes:
    held = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return f"GET /api/stream HTTP/1.1\r\nHost: {host}\r\nCookie: {held}\r\n\r\n".encode()


async def _pages(task: Task) -> Result:
    place = urlsplit(task.web)
    loop, pages = asyncio.get_running_loop(), []
    for cookies in task.cookies:
        _, page = await loop.create_connection(
            lambda cookies=cookies: _Page(place.netloc, cookies),  # type: ignore[misc]
            str(place.hostname),
            int(place.port or 80),
        )
        await asyncio.wait_for(page.opened, 10)
        pages.append(page)
    await _until_told()
    if lost := sum(page.lost for page in pages):
        raise RuntimeError(f"{lost} of {len(pages)} streams ended before the end")
    return Result([page.first() for page in pages])


async def _phones(task: Task) -> Result:
    service = PushService()
    origin = await service.start()
    phones = [Phone(task.web, origin, name=f"p{n}") for n, _ in enumerate(task.cookies)]
    at_once = asyncio.Semaphore(AT_ONCE)

    async def ready(phone: Phone, cookies: dict[str, str]) -> None:
        async with at_once:
            phone.page.http.cookie_jar.update_cookies(cookies, URL(task.web))
            await phone.subscribe()
            await phone.set_coverage(on=True)

    await asyncio.gather(*(ready(*pair) for pair in zip(phones, task.cookies, strict=True)))
    await _until_told()
    await asyncio.gather(*(phone.put_away() for phone in phones))
    await service.stop()
    return Result([])


async def _until_told() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.buffer.readline)


def main() -> None:
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    result = asyncio.run(_pages(task) if task.kind == "sse" else _phones(task))
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main()
