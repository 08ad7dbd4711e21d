"""A pendant with its base unit: SCAIP over SIP, by UDP, TCP or TLS.

The unit resends on two levels that do not know of each other (SS 91100:2014): SIP's own
retransmission below, and the application's above. On `snu` 4 it sends the same request (same `ref`)
again after 5-20 s; on busy, or without an answer, it turns to its next receiver.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException

from simulators import scaip
from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults, Link
from simulators.scaip import Reply, Verdict
from simulators.sip.client import NoAnswer, Receiver, SipClient, SipTimers
from simulators.sip.digest import Credentials

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class UnitTimes:
    """The unit's own waits; the defaults are what SS 91100:2014 and RFC 3261 give."""

    answer_wait_s: float = 10.0
    """From sending a request to its `mrs`."""
    hold_min_s: float = 5.0
    hold_max_s: float = 20.0
    again_wait_s: float = 3.0
    """Before trying again when no receiver took the request."""
    give_up_s: float = 1800.0
    """Resending ends after 3-30 minutes."""
    heartbeat_s: float = 3600.0
    register_s: int = 600
    sip: SipTimers = field(default_factory=SipTimers)


class Pendant:
    """One base unit (`cid`) with one pendant; `receivers` in the order the unit tries them."""

    def __init__(
        self,
        credentials: Credentials,
        receivers: Sequence[Receiver],
        *,
        seed: int,
        log: DeviceLog,
        faults: Faults = NO_FAULTS,
        times: UnitTimes | None = None,
        caller: str = "no-voice:",
    ) -> None:
        self._times = times or UnitTimes()
        self._rng = random.Random(seed)
        link = Link(faults, random.Random(seed ^ 0x5EED))
        self._clients = [
            SipClient(
                receiver,
                credentials,
                rng=random.Random(seed + 1 + place),
                link=link,
                on_body=self._heard,
                timers=self._times.sip,
            )
            for place, receiver in enumerate(receivers)
        ]
        self._cid = credentials.username
        self._caller = caller
        self._log = log
        self._waiting: dict[str, asyncio.Future[Reply]] = {}
        self._heartbeat_s = self._times.heartbeat_s
        self._tasks: list[asyncio.Task[None]] = []
        self.name = f"scaip:{self._cid}"

    async def start(self) -> None:
        """Register with every receiver, then keep the registrations and the heartbeat alive."""
        await self._register_all()
        self._tasks = [
            asyncio.create_task(self._keep_registered()),
            asyncio.create_task(self._beat()),
        ]

    async def stop(self) -> None:
        """End the background work and close the sockets."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for client in self._clients:
            client.close()

    async def press(self) -> Answer:
        """Someone presses the pendant (dty 3, stc 10)."""
        return await self._alarm("press", "0003", "0010")

    async def fall(self) -> Answer:
        """The fall detector speaks (dty 5, stc 9)."""
        return await self._alarm("fall", "0005", "0009")

    async def battery_low(self) -> Answer:
        """The pendant's battery is low (dty 3, stc 16)."""
        return await self._alarm("battery_low", "0003", "0016")

    async def cancel(self) -> Answer:
        """Someone presses the green button (stc 19)."""
        return await self._alarm("cancel", "0003", "0019")

    async def test(self) -> Answer:
        """The monthly test (stc 103)."""
        return await self._alarm("test", "0003", "0103")

    async def mains_lost(self) -> Answer:
        """The base unit runs on its battery (dty 2, stc 85)."""
        return await self._alarm("mains_lost", "0002", "0085")

    async def mains_back(self) -> Answer:
        """The base unit has mains again (dty 2, stc 86)."""
        return await self._alarm("mains_back", "0002", "0086")

    async def bed_out(self) -> Answer:
        """The mat in the bed is empty (dty 12, stc 9)."""
        return await self._alarm("bed_out", "0012", "0009")

    async def bed_back(self) -> Answer:
        """Somebody lies in the bed again (dty 12, stc 117)."""
        return await self._alarm("bed_back", "0012", "0117")

    async def heartbeat(self) -> Answer:
        """The unit says that it is alive (mty PI)."""
        return await self._deliver("heartbeat", (("mty", "PI"), ("dty", "0002"), ("stc", "0070")))

    async def _alarm(self, action: str, dty: str, stc: str) -> Answer:
        fields = (("dty", dty), ("did", "01"), ("stc", stc), ("crd", self._caller))
        return await self._deliver(action, fields)

    async def _deliver(self, action: str, fields: scaip.Fields, ref: str = "") -> Answer:
        ref = ref or "".join(self._rng.choices(_ALPHABET, k=16))
        body = scaip.encode((("ref", ref), ("cid", self._cid), *fields))
        clock = asyncio.get_running_loop().time
        began, place, what = clock(), 0, "sent"
        while clock() - began < self._times.give_up_s:
            client = self._clients[place]
            self._log.note(self.name, what, action, ref, detail=_where(client.receiver))
            verdict, detail = await self._ask(client, ref, body)
            answer = Answer(verdict is Verdict.DONE, (clock() - began) * 1000, ref, detail)
            if verdict is Verdict.DONE:
                return self._log.ended(self.name, "answered", action, answer)
            if verdict is Verdict.REFUSED:
                return self._log.ended(self.name, "refused", action, answer)
            self._log.note(self.name, verdict.value, action, ref, detail=detail)
            place = await self._wait_before_again(verdict, place)
            what = "resent"
        answer = Answer(False, (clock() - began) * 1000, ref, "gave up: nobody answered")
        return self._log.ended(self.name, "unanswered", action, answer)

    async def _wait_before_again(self, verdict: Verdict, place: int) -> int:
        if verdict is Verdict.HOLD:
            wait_s = self._rng.uniform(self._times.hold_min_s, self._times.hold_max_s)
            await asyncio.sleep(wait_s)
            return place
        following = (place + 1) % len(self._clients)
        if following == 0:
            await asyncio.sleep(self._times.again_wait_s)
        return following

    async def _ask(self, client: SipClient, ref: str, body: bytes) -> tuple[Verdict, str]:
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[ref] = reply
        sending = asyncio.create_task(self._send(client, body))
        try:
            async with asyncio.timeout(self._times.answer_wait_s):
                return await self._first_of(sending, reply)
        except TimeoutError:
            return Verdict.ELSEWHERE, f"no mrs within {self._times.answer_wait_s:g} s"
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            del self._waiting[ref]

    async def _first_of(
        self, sending: "asyncio.Task[str | None]", reply: "asyncio.Future[Reply]"
    ) -> tuple[Verdict, str]:
        # The new MESSAGE with the mrs may overtake the 202 it belongs to, so both are waited for.
        waited: set[asyncio.Future[Reply] | asyncio.Task[str | None]] = {sending, reply}
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        if not reply.done() and (problem := sending.result()) is not None:
            return Verdict.ELSEWHERE, problem
        heard = await reply
        self._obey(heard)
        return heard.verdict, f"snu {heard.snu}"

    async def _send(self, client: SipClient, body: bytes) -> str | None:
        """Return what went wrong, or None; an `mrs` in the response body counts as heard."""
        try:
            response = await client.message(body, scaip.CONTENT_TYPE)
        except NoAnswer as problem:
            return str(problem)
        if response.status is None or response.status >= 300:
            return f"SIP said {response.first}"
        if response.body.strip():
            self._heard(response.body)
        return None

    def _heard(self, body: bytes) -> None:
        try:
            reply = scaip.decode(body)
        except (ParseError, DefusedXmlException, ValueError) as problem:
            self._log.note(self.name, "heard", "unreadable", "", detail=str(problem))
            return
        future = self._waiting.get(reply.ref)
        if future is None or future.done():
            self._log.note(self.name, "heard", "late", reply.ref, detail=f"snu {reply.snu}")
        else:
            future.set_result(reply)

    def _obey(self, reply: Reply) -> None:
        if reply.heartbeat_min is not None:
            self._heartbeat_s = reply.heartbeat_min * 60.0
        if reply.mre > 0:
            self._log.note(self.name, "voice", "call", reply.ref, detail=reply.number)

    async def _register_all(self) -> None:
        for client in self._clients:
            await self._register(client)

    async def _register(self, client: SipClient) -> None:
        try:
            response = await client.register(self._times.register_s)
        except NoAnswer as problem:
            self._log.note(self.name, "link", "register", "", detail=str(problem))
        else:
            self._log.note(self.name, "link", "register", "", detail=response.first)

    async def _keep_registered(self) -> None:
        while True:
            await asyncio.sleep(self._times.register_s / 2)
            await self._register_all()

    async def _beat(self) -> None:
        while True:
            await self.heartbeat()
            await asyncio.sleep(self._heartbeat_s)


def _where(receiver: Receiver) -> str:
    return f"{receiver.transport}:{receiver.host}:{receiver.port}"
