"""The push channel: Web Push to every live subscription of the person (RFC 8030, 8291, 8292).

That a push service has a message says little, so the channel's result is TAKEN: the receipt comes
from the phone's own worker (`POST /api/push/receipt`), and without it the person's next channel is
used. What cannot be reached any more is written off at once, so that the duty board knows it
before the next alarm does.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.recent import Bounded
from hub.directory.port import DirectoryBroken
from hub.directory.subscriptions import Subscription, Subscriptions
from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.push_answer import Answer, Then
from hub.notifier.push_post import Poster
from hub.notifier.push_vapid import origin_of
from routing.instant import HOUR, Instant

log = logging.getLogger(__name__)

TRIES = 3
"""How often a phone is tried whose service says "later", while another phone of the person has
it."""
TOLD_EVERY: Instant = HOUR
_REMEMBERED = 5_000

Lost = Callable[[str, str, str], None]
"""Takes person, channel and code: nothing of the person's can be pushed to any more."""
TellIt = Callable[[str, str], None]
"""Takes a push service's origin and a code: it refuses us, and IT must look into it."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """How far a send has come that goes to several phones."""

    has: frozenset[str]
    """Handsets whose service has it."""
    tries: int

    def after(self, wanting: Sequence[Subscription], answers: Sequence[Answer]) -> "_Begun":
        both = zip(wanting, answers, strict=True)
        taken = {to.handset for to, one in both if one.attempt.result is Result.TAKEN}
        return _Begun(self.has | taken, self.tries + 1)

    def summed_up(self, answers: Sequence[Answer]) -> Attempt:
        later = [one.attempt for one in answers if one.attempt.result is Result.AGAIN]
        if later and not (self.has and self.tries >= TRIES):
            return min(later, key=lambda one: one.again_after_s or 0)
        return Attempt(Result.TAKEN, "taken") if self.has else answers[0].attempt


class Push:
    """The channel. `subscriptions` opens the directory when it is first needed: one that cannot be
    read must not keep the router from calling people by other channels."""

    def __init__(
        self,
        poster: Poster,
        subscriptions: Callable[[], Subscriptions],
        now: Callable[[], Instant],
        *,
        lost: Lost,
        tell_it: TellIt,
    ) -> None:
        self._poster, self._subscriptions, self._now = poster, subscriptions, now
        self._lost, self._tell_it = lost, tell_it
        self._begun: Bounded[str, _Begun] = Bounded(_REMEMBERED)
        """Sends that are to be tried again."""
        self._told: Bounded[tuple[str, str], Instant] = Bounded(100)

    async def attempt(self, send: Send) -> Attempt:
        """Push to every live subscription at once; TAKEN when one service has it and none of the
        others says "later"."""
        name, person = send.owed.page.send, send.owed.page.person
        try:
            every = await asyncio.to_thread(lambda: self._subscriptions().live(person))
        except DirectoryBroken as error:
            log.error("push: %s", error)
            return Attempt(Result.AGAIN, "no-directory")
        if not every:
            return Attempt(Result.FAILED, "no-subscription")
        begun = self._begun.pop(name, _Begun(frozenset(), 0))
        wanting = [one for one in every if one.handset not in begun.has]
        answers = await asyncio.gather(*(self._poster.post(send, one) for one in wanting))
        await self._write_off(send, wanting, answers)
        now = begun.after(wanting, answers)
        attempt = now.summed_up(answers)
        if attempt.result is Result.AGAIN:
            self._begun.put(name, now)
        return attempt

    async def _write_off(
        self, send: Send, wanting: Sequence[Subscription], answers: Sequence[Answer]
    ) -> None:
        """Let what is dead be dead, and tell whoever must know."""
        page = send.owed.page
        for to, answer in zip(wanting, answers, strict=True):
            code = answer.attempt.code
            if answer.then in {Then.TELL_IT, Then.SMALLER}:
                self._complain(origin_of(to.endpoint), code)
            elif answer.then is Then.DEAD and await asyncio.to_thread(self._end, to, code):
                self._lost(page.person, page.channel, code)

    def _end(self, one: Subscription, code: str) -> bool:
        at = self._now()
        try:
            return self._subscriptions().end(one.handset, at, code, endpoint=one.endpoint)
        except DirectoryBroken as error:
            log.error("push: a dead subscription stays for now: %s", error)
            return False

    def _complain(self, origin: str, code: str) -> None:
        """Say once an hour that a service refuses us."""
        now, told_at = self._now(), self._told.get((origin, code))
        if told_at is None or now - told_at >= TOLD_EVERY:
            self._told.put((origin, code), now)
            log.error(
                "push: %s cannot be used (%s): check this machine's clock and certificates, the "
                "secret `vapid` and web.push_contact; the phones stay subscribed",
                origin,
                code,
            )
            self._tell_it(origin, code)
