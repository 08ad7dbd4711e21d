"""A push channel before a push service that is played, and phones that subscribe."""

from dataclasses import dataclass, field
from pathlib import Path

from hub.directory.subscriptions import Subscription, Subscriptions
from hub.notifier.push import Push
from hub.notifier.push_vapid import key_from, public_of
from hub.rights.seal import key_of
from routing.instant import Instant
from tests.notifier.browser import Browser
from tests.notifier.push_stub import PushService
from tests.notifier.sends import NOW

VAPID = key_from("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
RIGHTS = key_of("a secret of these tests", "fjordby")


@dataclass
class Rig:
    """A channel, a push service, and phones that subscribe."""

    push: Push
    service: PushService
    subscriptions: Subscriptions
    folder: Path
    lost: list[tuple[str, str, str]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    now: Instant = NOW
    phones: dict[str, Browser] = field(default_factory=dict)

    def subscribe(self, box: str, person: str = "kari", endpoint: str | None = None) -> Browser:
        """Let a phone of the person's subscribe; its box at the service is called as the phone."""
        browser = self.phones[box] = Browser()
        self.subscriptions.put(
            Subscription(
                handset=box,
                person=person,
                endpoint=endpoint or self.service.endpoint(box),
                p256dh=browser.point,
                auth=browser.auth,
                vapid=public_of(VAPID),
                made_at=NOW,
            )
        )
        return browser

    def live(self, person: str = "kari") -> list[str]:
        return [one.handset for one in self.subscriptions.live(person)]
