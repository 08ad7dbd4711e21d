"""Locked phones: they have been pushed to, and have no session."""

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from hub.directory.subscriptions import Subscription
from hub.rights.seal import LIFE, Right, Use, seal
from routing.lifecycle import Phase
from tests.notifier.browser import Browser as Keys
from tests.web.town import RIGHTS_KEY, Browser, Town


@dataclass
class Phone:
    """A phone that has been pushed to, without its session: a locked one."""

    town: Town
    browser: Browser
    person: str
    handset: str

    def sealed(self, use: Use, send: str, key: bytes = RIGHTS_KEY, **more: Any) -> str:
        """Return a right as a push to this phone carries it."""
        right = Right(use, send, self.person, self.handset, self.town.now + LIFE)
        return seal(key, replace(right, **more))

    async def use(self, token: str) -> tuple[int, Any]:
        return await self.browser.post("/api/rights", {"right": token})

    async def receive(self, token: str) -> int:
        return (await self.browser.post("/api/push/receipt", {"right": token}))[0]

    def page(self) -> str:
        """Return the send by which the person is pushed to now."""
        return next(
            one.page.send for one in self.town.state.owed.values() if one.page.person == self.person
        )


async def lock(town: Town, browser: Browser) -> Phone:
    """Let the phone subscribe, and then forget its session."""
    _, me = await browser.get("/api/me")
    keys = Keys()
    town.site.subscriptions.put(
        Subscription(
            handset=me["handset"],
            person=me["person"],
            endpoint=f"https://push.example.org/{me['handset']}",
            p256dh=keys.point,
            auth=keys.auth,
            vapid=town.site.push_key,
            made_at=town.now,
        )
    )
    browser.http.cookie_jar.clear(lambda cookie: cookie.key == town.site.cookie)
    assert (await browser.get("/api/me"))[0] == 401
    return Phone(town, browser, me["person"], me["handset"])


def phase(town: Town, alarm: str) -> tuple[Phase, str | None]:
    found = town.state.alarms[alarm]
    return found.phase, found.owner
