"""The whole way over simulated gateways: from a press to a phone that has no data, and back."""

import re
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest

from hub.notifier.channel import Result, Send
from hub.notifier.gateway import Gateway, Gateways
from hub.notifier.gateway_hooks import hook_urls
from hub.notifier.ntfy import Ntfy
from hub.notifier.sms import Sms
from hub.notifier.voice import Voice
from hub.settings.channels import GatewaySettings, NtfySettings
from hub.settings.load import parse_settings
from routing.instant import SECOND
from routing.proofs.command import ReachAction, ReachCommand
from simulators import telecom
from simulators.ntfy_server import NtfyServer
from simulators.sms_gateway import SmsGateway
from simulators.telecom import Hook
from simulators.voice_gateway import VoiceGateway
from tests.channels.rig import NUMBERS, SECRET, Rig, opened
from tests.channels.stub_gateway import StubGateway
from tests.simulators.until import until

SHAPES = """
gateways:
  sms:
    {kind: sms, url: "%s/sms", json: {to: "{to}", text: "{text}", reference: "{reference}"}, id: id}
  tale:
    kind: voice
    url: "%s/call"
    json: {to: "{to}", say: "{text}", reference: "{reference}", language: "{language}"}
"""
KARI = NUMBERS["kari"]
LONG_S = 10.0


def one_time(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let gateways sign with the town's time, which stands still."""
    monkeypatch.setattr(telecom, "time", SimpleNamespace(time=lambda: rig.town.now / SECOND))


def shapes(
    sms: str = "http://127.0.0.1:9", voice: str = "http://127.0.0.1:9"
) -> dict[str, GatewaySettings]:
    return dict(parse_settings(SHAPES % (sms, voice)).gateways)


def gateways(rig: Rig, id: str, one: GatewaySettings) -> Gateways:
    every = [Gateway(id, one, rig.http, lambda _: None)]
    return Gateways(every, hook_urls(rig.url, {id: one}, lambda _: SECRET))


def called(rig: Rig, alarm: str, channel: str) -> Send:
    """Return Kari's call as the notifier gives it to its channel."""
    name = rig.send_of(alarm, "kari", channel)
    return Send(
        rig.town.state.owed[name], rig.town.state.alarms[alarm], {"number": KARI}, "nb", "Øst"
    )


async def test_an_sms_its_report_and_its_reply(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = SmsGateway()
    origin = await gateway.start()
    nokia = gateway.handset(KARI)
    try:
        async with opened(tmp_path, StubGateway(url=origin)) as rig:
            one_time(rig, monkeypatch)
            gateway.hook = Hook(f"{rig.url}/hooks/sms", SECRET)
            alarm = await rig.town.press()
            every = gateways(rig, "sms", shapes(origin)["sms"])
            sms = Sms(every, rig.town.site.rights_key, rig.url)
            assert (await sms.attempt(called(rig, alarm, "sms-1"))).result is Result.TAKEN
            await until(lambda: bool(rig.town.receipts), LONG_S)
            assert rig.town.receipts[0].delivered
            code = re.search(r"Svar 1 (\d{4})", nokia.inbox[0].text)
            assert code is not None
            gateway.reply(KARI, f"1 {code[1]}")
            await until(lambda: len(nokia.inbox) == 2, LONG_S)
            assert rig.town.state.alarms[alarm].owner == "kari"
            assert nokia.inbox[1].text.startswith("Den er din: ")
    finally:
        await gateway.end()


async def test_a_call_that_is_answered_and_a_key(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    one_time(rig, monkeypatch)
    gateway = VoiceGateway(Hook(f"{rig.url}/hooks/tale", SECRET))
    origin = await gateway.start()
    try:
        alarm = await rig.town.press()
        failed = rig.reference(rig.send_of(alarm, "kari"))
        await rig.call("/hooks/sms/report", {"reference": failed, "status": "failed"})
        voice = Voice(gateways(rig, "tale", shapes(voice=origin)["tale"]), rig.town.site.rights_key)
        assert (await voice.attempt(called(rig, alarm, "voice-2"))).result is Result.TAKEN
        (call,) = gateway.calls
        assert "Trykk 1 for å ta alarmen" in call.say
        gateway.answer(call)
        await until(lambda: rig.town.receipts[-1].delivered, LONG_S)
        gateway.press(call, "1")
        await until(lambda: bool(call.heard), LONG_S)
        assert call.heard[0].startswith("Den er din: ")
        assert rig.town.state.alarms[alarm].owner == "kari"
    finally:
        await gateway.end()


async def test_the_button_of_an_ntfy_message_passes_a_test(rig: Rig) -> None:
    server = NtfyServer("tk_sim")
    origin = await server.start()
    try:
        wish = ReachCommand(
            id="test0001",
            person="kari",
            action=ReachAction.TEST,
            made_at=rig.town.now,
            channel="ntfy-3",
        )
        await rig.town.take(wish)
        (test,) = rig.town.state.proofs.tests.values()
        key, told = rig.town.site.rights_key, NtfySettings(url=origin)
        ntfy = Ntfy(rig.http, told, key, rig.url, lambda _: "tk_sim")
        send = Send(rig.town.state.owed[test.pages[0].send], test, {"topic": "Varde_1"}, "nb", None)
        assert (await ntfy.attempt(send)).result is Result.TAKEN
        (message,) = server.kept["Varde_1"]
        assert message["title"] == "Prøve fra Varde"
        assert (await server.tap(message, 0))[0] == 200
        assert rig.town.state.proofs.of("kari", "ntfy-3").proven_at == rig.town.now
    finally:
        await server.end()


async def test_a_gateway_that_does_not_know_our_secret_changes_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_time(rig, monkeypatch)
    gateway = SmsGateway(Hook(f"{rig.url}/hooks/sms", "another secret"))
    origin = await gateway.start()
    try:
        gateway.handset(KARI)
        alarm = await rig.town.press()
        async with aiohttp.ClientSession() as http:
            one = Gateway("sms", shapes(origin)["sms"], http, lambda _: None)
            urls = hook_urls(rig.url, {"sms": one.settings}, lambda _: SECRET)
            sms = Sms(Gateways([one], urls), rig.town.site.rights_key, rig.url)
            await sms.attempt(called(rig, alarm, "sms-1"))
        await until(lambda: bool(gateway.called_back), LONG_S)
        assert [status for _, _, status in gateway.called_back] == [401]
        assert rig.town.receipts == []
    finally:
        await gateway.end()
