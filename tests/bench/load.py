"""The adapters' side under load, in a process of its own: publishes at a rate and hears the
confirmations. `python -m tests.bench.load`, a `Task` on standard input, a `Result` on standard
output.

Latency counts from when a message was due to be sent, so a publisher that is held up does not
flatter the hub.
"""

import asyncio
import sys
import time
from collections.abc import Sequence

import msgspec

from routing.kinds import Lane
from routing.topics import confirms, event
from tests.bench.town import ADAPTER, MUNICIPALITY, alarm_key, presses
from tests.bench.wire import Wire

LEAD_S = 0.5
DRAIN_S = 10.0
"""What is not confirmed so long after the last message was sent counts as missing."""


class Task(msgspec.Struct, frozen=True):
    """What to send, and where."""

    host: str
    port: int
    password: str
    name: str
    rate_hz: int
    count: int


class Result(msgspec.Struct, frozen=True):
    """When each message was due, and when its confirmation came (0: never); monotonic ns."""

    keys: list[str]
    due: list[int]
    confirmed: list[int]
    late_ms: float
    """How late the publisher was at worst."""


class _Publisher:
    def __init__(self, task: Task) -> None:
        self._task = task
        self._confirmed: dict[str, int] = {}
        self._all = asyncio.Event()
        self._wire = Wire(self._heard)
        self._late_ns = 0

    def _heard(self, topic: str, payload: bytes) -> None:
        if payload == b'{"outcome":"durable"}':
            self._confirmed.setdefault(topic.rpartition("/")[2], time.monotonic_ns())
            if len(self._confirmed) == self._task.count:
                self._all.set()

    async def run(self) -> Result:
        task = self._task
        await self._wire.connect(task.host, task.port, "adapters", task.password)
        await self._wire.subscribe(confirms(MUNICIPALITY, ADAPTER))
        messages = presses(task.name, task.count, time.time_ns() // 1000)
        began = time.monotonic_ns() + int(LEAD_S * 1e9)
        due = [began + number * 1_000_000_000 // task.rate_hz for number in range(task.count)]
        await self._send(messages, due)
        await self._drain()
        self._wire.close()
        ids = [event_id for event_id, _ in messages]
        heard = [self._confirmed.get(event_id, 0) for event_id in ids]
        return Result([alarm_key(one) for one in ids], due, heard, self._late_ns / 1e6)

    async def _send(self, messages: Sequence[tuple[str, bytes]], due: Sequence[int]) -> None:
        topic = event(MUNICIPALITY, Lane.HELP, ADAPTER)
        for (_, payload), at in zip(messages, due, strict=True):
            await asyncio.sleep(max(0, at - time.monotonic_ns()) / 1e9)
            self._late_ns = max(self._late_ns, time.monotonic_ns() - at)
            self._wire.publish(topic, payload)

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(DRAIN_S):
                await self._all.wait()
        except TimeoutError:
            return


def main() -> None:
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    result = asyncio.run(_Publisher(task).run())
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main()
