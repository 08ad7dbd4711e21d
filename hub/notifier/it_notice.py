"""Notices to IT by Apprise: technical trouble of the hub itself, never an alarm.

`tell` only leaves a note and never waits. The same trouble is told once in a while, the number of
notices in an hour is bounded, and Apprise (which blocks) runs in a thread of its own, so that a
mail server that does not answer costs nobody a page.
"""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from enum import StrEnum

import apprise

from hub.secrets import SecretUnsafe
from hub.settings.channels import ItNoticeSettings
from hub.text import Catalogue, catalogue
from routing.instant import HOUR, SECOND, Instant

log = logging.getLogger(__name__)

MOST_WAITING = 100
MOST_KNOWN = 1_000
"""Troubles whose last notice is remembered."""
DELIVER_WITHIN_S = 60.0


class Trouble(StrEnum):
    """What IT is told. Every one has a text `it_notice.<value>` with the one parameter `what`."""

    GATEWAY_FAILING = "gateway_failing"
    GATEWAY_BACK = "gateway_back"
    HOOK_REFUSED = "hook_refused"
    REPLIES_UNKNOWN = "replies_unknown"
    PUSH_KEY_REFUSED = "push_key_refused"
    HUB_DEGRADED = "hub_degraded"
    HUB_WELL = "hub_well"


_OPPOSITE = {
    Trouble.GATEWAY_FAILING: Trouble.GATEWAY_BACK,
    Trouble.GATEWAY_BACK: Trouble.GATEWAY_FAILING,
    Trouble.HUB_DEGRADED: Trouble.HUB_WELL,
    Trouble.HUB_WELL: Trouble.HUB_DEGRADED,
}
"""Once the one is told, the other is news again."""

Tell = Callable[[Trouble, str], None]
"""Takes a trouble, and the id of what has it."""
Deliver = Callable[[str, str], bool]
"""Takes a title and a text to everybody concerned, blocking; whether all have it."""


def nobody(trouble: Trouble, what: str) -> None:
    """Tell nobody: no notices are configured."""


class Notices:
    """The notices of one process."""

    def __init__(
        self,
        settings: ItNoticeSettings,
        deliver: Deliver,
        text: Catalogue,
        now: Callable[[], Instant],
    ) -> None:
        self._settings, self._deliver, self._text, self._now = settings, deliver, text, now
        self._waiting: deque[tuple[Trouble, str]] = deque()
        self._told: OrderedDict[tuple[Trouble, str], Instant] = OrderedDict()
        self._hour: deque[Instant] = deque()
        self._left_out = 0
        self._news = asyncio.Event()

    def tell(self, trouble: Trouble, what: str) -> None:
        """Leave a note; call on the loop's thread. Never blocks, never raises."""
        at, key = self._now(), (trouble, what)
        last = self._told.get(key)
        if last is not None and at - last < self._settings.repeat_s * SECOND:
            return
        while self._hour and at - self._hour[0] >= HOUR:
            self._hour.popleft()
        if len(self._hour) >= self._settings.per_hour or len(self._waiting) >= MOST_WAITING:
            self._left_out += 1
            return
        self._hour.append(at)
        self._remember(key, at)
        self._waiting.append(key)
        self._news.set()

    def _remember(self, key: tuple[Trouble, str], at: Instant) -> None:
        trouble, what = key
        opposite = _OPPOSITE.get(trouble)
        if opposite is not None:
            self._told.pop((opposite, what), None)
        self._told[key] = at
        self._told.move_to_end(key)
        while len(self._told) > MOST_KNOWN:
            self._told.popitem(last=False)

    def waiting(self) -> int:
        """Return how many notices wait."""
        return len(self._waiting)

    async def run(self) -> None:
        """Deliver what is noted, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                await self._one(*self._waiting.popleft())

    async def _one(self, trouble: Trouble, what: str) -> None:
        body = self._text(f"it_notice.{trouble}", what=what)
        if self._left_out:
            body += "\n" + self._text("it_notice.left_out", count=self._left_out)
            self._left_out = 0
        try:
            async with asyncio.timeout(DELIVER_WITHIN_S):
                done = await asyncio.to_thread(self._deliver, self._text("it_notice.title"), body)
        except TimeoutError:
            done = False
        if not done:
            log.error("the notice %s about %s has not reached everybody", trouble, what)


def notices(
    settings: ItNoticeSettings | None,
    secret: Callable[[str], str | None],
    now: Callable[[], Instant],
) -> Notices | None:
    """Return the notices that the settings ask for, None where they ask for none. SecretUnsafe
    when the URL of one is not there or is none: nobody would hear of it otherwise."""
    if settings is None:
        return None
    urls = []
    for name in settings.to:
        url = secret(f"it-notice-{name}")
        if url is None:
            raise SecretUnsafe(
                f"secret it-notice-{name} is not there: set it to the Apprise URL of {name}, "
                "or take the name out of it_notices.to"
            )
        urls.append(url)
    return Notices(settings, by_apprise(urls), catalogue(settings.language), now)


def by_apprise(urls: Sequence[str]) -> Deliver:
    """Return what delivers to Apprise URLs. SecretUnsafe when one is none; it is not repeated."""
    to = apprise.Apprise()
    for number, url in enumerate(urls, start=1):
        if not to.add(url):
            raise SecretUnsafe(f"it_notices.to: the secret of name {number} is no Apprise URL")

    def deliver(title: str, body: str) -> bool:
        return bool(to.notify(title=title, body=body))

    return deliver
