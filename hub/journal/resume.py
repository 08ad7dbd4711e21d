"""The state that a journal says: its newest usable checkpoint, and the records after it.

Replay calls only `evolve`. Everybody who needs the state comes up this way: the router, the pages,
and the commands that compare a file with the journal.
"""

from typing import NamedTuple

from hub.journal.kept import Latest, latest
from hub.journal.port import JournalReader, WrongJournal
from routing.evolve import evolve
from routing.state import State


class Resumed(NamedTuple):
    """The state as of the journal's last record."""

    state: State
    replayed: int
    """Records that were folded in after the checkpoint."""
    refused: tuple[str, ...]
    """What is wrong with checkpoints that were not used."""


def resume(journal: JournalReader) -> Resumed:
    """Return the state. WrongJournal when there is no way to it any more."""
    state, refused = begin(journal)
    replayed = 0
    while records := journal.read(state.seq):
        for record in records:
            evolve(state, record)
        replayed += len(records)
    return Resumed(state, replayed, refused)


def begin(journal: JournalReader) -> Latest:
    """Return the state of the newest usable checkpoint; WrongJournal when none is usable and the
    records that would make up for it have been removed."""
    found = latest(journal)
    start = journal.start()
    if found.state.seq < start:
        why = "; ".join(found.refused) or "there is no checkpoint"
        raise WrongJournal(
            f"the journal of {journal.partition} begins after record {start} and has no usable "
            f"checkpoint ({why}): start the version of Varde that wrote it, or restore the backup"
        )
    return found
