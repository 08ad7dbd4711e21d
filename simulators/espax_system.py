"""A nurse-call system that speaks ESPA-X: it logs in, sends heartbeats, and calls for its rooms.

A call is sent again under its reference until the server has it (200, or 450 for one that it had).
"""

import asyncio
import contextlib
import random
from collections.abc import Mapping
from dataclasses import dataclass

from simulators import espax
from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults, Link

_WORDS = {
    "call": ("Call", "Standard"),
    "assistance": ("Assistance", "High"),
    "emergency": ("Emergency", "Emergency"),
    "presence_on": ("Presence on", "Standard"),
}
_STORED = (200, 450)


@dataclass(frozen=True, slots=True)
class SystemTimes:
    """The system's waits, in seconds."""

    resend_s: float = 10.0
    give_up_s: float = 600.0
    heartbeat_s: float = 30.0
    reconnect_s: float = 1.0


@dataclass(frozen=True, slots=True)
class SystemLogin:
    """Where it logs in, and as whom."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    ward: str = "Ward 2"


class NurseCallSystem:
    """One nurse-call system with the rooms of a ward."""

    def __init__(
        self,
        login: SystemLogin,
        *,
        seed: int,
        log: DeviceLog,
        faults: Faults = NO_FAULTS,
        times: SystemTimes | None = None,
    ) -> None:
        self._login, self._log = login, log
        self._times = times or SystemTimes()
        self._rng = random.Random(seed)
        self._link = Link(faults, random.Random(seed ^ 0x5EED))
        self._invoked = 0
        self._waiting: dict[int, asyncio.Future[espax.Said]] = {}
        self._session: str | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._ready = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._references: dict[tuple[str, str], str] = {}
        """(room, `call` or `presence`) to the reference of what stands there."""
        self._rooms: dict[str, str] = {}
        self.name = f"espax:{login.port}"
        self.shown: dict[str, str] = {}
        """Room to what its panel shows: `Active`, `Accepted`, `Waiting`, `Ended`."""

    async def start(self) -> None:
        """Connect and log in; that and the heartbeats go on in the background."""
        self._tasks = [asyncio.create_task(self._stay()), asyncio.create_task(self._beat())]

    async def stop(self) -> None:
        """End everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._hang_up()

    async def call(self, room: str) -> Answer:
        """The button at the bed."""
        return await self._begin("call", room)

    async def assistance(self, room: str) -> Answer:
        """Staff in the room need a colleague."""
        return await self._begin("assistance", room)

    async def emergency(self, room: str) -> Answer:
        """The emergency button."""
        return await self._begin("emergency", room)

    async def presence_on(self, room: str) -> Answer:
        """Staff turn presence on as they enter."""
        return await self._begin("presence_on", room)

    async def presence_off(self, room: str) -> Answer:
        """Staff turn presence off as they leave."""
        return await self._end("presence_off", room, "presence")

    async def reset(self, room: str) -> Answer:
        """The call is reset in the room."""
        return await self._end("reset", room, "call")

    def lose_network(self) -> None:
        """The connection breaks; it is made again."""
        self._hang_up()

    async def _begin(self, action: str, room: str) -> Answer:
        word, priority = _WORDS[action]
        reference = f"{self._rng.randrange(16**12):012x}"
        self._references[room, "presence" if action == "presence_on" else "call"] = reference
        self._rooms[reference] = room
        fields = {
            "CP-PR-REF": reference,
            "CP-WARD": self._login.ward,
            "CP-ROOM": room,
            "CP-TEXTMSG": f"{word} room {room}",
            "CP-PRIO": priority,
        }
        return await self._deliver(action, "P-START", reference, fields)

    async def _end(self, action: str, room: str, what: str) -> Answer:
        reference = self._references.pop((room, what), "none")
        fields = {"CP-PR-REF": reference, "CP-PR-MASK": "All"}
        return await self._deliver(action, "P-STOP", reference, fields)

    async def _deliver(
        self, action: str, request: str, reference: str, fields: Mapping[str, str]
    ) -> Answer:
        loop = asyncio.get_running_loop()
        began, what = loop.time(), "sent"
        while loop.time() < began + self._times.give_up_s:
            await self._ready.wait()
            self._log.note(self.name, what, action, reference)
            said = await self._ask(request, fields)
            if said is not None and said.code in _STORED:
                ms = (loop.time() - began) * 1000
                answer = Answer(True, ms, reference, str(said.code))
                return self._log.ended(self.name, "answered", action, answer)
            what = "resent"
        answer = Answer(False, (loop.time() - began) * 1000, reference, "gave up: no answer")
        return self._log.ended(self.name, "unanswered", action, answer)

    async def _ask(self, request: str, fields: Mapping[str, str]) -> espax.Said | None:
        """Send once; return the response, None when none came in time."""
        self._invoked += 1
        number = self._invoked
        answered: asyncio.Future[espax.Said] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answered
        octets = espax.request(request, number, self._session, fields)
        self._link.pass_on(lambda: self._write(octets))
        try:
            async with asyncio.timeout(self._times.resend_s):
                return await answered
        except TimeoutError:
            return None
        finally:
            del self._waiting[number]

    async def _stay(self) -> None:
        address = (self._login.host, self._login.port)
        while True:
            try:
                reader, self._writer = await asyncio.open_connection(*address)
            except OSError as problem:
                self._log.note(self.name, "link", "connect", "", detail=str(problem))
                await asyncio.sleep(self._times.reconnect_s)
                continue
            listening = asyncio.create_task(self._listen(reader))
            try:
                await self._log_in()
                await listening
            finally:
                listening.cancel()
                self._hang_up()
            await asyncio.sleep(self._times.reconnect_s)

    async def _log_in(self) -> None:
        who = {"LI-USER": self._login.user, "LI-PASSWORD": self._login.password}
        said = await self._ask("LOGIN", {"LI-CLIENT": "Simulator", **who})
        if said is not None and said.code == 200:
            self._session = said.session
            self._ready.set()
        else:
            self._log.note(self.name, "link", "login", "", detail="refused, or no answer")
            self._hang_up()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._times.heartbeat_s)
            await self._ready.wait()
            await self._ask("HEARTBEAT", {})

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        framer = espax.Framer()
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(4096):
                for said in framer.feed(data):
                    self._hear(said)

    def _hear(self, said: espax.Said) -> None:
        if said.name.startswith("IND."):
            self._show(said)
            return
        waiting = self._waiting.get(said.invoke_id)
        lost = said.name in ("RSP.P-START", "RSP.P-STOP") and self._link.answer_lost()
        if waiting is not None and not waiting.done() and not lost:
            waiting.set_result(said)

    def _show(self, said: espax.Said) -> None:
        room = self._rooms.get(said.fields.get("CP-PR-REF", ""))
        if room is None:
            return
        shown = {"IND.P-STARTED": "Active", "IND.P-ENDED": "Ended"}
        self.shown[room] = shown.get(said.name) or said.fields.get("SS-STATUS", "")
        self._log.note(self.name, "heard", said.name, room, detail=self.shown[room])

    def _write(self, data: bytes) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(data)

    def _hang_up(self) -> None:
        self._ready.clear()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
