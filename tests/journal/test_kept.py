"""Checkpoints of the state: the newest usable one counts, whatever has become of the others."""

import json
from collections.abc import Callable

import pytest

from hub.journal.kept import pack
from hub.journal.memory import MemoryJournal, MemoryStore, open_writer
from hub.journal.port import Checkpoint, WrongJournal
from hub.journal.resume import resume
from routing.evolve import evolve
from routing.snapshot import freeze, pieces, take
from routing.state import State
from tests.journal.labs import press

Harm = Callable[[Checkpoint], bytes]


async def ten(store: MemoryStore) -> MemoryJournal:
    """Ten facts, the state kept at the fourth and the eighth."""
    journal, state = open_writer(store), State()
    for number in range(1, 11):
        await journal.append([press(str(number))], at=number)
        evolve(state, journal.read(number - 1)[0])
        if number in {4, 8}:
            name = {4: "state", 8: "state.before"}[number]
            body = pack(number, list(pieces(freeze(state))))
            await journal.save_checkpoint(Checkpoint(name, number, body))
    return journal


async def harm(journal: MemoryJournal, name: str, how: Harm) -> None:
    kept = journal.load_checkpoint(name)
    assert kept is not None
    await journal.save_checkpoint(Checkpoint(name, kept.seq, how(kept)))


def flipped(kept: Checkpoint) -> bytes:
    return kept.body[:-1] + bytes([kept.body[-1] ^ 1])


def of_older_version(kept: Checkpoint) -> bytes:
    """What was kept before there were two of them: the snapshot alone."""
    return take(State(seq=kept.seq))


def of_other_format(kept: Checkpoint) -> bytes:
    import zlib
    from hashlib import sha256

    packed = zlib.compress(json.dumps({"format": 9}).encode())
    what = f"varde-state 2 9 {kept.seq} "
    return f"{what}{sha256(what.encode() + packed).hexdigest()}\n".encode() + packed


def of_another_place(kept: Checkpoint) -> bytes:
    """Sound in itself, and of another number than it stands under."""
    return pack(3, [take(State(seq=3))])


HARMS: list[tuple[Harm, str]] = [
    (flipped, "it is damaged: its digest does not fit"),
    (lambda kept: kept.body[:-10], "it is damaged: its digest does not fit"),
    (lambda kept: b"", "it was written by another version, or its beginning is damaged"),
    (of_older_version, "it was written by another version, or its beginning is damaged"),
    (of_other_format, "its format is 9, this version reads 1"),
    (of_another_place, "it is damaged: its digest does not fit"),
    (lambda kept: pack(kept.seq, [b"{]"]), "it cannot be read"),
    (lambda kept: pack(kept.seq, [b'{"format":1}']), "it cannot be read"),
]


async def test_the_newest_one_is_where_it_begins() -> None:
    journal = await ten(MemoryStore("solvik"))
    found = resume(journal)
    assert (found.state.seq, found.replayed, found.refused) == (10, 2, ())
    assert found.state.events == {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}


@pytest.mark.parametrize(("how", "why"), HARMS, ids=range(len(HARMS)))
async def test_one_that_is_no_good_is_told_and_the_one_before_counts(how: Harm, why: str) -> None:
    journal = await ten(MemoryStore("solvik"))
    whole = resume(journal).state
    await harm(journal, "state.before", how)
    found = resume(journal)
    assert (found.state, found.replayed) == (whole, 6)
    (refused,) = found.refused
    assert refused.startswith(f"the checkpoint at record 8 is not used: {why}")


async def test_without_any_all_is_replayed() -> None:
    journal = await ten(MemoryStore("solvik"))
    whole = resume(journal).state
    for name in ("state", "state.before"):
        await harm(journal, name, flipped)
    found = resume(journal)
    assert (found.state, found.replayed, len(found.refused)) == (whole, 10, 2)


async def test_one_ahead_of_the_journal_is_not_believed() -> None:
    journal = await ten(MemoryStore("solvik"))
    body = pack(11, list(pieces(freeze(State(seq=11)))))
    await journal.save_checkpoint(Checkpoint("state", 11, body))
    found = resume(journal)
    assert (found.state.seq, found.replayed) == (10, 2)
    assert found.refused == (
        "the checkpoint at record 11 is not used: the journal goes from 0 to 10",
    )


async def test_when_neither_records_nor_checkpoint_are_left_it_says_what_to_do() -> None:
    journal = await ten(MemoryStore("solvik"))
    await journal.remove(4, limit=100)
    await harm(journal, "state.before", flipped)
    assert resume(journal).replayed == 6
    await harm(journal, "state", flipped)
    with pytest.raises(WrongJournal, match=r"begins after record 4.*restore the backup"):
        resume(journal)
