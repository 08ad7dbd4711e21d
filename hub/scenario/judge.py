"""Hold what happened against what was expected: each failed aspect, what was wanted and was so."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from hub.journal.port import Record
from hub.scenario.expectation import NOBODY, ExpectEntry
from hub.scenario.seen import Notice, Played, concerns, concerns_task, is_open
from hub.scenario.story import Check
from hub.scenario.tell import Teller
from hub.scenario.times import Window
from routing.alarm import Alarm
from routing.facts import AlarmRaised, CommandEnded
from routing.proofs.facts import ReachEnded
from routing.reasons import ReasonCode
from routing.tasks.facts import TaskCommandEnded


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that was not so, in words."""

    check: Check
    wanted: str
    was: str


def judge(played: Played, check: Check, teller: Teller) -> list[Failure]:
    """Return what of the expectation was not so."""
    judged = _Judge(played, check.entry, check.window, teller)
    return [Failure(check, wanted, was) for wanted, was in judged.failures()]


def reasons(record: Record) -> Iterator[ReasonCode]:
    """Yield every named reason that a fact gives."""
    fact = record.fact
    for name in ("reason", "refused"):
        why = getattr(fact, name, None)
        if why is not None and hasattr(why, "code"):
            yield why.code
    for page in getattr(fact, "pages", ()):
        yield page.why.code


