"""What every journal promises, whichever way it stores (hub/journal/port.py)."""

import asyncio
import random
from collections.abc import Callable
from contextlib import aclosing

import pytest

from hub.journal.port import (
    AnotherWriter,
    Checkpoint,
    Document,
    Journal,
    JournalBroken,
    JournalReader,
    Removed,
)
from hub.journal.sqlite_saving import PART
from routing.facts import EventRecorded
from tests.journal.labs import Lab, press


def events(reader: JournalReader, after: int = 0, limit: int = 1000) -> list[tuple[int, str]]:
    return [
        (record.seq, record.fact.event)
        for record in reader.read(after, limit)
        if isinstance(record.fact, EventRecorded)
    ]


async def test_appends_are_numbered_from_one_in_the_order_they_were_made(lab: Lab) -> None:
    journal = lab.writer()
    first = journal.append([press("a"), press("b")], at=100)
    second = journal.append([press("c")], at=200)
    assert not first.done()
    assert (await second, await first) == (3, 2)
    assert events(journal) == [(1, "a"), (2, "b"), (3, "c")]
    assert [record.recorded_at for record in journal.read(0)] == [100, 100, 200]
    assert journal.head() == 3
    journal.close()


async def test_reading_starts_after_the_cursor_and_stops_at_the_limit(lab: Lab) -> None:
    journal = lab.writer()
    await journal.append([press(letter) for letter in "abcde"], at=1)
    assert events(lab.reader(), after=1, limit=2) == [(2, "b"), (3, "c")]
    assert events(lab.reader(), after=5) == []
    journal.close()


async def test_facts_come_back_as_they_were_after_a_restart(lab: Lab) -> None:
    journal = lab.writer()
    await journal.append([press("a")], at=7)
    journal.close()
    again = lab.writer()
    assert again.read(0)[0].fact == press("a")
    assert await again.append([press("b")], at=7) == 2
    again.close()


async def test_a_thousand_appends_at_once_leave_no_gap(lab: Lab) -> None:
    journal = lab.writer()
    futures = [journal.append([press(str(number))], at=number) for number in range(1000)]
    assert await asyncio.gather(*futures) == list(range(1, 1001))
    assert events(journal) == [(number + 1, str(number)) for number in range(1000)]
    journal.close()


async def test_recorded_at_never_decreases_within_a_life_or_over_a_restart(lab: Lab) -> None:
    journal = lab.writer()
    await journal.append([press("a")], at=100)
    with pytest.raises(ValueError, match="99 after 100"):
        journal.append([press("b")], at=99)
    journal.close()
    again = lab.writer()
    with pytest.raises(ValueError, match="99 after 100"):
        again.append([press("b")], at=99)
    assert await again.append([press("c")], at=100) == 2
    again.close()


async def test_two_partitions_know_nothing_of_each_other(lab: Lab) -> None:
    solvik, fjellby = lab.writer("solvik"), lab.writer("fjellby")
    await solvik.append([press("s")], 1, [Document("note", "1", b"solvik")])
    await fjellby.append([press("f"), press("g")], 1)
    assert (events(solvik), events(fjellby)) == ([(1, "s")], [(1, "f"), (2, "g")])
    assert fjellby.document("note", "1") is None
    assert (solvik.partition, fjellby.partition) == ("solvik", "fjellby")
    solvik.close()
    fjellby.close()


async def test_a_document_comes_with_its_facts_and_can_be_replaced_and_erased(lab: Lab) -> None:
    journal = lab.writer()
    await journal.append([press("a")], 1, [Document("note", "n1", b"first")])
    assert lab.reader().document("note", "n1") == b"first"
    await journal.append([press("b")], 2, [Document("note", "n1", b"second")])
    assert lab.reader().document("note", "n1") == b"second"
    assert await journal.append([], 3, [Document("note", "n1", None)]) == 2
    assert lab.reader().document("note", "n1") is None
    assert events(journal) == [(1, "a"), (2, "b")]
    journal.close()


async def test_of_writes_to_one_document_in_one_commit_the_last_stands(lab: Lab) -> None:
    journal = lab.writer()
    journal.append([], 1, [Document("note", "kept", None), Document("note", "kept", b"1")])
    journal.append([], 1, [Document("note", "gone", b"1"), Document("note", "kept", b"2")])
    await journal.append([], 1, [Document("note", "gone", None)])
    assert (journal.document("note", "kept"), journal.document("note", "gone")) == (b"2", None)
    journal.close()


