"""The dispenser against a stub receiver that checks signatures by hand."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from simulators.devicelog import DeviceLog
from simulators.dispenser import Dispenser, DispenserTimes, Dose
from simulators.faults import Faults
from tests.simulators.until import until

KEY = bytes(range(24))
QUICK = DispenserTimes(timeout_s=0.3, again_min_s=0.01, again_max_s=0.02, give_up_s=5.0)
Statuses = Callable[[int], int]


class Hook:
    """A stub receiver: the n-th post gets `status(n)`; 0 means that nothing is ever answered."""

    def __init__(self, status: Statuses) -> None:
        self.status = status
        self.posts: list[tuple[str, dict[str, object]]] = []

    async def post(self, request: web.Request) -> web.Response:
        body = await request.read()
        signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}."
        wanted = hmac.new(KEY, signed.encode() + body, hashlib.sha256).digest()
        given = request.headers["webhook-signature"].removeprefix("v1,")
        assert base64.b64decode(given) == wanted
        self.posts.append((request.headers["webhook-id"], json.loads(body)))
        status = self.status(len(self.posts))
        if status == 0:
            await asyncio.sleep(60)
        return web.Response(status=status)

    def told(self) -> list[object]:
        return [post["measurement"] for _, post in self.posts]


@asynccontextmanager
async def playing(
    status: Statuses,
    *,
    plan: tuple[Dose, ...] = (),
    faults: Faults | None = None,
    times: DispenserTimes = QUICK,
) -> AsyncIterator[tuple[Hook, Dispenser, DeviceLog]]:
    hook, log = Hook(status), DeviceLog()
    app = web.Application()
    app.router.add_post("/webhook/medication", hook.post)
    async with TestServer(app) as server:
        url = str(server.make_url("/webhook/medication"))
        device = Dispenser(
            "dispenser-7",
            url,
            KEY,
            seed=1,
            log=log,
            plan=plan,
            faults=faults or Faults(),
            times=times,
            clock=lambda: 1790000000.0,
        )
        await device.start()
        try:
            yield hook, device, log
        finally:
            await device.stop()


async def test_what_a_missed_dose_looks_like() -> None:
    async with playing(lambda n: 200) as (hook, device, _):
        answer = await device.miss("morning", 3)
        assert (answer.accepted, answer.detail) == (True, "HTTP 200")
        ((message_id, body),) = hook.posts
        assert message_id == answer.reference
        assert body == {
            "measurement": "medicine_not_taken",
            "person_id": "dispenser-7",
            "device_id": "dispenser-7",
            "device_type": "dispenser",
            "transaction_id": message_id.removeprefix("msg_"),
            "dose": "morning",
            "compartment": 3,
            "timestamp": "2026-09-21T14:13:20Z",
        }


@pytest.mark.parametrize("first", [503, 500, 429, 0], ids=["503", "500", "429", "silent"])
async def test_a_post_that_was_not_taken_comes_again_under_its_id(first: int) -> None:
    async with playing(lambda n: 200 if n == 3 else first) as (hook, device, log):
        assert (await device.miss()).accepted
        assert len(hook.posts) == 3
        assert len({message_id for message_id, _ in hook.posts}) == 1
        assert [e.what for e in log.entries] == [
            "sent",
            "hold",
            "resent",
            "hold",
            "resent",
            "answered",
        ]


async def test_a_post_that_is_wrong_is_not_sent_again() -> None:
    async with playing(lambda n: 401) as (hook, device, log):
        assert not (await device.take()).accepted
        assert len(hook.posts) == 1
        assert log.entries[-1].what == "refused"


async def test_nobody_takes_it_and_the_dispenser_says_so() -> None:
    times = DispenserTimes(timeout_s=0.1, again_min_s=0.01, again_max_s=0.01, give_up_s=0.05)
    async with playing(lambda n: 503, times=times) as (_, device, log):
        assert not (await device.miss()).accepted
        assert log.entries[-1].what == "unanswered"


async def test_the_plan_reminds_and_a_dose_left_lying_is_missed() -> None:
    plan = (Dose("morning", 1, after_s=0.0, window_s=0.02),)
    async with playing(lambda n: 200, plan=plan) as (hook, _, log):
        await until(lambda: [e.what for e in log.entries].count("answered") == 2)
        assert hook.told() == ["medicine_reminder", "medicine_not_taken"]


async def test_a_dose_that_is_taken_is_not_missed() -> None:
    plan = (Dose("morning", 1, after_s=0.0, window_s=1.0),)
    async with playing(lambda n: 200, plan=plan) as (hook, device, log):
        await until(lambda: "answered" in [e.what for e in log.entries])
        await device.take("morning", 1)
        # Longer than the window: had it run on, the miss would have been told by now.
        await asyncio.sleep(1.2)
        assert hook.told() == ["medicine_reminder", "medicine_taken"]


async def test_faults_end_in_an_answer_and_repeats_keep_their_id() -> None:
    faults = Faults(
        repeat=0.5, delay=0.5, reorder=0.3, lose_answer=0.4, delay_max_s=0.02, hold_s=0.03
    )
    async with playing(lambda n: 200, faults=faults) as (hook, device, _):
        answers = await asyncio.gather(*(device.miss() for _ in range(8)))
        assert all(answer.accepted for answer in answers)
        assert len({message_id for message_id, _ in hook.posts}) == 8
        assert len(hook.posts) > 8
