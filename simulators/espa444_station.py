"""A nurse-call system as control station: it polls, selects, and calls for its rooms over TCP.

A block is sent again until it is acknowledged; that holds over lost answers and lost connections.
"""

import asyncio
import contextlib
import random
from dataclasses import dataclass

from simulators import espa444
from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults, Link

_WORDS = {
    "call": ("Call", "3"),
    "assistance": ("Assistance", "2"),
    "emergency": ("Emergency", "1"),
    "presence_on": ("Presence on", "3"),
    "presence_off": ("Presence off", "3"),
    "reset": ("Reset", None),
}
"""Action to its text and its priority; a reset is a call type of its own."""
_SHOWN = {"6": "accepted", "5": "ended"}


@dataclass(frozen=True, slots=True)
class StationTimes:
    """The station's waits, in seconds."""

    select_s: float = 2.5
    block_s: float = 15.0
    resend_s: float = 2.0
    give_up_s: float = 600.0
    poll_s: float = 5.0
    reconnect_s: float = 1.0


class ControlStation:
    """One nurse-call system on one line; rooms are the addresses of its calls."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        seed: int,
        log: DeviceLog,
        faults: Faults = NO_FAULTS,
        times: StationTimes | None = None,
    ) -> None:
        self._address = (host, port)
        self._rng = random.Random(seed)
        self._link = Link(faults, random.Random(seed ^ 0x5EED))
        self._log = log
        self._times = times or StationTimes()
        self._turn = asyncio.Lock()
        self._heard: asyncio.Queue[bytes] = asyncio.Queue()
        self._writer: asyncio.StreamWriter | None = None
        self._connected = asyncio.Event()
        self._plugged = asyncio.Event()
        self._plugged.set()
        self._tasks: list[asyncio.Task[None]] = []
        self.name = f"espa444:{port}"
        self.shown: dict[str, str] = {}
        """Room to what its panel shows: `calling`, `accepted`, `ended`."""

    async def start(self) -> None:
        """Connect and poll; both go on in the background."""
        self._tasks = [
            asyncio.create_task(self._stay_connected()),
            asyncio.create_task(self._poll()),
        ]

    async def stop(self) -> None:
        """End the polls and the connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._hang_up()

    async def call(self, room: str) -> Answer:
        """The button at the bed."""
        return await self._deliver("call", room)

    async def assistance(self, room: str) -> Answer:
        """Staff in the room need a colleague."""
        return await self._deliver("assistance", room)

    async def emergency(self, room: str) -> Answer:
        """The emergency button."""
        return await self._deliver("emergency", room)

    async def presence_on(self, room: str) -> Answer:
        """Staff turn presence on as they enter."""
        return await self._deliver("presence_on", room)

    async def presence_off(self, room: str) -> Answer:
        """Staff turn presence off as they leave."""
        return await self._deliver("presence_off", room)

    async def reset(self, room: str) -> Answer:
        """The call is reset in the room."""
        return await self._deliver("reset", room)

    def noise(self, octets: int = 12) -> None:
        """Something disturbs the line."""
        self._write(bytes(self._rng.randrange(0x21, 0x30) for _ in range(octets)))

    def fall_silent(self) -> None:
        """The cable is pulled out: nothing is said until `speak_again`."""
        self._plugged.clear()
        self._hang_up()

    def speak_again(self) -> None:
        """The cable is back."""
        self._plugged.set()

    async def _deliver(self, action: str, room: str) -> Answer:
        loop = asyncio.get_running_loop()
        block, began, what = _block(action, room), loop.time(), "sent"
        while loop.time() < began + self._times.give_up_s:
            async with self._turn:
                told = await self._attempt(block, action, room, what)
            if told == espa444.ACK:
                self.shown[room] = "ended" if action == "reset" else "calling"
                answer = Answer(True, (loop.time() - began) * 1000, room, "acknowledged")
                return self._log.ended(self.name, "answered", action, answer)
            what = "resent"
            await asyncio.sleep(self._times.resend_s)
        answer = Answer(False, (loop.time() - began) * 1000, room, "gave up: no acknowledgement")
        return self._log.ended(self.name, "unanswered", action, answer)

    async def _attempt(self, block: bytes, action: str, room: str, what: str) -> bytes:
        """Select and send once; return what the station said to the block, nothing for silence."""
        await self._connected.wait()
        self._forget()
        self._write(b"1" + espa444.ENQ + b"2" + espa444.ENQ)
        if await self._answer(self._times.select_s) != espa444.ACK:
            return b""
        self._log.note(self.name, what, action, room)
        self._link.pass_on(lambda: self._write(block))
        told = await self._answer(self._times.block_s)
        lost = told == espa444.ACK and self._link.answer_lost()
        self._write(espa444.EOT)
        return b"" if lost else told

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._times.poll_s)
            await self._connected.wait()
            async with self._turn:
                self._forget()
                self._write(b"2" + espa444.ENQ)
                if await self._answer(self._times.select_s) == b"1":
                    await self._hear_status()

    async def _hear_status(self) -> None:
        """The station has something to say: it has begun to select us."""
        if await self._answer(self._times.select_s) != espa444.ENQ:
            return
        self._write(espa444.ACK)
        octets = b""
        while octets[-2:-1] != espa444.ETX:
            octet = await self._answer(self._times.select_s)
            if not octet:
                return
            octets += octet
        try:
            said = espa444.read(octets)
        except ValueError:
            self._write(espa444.NAK)
            return
        room, status = said[espa444.ADDRESS], said[espa444.STATUS]
        self.shown[room] = _SHOWN.get(status, status)
        self._log.note(self.name, "heard", "status", room, detail=self.shown[room])
        self._write(espa444.ACK)

    async def _answer(self, within_s: float) -> bytes:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                return await self._heard.get()
        return b""

    def _forget(self) -> None:
        while not self._heard.empty():
            self._heard.get_nowait()

    def _write(self, data: bytes) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(data)

    async def _stay_connected(self) -> None:
        while True:
            await self._plugged.wait()
            try:
                reader, self._writer = await asyncio.open_connection(*self._address)
            except OSError as problem:
                self._log.note(self.name, "link", "connect", "", detail=str(problem))
                await asyncio.sleep(self._times.reconnect_s)
                continue
            self._connected.set()
            with contextlib.suppress(ConnectionError):
                while data := await reader.read(256):
                    for octet in data:
                        self._heard.put_nowait(bytes((octet,)))
            self._hang_up()
            await asyncio.sleep(self._times.reconnect_s)

    def _hang_up(self) -> None:
        self._connected.clear()
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def _block(action: str, room: str) -> bytes:
    word, priority = _WORDS[action]
    records = [(espa444.ADDRESS, room), (espa444.TEXT, f"{word} room {room}")]
    if priority is None:
        return espa444.block(espa444.CALL, [*records, (espa444.CALL_TYPE, str(espa444.RESET_CALL))])
    standard = (espa444.CALL_TYPE, str(espa444.STANDARD_CALL))
    return espa444.block(espa444.CALL, [*records, standard, (espa444.PRIORITY, priority)])
