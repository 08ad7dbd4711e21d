"""The notifier of a story: every channel delivers at once, unless a fault says otherwise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hub.notifier.notifier import ATTEMPTS, FIRST_BACKOFF_S
from hub.scenario.seen import Notice, Played
from routing.alarm import LIVE_PAGE
from routing.facts import AnyFact, Page, SendEnded
from routing.instant import SECOND, Instant
from routing.state import Owed

Later = Callable[[Instant, Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class Outage:
    """Nothing gets through to a person, by a channel, or both; or only no receipt comes back."""

    phone: str | None
    channel: str | None
    receipts: bool = False
    """Sends are taken, and nobody hears what has become of them."""

    def stops(self, person: str, channel: str) -> bool:
        """Whether a page to the person by the channel is lost."""
        if self.phone not in {None, person}:
            return False
        return self.channel in {None, channel, channel.partition("-")[0]}


@dataclass(slots=True)
class Phones:
    """All phones and the ways to them."""

    played: Played
    ended: Callable[[SendEnded], None]
    later: Later
    now: Callable[[], Instant]
    outages: list[Outage] = field(default_factory=list)
    _under_way: dict[str, set[str]] = field(default_factory=dict)
    _shown: set[str] = field(default_factory=set)
    _life: int = 0

    def restart(self) -> None:
        """The hub was killed: no attempt of its former life goes on."""
        self._under_way.clear()
        self._life += 1

    def show(self, facts: Sequence[AnyFact]) -> None:
        """Show on open pages what was paged by the live page, which needs no sending."""
        for fact in facts:
            for page in getattr(fact, "pages", ()):
                if page.channel == LIVE_PAGE:
                    reached = not self._stopped(page.person, page.channel)
                    self._notice(str(getattr(fact, "alarm", "")), page, reached=reached)

    def settle(self, alarm: str, owed: Sequence[Owed]) -> None:
        """Start what is owed and not under way; forget what is no longer owed."""
        known = self._under_way.setdefault(alarm, set())
        new = [one for one in owed if one.page.send not in known]
        known.intersection_update({one.page.send for one in owed})
        for one in new:
            known.add(one.page.send)
            self._attempt(one, 1)

    def _attempt(self, one: Owed, number: int) -> None:
        page, life = one.page, self._life
        if page.send not in self._under_way.get(one.alarm, ()):
            return
        if self._unanswered(page.person, page.channel):
            return
        if not self._stopped(page.person, page.channel):
            if page.send not in self._shown:  # the phone shows a send once, however often it comes
                self._shown.add(page.send)
                self._notice(one.alarm, page, reached=True)
            self._end(one, delivered=True)
        elif number == ATTEMPTS:
            self._notice(one.alarm, page, reached=False)
            self._end(one, delivered=False)
        else:
            pause = int(FIRST_BACKOFF_S * SECOND) << (number - 1)

            def again() -> None:
                if self._life == life:
                    self._attempt(one, number + 1)

            self.later(self.now() + pause, again)

    def _stopped(self, person: str, channel: str) -> bool:
        return any(one.stops(person, channel) for one in self.outages if not one.receipts)

    def _unanswered(self, person: str, channel: str) -> bool:
        return any(one.stops(person, channel) for one in self.outages if one.receipts)

    def _notice(self, alarm: str, page: Page, *, reached: bool) -> None:
        notice = Notice(self.now(), page.person, page.channel, alarm, reached)
        self.played.notice(notice)

    def _end(self, one: Owed, *, delivered: bool) -> None:
        page = one.page
        self.ended(
            SendEnded(
                alarm=one.alarm,
                send=page.send,
                person=page.person,
                channel=page.channel,
                delivered=delivered,
                code="http-200" if delivered else "timeout",
            )
        )
