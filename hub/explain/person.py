"""What has been recorded about one person's being reached and on duty, from history and journal:
for the person who asks for it. What they did with alarms and tasks is told with those."""

from collections.abc import Iterator

from hub.explain.steps import Step, Steps
from hub.history import past
from hub.history.sqlite import History
from hub.history.subject import person as filed_under
from hub.history.subject import subject
from hub.journal.port import JournalReader, Record
from hub.telling.names import Names
from hub.telling.words import Words
from hub.text import Catalogue
from routing.evolve import evolve
from routing.facts import ConfigurationRemoved, ConfigurationSet
from routing.state import State


class NothingRecorded(LookupError):
    """Nothing about the person is recorded; perhaps there is none of that id."""


def explain_person(
    journal: JournalReader, person: str, text: Catalogue, history: History | None = None
) -> list[Step]:
    """Return it in one reader's language, the oldest first. NothingRecorded.

    Removed when the journal has been cut and there is no history that goes on to it.
    """
    state, found = State(), list[Record]()
    for record in past.about(journal, history, filed_under(person)):
        if isinstance(record.fact, ConfigurationSet | ConfigurationRemoved):
            evolve(state, record)
        elif subject(record.fact) == filed_under(person):
            found.append(record)
    if not found:
        raise NothingRecorded(person)
    return Steps(Words(text, Names(journal), state.registry), sends=False).of(found)


def person_lines(person: str, steps: list[Step], text: Catalogue) -> Iterator[str]:
    """Yield it as plain text."""
    yield text("explain.person", person=person)
    for step in steps:
        yield f"{step.local}  {step.text}"
