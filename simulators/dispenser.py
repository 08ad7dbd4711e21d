"""A medication dispenser with a dose plan, behind its maker's cloud.

The cloud posts signed JSON (Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`,
`webhook-signature: v1,<base64 HMAC-SHA256 of id.timestamp.body>`). On 503, another server error or
silence it posts again under the same id with a fresh timestamp; another 4xx ends it. The body is
shaped like a Finnish gateway's datapoints for dispensers (apidoc.gillie.ai, samples/dispenser).
"""

import asyncio
import base64
import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiohttp

from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults, Link

_AGAIN = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose of the plan: when it is offered, and how long it may lie there."""

    dose: str
    compartment: int
    after_s: float
    window_s: float


@dataclass(frozen=True, slots=True)
class DispenserTimes:
    """The cloud's waits, in seconds."""

    timeout_s: float = 10.0
    again_min_s: float = 1.0
    again_max_s: float = 60.0
    give_up_s: float = 1800.0


def key_from_text(text: str) -> bytes:
    """The key of a secret: base64 after `whsec_` (Standard Webhooks), else the text's octets."""
    prefix, found, encoded = text.strip().partition("whsec_")
    if found and not prefix:
        return base64.b64decode(encoded, validate=True)
    return text.strip().encode()


def signed_headers(key: bytes, message_id: str, at_s: int, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks, and the content type."""
    digest = hmac.new(key, f"{message_id}.{at_s}.".encode() + body, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


class Dispenser:
    """One dispenser, known by the id that its maker gave it."""

    def __init__(
        self,
        device_id: str,
        url: str,
        key: bytes,
        *,
        seed: int,
        log: DeviceLog,
        faults: Faults = NO_FAULTS,
        times: DispenserTimes | None = None,
        plan: Sequence[Dose] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._device_id = device_id
        self._url = url
        self._key = key
        self._rng = random.Random(seed)
        self._link = Link(faults, random.Random(seed ^ 0x5EED))
        self._log = log
        self._times = times or DispenserTimes()
        self._plan = plan
        self._clock = clock
        self._taken: dict[str, asyncio.Event] = {dose.dose: asyncio.Event() for dose in plan}
        self._tasks: list[asyncio.Task[None]] = []
        self._copies: set[asyncio.Task[int | None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self.name = f"webhook:{device_id}"

    async def start(self) -> None:
        """Begin the dose plan."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._times.timeout_s)
        )
        self._tasks = [asyncio.create_task(self._offer(dose)) for dose in self._plan]

    async def stop(self) -> None:
        """End the plan and the connections."""
        background = [*self._tasks, *self._copies]
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def remind(self, dose: str = "extra", compartment: int = 1) -> Answer:
        """The dispenser blinks and beeps."""
        return await self._tell("remind", "medicine_reminder", dose, compartment)

    async def take(self, dose: str = "extra", compartment: int = 1) -> Answer:
        """Someone takes the dose."""
        if dose in self._taken:
            self._taken[dose].set()
        return await self._tell("take", "medicine_taken", dose, compartment)

    async def miss(self, dose: str = "extra", compartment: int = 1) -> Answer:
        """The dose was not taken within its window."""
        return await self._tell("miss", "medicine_not_taken", dose, compartment)

    async def battery_low(self) -> Answer:
        """The dispenser's battery is low."""
        return await self._tell("battery_low", "battery_low", "", 0)

    async def _offer(self, dose: Dose) -> None:
        await asyncio.sleep(dose.after_s)
        await self.remind(dose.dose, dose.compartment)
        try:
            async with asyncio.timeout(dose.window_s):
                await self._taken[dose.dose].wait()
        except TimeoutError:
            await self.miss(dose.dose, dose.compartment)

    async def _tell(self, action: str, measurement: str, dose: str, compartment: int) -> Answer:
        now_s = self._clock()
        message_id = f"msg_{self._rng.getrandbits(96):024x}"
        body = json.dumps(
            {
                "measurement": measurement,
                # One dispenser, one person: this cloud calls both by one name.
                "person_id": self._device_id,
                "device_id": self._device_id,
                "device_type": "dispenser",
                "transaction_id": message_id.removeprefix("msg_"),
                "dose": dose,
                "compartment": compartment,
                "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now_s)),
            },
            separators=(",", ":"),
        ).encode()
        return await self._deliver(action, message_id, body)

    async def _deliver(self, action: str, message_id: str, body: bytes) -> Answer:
        clock = asyncio.get_running_loop().time
        began, what, wait_s = clock(), "sent", self._times.again_min_s
        while clock() - began < self._times.give_up_s:
            self._log.note(self.name, what, action, message_id)
            status = await self._post(message_id, body)
            detail = "no answer" if status is None else f"HTTP {status}"
            answer = Answer(
                status is not None and status < 300, (clock() - began) * 1000, message_id, detail
            )
            if answer.accepted:
                return self._log.ended(self.name, "answered", action, answer)
            if status is not None and status not in _AGAIN:
                return self._log.ended(self.name, "refused", action, answer)
            self._log.note(self.name, "hold", action, message_id, detail=detail)
            await asyncio.sleep(wait_s * self._rng.uniform(0.8, 1.2))
            wait_s, what = min(2 * wait_s, self._times.again_max_s), "resent"
        answer = Answer(False, (clock() - began) * 1000, message_id, "gave up: no 2xx")
        return self._log.ended(self.name, "unanswered", action, answer)

    async def _post(self, message_id: str, body: bytes) -> int | None:
        """Post every copy the link makes of it; the first copy's status is the answer."""
        copies = [
            asyncio.create_task(self._post_after(wait_s, message_id, body))
            for wait_s in self._link.departures()
        ]
        self._copies.update(copies)
        for copy in copies:
            copy.add_done_callback(self._copies.discard)
        status = await copies[0]
        return None if self._link.answer_lost() else status

    async def _post_after(self, wait_s: float, message_id: str, body: bytes) -> int | None:
        if self._session is None:
            raise RuntimeError("start the dispenser before it can post")
        await asyncio.sleep(wait_s)
        headers = signed_headers(self._key, message_id, int(self._clock()), body)
        try:
            async with self._session.post(self._url, data=body, headers=headers) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return None
