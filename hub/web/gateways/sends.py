"""Which call a code, a link or a gateway's reference belongs to: found, never stored.

Everything in memory is looked through: calls of open alarms and tasks, of those that somebody has
taken or closed since (who answers late is told so), and tests.
"""

import hmac
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from hub.notifier.asks import Ask, asked_by
from hub.rights.short import TOKEN_LENGTH, link_token, reference, reply_code
from hub.web.live import Live
from routing.alarm import Alarm
from routing.fact_base import Page
from routing.instant import HOUR, Instant
from routing.lifecycle import Phase
from routing.owed import About, about
from routing.proofs.book import ChannelTest
from routing.tasks.life import WANTED

LIFE: Instant = 12 * HOUR
"""How long a code or a link counts. The core judges whether there is still something to take."""
BY_NUMBER = frozenset({"sms", "voice"})
BY_LINK = frozenset({"sms", "ntfy"})


@dataclass(frozen=True, slots=True)
class Sent:
    """A call, what it is about as that is now, and when it was made."""

    page: Page
    about: About
    at: Instant

    @property
    def ask(self) -> Ask:
        """What it asked."""
        return asked_by(self.page, self.about)

    @property
    def waits(self) -> bool:
        """Whether an answer may still change something."""
        one, person = self.about, self.page.person
        if self.ask is Ask.TOLD:
            return False
        if isinstance(one, ChannelTest):
            return True
        if isinstance(one, Alarm):
            return _waits(one, self.ask, person)
        return one.phase in WANTED and person not in (*one.owners, *one.refused)


def _waits(alarm: Alarm, ask: Ask, person: str) -> bool:
    match ask:
        case Ask.TAKE:
            return alarm.phase is Phase.LOOKING and person not in alarm.refused
        case Ask.TAKE_OVER:
            return alarm.handover is not None and person in alarm.handover.to
        case Ask.JOIN:
            return alarm.help is not None and person in alarm.help.to
    return alarm.owner == person and alarm.asked


class SentCalls:
    """Looks calls up."""

    def __init__(self, live: Live, key: bytes, now: Callable[[], Instant]) -> None:
        self._live, self._key, self._now = live, key, now

    def by_link(self, token: str) -> Sent | None:
        """Return the call whose link has the token."""
        return self._by(token, link_token, BY_LINK)

    def by_reference(self, said: str) -> Sent | None:
        """Return the call that a gateway's reference names, however old."""
        return self._by(said, reference, BY_NUMBER, ever=True)

    def by_code(self, people: Collection[str], code: str) -> list[Sent]:
        """Return these people's calls by SMS with that code, of each alarm the latest."""
        mine = (one for one in self._every({"sms"}) if one.page.person in people)
        return _latest(one for one in mine if reply_code(self._key, one.page.send) == code)

    def waiting(self, people: Collection[str]) -> list[Sent]:
        """Return these people's calls by SMS that wait for an answer, of each alarm the latest."""
        mine = (one for one in self._every({"sms"}) if one.page.person in people)
        return _latest(one for one in mine if one.waits)

    def _by(
        self,
        said: str,
        make: Callable[[bytes, str], str],
        kinds: Collection[str],
        *,
        ever: bool = False,
    ) -> Sent | None:
        if len(said) != TOKEN_LENGTH or not said.isascii():
            return None
        for one in self._every(kinds, ever=ever):
            if hmac.compare_digest(make(self._key, one.page.send), said):
                return one
        return None

    def _every(self, kinds: Collection[str], *, ever: bool = False) -> Iterator[Sent]:
        since = 0 if ever else self._now() - LIFE
        for id, records in self._live.timelines.items():
            one = about(self._live.state, id)
            if one is None:
                continue
            for record in records:
                for page in getattr(record.fact, "pages", ()):
                    if record.recorded_at >= since and _kind(page) in kinds:
                        yield Sent(page, one, record.recorded_at)
        for test in self._live.state.proofs.tests.values():
            yield from (Sent(p, test, test.at) for p in test.pages if _kind(p) in kinds)


def _kind(page: Page) -> str:
    return page.channel.rpartition("-")[0]


def _latest(found: Iterator[Sent]) -> list[Sent]:
    """Return the latest call of each alarm, person and ask: a call that is made again is the same
    question."""
    latest = {(one.about.id, one.page.person, one.ask): one for one in found}
    return list(latest.values())
