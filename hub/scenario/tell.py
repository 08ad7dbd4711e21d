"""A play in words: what came in, what was decided, who was reached; a line each with its time."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from hub.journal.port import Record
from hub.scenario.seen import Notice, Played, Said
from hub.scenario.times import Calendar
from hub.telling.names import Names
from hub.telling.timeline import entries
from hub.telling.words import Words
from hub.text import Language, TextMissing, catalogue
from routing import facts
from routing.alarm import Alarm
from routing.instant import Instant
from routing.proofs.facts import ReachEnded
from routing.tasks.facts import TaskCommandEnded, TaskSendEnded

_UNTOLD = (
    "configuration.",
    "event.recorded",
    "watch.",
    "visit.",
    "alarm.archived",
    "task.archived",
)
"""How the tags begin of facts that the story itself tells, that only wait, or that change memory
alone."""


SHOWN = 40
"""Lines of a story that a failure shows."""
FEW = 4


def _is_heard(item: Record | Notice | Said) -> bool:
    return isinstance(item, Said) and item.msgid == "scenario.heard"


class Teller:
    """Tells one play to one reader."""

    def __init__(self, played: Played, calendar: Calendar, language: Language) -> None:
        self.text = catalogue(language)
        self._played, self._calendar = played, calendar
        self._alarms: dict[str, Alarm] | None = None
        self._words = Words(self.text, Names(played.reader), played.registry)

    def clock(self, at: Instant) -> str:
        """Return the story's local time."""
        return self._calendar.show(at)

    def person(self, id: str) -> str:
        """Return a person's name."""
        return self._words.person(id)

    def lines(self) -> list[str]:
        """Return the whole story, oldest first."""
        return [f"{self.clock(at)}  {line}" for at, line in self._log(None)]

    def until(self, last: Instant) -> list[str]:
        """Return the end of the story up to an instant, as much as one can take in."""
        told = [f"{self.clock(at)}  {line}" for at, line in self._log(last)]
        left_out = len(told) - SHOWN
        earlier = [self.text("scenario.earlier", count=left_out)] if left_out > 0 else []
        return [*earlier, *told[-SHOWN:]]

    def _log(self, last: Instant | None) -> Iterator[tuple[Instant, str]]:
        """Yield the lines with their times; of many inputs at once the first few and how many."""
        log = [(at, item) for at, item in self._played.log if last is None or at <= last]
        for (at, many), group in groupby(log, key=lambda one: (one[0], _is_heard(one[1]))):
            items = [item for _, item in group]
            for item in items[:FEW] if many else items:
                yield from ((at, line) for line in self._line(item))
            if many and len(items) > FEW:
                yield at, self.text("scenario.and_more", count=len(items) - FEW)

    def _line(self, item: Record | Notice | Said) -> list[str]:
        match item:
            case Record():
                # That a send ended is told by its notice.
                ended = isinstance(item.fact, facts.SendEnded | TaskSendEnded)
                about = self._which(getattr(item.fact, "alarm", None))
                return [] if ended else [line + about for line in self.told([item])]
            case Notice():
                return [self._notice(item) + self._which(item.alarm)]
            case Said():
                return [self._said(item).rstrip()]

    def _which(self, alarm: str | None) -> str:
        """Return which alarm a line is about, in words that `of` takes; nothing where it is the
        only one."""
        if self._alarms is None:
            self._alarms = self._played.everything()
        found = self._alarms.get(alarm or "")
        if found is None or len(self._alarms) == 1:
            return ""
        return f"  [{found.concerns or found.resident or found.subject} {found.kind}]"

    def told(self, records: Iterable[Record]) -> list[str]:
        """Return facts in words, those without words by their tag."""
        found: list[str] = []
        for record in records:
            said = entries(self._words, [record], notes=True)
            found += [one.text if one.why is None else f"{one.text} ({one.why})" for one in said]
            if not said:
                found += self._otherwise(record.fact, self._words.as_of(record.recorded_at))
        return found

    def _otherwise(self, fact: facts.AnyFact, words: Words) -> list[str]:
        match fact:
            case facts.EventNoted():
                return [self.text("scenario.noted", why=words.reason(fact.reason))]
            case (
                facts.CommandEnded(refused=why)
                | TaskCommandEnded(refused=why)
                | ReachEnded(refused=why)
            ):
                if why is None:
                    return []
                params = {"person": self.person(fact.person), "why": words.reason(why)}
                return [self.text("scenario.refused", **params)]
        tag = str(fact.__struct_config__.tag)
        return [] if tag.startswith(_UNTOLD) else [self._tagged(tag, fact)]

    def _tagged(self, tag: str, fact: facts.AnyFact) -> str:
        try:
            return self.text(f"scenario.fact.{tag}", resident=getattr(fact, "resident", ""))
        except TextMissing:
            return tag

    def notices(self, notices: Iterable[Notice]) -> str:
        """Return who was reached and when."""
        told = [f"{self.clock(n.at)} {self.person(n.person)} ({n.channel})" for n in notices]
        return ", ".join(told) or self.text("scenario.nobody")

    def _notice(self, notice: Notice) -> str:
        msgid = "scenario.reached" if notice.reached else "scenario.not_reached"
        return self.text(msgid, person=self.person(notice.person), channel=notice.channel)

    def _said(self, said: Said) -> str:
        return self.text(said.msgid, **{k: self._param(k, v) for k, v in said.params.items()})

    def _param(self, name: str, value: Any) -> str:
        if value is None:
            return "" if name == "outcome" else self.text("scenario.everybody")
        if name == "person":
            return self.person(value)
        if name == "subject":
            return self._device(value)
        if name in {"kind", "action"}:
            return self._coded(name, value)
        return str(value)

    def _coded(self, name: str, value: str) -> str:
        try:
            return self.text(f"{name}.{value}")
        except TextMissing:
            return str(value)

    def _device(self, subject: str) -> str:
        id = self._played.registry.device_of.get(subject)
        return subject if id is None else self._words.names.name("device", id) + f" [{id}]"
