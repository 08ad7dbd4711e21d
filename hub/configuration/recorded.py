"""What a journal says now: its state, and the configuration in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from hub.configuration.compile import Compiled
from hub.configuration.describe import describe
from hub.configuration.difference import Change, Difference, difference
from hub.configuration.model import MunicipalityFile
from hub.journal.port import JournalReader, NoJournal
from hub.journal.resume import resume
from hub.journal.sqlite import open_reader
from routing.concerned import concerned
from routing.evolve import evolve
from routing.facts import ConfigurationRemoved
from routing.state import State

AUTHOR = "file"
"""Who the facts of an applied file are by."""


@dataclass(slots=True)
class Recorded:
    """A journal folded as far as it has been read."""

    journal: JournalReader
    state: State = field(default_factory=State)

    def catch_up(self) -> None:
        """Fold in what has been committed since."""
        while records := self.journal.read(self.state.seq):
            for record in records:
                self.state = evolve(self.state, record)

    def difference(self, wanted: Compiled, key: bytes, author: str = AUTHOR) -> Difference:
        """Return what makes the journal say what is wanted, as facts of the author's."""
        body = self.journal.document
        return difference(self.state.registry, body, wanted, key, author)

    def described(self) -> MunicipalityFile:
        """Return the configuration as a file's model; NothingConfigured when there is none."""
        return describe(self.state.registry, self.journal.document)


class Needed(NamedTuple):
    """A person or a resident whom an open alarm needs."""

    section: str
    id: str


def recorded(journal: JournalReader) -> Recorded:
    """Return the journal folded up to now."""
    return Recorded(journal, resume(journal).state)


def read_difference(
    path: Path, municipality: str, wanted: Compiled, key: bytes
) -> tuple[Difference, list[Needed]]:
    """Return the difference, and whom it would remove while an open alarm needs them.

    Writes nothing, not even an empty journal.
    """
    try:
        journal = open_reader(path, municipality)
    except NoJournal:
        return difference(State().registry, lambda *_: None, wanted, key, AUTHOR), []
    try:
        now = recorded(journal)
        found = now.difference(wanted, key)
        return found, still_needed(now.state, found.changes)
    finally:
        journal.close()


def still_needed(state: State, changes: Sequence[Change]) -> list[Needed]:
    """Return whom the changes remove while they own an open alarm, or while it is about them: then
    nobody would be told where to go."""
    gone = (c for c in changes if isinstance(c, ConfigurationRemoved))
    removed = {(change.section, change.id) for change in gone}
    alarms = [a for a in state.alarms.values() if a.closed_at is None]
    needed = {("person", a.owner) for a in alarms}
    needed |= {("resident", home) for a in alarms for home in (a.resident, *concerned(a))}
    return sorted(Needed(section, id) for section, id in needed if id and (section, id) in removed)


def merged(recorded_now: MunicipalityFile, file: MunicipalityFile) -> MunicipalityFile:
    """Return the journal's configuration with the sections that the file manages for good."""
    sections = ((str(section), getattr(file, section)) for section in file.managed_by)
    return recorded_now.model_copy(update={**dict(sections), "managed_by": file.managed_by})