async def test_a_checkpoint_takes_the_place_of_the_earlier_one(lab: Lab) -> None:
    journal = lab.writer()
    assert journal.load_checkpoint("presence") is None
    journal.save_checkpoint(Checkpoint("presence", 5, b"old"))
    journal.save_checkpoint(Checkpoint("history", 6, b"other"))
    await journal.save_checkpoint(Checkpoint("presence", 9, b"new"))
    assert lab.reader().load_checkpoint("presence") == Checkpoint("presence", 9, b"new")
    assert lab.reader().load_checkpoint("history") == Checkpoint("history", 6, b"other")
    journal.close()


async def test_a_checkpoint_of_any_size_comes_back_whole_whatever_came_before(lab: Lab) -> None:
    journal = lab.writer()
    for seq, size in enumerate((0, 3 * PART + 1, 1, PART, PART + 1, 2 * PART, 7 * PART - 1, 5), 1):
        body = random.Random(seq).randbytes(size)
        await journal.save_checkpoint(Checkpoint("other", seq, body[::-1]))
        await journal.save_checkpoint(Checkpoint("state", seq, body))
        assert lab.reader().load_checkpoint("state") == Checkpoint("state", seq, body)
        assert lab.reader().load_checkpoint("other") == Checkpoint("other", seq, body[::-1])
    journal.close()


async def test_checkpoints_never_overtake_each_other(lab: Lab) -> None:
    journal = lab.writer()
    journal.save_checkpoint(Checkpoint("state", 1, b"large" * PART))
    journal.save_checkpoint(Checkpoint("state", 2, b"small"))
    journal.save_checkpoint(Checkpoint("before", 3, b"also large" * PART))
    journal.close()
    assert lab.reader().load_checkpoint("state") == Checkpoint("state", 2, b"small")
    assert lab.reader().load_checkpoint("before") == Checkpoint("before", 3, b"also large" * PART)


async def collect(reader: JournalReader, after: int, until: int) -> list[int]:
    found: list[int] = []
    async with aclosing(reader.tail(after)) as tail:  # type: ignore[type-var]
        async for records in tail:
            found += [record.seq for record in records]
            if found[-1] >= until:
                break
    return found


@pytest.mark.parametrize("chosen", ["the writer itself", "a reader"])
async def test_a_tail_gives_each_record_once_while_appends_go_on(lab: Lab, chosen: str) -> None:
    journal = lab.writer()
    await journal.append([press("before")] * 5, at=1)
    reader = journal if chosen == "the writer itself" else lab.reader()
    tails = [asyncio.create_task(collect(reader, after, until=1205)) for after in (0, 3, 5)]
    for _ in range(400):
        await journal.append([press("during")] * 3, at=2)
    assert await asyncio.gather(*tails) == [
        list(range(1, 1206)),
        list(range(4, 1206)),
        list(range(6, 1206)),
    ]
    journal.close()


async def test_a_second_writer_is_refused_until_the_first_has_closed(lab: Lab) -> None:
    journal = lab.writer()
    with pytest.raises(AnotherWriter, match="stop it first"):
        lab.writer()
    journal.close()
    lab.writer().close()


async def test_a_writer_stops_when_somebody_else_has_appended(lab: Lab) -> None:
    journal = lab.writer()
    await journal.append([press("a")], at=1)
    lab.intrude(seq=2)
    with pytest.raises(AnotherWriter):
        await journal.append([press("b")], 1, [Document("note", "1", b"lost")])
    with pytest.raises(AnotherWriter):
        await journal.append([press("c")], at=1)
    assert (lab.reader().head(), journal.document("note", "1")) == (2, None)
    journal.close()


async def test_a_failed_commit_fails_every_later_append(lab: Lab) -> None:
    journal = lab.writer()
    await journal.append([press("a")], at=1)
    with lab.full_disk(), pytest.raises(JournalBroken):
        await journal.append([press("b")], 1, [Document("note", "1", b"lost")])
    with pytest.raises(JournalBroken):
        await journal.append([press("c")], at=1)
    with pytest.raises(JournalBroken):
        await journal.save_checkpoint(Checkpoint("presence", 1, b"x"))
    journal.close()
    assert events(lab.reader()) == [(1, "a")]
    assert lab.reader().document("note", "1") is None


async def test_stored_facts_are_lifted_when_they_are_read(lab: Lab) -> None:
    journal = lab.writer()
    await journal.append([press("a")], at=1)
    journal.close()
    reader = lab.reader({("event.recorded", 1): lambda raw: raw | {"adapter": "lifted"}})
    assert [getattr(record.fact, "adapter", "") for record in reader.read(0)] == ["lifted"]


