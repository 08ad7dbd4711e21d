"""A phone that can be pushed to: the browser's push service is played, its worker is the real one.

`pushManager.subscribe` needs a push service of the browser's maker, so a page's own is put in its
place; what a push service would hand over goes to the worker through the browser's debugging
protocol, and a tap on a notification is an event inside the worker.
"""

import asyncio
import json
from itertools import repeat
from typing import Any, Self

from playwright.async_api import BrowserContext, CDPSession, Page, Worker

from hub.notifier.channel import Send
from hub.notifier.push_payload import payload
from hub.rights.seal import LIFE, Right, Use, seal
from routing.facts import ConfigurationSet
from routing.inputs import Receipt
from routing.municipality import Person
from routing.owed import about
from tests.browser.conftest import PATIENCE_S
from tests.web.town import RIGHTS_KEY, Town

# The receiver of RFC 8291, 5.
KEYS = {
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx"
    "aOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
SUBSCRIBES = """
(() => {
  const KEPT = "played-subscription";
  const endpoint = "http://127.0.0.1:9/push/played";
  const made = (key) => ({
    options: { applicationServerKey: Uint8Array.from(key).buffer },
    endpoint,
    toJSON: () => ({ endpoint, expirationTime: null, keys: KEYS }),
    unsubscribe: async () => { localStorage.removeItem(KEPT); return true; },
  });
  if (!window.PushManager) return;
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    localStorage.setItem(KEPT, JSON.stringify([...applicationServerKey]));
    return made(JSON.parse(localStorage.getItem(KEPT)));
  };
  PushManager.prototype.getSubscription = async () => {
    const kept = localStorage.getItem(KEPT);
    return kept && made(JSON.parse(kept));
  };
})();
""".replace("KEYS", json.dumps(KEYS))
# An event made by a script may not open or focus a window: what would happen is written down.
PLAYED = """
self.opened = [];
clients.openWindow = async (path) => { self.opened.push(path); };
WindowClient.prototype.focus = async function () { self.opened.push("focus"); return this; };
null; // a function as the last value would be called
"""
TAP = """
async ([tag, action]) => {
  const found = await onScreen();
  const notification = found.find((one) => one.tag === tag);
  const event = new NotificationEvent("notificationclick", { notification, action });
  const until = [];
  event.waitUntil = (promise) => until.push(promise);
  dispatchEvent(event);
  await Promise.all(until);
  return self.opened.splice(0);
}
"""
CUT = """
() => {
  PAUSES_MS.length = 1;
  self.real = fetch;
  self.fetch = async () => { throw new TypeError(); };
}
"""
SHOWN = """
async () => (await onScreen()).map((one) => ({
  title: one.title, body: one.body, tag: one.tag, lang: one.lang, silent: one.silent,
  renotify: one.renotify, requireInteraction: one.requireInteraction,
  actions: one.actions.map((action) => action.action), path: one.data.path,
}))
"""


async def with_push(town: Town, person: str, *others: str) -> None:
    """Give somebody the push channel, and others after it."""
    known = town.state.registry.people[person]
    channels = ("push-1", *others)
    one = Person(id=person, roles=known.roles, teams=known.teams, channels=channels)
    await town.append([ConfigurationSet(item=one, author="test")])


class Pushed:
    """One phone's worker."""

    def __init__(self, town: Town, page: Page, worker: Worker, cdp: CDPSession) -> None:
        self.town, self.page, self.worker = town, page, worker
        self._cdp = cdp
        self._registered = asyncio.Event()
        self._registration = ""

    @classmethod
    async def of(cls, town: Town, page: Page) -> Self:
        """Take over the worker of a page that has one."""
        await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        worker = await worker_of(page.context)
        cdp = await page.context.new_cdp_session(page)
        self = cls(town, page, worker, cdp)
        cdp.on("ServiceWorker.workerRegistrationUpdated", self._hear)
        await cdp.send("ServiceWorker.enable")
        async with asyncio.timeout(PATIENCE_S):
            await self._registered.wait()
        await worker.evaluate(PLAYED)
        return self

    def _hear(self, event: dict[str, Any]) -> None:
        for one in event["registrations"]:
            self._registration = one["registrationId"]
            self._registered.set()

    async def send(self, message: str) -> None:
        """Hand a push's text to the worker, as the browser does after decrypting it."""
        origin = await self.page.evaluate("location.origin")
        params = {"origin": origin, "registrationId": self._registration, "data": message}
        await self._cdp.send("ServiceWorker.deliverPushMessage", params)

    def message(self, person: str, handset: str) -> tuple[str, str]:
        """Return the send that is owed to the person by push now, and its text."""
        owed = next(
            one
            for one in self.town.state.owed.values()
            if one.page.person == person and one.page.channel == "push-1"
        )

        def sealed(use: Use) -> str:
            right = Right(use, owed.page.send, person, handset, self.town.now + LIFE)
            return seal(RIGHTS_KEY, right)

        found = about(self.town.state, owed.alarm)
        assert found is not None
        text = payload(Send(owed, found, {}, "nb", "Øst"), sealed, self.town.site.public_url)
        return owed.page.send, text.decode()

    async def owed(self, person: str, handset: str) -> str:
        """Push what is owed to the person by push now; return the send."""
        send, text = self.message(person, handset)
        await self.send(text)
        return send

    async def shown(self) -> list[dict[str, Any]]:
        """Return the notifications that stand on the screen."""
        found: list[dict[str, Any]] = await self.worker.evaluate(SHOWN)
        return found

    async def receipt(self, send: str, within_s: float = PATIENCE_S) -> Receipt:
        """Wait for the send's receipt."""
        async with asyncio.timeout(within_s):
            for pause_s in repeat(0.03):
                found = [one for one in self.town.receipts if one.send == send]
                if found:
                    return found[0]
                await asyncio.sleep(pause_s)
        raise AssertionError(send)

    async def cut(self) -> None:
        """Take the worker's connection away."""
        # Pauses between tries would only make a test long.
        await self.worker.evaluate(CUT)

    async def join(self) -> None:
        """Give the connection back, and let the page notice it."""
        await self.worker.evaluate("() => { self.fetch = self.real; }")
        await self.page.evaluate("dispatchEvent(new Event('online'))")

    async def until(self, expression: str, within_s: float = PATIENCE_S) -> Any:
        """Ask the worker until an expression is true there; return its value."""
        asks = f"async () => {expression}"
        async with asyncio.timeout(within_s):
            for pause_s in repeat(0.03):
                if found := await self.worker.evaluate(asks):
                    return found
                await asyncio.sleep(pause_s)

    async def tap(self, tag: str, action: str = "") -> list[str]:
        """Tap a notification or one of its buttons; return what it opened."""
        opened: list[str] = await self.worker.evaluate(TAP, [tag, action])
        return opened


async def kept(page: Page, person: str) -> None:
    """Wait until the page has told the hub of the phone by itself, once for each person: said later
    it would undo what a test has done to the subscription."""
    script = "(person) => sessionStorage.getItem('varde-push-kept') === person"
    await page.wait_for_function(script, arg=person)


async def worker_of(context: BrowserContext) -> Worker:
    """Return the context's service worker."""
    if context.service_workers:
        return context.service_workers[0]
    return await context.wait_for_event("serviceworker")
