"""An SMS that came in: whose it is, what it answers, and what is said back.

Nothing is dropped: what nobody can be found for, or what cannot be understood, is kept for a lead
to read. Logs tell that and how often, never the number or the text.
"""

import logging
from collections.abc import Sequence

from hub.notifier.gateway_request import Message
from hub.notifier.it_notice import Trouble
from hub.notifier.sms_alphabet import in_alphabet
from hub.rights.short import reference
from hub.web.gateways.answer import Answered, answer, text_for
from hub.web.gateways.bounds import ANSWERS_PER_HOUR, UNCLEAR_PER_HOUR, UNREADABLE_PER_HOUR
from hub.web.gateways.kept import KeptReply, Why
from hub.web.gateways.numbers import Numbers
from hub.web.gateways.read import Content, numbers
from hub.web.gateways.sends import Sent, SentCalls
from hub.web.gateways.site import Hooks
from hub.web.gateways.words import Reply, read_reply, without
from hub.web.site import Site
from routing.event import derive_id
from routing.instant import HOUR, Instant

log = logging.getLogger(__name__)

TOLD_AGAIN: Instant = HOUR
"""How long a gateway may tell a reply again."""
NAMELESS = ""
"""The number of an SMS whose gateway tells none."""


class Replies:
    """Treats the replies of one gateway's callbacks."""

    def __init__(self, site: Site, hooks: Hooks, calls: SentCalls, people: Numbers) -> None:
        self._site, self._hooks, self._calls, self._people = site, hooks, calls, people

    async def take(self, gateway: str, content: Content) -> bool:
        """Treat one; False where it is to be sent again, since nobody knows what became of it."""
        settings = self._hooks.gateways[gateway]
        number = (content.at(settings.reply.sender) or NAMELESS).strip()
        text = content.at(settings.reply.text) or ""
        people = self._people.having(numbers(number, settings))
        if not people:
            self._keep(gateway, number, text, "unknown-number")
            self._hooks.tell(Trouble.REPLIES_UNKNOWN, gateway)
            return True
        said = read_reply(without(settings.reply.keyword, text))
        if said is None:
            self._keep(gateway, number, text, "unclear", people[0])
            await self._say_unclear(gateway, people[0], "reply.unclear")
            return True
        return await self._answered(gateway, people, said, (number, text))

    def unreadable(self, gateway: str, raw: str) -> None:
        """Keep a callback of which nobody can read who says what: a person wrote it."""
        if self._hooks.bounds.allows(
            f"unreadable:{gateway}", UNREADABLE_PER_HOUR, self._site.clock()
        ):
            self._keep(gateway, NAMELESS, raw, "unclear")

    async def _answered(
        self, gateway: str, people: Sequence[str], said: Reply, came: tuple[str, str]
    ) -> bool:
        found = self._found(people, said)
        if len(found) == 1 and not (said.code is None and self._may_be_old(found[0])):
            answered = await answer(self._site, found[0], yes=said.yes)
            await self._say(gateway, found[0].page.person, answered)
            return answered.state != "not_confirmed"
        if found:
            await self._say_unclear(gateway, people[0], "reply.which")
            return True
        why: Why = "nothing" if said.code is None else "unknown-code"
        self._keep(gateway, *came, why, people[0])
        msgid = "reply.none" if said.code is None else "reply.unknown_code"
        await self._say_unclear(gateway, people[0], msgid)
        return True

    def _found(self, people: Sequence[str], said: Reply) -> list[Sent]:
        """Return what is answered: what the code names, or what waits where no code is named. Of
        two calls that happen to have one code, the one that waits."""
        if said.code is None:
            return self._calls.waiting(people)
        found = self._calls.by_code(people, said.code)
        waiting = [one for one in found if one.waits]
        return waiting or found[-1:]

    def _may_be_old(self, sent: Sent) -> bool:
        """Whether a reply without a code may be the one before once more (gateways tell one again
        that they are not sure of): it must not take an alarm that it was not about. What has come
        of the one before is known from the core too, or a restart in between would hide it."""
        person, at = sent.page.person, self._site.clock()
        before = self._hooks.bare.get(person)
        if before is not None and before[0] != sent.page.send and at - before[1] < TOLD_AGAIN:
            return True
        self._hooks.bare.put(person, (sent.page.send, at))
        return bool(self._calls.answered(person, at - TOLD_AGAIN) - {sent.page.send})

    def _keep(
        self, gateway: str, number: str, text: str, why: Why, person: str | None = None
    ) -> None:
        log.warning("an SMS by gateway %s is kept for a lead to read: %s", gateway, why)
        at = self._site.clock()
        one = KeptReply(at=at, gateway=gateway, number=number, person=person, why=why, text=text)
        self._hooks.kept.keep(one)

    async def _say(self, gateway: str, person: str, answered: Answered) -> None:
        if self._hooks.bounds.allows(f"answer:{person}", ANSWERS_PER_HOUR, self._site.clock()):
            await self._send(gateway, person, answered.text)

    async def _say_unclear(self, gateway: str, person: str, msgid: str) -> None:
        if self._hooks.bounds.allows(f"unclear:{person}", UNCLEAR_PER_HOUR, self._site.clock()):
            await self._send(gateway, person, text_for(self._site, person)(msgid))

    async def _send(self, gateway: str, person: str, text: str) -> None:
        number = self._people.of(person)
        if number is None or not self._hooks.gateways[gateway].reply.answer:
            return
        language = text_for(self._site, person).language
        name = reference(self._site.rights_key, derive_id("answer", person, self._site.clock()))
        attempt = await self._hooks.sms.attempt(Message(number, in_alphabet(text), name, language))
        log.info("a reply by gateway %s was answered: %s", gateway, attempt.code)
