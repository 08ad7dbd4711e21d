"""The door contact against a stub broker that knows CONNECT and PUBLISH only (MQTT 3.1.1)."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from simulators.devicelog import DeviceLog
from simulators.door import DeviceBroker, Door
from simulators.faults import Faults
from tests.simulators.until import until


class Published(NamedTuple):
    topic: str
    payload: dict[str, object]
    qos: int
    retained: bool


class StubBroker:
    """Takes every publish; answers it unless `silent`."""

    def __init__(self, *, silent: bool = False) -> None:
        self.silent = silent
        self.published: list[Published] = []
        self.connect = b""
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                first = (await reader.readexactly(1))[0]
                body = await reader.readexactly(await self._length(reader))
                self._packet(first, body, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @staticmethod
    async def _length(reader: asyncio.StreamReader) -> int:
        length, shift = 0, 0
        while True:
            octet = (await reader.readexactly(1))[0]
            length |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                return length

    def _packet(self, first: int, body: bytes, writer: asyncio.StreamWriter) -> None:
        if first >> 4 == 1:
            self.connect = body
            writer.write(b"\x20\x02\x00\x00")
        elif first >> 4 == 3:
            size = struct.unpack_from(">H", body)[0]
            topic, mid, payload = body[2 : 2 + size], body[2 + size : 4 + size], body[4 + size :]
            self.published.append(
                Published(topic.decode(), json.loads(payload), first >> 1 & 3, bool(first & 1))
            )
            if not self.silent:
                writer.write(b"\x40\x02" + mid)

    def contacts(self) -> list[object]:
        return [p.payload["contact"] for p in self.published if "contact" in p.payload]


@asynccontextmanager
async def playing(
    *, silent: bool = False, faults: Faults | None = None, seed: int = 1
) -> AsyncIterator[tuple[StubBroker, Door, DeviceLog]]:
    broker, log = StubBroker(silent=silent), DeviceLog()
    server = await asyncio.start_server(broker.serve, "127.0.0.1", 0)
    broker.port = server.sockets[0].getsockname()[1]
    door = Door(
        "oline/ytterdor",
        DeviceBroker("127.0.0.1", broker.port, "devices", "sim-secret"),
        seed=seed,
        log=log,
        faults=faults or Faults(),
        answer_wait_s=0.5,
    )
    await door.start()
    try:
        yield broker, door, log
    finally:
        await door.stop()
        server.close()


async def test_contact_false_is_an_open_door() -> None:
    async with playing() as (broker, door, _):
        assert (await door.open()).accepted
        assert (await door.close()).accepted
        assert broker.contacts() == [False, True]
        message = broker.published[1]
        assert (message.topic, message.qos, message.retained) == (
            "zigbee2mqtt/oline/ytterdor",
            1,
            False,
        )
        assert message.payload.keys() >= {
            "contact",
            "battery",
            "battery_low",
            "linkquality",
            "tamper",
        }
        assert b"devices" in broker.connect


async def test_availability_is_retained() -> None:
    async with playing() as (broker, door, _):
        await door.open()
        assert broker.published[0] == Published(
            "zigbee2mqtt/oline/ytterdor/availability", {"state": "online"}, 1, True
        )


async def test_a_low_battery_shows() -> None:
    async with playing() as (broker, door, _):
        await door.battery_low()
        assert broker.published[-1].payload["battery_low"] is True


async def test_a_silent_broker_is_no_answer() -> None:
    async with playing(silent=True) as (_, door, log):
        answer = await door.open()
        assert (answer.accepted, answer.detail) == (False, "no PUBACK from the broker")
        assert log.entries[-1].what == "unanswered"


async def test_one_seed_gives_one_row_of_payloads() -> None:
    told = []
    for _ in range(2):
        async with playing(seed=4) as (broker, door, _):
            await door.open()
            await door.close()
            told.append(list(broker.published))
    assert told[0] == told[1]


async def test_repeats_and_reordering_reach_the_broker() -> None:
    faults = Faults(repeat=1.0, reorder=0.5, hold_s=0.05)
    async with playing(faults=faults, seed=2) as (broker, door, _):
        await asyncio.gather(door.open(), door.close(), door.open())
        await until(lambda: len(broker.contacts()) == 6)
        assert sorted(map(str, broker.contacts())) == ["False"] * 4 + ["True"] * 2
        assert broker.contacts() != [False, False, True, True, False, False]
