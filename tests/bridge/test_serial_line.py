"""A serial port under a session: a pair of pseudo terminals stands for the line."""

import asyncio
import os
import tty
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.kept import Kept
from adapters.bridge.settings import SerialPort, WireListener
from adapters.bridge.sockets import WireRunner
from adapters.espa444 import Espa444Config, Espa444Session
from adapters.session import Outcome
from routing.event import Event
from routing.instant import Instant
from tests.adapters.espa444.blocks import AT, CALL, SELECT
from tests.bridge.rig import until


@dataclass
class Hub:
    """Confirms everything at once; its clock begins at noon."""

    events: list[Event] = field(default_factory=list)
    at: Instant = AT

    def emit(self, _listener: str, event: Event, on_outcome: OnOutcome) -> None:
        self.events.append(event)
        asyncio.get_running_loop().call_soon(on_outcome, event.id, Outcome.DURABLE)

    def kinds(self) -> list[str]:
        return [str(event.type) for event in self.events]


class Line:
    """The other end of the port, at a path that stays while adapters come and go."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._end = -1
        self._ours = -1

    def plug_in(self) -> None:
        self._end, self._ours = os.openpty()
        tty.setraw(self._ours)
        os.set_blocking(self._end, False)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(self._ours))

    def pull_out(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self._ours)
        os.close(self._end)

    def say(self, octets: bytes) -> None:
        os.write(self._end, octets)

    async def hear(self, count: int) -> bytes:
        heard = bytearray()

        def enough() -> bool:
            try:
                heard.extend(os.read(self._end, 100))
            except BlockingIOError:
                return False
            return len(heard) >= count

        await until(enough)
        return bytes(heard)


@asynccontextmanager
async def running(line: Line, hub: Hub, folder: Path) -> AsyncIterator[dict[str, list[object]]]:
    port = SerialPort(str(line.path), baud=9600, bits=7, parity="E", stop_bits=2, retry_s=0.02)
    listener = WireListener(
        "ward", lambda _: Espa444Session(Espa444Config(id="ward", closed_s=1)), serial=port
    )
    kept = Kept(folder, "ward")
    runner = WireRunner(listener, kept, hub.emit, lambda: hub.at, Crash())
    try:
        yield await runner.start()
    finally:
        runner.stop()
        kept.close()


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path / "ttyWARD")


async def test_a_control_station_calls_over_a_serial_line(line: Line, tmp_path: Path) -> None:
    hub = Hub()
    line.plug_in()
    async with running(line, hub, tmp_path) as bound:
        assert bound == {"serial": [str(line.path), 9600]}
        line.say(SELECT)
        assert await line.hear(1) == b"\x06"
        line.say(CALL + b"\x04")
        assert await line.hear(1) == b"\x06"
        assert hub.kinds() == ["device.alive", "call.raised"]
    line.pull_out()


async def test_an_adapter_that_is_pulled_out_is_told_and_heard_again_when_it_is_back(
    line: Line, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hub = Hub()
    line.plug_in()
    async with running(line, hub, tmp_path):
        line.say(b"2\x05")
        assert await line.hear(1) == b"\x04"
        line.pull_out()
        await until(lambda: hub.kinds()[-1] == "link.lost")
        line.plug_in()
        await until(lambda: caplog.text.count("is open") == 2)
        line.say(SELECT)
        assert await line.hear(1) == b"\x06"
        assert hub.kinds() == ["device.alive", "link.lost", "device.alive", "link.restored"]
    line.pull_out()
    assert caplog.text.count("cannot be opened") == 1


async def test_a_port_that_is_not_there_yet_is_waited_for(line: Line, tmp_path: Path) -> None:
    hub = Hub()
    async with running(line, hub, tmp_path):
        line.plug_in()
        heard = asyncio.create_task(line.hear(1))
        while not heard.done():
            line.say(b"2\x05")
            await asyncio.wait({heard}, timeout=0.05)
        assert (await heard)[:1] == b"\x04"
    line.pull_out()
