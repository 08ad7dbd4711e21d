"""A real router pushes; killed before the receipt it pushes again under the same id, and with the
receipt in the journal never more."""

import asyncio
from pathlib import Path

import pytest

from hub.brokers.choose import Choice
from hub.directory.subscriptions import Subscription, Subscriptions
from hub.mqtt import Publisher
from hub.notifier.push_vapid import key_from, public_of
from hub.secrets import Secrets
from routing import topics
from routing.facts import SendEnded
from routing.municipality import Person, Role
from routing.proofs.facts import ChannelUnproven, ReachEnded
from tests.crash.rig import TOWN, Rig, items, now
from tests.crash.test_crash import TOPIC, press
from tests.notifier.browser import Browser
from tests.notifier.push_stub import PushService, push_service

pytestmark = [pytest.mark.crash, pytest.mark.timeout(120)]


def subscribe(folder: Path, endpoint: str) -> Browser:
    """Let Anna's phone be one that has subscribed."""
    browser = Browser()
    kept = Subscriptions(folder / "directory.sqlite", TOWN)
    kept.put(
        Subscription(
            handset="h1",
            person="anna",
            endpoint=endpoint,
            p256dh=browser.point,
            auth=browser.auth,
            vapid=public_of(key_from(Secrets(folder).secret("vapid"))),
            made_at=now(),
        )
    )
    kept.close()
    return browser


async def pushes(service: PushService, number: int) -> None:
    """Wait until so many have come."""
    async with asyncio.timeout(30):
        while len(service.got) < number:
            service.news.clear()
            await service.news.wait()


async def test_a_push_without_receipt_goes_out_again_after_a_kill(tmp_path: Path) -> None:
    rig = Rig(tmp_path, Choice.NATS, wait_s=600)
    anna = Person(id="anna", roles=(Role.STAFF,), channels=("push-1",))
    town = [anna if one.id == "anna" else one for one in items(600)]
    await rig.configure("http://127.0.0.1:1/", town)
    await rig.start_broker()
    device = Publisher(rig.login("adapters"), "presses")
    web = Publisher(rig.login("web"), "receipts")
    await device.start()
    await web.start()
    async with push_service() as service:
        browser = subscribe(tmp_path, service.endpoint("h1"))
        try:
            await rig.start_router()
            await device.publish(TOPIC, press(0), timeout_s=30)
            await pushes(service, 1)
            await rig.kill_router()
            await rig.start_router()
            await pushes(service, 2)
            first, again = (browser.read(one.body)["varde"] for one in service.got)
            assert again["send"] == first["send"]
            receipt = (
                b'{"about":"receipt","send":"%b","delivered":true,"code":"receipt"}'
                % first["send"].encode()
            )
            await web.publish(topics.command(TOWN), receipt, timeout_s=30)
            await rig.until_recorded(SendEnded, 1, within_s=30)
            await rig.kill_router()
            service.answer("h1", 410)
            await rig.start_router()
            await device.publish(TOPIC, press(1), timeout_s=30)
            await rig.until_recorded(ReachEnded, 1, within_s=30)
        finally:
            await device.stop()
            await web.stop()
            await rig.stop()
        sends = [browser.read(one.body)["varde"]["send"] for one in service.got]
    assert sends[:2] == [first["send"]] * 2
    assert len(sends) == 3
    assert sends[2] != first["send"]
    facts = [record.fact for record in rig.journal()]
    ended = [(f.send, f.delivered, f.code) for f in facts if isinstance(f, SendEnded)]
    assert ended == [(first["send"], True, "receipt"), (sends[2], False, "http-410")]
    assert {f.code for f in facts if isinstance(f, ChannelUnproven)} == {"http-410"}
