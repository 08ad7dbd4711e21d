"""An answer to a call, however it came: made a command, and what became of it told in words.

The command's id derives from the call and the answer, so the same answer twice is one command. The
words are about what is so now, not about what was then.
"""

from dataclasses import dataclass
from typing import Literal

from hub.notifier.asks import Ask
from hub.rights.short import answer_id
from hub.telling.words import Words
from hub.text import Catalogue, catalogue, choose
from hub.web import commands
from hub.web.gateways.sends import Sent
from hub.web.live import Ended
from hub.web.site import Site
from routing.alarm import Alarm
from routing.inputs import Command
from routing.lifecycle import OWNED, Action, Phase
from routing.municipality import HANDLERS
from routing.owed import About, about
from routing.proofs.book import ChannelTest
from routing.proofs.command import ReachAction, ReachCommand
from routing.reasons import Reason, ReasonCode, because
from routing.tasks.command import TaskCommand
from routing.tasks.life import TaskAction
from routing.tasks.value import Task

State = Literal["done", "refused", "not_confirmed"]
_ACTIONS = {
    (Ask.TAKE, True): Action.ACCEPT,
    (Ask.TAKE, False): Action.REFUSE,
    (Ask.TAKE_OVER, True): Action.TAKE_OVER,
    (Ask.TAKE_OVER, False): Action.DECLINE,
    (Ask.JOIN, True): Action.JOIN,
    (Ask.JOIN, False): Action.DECLINE,
    (Ask.STILL, True): Action.ON_THE_WAY,
}
"""What an answer to an alarm's call means; what is not here means nothing."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer, for the person who gave it."""

    state: State
    text: str


def text_for(site: Site, person: str) -> Catalogue:
    """Return the catalogue in a person's language."""
    municipality = site.live.state.registry.municipality
    default = "nb" if municipality is None else municipality.language
    return catalogue(choose([site.names.card("person", person).language], default))


def what_of(site: Site, text: Catalogue, sent: Sent) -> str:
    """Return what a call is about and in which zone; never who or where."""
    one = sent.about
    if isinstance(one, ChannelTest):
        return text("link.test_what")
    kind = text(f"task.kind.{one.kind}" if isinstance(one, Task) else f"kind.{one.kind}")
    return kind if one.unit is None else f"{kind}, {site.names.name('unit', one.unit)}"


async def answer(site: Site, sent: Sent, *, yes: bool) -> Answered:
    """Carry an answer out, and tell what became of it."""
    text = text_for(site, sent.page.person)
    command = _command(site, sent, yes=yes)
    if command is None:
        return Answered("refused", text("answered.nothing", what=what_of(site, text, sent)))
    ended = await commands.send(site, command)
    if ended is None:
        return Answered("not_confirmed", text("answered.unsure"))
    return _told(site, sent, text, ended, yes=yes)


def _command(site: Site, sent: Sent, *, yes: bool) -> Command | TaskCommand | ReachCommand | None:
    one, person, at = sent.about, sent.page.person, site.clock()
    if isinstance(one, ChannelTest):
        id = answer_id(site.rights_key, sent.page.send, yes=True)
        action = ReachAction.ANSWER
        return ReachCommand(id=id, person=person, action=action, made_at=at, test=one.id)
    id = answer_id(site.rights_key, sent.page.send, yes=yes)
    if isinstance(one, Task):
        if sent.ask is not Ask.TASK:
            return None
        deed = TaskAction.ACCEPT if yes else TaskAction.REFUSE
        return TaskCommand(id=id, person=person, action=deed, made_at=at, task=one.id)
    meant = _ACTIONS.get((sent.ask, yes))
    if meant is None:
        return None
    seen = Phase.LOOKING if sent.ask is Ask.TAKE else one.phase
    return Command(id=id, alarm=one.id, person=person, action=meant, seen_phase=seen, made_at=at)


def so_far(site: Site, sent: Sent) -> str:
    """Return what is so now of a call that waits for no answer any more."""
    person, one = sent.page.person, sent.about
    text = text_for(site, person)
    what = what_of(site, text, sent)
    if _has_it(site, sent):
        return text("answered.task" if isinstance(one, Task) else "answered.take", what=what)
    if isinstance(one, Alarm) and one.phase is Phase.CLOSED:
        why = _words(site, text).reason(because(ReasonCode.ALREADY_CLOSED))
        return text("answered.refused", why=why, what=what)
    if isinstance(one, Alarm) and one.owner is not None and sent.ask is Ask.TAKE:
        return _taken(site, sent, text, _by(one))
    if person in _said_no(one):
        return text("answered.no", what=what)
    return text("answered.nothing", what=what)


def _said_no(one: About) -> tuple[str, ...]:
    return () if isinstance(one, ChannelTest) else one.refused


def _by(alarm: Alarm) -> Reason:
    owner, since = alarm.owner or "", alarm.owner_since or alarm.raised_at
    return because(ReasonCode.TAKEN_BY_OTHER, owner=owner, at=since)


def _words(site: Site, text: Catalogue) -> Words:
    return Words(text, site.names, site.live.state.registry, site.clock())


def _told(site: Site, sent: Sent, text: Catalogue, ended: Ended, *, yes: bool) -> Answered:
    what = what_of(site, text, sent)
    if ended.refused is not None:
        if sent.ask is Ask.TEST:
            return Answered("refused", text("answered.refused_test"))
        return Answered("refused", _refused(site, sent, text, ended))
    if sent.ask is Ask.TEST:
        return Answered("done", text("answered.test"))
    if not yes:
        return Answered("done", text("answered.no", what=what))
    if not _has_it(site, sent):
        return Answered("refused", text("answered.changed", what=what))
    ask = Ask.TAKE if sent.ask is Ask.TAKE_OVER else sent.ask
    return Answered("done", text(f"answered.{ask}", what=what))


def _refused(site: Site, sent: Sent, text: Catalogue, ended: Ended) -> str:
    reason = ended.refused or because(ReasonCode.NOT_ASKED)
    if reason.code is ReasonCode.TAKEN_BY_OTHER:
        return _taken(site, sent, text, reason)
    why = _words(site, text).reason(reason)
    return text("answered.refused", why=why, what=what_of(site, text, sent))


def _taken(site: Site, sent: Sent, text: Catalogue, reason: Reason) -> str:
    """Staff are told who has it and since when; others only that somebody has."""
    known = site.live.state.registry.people.get(sent.page.person)
    what = what_of(site, text, sent)
    if known is None or not HANDLERS.intersection(known.roles):
        return text("answered.taken", what=what)
    return text("answered.refused", why=_words(site, text).reason(reason), what=what)


def _has_it(site: Site, sent: Sent) -> bool:
    """Whether the person has now what a yes gave them; an old yes that is asked about again may be
    about something that others have since."""
    person, now = sent.page.person, about(site.live.state, sent.about.id)
    if isinstance(now, Task):
        return person in now.owners
    if not isinstance(now, Alarm):
        return False
    mine = now.phase in OWNED and now.owner == person
    return mine or (sent.ask is Ask.JOIN and person in now.helpers)