async def test_a_fact_that_no_version_wrote_is_named_by_its_number(lab: Lab) -> None:
    journal = lab.writer()
    await journal.append([press("a")], at=1)
    journal.close()
    broken: Callable[[dict[str, object]], dict[str, object]] = lambda raw: raw | {"kind": "?"}  # noqa: E731
    with pytest.raises(JournalBroken, match=r"record 1 \(event.recorded version 1\)"):
        lab.reader({("event.recorded", 1): broken}).read(0)


async def test_closing_commits_what_is_queued_and_then_takes_no_more(lab: Lab) -> None:
    journal = lab.writer()
    future = journal.append([press("a")], at=1)
    journal.close()
    assert await future == 1
    with pytest.raises(RuntimeError, match="closed"):
        journal.append([press("b")], at=1)
    assert events(lab.reader()) == [(1, "a")]


async def test_an_append_whose_caller_gave_up_is_committed_all_the_same(lab: Lab) -> None:
    journal = lab.writer()
    journal.append([press("a")], at=1).cancel()
    assert await journal.append([press("b")], at=1) == 2
    assert events(journal) == [(1, "a"), (2, "b")]
    journal.close()


def test_the_implementations_are_journals(lab: Lab) -> None:
    journal: Journal = lab.writer()
    assert journal.head() == 0
    journal.close()


async def with_two_checkpoints(lab: Lab) -> Journal:
    """A journal of ten facts, with both checkpoints of the state at its end."""
    journal = lab.writer()
    for number in range(1, 11):
        await journal.append([press(str(number))], at=number)
    for name in ("state", "state.before"):
        await journal.save_checkpoint(Checkpoint(name, 10, b""))
    return journal


async def test_the_oldest_records_can_be_removed_a_few_at_a_time(lab: Lab) -> None:
    journal = await with_two_checkpoints(lab)
    assert (journal.start(), lab.reader().start()) == (0, 0)
    await journal.remove(6, limit=4)
    assert (journal.start(), lab.reader().start(), journal.head()) == (4, 4, 10)
    await journal.remove(6, limit=4)
    assert events(lab.reader(), after=6) == [(7, "7"), (8, "8"), (9, "9"), (10, "10")]
    await journal.remove(6, limit=4)
    assert (journal.start(), journal.head()) == (6, 10)
    journal.close()


async def test_numbers_and_time_go_on_after_a_removal_and_a_restart(lab: Lab) -> None:
    journal = await with_two_checkpoints(lab)
    await journal.remove(9, limit=100)
    journal.close()
    again = lab.writer()
    with pytest.raises(ValueError, match="9 after 10"):
        again.append([press("early")], at=9)
    assert await again.append([press("11")], at=10) == 11
    assert (again.start(), again.head()) == (9, 11)
    again.close()


async def test_the_last_record_stays(lab: Lab) -> None:
    journal = await with_two_checkpoints(lab)
    with pytest.raises(ValueError, match="the last record stays: 10 is not before 10"):
        journal.remove(10, limit=1)
    assert events(journal, after=9) == [(10, "10")]
    journal.close()


@pytest.mark.parametrize("after", [0, 3])
async def test_who_asks_for_removed_records_is_told_so(lab: Lab, after: int) -> None:
    journal = await with_two_checkpoints(lab)
    await journal.remove(4, limit=100)
    told = f"the journal of solvik begins after record 4; those after {after} have been removed"
    with pytest.raises(Removed, match=told) as caught:
        lab.reader().read(after)
    assert caught.value.start == 4
    with pytest.raises(Removed):
        await collect(lab.reader(), after, until=10)
    assert await collect(lab.reader(), after=4, until=10) == [5, 6, 7, 8, 9, 10]
    journal.close()


async def test_a_tail_that_was_overtaken_by_the_cut_says_so(lab: Lab) -> None:
    journal = lab.writer()
    await journal.append([press("a")] * 1500, at=1)
    for name in ("state", "state.before"):
        await journal.save_checkpoint(Checkpoint(name, 1500, b""))
    async with aclosing(lab.reader().tail(0)) as tail:  # type: ignore[type-var]
        assert (await anext(tail))[-1].seq == 1000
        await journal.remove(1200, limit=2000)
        with pytest.raises(Removed, match="begins after record 1200"):
            await anext(tail)
    journal.close()


async def test_appends_and_removals_queued_together_all_happen(lab: Lab) -> None:
    journal = await with_two_checkpoints(lab)
    ends = [journal.append([press(str(n))], at=n) for n in (11, 12)]
    removed = [journal.remove(5, limit=2), journal.remove(5, limit=2)]
    last = journal.append([press("13")], at=13)
    await asyncio.gather(*removed)
    assert await asyncio.gather(*ends, last) == [11, 12, 13]
    assert (journal.start(), journal.head()) == (4, 13)
    journal.close()
