"""Which call a code, a link or a gateway's reference belongs to: found, never stored.

Everything in memory is looked through: calls of open alarms and tasks, of those that somebody has
taken or closed since (who answers late is told so), and tests.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from hub.notifier.asks import Ask, asked_by
from hub.rights.short import answer_id, reply_code
from hub.web.gateways.index import CallIndex, Key, keys_of
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

    def __init__(
        self, live: Live, key: bytes, now: Callable[[], Instant], index: CallIndex
    ) -> None:
        self._live, self._key, self._now, self._index = live, key, now, index

    def by_link(self, token: str) -> Sent | None:
        """Return the call whose link has the token, of somebody who has not left."""
        people = self._live.state.registry.people
        found = self._found("link", token, self._now() - LIFE)
        return next((one for one in found if one.page.person in people), None)

    def by_reference(self, said: str) -> Sent | None:
        """Return the call that a gateway's reference names, however old."""
        return next(self._found("reference", said, 0), None)

    def by_code(self, people: Collection[str], code: str) -> list[Sent]:
        """Return these people's calls by SMS with that code, of each alarm the latest."""
        mine = self._mine(people)
        return _latest(one for one in mine if reply_code(self._key, one.page.send) == code)

    def waiting(self, people: Collection[str]) -> list[Sent]:
        """Return these people's calls by SMS that wait for an answer, of each alarm the latest."""
        return _latest(one for one in self._mine(people) if one.waits)

    def answered(self, person: str, since: Instant) -> set[str]:
        """Return the person's calls by SMS that have been answered since (the core remembers an
        hour), also where this process has not heard it."""
        state = self._live.state
        times = (state.command_times, state.book.command_times, state.proofs.command_times)
        ended = {id for each in times for at, id in each if at > since}
        mine = {one.page.send for one in self._mine([person])}
        ids = {answer_id(self._key, send, yes=yes): send for send in mine for yes in (True, False)}
        return {ids[id] for id in ids.keys() & ended}

    def _mine(self, people: Collection[str]) -> Iterator[Sent]:
        for person in people:
            yield from self._found("person", person, self._now() - LIFE)

    def _found(self, by: str, said: str, since: Instant) -> Iterator[Sent]:
        self._index.follow(self._live.timelines, self._key)
        for call in self._index.find((by, said)):
            one = about(self._live.state, call.about)
            if one is not None and call.at >= since:
                yield Sent(call.page, one, call.at)
        for test in self._live.state.proofs.tests.values():
            yield from (Sent(p, test, test.at) for p in test.pages if (by, said) in self._keys(p))

    def _keys(self, page: Page) -> list[Key]:
        return keys_of(page, self._key)


def _latest(found: Iterator[Sent]) -> list[Sent]:
    """Return the latest call of each alarm, person and ask: a call that is made again is the same
    question."""
    latest = {(one.about.id, one.page.person, one.ask): one for one in found}
    return list(latest.values())
