"""(e) The journal after a year: coming up with a million facts, and appends while it is cut."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from msgspec.structs import replace

from hub.history.follow import Follower
from hub.history.sqlite import History, open_history
from hub.journal.port import Checkpoint, Journal
from hub.journal.resume import resume
from hub.journal.sqlite import SqliteJournal, open_reader, open_writer
from hub.router.boot import PRESENCE, keep_presence
from hub.router.cutter import PAUSE_S, ROWS, Cutter
from hub.router.keeper import FACTS, Keeper
from hub.web.live import Live
from routing.facts import (
    AlarmAccepted,
    AlarmArchived,
    AlarmClosed,
    AlarmRaised,
    AnyFact,
    EventRecorded,
    SendEnded,
    StepStarted,
)
from routing.instant import DAY, Instant
from routing.kinds import Category, Kind, Severity
from routing.lifecycle import OutcomeCode
from routing.presence import Presence
from routing.reasons import ReasonCode, because
from tests.bench.figures import quantile, show

WHY = because(ReasonCode.KIND_RAISES, kind=Kind.HELP_PRESSED)
IN_MEMORY = 2000
"""Closed alarms that are not archived yet."""
OLD: Instant = 200 * DAY
SAMPLES, GAP_S = 800, 0.005


def _alarm(number: int) -> list[AnyFact]:
    """Eight facts of one alarm, the last of them the archive of an earlier one."""
    id, event = f"solvik-{number}", f"e{number:016x}"
    raised = AlarmRaised(
        alarm=id,
        event=event,
        kind=Kind.HELP_PRESSED,
        category=Category.HELP,
        severity=Severity.HIGH,
        subject="scaip:1",
        policy="plain",
        received_at=1,
        reason=WHY,
    )
    heard = EventRecorded(
        event=event, kind=Kind.HELP_PRESSED, subject="scaip:1", received_at=1, adapter="scaip"
    )
    send = f"{id}:1.1:anna:webhook-1"
    facts: list[AnyFact] = [
        heard,
        raised,
        StepStarted(alarm=id, round=1, step=0, pages=(), due_at=DAY, reason=WHY),
        SendEnded(
            alarm=id, send=send, person="anna", channel="webhook-1", delivered=True, code="http-200"
        ),
        AlarmAccepted(alarm=id, person="anna", due_at=DAY),
        AlarmClosed(alarm=id, person="anna", outcome=OutcomeCode.TALK),
    ]
    if number >= IN_MEMORY:
        facts.append(AlarmArchived(alarm=f"solvik-{number - IN_MEMORY}"))
    return facts


def _facts(count: int) -> Iterator[tuple[Instant, list[AnyFact]]]:
    """Yield appends of some hundred facts, spread evenly over the days before now."""
    made, number = 0, 0
    while made < count:
        batch = [fact for n in range(number, number + 64) for fact in _alarm(n)]
        made, number = made + len(batch), number + 64
        yield OLD * made // count, batch


async def measure(folder: Path, facts: int) -> None:
    """Measure once and print both tables."""
    path = folder / "cut.sqlite"
    journal = open_writer(path, "bench")
    for at, batch in _facts(facts):
        await journal.append(batch, at)
    with closing(open_history(folder / "cut.history", "bench", "rwc")) as history:
        await _boots(path, journal, history)
        await _appends(journal, history)
    journal.close()


async def _boots(path: Path, journal: SqliteJournal, history: History) -> None:
    head = journal.head()
    rows = [("router, all facts replayed", _timed(lambda: resume(journal)))]
    rows.append(("web, all facts replayed", await _web(path, None)))
    state = resume(journal).state
    keeper = Keeper(journal, state, lambda: state.recorded_at)
    began = time.perf_counter()
    await keeper.keep()
    rows.append(("one checkpoint written, beside the loop", time.perf_counter() - began))
    keep_presence(journal, state, Presence(), state.recorded_at)
    follower = Follower(open_reader(path, "bench"), history)
    began = time.perf_counter()
    while follower.step():
        pass
    per_s = head / (time.perf_counter() - began)
    rows.append(("router, from the checkpoint", _timed(lambda: resume(journal))))
    for at, batch in islice(_facts(FACTS), 10_000):
        unlike = [_renamed(fact) for fact in batch if not isinstance(fact, AlarmArchived)]
        await journal.append(unlike, OLD + at)
    tail = journal.head() - head
    rows.append((f"router, from it and {tail} facts", _timed(lambda: resume(journal))))
    rows.append((f"web, from it, history and {tail} facts", await _web(path, history)))
    state = resume(journal).state
    await Keeper(journal, state, lambda: state.recorded_at).keep()
    show(
        f"coming up, {head} facts ({per_s:.0f}/s taken up by history)",
        ("what", "s"),
        [(name, f"{took_s:.2f}") for name, took_s in rows],
    )


def _renamed(fact: AnyFact) -> AnyFact:
    names = {name: f"z-{getattr(fact, name)}" for name in ("alarm", "event") if hasattr(fact, name)}
    return replace(fact, **names)


def _timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


async def _web(path: Path, history: History | None) -> float:
    with closing(open_reader(path, "bench")) as reader:
        live = Live(reader, history=history)
        began = time.perf_counter()
        following = asyncio.ensure_future(live.follow())
        while not live.ready:
            await live.news(live.cursor, timeout_s=1)
        took_s = time.perf_counter() - began
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    return took_s


async def _appends(journal: Journal, history: History) -> None:
    """Interleave: without a cut, at the pace of production, without any pause."""
    presence = Checkpoint(PRESENCE, journal.head(), b"")
    await journal.save_checkpoint(presence)
    took: dict[str, list[float]] = {}
    passed = {"history": lambda: history.position}
    cutter = Cutter(journal, DAY, passed, lambda: 2 * OLD)
    paces = {"no cut": None, f"{ROWS} facts every {PAUSE_S:g} s": PAUSE_S, "without a pause": 0.0}
    start = journal.start()
    alone = [1000 * await _removal(journal) for _ in range(200)]
    for _ in range(3):
        for name, pause_s in paces.items():
            cutting = None if pause_s is None else asyncio.ensure_future(cutter.cut(pause_s))
            took.setdefault(name, []).extend(await _append_one_by_one(journal))
            if cutting is not None:
                cutting.cancel()
                await asyncio.gather(cutting, return_exceptions=True)
    rows = [
        (name, *(f"{quantile(ms, part):.2f}" for part in (0.5, 0.99, 1.0)))
        for name, ms in [*took.items(), (f"one removal of {ROWS} by itself", alone)]
    ]
    show(
        f"append to durable while the journal is cut, ms ({journal.start() - start} facts removed)",
        ("the cut", "p50", "p99", "max"),
        rows,
    )


async def _removal(journal: Journal) -> float:
    began = time.perf_counter()
    await journal.remove(journal.start() + ROWS, ROWS)
    return time.perf_counter() - began


async def _append_one_by_one(journal: Journal) -> list[float]:
    took_ms = []
    for number in range(SAMPLES):
        await asyncio.sleep(GAP_S)
        fact = EventRecorded(
            event=f"x{number}", kind=Kind.HELP_PRESSED, subject="s", received_at=1, adapter="a"
        )
        began = time.perf_counter()
        await journal.append([fact], 3 * OLD)
        took_ms.append((time.perf_counter() - began) * 1000)
    return took_ms
