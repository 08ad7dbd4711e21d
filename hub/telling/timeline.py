"""What has happened with one alarm, in words: one entry for each fact that a reader cares about."""

from collections.abc import Iterable, Sequence
from functools import singledispatch

import msgspec

from hub.journal.port import Record
from hub.telling import (
    timeline_correlate,
    timeline_life,
    timeline_locks,
    timeline_reach,
    timeline_tasks,
)
from hub.telling.words import Words
from routing import facts, facts_correlate
from routing.instant import to_rfc3339
from routing.lifecycle import Phase
from routing.reasons import Reason, ReasonCode


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the timeline."""

    at: str
    """`recorded_at`, RFC 3339."""
    code: str
    """The fact's tag, or `note`."""
    text: str
    why: str | None = None
    person: str | None = None


Said = tuple[str, Reason | None, str | None]
"""Text, reason, and the person it is about."""


def entries(words: Words, records: Iterable[Record], *, notes: bool) -> list[Entry]:
    """Return the timeline, oldest first; `notes` says whether the reader may read free text."""
    found: list[Entry] = []
    for record in records:
        then = words.as_of(record.recorded_at)
        said = _say(record.fact, then)
        if said is not None:
            found.append(_entry(record, then, said))
        if notes and isinstance(record.fact, facts.CommandEnded):
            found += _note(record, record.fact, words)
        way_in = timeline_locks.way_in(record.fact, words) if notes else None
        if way_in is not None:
            heading, text = way_in
            at = to_rfc3339(record.recorded_at)
            found.append(Entry(at=at, code="entry_note", text=heading, why=text))
    return found


def _entry(record: Record, words: Words, said: Said) -> Entry:
    text, reason, person = said
    return Entry(
        at=to_rfc3339(record.recorded_at),
        code=str(record.fact.__struct_config__.tag),
        text=text,
        why=None if reason is None else words.reason(reason, about_others=True),
        person=person,
    )


def _note(record: Record, ended: facts.CommandEnded, words: Words) -> list[Entry]:
    note = words.names.note(ended.command)
    if note is None:
        return []
    heading = words.text("timeline.note", person=words.person(ended.person))
    at = to_rfc3339(record.recorded_at)
    return [Entry(at=at, code="note", text=heading, why=note, person=ended.person)]


_ABOUT_LATER = frozenset(
    {
        ReasonCode.SAME_TROUBLE_AGAIN,
        ReasonCode.NEXT_CHANNEL,
        ReasonCode.NO_RECEIPT,
        ReasonCode.NOT_SEEN,
        ReasonCode.CHANNEL_LOST,
        ReasonCode.HELP_HAS_COME,
        ReasonCode.HANDOVER_DECLINED,
        ReasonCode.HANDOVER_TIMED_OUT,
    }
)


def why_called(records: Sequence[Record], person: str) -> Reason | None:
    """Return the reason of the latest call to this person, None when they were never called.

    That it rang again or by another channel, or what became of the owner's own asking, says nothing
    of why it rings here, so such a call explains only by itself.
    """
    why: Reason | None = None
    for record in records:
        for page in getattr(record.fact, "pages", ()):
            if page.person == person and (why is None or page.why.code not in _ABOUT_LATER):
                why = page.why
    return why