def is_part(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether everything wanted stands in what was found, mappings looked into."""
    for key, value in wanted.items():
        there = found.get(key)
        if isinstance(value, Mapping) and isinstance(there, Mapping):
            if not is_part(value, there):
                return False
        elif there != value:
            return False
    return True


ENDED = (CommandEnded, TaskCommandEnded, ReachEnded)
_STATE = ("owner", "phase", "severity", "activations", "outcome")


class _Judge:
    def __init__(self, played: Played, entry: ExpectEntry, window: Window, teller: Teller) -> None:
        self._played, self._entry, self._window = played, entry, window
        self._teller, self._say = teller, teller.text
        every = played.everything()
        self._meant = {id for id, alarm in every.items() if concerns(alarm, entry.of)}

    def failures(self) -> Iterator[tuple[str, str]]:
        """Yield (wanted, was) for each aspect that does not hold."""
        yield from self._notified()
        yield from self._told()
        yield from self._counts()
        yield from self._state()

    # -- people ----------------------------------------------------------------------------------

    def _notices(self) -> list[Notice]:
        first, last = self._window.first, self._window.last
        return [
            n
            for n in self._played.notices
            if first <= n.at <= last and n.reached and self._is_meant(n.alarm)
        ]

    def _is_meant(self, alarm: str | None) -> bool:
        return self._entry.of is None or alarm in self._meant

    def _notified(self) -> Iterator[tuple[str, str]]:
        entry, notices = self._entry, self._notices()
        was = self._teller.notices(notices)
        wanted = entry.notified or {}
        for person, channel in wanted.items():
            if not any(n.person == person and channel in {None, n.channel} for n in notices):
                yield self._want("notified", person=self._who(person), channel=channel or "-"), was
        forbidden = set(entry.not_notified)
        if entry.nobody_else or entry.notified == {}:
            forbidden |= {n.person for n in notices} - set(wanted)
        for person in sorted(forbidden & {n.person for n in notices}):
            yield self._want("not_notified", person=self._who(person)), was

    def _who(self, person: str) -> str:
        return self._say("scenario.nobody") if person == NOBODY else self._teller.person(person)

    def _want(self, aspect: str, **params: object) -> str:
        return self._say(f"scenario.want.{aspect}", **params)

    # -- facts -----------------------------------------------------------------------------------

    def _records(self) -> list[Record]:
        facts = self._played.facts(self._window)
        return [
            r
            for r in facts
            if self._entry.of is None or getattr(r.fact, "alarm", None) in self._meant
        ]

    def _told(self) -> Iterator[tuple[str, str]]:
        entry, records = self._entry, self._records()
        codes = sorted({str(code) for record in records for code in reasons(record)})
        if entry.reason is not None and entry.reason not in codes:
            yield self._want("reason", code=entry.reason), ", ".join(codes) or "-"
        ended = [record.fact for record in records if isinstance(record.fact, ENDED)]
        for person, code in entry.refused.items():
            told = [f.refused.code for f in ended if f.person == person and f.refused is not None]
            if code not in told:
                was = ", ".join(told) or "-"
                yield self._want("refused", person=self._who(person), code=code), was
        lines = self._teller.told(records)
        if entry.timeline is not None and not any(entry.timeline in line for line in lines):
            yield self._want("timeline", text=entry.timeline), " | ".join(lines) or "-"
        yield from self._shapes(records)
        yield from self._answered()

    def _shapes(self, records: list[Record]) -> Iterator[tuple[str, str]]:
        entry = self._entry
        found = [json.loads(msgspec.json.encode(record.fact)) for record in records]
        tags = ", ".join(dict.fromkeys(str(one["fact"]) for one in found)) or "-"
        if entry.fact is not None and not any(is_part(entry.fact, one) for one in found):
            yield self._want("fact", fact=_short(entry.fact)), tags
        if entry.no_fact is not None:
            wrong = [one for one in found if is_part(entry.no_fact, one)]
            if wrong:
                yield self._want("no_fact", fact=_short(entry.no_fact)), _short(wrong[0])

    def _answered(self) -> Iterator[tuple[str, str]]:
        wanted = self._entry.answered
        first, last = self._window.first, self._window.last
        told = [a for a in self._played.answers if first <= a.at <= last and a.subject]
        if wanted is not None and all(a.outcome != wanted for a in told):
            was = ", ".join(a.outcome for a in told) or "-"
            yield self._want("answered", outcome=wanted), was

    # -- alarms ----------------------------------------------------------------------------------

    def _counts(self) -> Iterator[tuple[str, str]]:
        entry = self._entry
        if entry.alarms is not None:
            counts = [
                sum(is_open(a) for a in view.values() if concerns(a, entry.of))
                for _, view in self._played.states(self._window)
            ]
            if not self._holds([count == entry.alarms for count in counts]):
                was = ", ".join(str(count) for count in dict.fromkeys(counts))
                yield self._want("alarms", count=entry.alarms), was
        if entry.tasks is not None:
            live = [
                sum(task.live for task in tasks if concerns_task(task, entry.of))
                for _, tasks in self._played.task_states(self._window)
            ]
            if not self._holds([count == entry.tasks for count in live]):
                was = ", ".join(str(count) for count in dict.fromkeys(live))
                yield self._want("tasks", count=entry.tasks), was
        if entry.located is not None:
            kept = [
                any(self._is_meant(id) for id in ids)
                for _, ids in self._played.positions(self._window)
            ]
            if not self._holds([one == entry.located for one in kept]):
                wanted = "located" if entry.located else "not_located"
                yield self._want(wanted), "-"
        if entry.raised is not None:
            last = Window(0, self._window.last)
            births = [r for r in self._played.facts(last) if isinstance(r.fact, AlarmRaised)]
            raised = sum(self._is_meant(getattr(r.fact, "alarm", None)) for r in births)
            if raised != entry.raised:
                yield self._want("raised", count=entry.raised), str(raised)

    def _state(self) -> Iterator[tuple[str, str]]:
        wanted = [name for name in _STATE if getattr(self._entry, name) is not None]
        if not wanted:
            return
        views = list(self._played.states(self._window))
        fits = [any(self._fits(a, wanted) for a in self._of(view)) for _, view in views]
        if self._holds(fits):
            return
        said = {name: self._value(name, getattr(self._entry, name)) for name in wanted}
        text = ", ".join(self._want(name, value=value) for name, value in said.items())
        yield text, "; ".join(self._was(at, view) for at, view in views)

    def _holds(self, found: list[bool]) -> bool:
        return all(found) if self._entry.throughout else any(found)

    def _of(self, view: dict[str, Alarm]) -> list[Alarm]:
        return [alarm for alarm in view.values() if concerns(alarm, self._entry.of)]

    def _fits(self, alarm: Alarm, wanted: list[str]) -> bool:
        return all(self._is(alarm, name) for name in wanted)

    def _is(self, alarm: Alarm, name: str) -> bool:
        value = getattr(self._entry, name)
        if name == "owner" and value == NOBODY:
            return alarm.owner is None
        return bool(getattr(alarm, name) == value)

    def _value(self, name: str, value: Any) -> str:
        if name == "owner":
            return self._who(value or NOBODY)
        if name == "severity":
            return self._say(f"severity.{value.name.lower()}")
        return (
            self._say(f"{name}.{value}") if name in {"phase", "outcome"} and value else str(value)
        )

    def _was(self, at: int, view: dict[str, Alarm]) -> str:
        names = ("owner", "phase", "severity", "activations")
        alarms = (
            ", ".join(self._value(name, getattr(alarm, name)) for name in names)
            for alarm in self._of(view)
        )
        what = " / ".join(alarms) or self._say("scenario.no_alarm")
        return f"{self._teller.clock(at)} {what}"


def _short(value: object) -> str:
    text = ", ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, dict) else ""
    return text[:160]
