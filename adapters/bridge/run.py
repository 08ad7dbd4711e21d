"""Starts everything, and ends it: the adapters process from the inside.

Order: first the way to the hub, then what devices reach, so that nobody is heard before there is
somebody to tell. The hub's broker may still be away then; devices get no positive answer meanwhile.
"""

import asyncio
import resource
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import TypeVar

from adapters.bridge.crash import Crash
from adapters.bridge.down import Down, Hearer
from adapters.bridge.hub_link import HubLink
from adapters.bridge.kept import Kept
from adapters.bridge.requests import RequestRunner
from adapters.bridge.settings import BridgeSettings
from adapters.bridge.sockets import WireRunner
from adapters.bridge.tap import Tap
from adapters.bridge.tapped import tapped
from adapters.bridge.topics import TopicRunner
from routing.instant import Instant

T = TypeVar("T")

_OWN_FILES = 100
"""File descriptors beside the listeners' connections: brokers, sockets, databases, logs."""

Bound = Mapping[str, object]
"""By listener id, the addresses after binding: `{"scaip": {"udp": [host, port], "tcp": [host,
port]}, "medication": {"http": url}}`. Topic listeners have none and are left out."""


class CannotListen(Exception):
    """An address cannot be bound."""

    def __init__(self, listener: str, error: OSError) -> None:
        super().__init__(
            f"listener {listener!r} cannot listen: {error.strerror or error}. Choose another "
            "address or port in the settings, or stop what uses it"
        )


class TooFewFiles(Exception):
    """The system lets this process open fewer files than its connections need."""

    def __init__(self, needed: int, allowed: int) -> None:
        super().__init__(
            f"the listeners may need {needed} open files and the system allows {allowed}: raise "
            "the limit (ulimit -Hn, LimitNOFILE) or lower the listeners' `connections`"
        )


async def run(
    bridge: BridgeSettings,
    stop: asyncio.Event,
    ready: Callable[[Bound], None],
    *,
    now: Callable[[], Instant],
) -> None:
    """Serve until `stop` is set; `ready` is called once, when every listener is bound.

    CannotListen, BadCertificate and TooFewFiles when it cannot start; SessionBroken when a session
    raised."""
    _allow_files(bridge)
    crash = Crash()
    link = HubLink(
        bridge.hub,
        bridge.municipality,
        bridge.listener_ids,
        bridge.link_limits,
        f"{bridge.client_id}-adapters",
    )
    emit = link.emit
    tap = Tap(
        bridge.hub,
        bridge.municipality,
        f"{bridge.client_id}-tap",
        under_test=bridge.under_test,
        now=now,
    )
    bridge = tapped(bridge, tap)
    async with AsyncExitStack() as stack:
        tasks: list[asyncio.Task[object]] = []
        tasks += [asyncio.create_task(link.run()), asyncio.create_task(crash.wait())]
        tasks.append(asyncio.create_task(tap.run()))
        stack.push_async_callback(_end, tasks)
        bound: dict[str, object] = {}
        hearers: dict[str, Hearer] = {}
        for wire in bridge.wires:
            kept = Kept(bridge.kept_dir, wire.id)
            stack.callback(kept.close)
            runner = WireRunner(wire, kept, emit, now, crash)
            stack.callback(runner.stop)
            if runner.hears:
                hearers[wire.id] = runner
            bound[wire.id] = await _bind(wire.id, runner.start())
        if bridge.http and bridge.requests:
            server = RequestRunner(bridge.requests, bridge.http_limits, emit, now, crash)
            stack.push_async_callback(server.stop)
            base = await _bind("http", server.start(bridge.http))
            bound |= {one.id: {"http": f"{base}/webhook/{one.id}"} for one in bridge.requests}
        for topic in bridge.topics:
            devices = TopicRunner(bridge.client_id, topic, emit, now, crash)
            tasks.append(asyncio.create_task(devices.run()))
            if devices.hears:
                hearers[topic.id] = devices
        if hearers:
            down = Down(bridge.hub, bridge.municipality, hearers, f"{bridge.client_id}-down")
            tasks.append(asyncio.create_task(down.run()))
        ready(bound)
        await _until(stop, tasks)


async def _bind(listener: str, start: Awaitable[T]) -> T:
    try:
        return await start
    except OSError as error:
        raise CannotListen(listener, error) from error


async def _until(stop: asyncio.Event, tasks: list[asyncio.Task[object]]) -> None:
    """Wait for the end that is asked for; raise what ends a task before, which none should."""
    tasks.append(asyncio.create_task(stop.wait()))
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        await task


async def _end(tasks: list[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _allow_files(bridge: BridgeSettings) -> None:
    """Raise this process's soft limit of open files to what its connections may need."""
    needed = _OWN_FILES + bridge.http_limits.connections
    needed += sum(wire.limits.connections for wire in bridge.wires if wire.tcp or wire.tls)
    needed += sum(wire.limits.handshakes for wire in bridge.wires if wire.tls)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise TooFewFiles(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
