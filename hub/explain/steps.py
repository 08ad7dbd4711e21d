"""Facts as steps: when, what, why, and who was called by which channel with what outcome."""

from collections.abc import Iterable, Sequence

import msgspec

from hub.journal.port import Record
from hub.telling.timeline import entries
from hub.telling.words import Words
from routing import facts
from routing.alarm import LIVE_PAGE
from routing.facts import Page, SendEnded
from routing.instant import Instant, to_rfc3339
from routing.roster import absent, local_time
from routing.tasks.facts import TaskCommandEnded, TaskFact, TaskSendEnded

ENDS = (SendEnded, TaskSendEnded)
"""Facts that tell what became of a send."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One person called by one channel."""

    person: str
    name: str
    channel: str
    """`page` is the live page, which needs no sending."""
    informed: bool
    """Told, and not asked."""
    absent: bool
    """The roster has them absent then: who is named by a policy is called all the same."""
    why: str
    outcome: str
    """`delivered`, `failed`, `open` (none is known) or `shown` (on the live page)."""
    outcome_at: str | None
    text: str
    """All of it in words."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a story. Instants are RFC 3339 in UTC."""

    at: str
    local: str
    """The municipality's own time, `2026-11-22 14:02:00`."""
    code: str
    """The fact's tag."""
    text: str
    why: str | None
    person: str | None
    until: str | None
    """How long it waits, where it waits."""
    until_local: str | None
    calls: tuple[Call, ...]


class Steps:
    """Makes steps for one reader; `sends` says whether outcomes of sends are worth telling."""

    def __init__(self, words: Words, *, sends: bool) -> None:
        self._words, self._sends = words, sends

    def of(self, records: Sequence[Record]) -> list[Step]:
        """Return the steps, oldest first; the end of a send is told with its call."""
        ended = {r.fact.send: r for r in records if isinstance(r.fact, ENDS)}
        return [step for record in records for step in self._of(record, ended)]

    def _of(self, record: Record, ended: dict[str, Record]) -> Iterable[Step]:
        fact = record.fact
        if isinstance(fact, ENDS):
            return
        if isinstance(fact, facts.CommandEnded | TaskCommandEnded):
            yield from self._refused(record, fact)
        for entry in entries(self._words, [record], notes=False):
            pages: tuple[Page, ...] = getattr(fact, "pages", ())
            at = record.recorded_at
            calls = tuple(self._call(page, at, ended.get(page.send)) for page in pages)
            until = _until(fact)
            yield Step(
                at=entry.at,
                local=self.clock(record.recorded_at),
                code=entry.code,
                text=entry.text,
                why=entry.why,
                person=entry.person,
                until=None if until is None else to_rfc3339(until),
                until_local=None if until is None else self.clock(until),
                calls=calls,
            )

    def _refused(
        self, record: Record, fact: facts.CommandEnded | TaskCommandEnded
    ) -> Iterable[Step]:
        if fact.refused is None:
            return
        words = self._words.as_of(record.recorded_at)
        prefix = "task.action" if isinstance(fact, TaskCommandEnded) else "action"
        action = words.text(f"{prefix}.{fact.action}")
        person = words.person(fact.person)
        yield Step(
            at=to_rfc3339(record.recorded_at),
            local=self.clock(record.recorded_at),
            code="command.refused",
            text=words.text("explain.refused", person=person, action=action),
            why=words.reason(fact.refused, about_others=True),
            person=fact.person,
            until=None,
            until_local=None,
            calls=(),
        )

    def _call(self, page: Page, called_at: Instant, ended: Record | None) -> Call:
        words = self._words.as_of(called_at)
        why = words.reason(page.why, about_others=True)
        outcome, at = self._outcome(page, ended)
        channel = words.text("explain.live") if page.channel == LIVE_PAGE else page.channel
        said = {"person": words.person(page.person), "channel": channel, "why": why}
        msgid = "explain.informed" if page.informed else "explain.call"
        text = words.text(msgid, **said)
        if self._sends:
            when = "" if at is None else self._ended_at(at, called_at)
            code = ended.fact.code if ended and isinstance(ended.fact, ENDS) else ""
            told = words.text(f"explain.outcome.{outcome}", at=when, code=code)
            text = words.text("explain.with_outcome", call=text, outcome=told)
        away = absent(words.registry, page.person, called_at)
        if away:
            text = words.text("explain.absent", call=text)
        return Call(
            person=page.person,
            name=said["person"],
            channel=page.channel,
            informed=page.informed,
            absent=away,
            why=why,
            outcome=outcome,
            outcome_at=None if at is None else to_rfc3339(at),
            text=text,
        )

    def _outcome(self, page: Page, ended: Record | None) -> tuple[str, Instant | None]:
        if page.channel == LIVE_PAGE:
            return "shown", None
        if ended is None or not isinstance(ended.fact, ENDS):
            return "open", None
        return ("delivered" if ended.fact.delivered else "failed"), ended.recorded_at

    def _ended_at(self, at: Instant, called_at: Instant) -> str:
        """Return the time of day; the date too where it is another than that of the call."""
        day, begun = self.clock(at), self.clock(called_at)
        return day[11:] if day[:10] == begun[:10] else day

    def clock(self, at: Instant) -> str:
        """Return the municipality's own time to the second."""
        return local_time(self._words.registry, at).strftime("%Y-%m-%d %H:%M:%S")


def _until(fact: facts.AnyFact) -> Instant | None:
    about = isinstance(fact, facts.AlarmFact | TaskFact)
    return getattr(fact, "due_at", None) if about else None
