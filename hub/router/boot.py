"""Coming up: state from the latest checkpoint and the facts after it, presence with the hub's own
downtime taken out. Replay calls only `evolve`."""

import logging
from collections.abc import Iterator

import msgspec

from hub.journal.port import Checkpoint, Journal, JournalReader, Record
from hub.journal.resume import resume as fold
from routing.facts import EventRecorded
from routing.instant import Instant
from routing.presence import Presence, recall, resume
from routing.snapshot import restore_presence, take_presence
from routing.state import State

log = logging.getLogger(__name__)

PRESENCE = "presence"
LONG_REPLAY = 20_000
"""After replaying this many facts a checkpoint is worth its cost at once."""


def load_state(journal: JournalReader) -> tuple[State, int]:
    """Return the state that the journal says, and how many facts were replayed for it.

    WrongJournal when neither a checkpoint nor the records are there to make it of.
    """
    found = fold(journal)
    for why in found.refused:
        log.warning("%s", why)
    return found.state, found.replayed


def _after(journal: JournalReader, seq: int) -> Iterator[Record]:
    while records := journal.read(seq):
        yield from records
        seq = records[-1].seq


def load_presence(journal: JournalReader, state: State, at: Instant) -> Presence:
    """Return the signs of life as last kept, moved by the time the hub was away."""
    kept = journal.load_checkpoint(PRESENCE)
    presence, taken_at = _taken_up(kept) or (Presence(), at)
    for record in _after(journal, kept.seq) if kept else ():
        if isinstance(record.fact, EventRecorded):
            recall(presence, state.registry, record.fact, record.recorded_at)
    resume(presence, state.registry, max(taken_at, state.recorded_at), at)
    return presence


def _taken_up(kept: Checkpoint | None) -> tuple[Presence, Instant] | None:
    """Return what was kept; None without it, or when it is damaged: a hub that did not start for
    that would hear nobody."""
    if kept is None:
        return None
    try:
        return restore_presence(kept.body)
    except msgspec.DecodeError as error:
        log.warning(
            "the kept signs of life are damaged (%s): every device is watched anew from now on, so "
            "one that is silent already is told later; look at the disk",
            error,
        )
        return None


def keep_presence(journal: Journal, state: State, presence: Presence, at: Instant) -> None:
    """Queue a checkpoint of the signs of life.

    Also at the start, before any fact of this life: otherwise a crash soon after would measure its
    downtime from such a fact, and blame the devices for the downtime before it (invariant 11).
    """
    journal.save_checkpoint(Checkpoint(PRESENCE, state.seq, take_presence(presence, at)))
