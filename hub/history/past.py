"""All records about something: from history as far as that goes, then from the journal."""

from collections.abc import Collection, Iterator

from hub.history.sqlite import History
from hub.history.subject import CONFIGURATION, subject
from hub.journal.port import Cursor, JournalReader, Record
from routing.facts import AlarmRaised


def everything(
    journal: JournalReader, after: Cursor, upto: Cursor | None = None
) -> Iterator[Record]:
    """Yield the journal's records after a cursor, to the end or up to another. Removed."""
    while records := journal.read(after):
        for record in records:
            if upto is not None and record.seq > upto:
                return
            yield record
        after = records[-1].seq


def about(journal: JournalReader, history: History | None, id: str) -> Iterator[Record]:
    """Yield the configuration and what happened to one alarm or task (or `subject.person`), in
    order.

    `evolve` makes of these records the same alarm and the same configuration as of all of them.
    Removed where history does not reach the journal's beginning.
    """
    position = 0 if history is None else history.position
    if history is not None:
        yield from history.about((CONFIGURATION, id), position)
    for record in everything(journal, position):
        if subject(record.fact) in {CONFIGURATION, id}:
            yield record


def memory(
    journal: JournalReader, history: History | None, ids: Collection[str], upto: Cursor
) -> Iterator[Record]:
    """Yield what is still told of a state at that cursor: the records of the ids, the removals, and
    besides them whatever history has not read yet."""
    position = journal.start()
    if history is not None and history.position >= position:
        position = min(history.position, upto)
        yield from history.removals(position)
        yield from history.about(ids, position)
    yield from everything(journal, position, upto)


def latest(journal: JournalReader, history: History | None, count: int) -> list[str]:
    """Return the alarms raised last, newest first."""
    position = journal.start() if history is None else history.position
    fresh = [r.fact.alarm for r in everything(journal, position) if isinstance(r.fact, AlarmRaised)]
    older = [] if history is None else history.latest(count)
    return [*fresh[::-1], *older][:count]
