"""An alarm panel in a home: SIA-DCS or Contact ID by DC-09, over UDP or TCP, plain or AES.

A message is sent again under its sequence until the receiver has said ACK or DUH. NAK carries the
receiver's time: the panel sets its clock by it and sends again.
"""

import asyncio
import contextlib
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from simulators import dc09
from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults, Link

Format = Literal["SIA-DCS", "ADM-CID"]
_SIA: Format = "SIA-DCS"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_ACTIONS: dict[str, tuple[str, str]] = {
    "medical": ("MA", "1100"),
    "emergency": ("QA", "1101"),
    "panic": ("PA", "1120"),
    "fire": ("FA", "1110"),
    "fire_over": ("FR", "3110"),
    "water": ("WA", "1154"),
    "burglary": ("BA", "1130"),
    "tamper": ("TA", "1383"),
    "mains_lost": ("AT", "1301"),
    "mains_back": ("AR", "3301"),
    "battery_low": ("YT", "1302"),
    "battery_ok": ("YR", "3302"),
    "test": ("RP", "1602"),
}
"""Action to its SIA code and its Contact ID qualifier and event."""


@dataclass(frozen=True, slots=True)
class PanelTimes:
    """The panel's waits, in seconds."""

    resend_s: float = 20.0
    give_up_s: float = 300.0
    alive_s: float = 60.0
    """Between two link tests."""


@dataclass(frozen=True, slots=True)
class PanelLine:
    """Where and how the panel reports."""

    host: str
    port: int
    transport: Literal["udp", "tcp"] = "udp"
    format: Format = _SIA
    key: bytes | None = None
    clock_off_s: float = 0.0


class AlarmPanel:
    """One panel, known by its account."""

    def __init__(
        self,
        account: str,
        line: PanelLine,
        *,
        seed: int,
        log: DeviceLog,
        faults: Faults = NO_FAULTS,
        times: PanelTimes | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._account, self._line = account, line
        self._times = times or PanelTimes()
        self._rng = random.Random(seed)
        self._link = Link(faults, random.Random(seed ^ 0x5EED))
        self._log, self._clock = log, clock
        self._clock_off_s = line.clock_off_s
        self._sequence = self._rng.randrange(1, 10_000)
        self._turn = asyncio.Lock()
        self._supervision: asyncio.Task[None] | None = None
        self.name = f"sia-dc09:{account}"

    async def start(self) -> None:
        """Begin with the link tests, which go on in the background."""
        self._supervision = asyncio.create_task(self._supervise())

    async def stop(self) -> None:
        """End the link tests."""
        if self._supervision is not None:
            self._supervision.cancel()
            await asyncio.gather(self._supervision, return_exceptions=True)

    async def report(self, action: str, zone: int = 1, *, more: tuple[str, ...] = ()) -> Answer:
        """Send an event by its name, with others in the same frame: `medical`, `fire`, `test`."""
        names = (action, *more)
        return await self._deliver(action, self._line.format, self._data(names, zone))

    async def alive(self) -> Answer:
        """Send one link test."""
        return await self._deliver("alive", "NULL", "", sequence="0000")

    def _data(self, names: tuple[str, ...], zone: int) -> str:
        if self._line.format == _SIA:
            codes = "/".join(f"{_ACTIONS[name][0]}{zone:03}" for name in names)
            return f"|Nri1/{codes}"
        return "|" + "|".join(f"{_ACTIONS[name][1]} 01 {zone:03}" for name in names)

    def _octets(self, id: str, data: str, sequence: str) -> bytes:
        now = dc09.stamp(self._clock() + self._clock_off_s)
        head = f"{sequence}L0#{self._account}["
        if self._line.key is None:
            own = f"#{self._account}" if data else ""
            return dc09.frame(f'"{id}"{head}{own}{data}]{now}')
        padding = "".join(self._rng.choices(_LETTERS, k=16))
        return dc09.frame(f'"*{id}"{head}{dc09.seal(f"{data}]{now}", self._line.key, padding)}')

    def _next_sequence(self) -> str:
        self._sequence = self._sequence % 9_999 + 1
        return f"{self._sequence:04}"

    async def _deliver(
        self, action: str, id: str, data: str, sequence: str | None = None
    ) -> Answer:
        async with self._turn:
            number = sequence or self._next_sequence()
            loop = asyncio.get_running_loop()
            began, what = loop.time(), "sent"
            while loop.time() < began + self._times.give_up_s:
                self._log.note(self.name, what, action, number)
                told = await self._exchange(self._octets(id, data, number), number)
                if told in ("ACK", "DUH"):
                    ms = (loop.time() - began) * 1000
                    answer = Answer(told == "ACK", ms, number, told)
                    outcome = "answered" if answer.accepted else "refused"
                    return self._log.ended(self.name, outcome, action, answer)
                what = "resent"
            answer = Answer(False, (loop.time() - began) * 1000, number, "gave up: no answer")
            return self._log.ended(self.name, "unanswered", action, answer)

    async def _exchange(self, octets: bytes, sequence: str) -> str | None:
        """Send once and wait for the answer to it; None when none came in time."""
        connect = _Datagrams.connect if self._line.transport == "udp" else _Stream.connect
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(self._times.resend_s):
                wire = await connect(self._line.host, self._line.port)
                try:
                    self._link.pass_on(lambda: wire.send(octets))
                    return await self._heard(wire, sequence)
                finally:
                    wire.close()
        return None

    async def _heard(self, wire: "_Wire", sequence: str) -> str:
        while True:
            try:
                told = dc09.read(await wire.receive(), self._line.key)
            except ValueError as problem:
                self._log.note(self.name, "heard", "answer", sequence, detail=str(problem))
                continue
            if self._link.answer_lost():
                continue
            if told.id == "NAK" and told.time_s is not None:
                self._clock_off_s = told.time_s - self._clock()
                self._log.note(self.name, "heard", "NAK", sequence, detail="clock set")
                return told.id
            if told.sequence == sequence:
                return told.id

    async def _supervise(self) -> None:
        while True:
            await self.alive()
            await asyncio.sleep(self._times.alive_s)


class _Wire(Protocol):
    """One way to the receiver, for one exchange."""

    def send(self, octets: bytes) -> None:
        """Write the octets, unless it is closed."""

    async def receive(self) -> bytes:
        """Return what comes next. ConnectionError when the receiver hangs up."""

    def close(self) -> None:
        """End it."""


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self._came: asyncio.Queue[bytes] = asyncio.Queue()
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def connect(cls, host: str, port: int) -> _Wire:
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_datagram_endpoint(cls, remote_addr=(host, port))
        return wire

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._came.put_nowait(data)

    def send(self, octets: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(octets)

    async def receive(self) -> bytes:
        return await self._came.get()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class _Stream:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def connect(cls, host: str, port: int) -> _Wire:
        return cls(*await asyncio.open_connection(host, port))

    def send(self, octets: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(octets)

    async def receive(self) -> bytes:
        try:
            return await self._reader.readuntil(b"\r")
        except asyncio.IncompleteReadError as cut:
            raise ConnectionError("the receiver hung up") from cut

    def close(self) -> None:
        self._writer.close()
