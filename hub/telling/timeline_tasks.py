"""Facts about tasks in words, for `hub.telling.timeline`."""

from functools import singledispatch

from hub.telling.words import Words
from routing.facts import Fact
from routing.reasons import Reason
from routing.tasks import facts

Said = tuple[str, Reason | None, str | None]
"""Text, reason, and the person it is about."""


@singledispatch
def say(fact: Fact, words: Words) -> Said | None:
    """Facts without words (the end of a command, the archive) make no entry."""
    return None


def _people(words: Words, fact: facts.TaskOffered | facts.TaskUntaken | facts.TaskPaged) -> str:
    return words.people(tuple(dict.fromkeys(page.person for page in fact.pages)))


@say.register
def _(fact: facts.TaskMade, words: Words) -> Said:
    kind = words.text(f"task.kind.{fact.kind}")
    window = {"start": words.clock(fact.start), "end": words.as_of(fact.start).clock(fact.end)}
    if fact.duty is not None:
        times = fact.duty.from_at, fact.duty.to_at
        window = dict(zip(("start", "end"), map(words.day_clock, times), strict=True))
    return words.text("timeline.task.made", kind=kind, **window), fact.reason, fact.maker


@say.register
def _(fact: facts.TaskHeld, words: Words) -> Said:
    due = words.clock(fact.due_at)
    return words.text("timeline.task.held", due=due), fact.reason, None


@say.register
def _(fact: facts.TaskOffered, words: Words) -> Said:
    people = _people(words, fact)
    return words.text("timeline.task.offered", people=people), fact.reason, None


@say.register
def _(fact: facts.TaskUntaken, words: Words) -> Said:
    people = _people(words, fact)
    return words.text("timeline.task.untaken", people=people), fact.reason, None


@say.register
def _(fact: facts.TaskPaged, words: Words) -> Said:
    people = _people(words, fact)
    return words.text("timeline.task.paged", people=people), fact.reason, None


@say.register
def _(fact: facts.TaskSendEnded, words: Words) -> Said:
    msgid = "timeline.send.delivered" if fact.delivered else "timeline.send.failed"
    person = words.person(fact.person)
    return words.text(msgid, person=person, channel=words.channel(fact.channel)), None, fact.person


@say.register
def _(fact: facts.TaskAccepted, words: Words) -> Said:
    msgid = "timeline.task.accepted" if fact.enough else "timeline.task.accepted_more"
    return words.text(msgid, person=words.person(fact.person)), None, fact.person


@say.register
def _(fact: facts.TaskRefused, words: Words) -> Said:
    person = words.person(fact.person)
    return words.text("timeline.task.refused", person=person), None, fact.person


@say.register
def _(fact: facts.TaskReturned, words: Words) -> Said:
    return words.text("timeline.task.returned"), fact.reason, fact.person


@say.register
def _(fact: facts.TaskDone, words: Words) -> Said:
    outcome = words.text(f"task.outcome.{fact.outcome}")
    person = words.person(fact.person)
    return words.text("timeline.task.done", person=person, outcome=outcome), None, fact.person


@say.register
def _(fact: facts.TaskViewed, words: Words) -> Said:
    person = words.person(fact.person)
    return words.text("timeline.task.viewed", person=person), None, fact.person


@say.register
def _(fact: facts.TaskOverdue, words: Words) -> Said:
    return words.text("timeline.task.overdue"), fact.reason, None


@say.register
def _(fact: facts.TaskCancelled, words: Words) -> Said:
    return words.text("timeline.task.cancelled"), fact.reason, fact.person
