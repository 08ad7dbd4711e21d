"""A small town whose people are reached by SMS and voice, with a gateway on both sides: it gets our
messages, and calls us back with signatures made here by hand."""

import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from hub.journal.port import Document
from hub.notifier.gateway import Gateway, Gateways
from hub.notifier.gateway_hooks import hook_urls
from hub.notifier.it_notice import Trouble
from hub.rights.short import link_token, reference, reply_code
from hub.settings.load import parse_settings
from hub.web.gateways.bounds import MOST_KNOWN, WINDOW
from hub.web.gateways.kept import KeptReplies
from hub.web.gateways.numbers import Numbers
from hub.web.gateways.site import Hooks
from hub.web.lately import Lately
from routing.facts import ConfigurationSet
from routing.inputs import TimeReached
from routing.instant import MINUTE, SECOND
from routing.kinds import Kind
from routing.municipality import Person, Policy, Resident, Role, Step, Target
from tests.channels.stub_gateway import StubGateway
from tests.web.town import Town

SECRET = "a secret of the test"
NUMBERS = {"kari": "+4790000001", "ola": "+4790000002", "rune": "+4790000003"}
CHANNELS = ("sms-1", "voice-2", "ntfy-3")
SETTINGS = """
gateways:
  sms:
    {kind: sms, url: "%s/sms", country_code: "47",
     json: {to: "{to}", text: "{text}", reference: "{reference}"}}
  tale: {kind: voice, url: "%s/call", json: {to: "{to}", say: "{text}", reference: "{reference}"}}
  path: {kind: sms, url: "%s/sms", json: {to: "{to}"}, hook: {proof: path}}
  basic: {kind: sms, url: "%s/sms", json: {to: "{to}"}, hook: {proof: basic, username: gw}}
  quiet: {kind: sms, url: "%s/sms", json: {to: "{to}"}, reply: {answer: false}}
  many:
    {kind: sms, url: "%s/sms", json: {to: "{to}"}, hook: {proof: header, header: X-Api-Key},
     report: {each: dr, reference: customermessagereference, status: statuscode,
              delivered: ["0"], failed: ["4"]},
     reply: {each: mo, from: originator, text: content, keyword: Varde}}
use_gateways: {sms: [sms], voice: [tale]}
"""


def _people() -> list[Person]:
    staff = {"roles": (Role.STAFF,), "teams": ("day",), "channels": CHANNELS}
    return [
        Person(id="kari", **staff),  # type: ignore[arg-type]
        Person(id="ola", **staff),  # type: ignore[arg-type]
        Person(id="rune", roles=(Role.RELATIVE,), channels=("sms-1",)),
    ]


def card(name: str, number: str, language: str = "nb") -> bytes:
    """Return a person's document."""
    channels = {"sms-1": {"number": number}, "voice-2": {"number": number}}
    return msgspec.json.encode({"name": name, "language": language, "channels": channels})


@dataclass
class Rig:
    """The town, its pages' address, and what the gateway got."""

    town: Town
    stub: StubGateway
    url: str
    http: aiohttp.ClientSession
    told: list[tuple[Trouble, str]]

    @property
    def hooks(self) -> Hooks:
        assert self.town.site.hooks is not None
        return self.town.site.hooks

    def signed(self, raw: bytes, secret: str = SECRET, ago_s: int = 0) -> dict[str, str]:
        """Return the headers of a callback as the gateway signs it."""
        stamp = str(self.town.now // SECOND - ago_s)
        mac = hmac.new(secret.encode(), stamp.encode() + b"." + raw, sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-Varde-Timestamp": stamp,
            "X-Varde-Signature": f"sha256={mac}",
        }

    async def call(
        self,
        path: str,
        body: Any,
        *,
        secret: str = SECRET,
        ago_s: int = 0,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Call us back as a gateway does; return status and what is answered."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = self.signed(raw, secret, ago_s) if headers is None else headers
        async with self.http.post(self.url + path, data=raw, headers=sent) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text.startswith("{") else text

    async def says(self, number: str, text: str, gateway: str = "sms") -> int:
        """Let an SMS come in; return the status."""
        status, _ = await self.call(f"/hooks/{gateway}/reply", {"from": number, "text": text})
        return status

    async def press_elsewhere(self) -> str:
        """Let another pendant be pressed."""
        return await self.town.happens(Kind.HELP_PRESSED, "scaip:31415")

    async def press_with_relative(self) -> str:
        """Let Olga press where her relative Rune is called together with the staff."""
        one = Resident(id="r-1", unit="east", relatives={"rune": "responsible"})
        calls = (Target("on_duty", "day"), Target("relative", "responsible"))
        policy = Policy(
            id="home",
            steps=(Step(targets=calls, wait_s=120),),
            fallback=(Target("person", "lise"),),
        )
        facts = [ConfigurationSet(item=item, author="test") for item in (one, policy)]
        await self.town.append(facts)
        return await self.town.press()

    async def lease_lapses(self, alarm: str) -> None:
        """Let so much time go by that the owner has lost the alarm."""
        for _ in range(50):
            if self.town.state.alarms[alarm].owner is None:
                return
            self.town.now += 5 * MINUTE
            await self.town.take(TimeReached())

    def said(self) -> list[str]:
        """Return the texts that went out, and forget them."""
        found = [json.loads(one.body)["text"] for one in self.stub.got]
        self.stub.got.clear()
        return found

    def send_of(self, alarm: str, person: str, channel: str = "sms-1") -> str:
        """Return the id of the latest call of a person about something."""
        every = [
            page.send
            for record in self.town.live.timelines[alarm]
            for page in getattr(record.fact, "pages", ())
            if page.person == person and page.channel == channel
        ]
        return str(every[-1])

    def code(self, alarm: str, person: str) -> str:
        """Return the code that stands in the SMS."""
        return reply_code(self.town.site.rights_key, self.send_of(alarm, person))

    def reference(self, send: str) -> str:
        """Return what the gateway was given with the message."""
        return reference(self.town.site.rights_key, send)

    def link(self, send: str) -> str:
        """Return the address of the page behind the link."""
        return f"{self.url}/l/{link_token(self.town.site.rights_key, send)}"


@asynccontextmanager
async def opened(folder: Path, stub: StubGateway) -> AsyncIterator[Rig]:
    """Open the town."""
    town = Town(folder)
    await town.settle()
    names = {"kari": "Kari Fjell", "ola": "Ola Strand", "rune": "Rune Eksempel"}
    languages = {"kari": "nb", "ola": "nn", "rune": "nb"}
    documents = [
        Document("person", id, card(name, NUMBERS[id], languages[id])) for id, name in names.items()
    ]
    facts = [ConfigurationSet(item=one, author="test", private=f"d-{one.id}") for one in _people()]
    await town.append(facts, documents)
    gateways = parse_settings(SETTINGS % ((stub.url,) * 6)).gateways
    told: list[tuple[Trouble, str]] = []
    async with aiohttp.ClientSession() as http:
        one = Gateway("sms", gateways["sms"], http, lambda _: None)
        hooks = Hooks(
            gateways=gateways,
            secret=lambda name: SECRET if name.startswith("hook-") else None,
            sms=Gateways([one], hook_urls("http://varde", gateways, lambda _: SECRET)),
            kept=KeptReplies(folder / "fjordby.replies.sqlite"),
            people=Numbers(town.live),
            bounds=Lately(WINDOW, MOST_KNOWN),
            tell=lambda trouble, what: told.append((trouble, what)),
        )
        town.site = replace(town.site, hooks=hooks)
        async with town.open() as url:
            yield Rig(town, stub, url, http, told)
        await hooks.close()
