"""The ways to people on one machine: push service, SMS and voice gateways, ntfy, and the handsets
of everybody on a shift."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from simulators.colleague import PhoneProblem
from simulators.ntfy_server import NtfyServer
from simulators.phone import Phone
from simulators.plan import Worker
from simulators.push_service import PushService
from simulators.sms_gateway import Sms, SmsGateway
from simulators.telecom import Hook
from simulators.voice_gateway import VoiceGateway

SMS_GATEWAY, VOICE_GATEWAY = "sim-sms", "sim-voice"
"""Their ids in the hub's settings."""
SERVICES = ("push", "sms", "voice")
"""What can be made to fail."""
_CODE = re.compile(r"\b1 (\d{4})\b")
_NEWEST = 5
"""So many messages of a kind are shown."""


class Service(Protocol):
    """What can be down, and come up again in its place."""

    @property
    def up(self) -> bool: ...
    @property
    def origin(self) -> str: ...
    async def start(self) -> str: ...
    async def stop(self) -> None: ...


class Bell:
    """Tells those who wait that something has changed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits now."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self) -> None:
        """Return at the next ring."""
        await self._event.wait()


@dataclass(slots=True)
class Pocket:
    """What one person carries: a smart phone, and a number for SMS and calls."""

    worker: Worker
    phone: Phone | None = None
    covered: bool = True
    on: bool = True
    answered: dict[str, str] = field(default_factory=dict)
    """Send or SMS to what was answered."""


class Crew:
    """The services, and everybody's pocket."""

    def __init__(self, workers: Iterable[Worker]) -> None:
        self.pockets = {worker.id: Pocket(worker) for worker in workers}
        self.bell = Bell()
        self.push, self.ntfy = PushService(), NtfyServer()
        self.sms, self.voice = SmsGateway(), VoiceGateway()
        self.services: Mapping[str, Service] = {
            "push": self.push,
            "sms": self.sms,
            "voice": self.voice,
        }

    @property
    def reaches_anybody(self) -> bool:
        """Whether the municipality file has given anybody a number; otherwise nothing would ever
        come to these handsets."""
        return any(one.worker.number for one in self.pockets.values())

    async def start(self) -> None:
        """Let the services listen, and put a handset behind every number."""
        for service in (self.push, self.sms, self.voice, self.ntfy):
            await service.start()
        self.sms.changed = self.voice.changed = self.bell.ring
        for pocket in self.pockets.values():
            if pocket.worker.number:
                self.sms.handset(pocket.worker.number)

    async def stop(self) -> None:
        """Put every phone away and close the services."""
        phones = [one.phone for one in self.pockets.values() if one.phone is not None]
        await asyncio.gather(*(phone.put_away() for phone in phones))
        await asyncio.gather(*(one.end() for one in (self.sms, self.voice, self.ntfy)))
        await self.push.stop()

    def call_back_at(self, hub_web: str, secrets: dict[str, str]) -> None:
        """Let the gateways call the hub back; `secrets` by gateway."""
        for gateway, id in ((self.sms, SMS_GATEWAY), (self.voice, VOICE_GATEWAY)):
            gateway.hook = Hook(f"{hub_web}/hooks/{id}", secrets[id])

    async def enrol(self, person: str, hub_web: str, code: str) -> Phone:
        """Give somebody a phone that is signed in and subscribed."""
        pocket = self.pockets[person]
        phone = Phone(hub_web, self.push.origin, name=person, tell=lambda line: self.bell.ring())
        await phone.enrol(code)
        pocket.phone = phone
        self.bell.ring()
        return phone

    # -- outages ---------------------------------------------------------------------------------

    async def set_down(self, service: str, *, down: bool) -> None:
        """Make a service fail, or work again; KeyError where there is no such service."""
        one = self.services[service]
        await (one.stop() if down else one.start())
        self.bell.ring()

    async def set_coverage(self, person: str, *, on: bool) -> None:
        """Let a phone have data or not; SMS and calls need none."""
        pocket = self.pockets[person]
        pocket.covered = on
        if pocket.phone is not None:
            await pocket.phone.set_coverage(on=on)
        self.bell.ring()

    async def set_power(self, person: str, *, on: bool) -> None:
        """Switch everything in a pocket on or off."""
        pocket = self.pockets[person]
        pocket.on = on
        if pocket.phone is not None:
            await pocket.phone.set_battery(charged=on)
        if pocket.worker.number:
            self.sms.set_reachable(pocket.worker.number, on=on, covered=True)
            (self.voice.unreachable.discard if on else self.voice.unreachable.add)(
                pocket.worker.number
            )
        self.bell.ring()

    # -- what people do --------------------------------------------------------------------------

    async def use(self, person: str, send: str, right: str) -> str:
        """Press a button of a notification; return what the hub says has come of it."""
        pocket = self.pockets[person]
        if pocket.phone is None or send not in pocket.phone.screen.shown:
            raise PhoneProblem("there is no such notification")
        status, answer = await pocket.phone.use(right, pocket.phone.screen.shown[send])
        pocket.answered[send] = right if status == 200 else "refused"
        self.bell.ring()
        return str(answer.get("text") or answer.get("state") or status)

    def reply(self, person: str, sms: str, answer: str) -> None:
        """Answer an SMS by 1 or 2, with its code; PhoneProblem where that cannot be done."""
        pocket = self.pockets[person]
        text = next((one.text for one in self._inbox(pocket) if one.id == sms), None)
        if text is None:
            raise PhoneProblem("there is no such message")
        code = code_in(text)
        if not self.sms.reply(pocket.worker.number, f"{answer} {code}" if code else answer):
            raise PhoneProblem("the phone is off")
        pocket.answered[sms] = answer
        self.bell.ring()

    def telephone(self, person: str, what: str) -> None:
        """Answer a call (`answer`), end it (`hang_up`), or press a key while one listens."""
        call = self.voice.call_at(self.pockets[person].worker.number)
        if call is None:
            raise PhoneProblem("nobody is calling")
        if what == "answer":
            self.voice.answer(call)
        elif what == "hang_up":
            self.voice.hang_up(call)
        else:
            self.voice.press(call, what)

    # -- what is seen ----------------------------------------------------------------------------

    def shown(self, person: str) -> dict[str, Any]:
        """Return what stands on somebody's handsets now, newest first; never a right."""
        pocket = self.pockets[person]
        screen = {} if pocket.phone is None else pocket.phone.screen.shown
        return {
            "number": pocket.worker.number,
            "enrolled": pocket.phone is not None,
            "coverage": pocket.covered,
            "power": pocket.on,
            "notifications": [
                {**one.line(), "answered": pocket.answered.get(one.send)}
                for one in [*screen.values()][: -_NEWEST - 1 : -1]
            ],
            "sms": [
                {
                    "id": one.id,
                    "text": one.text,
                    "code": code_in(one.text),
                    "answered": pocket.answered.get(one.id),
                }
                for one in self._inbox(pocket)[: -_NEWEST - 1 : -1]
            ],
            "call": self._call(pocket),
            "down": {name: not one.up for name, one in self.services.items()},
        }

    def _inbox(self, pocket: Pocket) -> list[Sms]:
        nokia = self.sms.handsets.get(pocket.worker.number)
        return [] if nokia is None else nokia.inbox

    def _call(self, pocket: Pocket) -> dict[str, Any] | None:
        call = self.voice.call_at(pocket.worker.number)
        if call is None:
            return None
        said = call.say if call.status == "answered" else ""
        return {"status": call.status, "say": said, "heard": call.heard}


def code_in(text: str) -> str:
    """Return the reply code of an SMS; nothing where it asks for none."""
    found = _CODE.search(text)
    return "" if found is None else found[1]