def _called(pages: tuple[facts.Page, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(page.person for page in pages))


@singledispatch
def _say(fact: facts.Fact, words: Words) -> Said | None:
    """Facts without words here or there (the end of a command, the archive) make no entry."""
    rooms = (timeline_life, timeline_tasks, timeline_correlate, timeline_locks, timeline_reach)
    return next((said for room in rooms if (said := room.say(fact, words)) is not None), None)


@_say.register
def _(fact: facts.AlarmRaised, words: Words) -> Said:
    kind = words.text(f"kind.{fact.kind}")
    return words.text("timeline.alarm.raised", kind=kind), fact.reason, None


@_say.register
def _(fact: facts.AlarmRepeated, words: Words) -> Said:
    kind = words.text(f"kind.{fact.kind}")
    return words.text("timeline.alarm.repeated", kind=kind), fact.reason, None


@_say.register
def _(fact: facts.AlarmAnnotated, words: Words) -> Said:
    kind = words.text(f"kind.{fact.kind}")
    return words.text("timeline.alarm.annotated", kind=kind), fact.reason, None


@_say.register
def _(fact: facts.StepSkipped, words: Words) -> Said:
    return words.text("timeline.step.skipped", step=fact.step + 1), fact.reason, None


@_say.register
def _(fact: facts.StepStarted, words: Words) -> Said:
    people = words.people(_called(fact.pages))
    return words.text("timeline.step.started", people=people), fact.reason, None


@_say.register
def _(fact: facts.RoundEnded, words: Words) -> Said:
    return words.text("timeline.round.ended", round=fact.round), fact.reason, None


@_say.register
def _(fact: facts.Paged, words: Words) -> Said:
    people = words.people(_called(fact.pages))
    return words.text("timeline.alarm.paged", people=people), fact.reason, None


@_say.register
def _(fact: facts.SendEnded, words: Words) -> Said:
    msgid = "timeline.send.delivered" if fact.delivered else "timeline.send.failed"
    person = words.person(fact.person)
    return words.text(msgid, person=person, channel=words.channel(fact.channel)), None, fact.person


@_say.register
def _(fact: facts.AlarmSeen, words: Words) -> Said:
    person = words.person(fact.person)
    return words.text("timeline.alarm.seen", person=person), None, fact.person


@_say.register
def _(fact: facts.AlarmAccepted, words: Words) -> Said:
    person = words.person(fact.person)
    return words.text("timeline.alarm.accepted", person=person), None, fact.person


@_say.register
def _(fact: facts.AlarmRefused, words: Words) -> Said:
    person = words.person(fact.person)
    return words.text("timeline.alarm.refused", person=person), None, fact.person


@_say.register
def _(fact: facts.AlarmProgressed, words: Words) -> Said:
    person = words.person(fact.person)
    if fact.phase is Phase.AT_RESIDENT:
        return words.text("timeline.alarm.at_resident", person=person), None, fact.person
    if fact.due_at is None:
        return words.text("timeline.alarm.on_the_way", person=person), None, fact.person
    due = words.clock(fact.due_at)
    return words.text("timeline.alarm.on_the_way_by", person=person, due=due), None, fact.person


@_say.register
def _(fact: facts.OwnerAsked, words: Words) -> Said:
    people = words.people(_called(fact.pages))
    there = fact.reason.code is ReasonCode.STILL_THERE
    msgid = "timeline.owner.asked_there" if there else "timeline.owner.asked"
    return words.text(msgid, people=people), fact.reason, None


@_say.register
def _(fact: facts.AlarmReopened, words: Words) -> Said:
    return words.text("timeline.alarm.reopened"), fact.reason, None


@_say.register
def _(fact: facts.AlarmClosed, words: Words) -> Said:
    outcome = words.text(f"outcome.{fact.outcome}")
    person = words.person(fact.person)
    msgid = "timeline.alarm.closed"
    return words.text(msgid, person=person, outcome=outcome), None, fact.person


@_say.register
def _(fact: facts_correlate.AlarmMarked, words: Words) -> Said:
    mark = words.text(f"mark.{fact.mark}")
    msgid = "timeline.alarm.marked" if fact.present else "timeline.alarm.unmarked"
    return words.text(msgid, mark=mark), fact.reason, None


@_say.register
def _(fact: facts_correlate.AlarmLowered, words: Words) -> Said:
    severity = words.text(f"severity.{fact.severity.name.lower()}")
    return words.text("timeline.alarm.lowered", severity=severity), fact.reason, None


@_say.register
def _(fact: facts_correlate.AlarmSettled, words: Words) -> Said:
    outcome = words.text(f"outcome.{fact.outcome}")
    return words.text("timeline.alarm.settled", outcome=outcome), fact.reason, None


@_say.register
def _(fact: facts_correlate.IncidentJoined, words: Words) -> Said:
    kind = words.text(f"kind.{fact.kind}")
    msgid = "timeline.incident.joined"
    return words.text(msgid, kind=kind, device=fact.device), fact.reason, None


@_say.register
def _(fact: facts_correlate.VisitAsked, words: Words) -> Said:
    return words.text("timeline.visit.asked"), fact.reason, None
