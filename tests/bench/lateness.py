"""(e) How late steps are with 100,000 open alarms, by the router process itself on the real clock.

The journal is written first, as if the alarms had been raised one after another over the last 10
min; each waits 12 min. So two minutes later 167 of them fall due each second, and each waits again.
The router boots from that journal and runs for some of the 10 min; nothing is scaled. No alarm is
raised in the future: the journal's time would then be ahead of the clock, and the router's too.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hub.brokers.choose import Choice
from hub.journal.port import Journal, Record
from hub.journal.sqlite import open_reader
from hub.router import boot
from routing.decide import decide
from routing.event import derive_id
from routing.evolve import evolve
from routing.facts import AnyFact, ConfigurationSet, EventRecorded, SendEnded, StepStarted
from routing.inputs import Input
from routing.instant import MINUTE, SECOND, Instant
from routing.kinds import Kind
from routing.municipality import Device
from routing.state import State
from tests.bench.figures import quantile, show
from tests.bench.receiver import Receiver
from tests.bench.site import Past, Site, running
from tests.bench.town import ADAPTER, MUNICIPALITY, alarm_key

OPEN, OVER = 100_000, 10 * MINUTE
LEAD: Instant = 2 * MINUTE
"""Time to write the journal and to start, before the first alarm falls due."""
WAIT: Instant = OVER + LEAD
"""As the policy of `tests.bench.town` has it."""
SETTLE: Instant = 2 * SECOND
WRITTEN_TOGETHER = 500
SECOND_STEP = 2
GOAL_P99_MS, GOAL_MAX_MS = 10.0, 200.0


@dataclass(slots=True)
class History:
    """So many alarms, raised over the 10 min that end now."""

    first_due: Instant
    due: dict[str, Instant] = field(default_factory=dict)
    """Alarm to when its first step ends."""
    _state: State = field(default_factory=State)

    async def write(self, journal: Journal) -> None:
        self._state = boot.load_state(journal)[0]
        for first in range(0, OPEN, WRITTEN_TOGETHER):
            facts = self._register(range(first, min(first + WRITTEN_TOGETHER, OPEN)))
            await journal.append(facts, self.first_due - WAIT)
        for number in range(OPEN):
            at = self.first_due - WAIT + number * OVER // OPEN
            done = journal.append(self._raise(number, at), at)
            if number % WRITTEN_TOGETHER == 0:
                await done

    def _register(self, numbers: range) -> list[AnyFact]:
        """Return the devices, in no list of residents: each is a home of its own."""
        facts: list[AnyFact] = [
            ConfigurationSet(
                item=Device(id=f"l{number}", subject=f"scaip:{number}", unit="north"),
                author="bench",
            )
            for number in numbers
        ]
        for fact in facts:
            evolve(self._state, Record(self._state.seq + 1, self.first_due - WAIT, fact))
        return facts

    def _raise(self, number: int, at: Instant) -> list[AnyFact]:
        event = derive_id("lateness", number)
        alarm = _alarm_id(event)
        press = EventRecorded(
            event=event,
            kind=Kind.HELP_PRESSED,
            subject=f"scaip:{number}",
            received_at=at,
            adapter=ADAPTER,
        )
        decided = self._take(press, at)
        for page in self._state.alarms[alarm].pages:
            arrived = SendEnded(
                alarm=alarm,
                send=page.send,
                person=page.person,
                channel=page.channel,
                delivered=True,
                code="http-204",
            )
            decided += self._take(arrived, at)
        self.due[alarm] = self._state.alarms[alarm].due_at or 0
        return decided

    def _take(self, input: Input, at: Instant) -> list[AnyFact]:
        decided = decide(self._state, input, at, _alarm_id)
        for fact in decided:
            evolve(self._state, Record(self._state.seq + 1, at, fact))
        return decided


def _alarm_id(event: str) -> str:
    return f"{MUNICIPALITY}-{event[:20]}"


async def measure(broker: Choice, folder: Path, seconds: int) -> None:
    """Measure and print the table."""
    receiver = Receiver()
    url = await receiver.start()
    history = History(time.time_ns() // 1000 + LEAD)
    past = Past(history.first_due - WAIT - SECOND, history.write)
    async with running(broker, folder, url, past=past) as site:
        # What fell due before the router was ready, if anything did, is late by the start's fault.
        since = max(history.first_due, time.time_ns() // 1000) + SETTLE
        until = since + seconds * SECOND
        await asyncio.sleep((until + SETTLE - time.time_ns() // 1000) / SECOND)
        wall_ns = time.time_ns() - time.monotonic_ns()
        arrived = receiver.first_arrivals()
        decided = dict(_decided(site, history))
    receiver.stop()
    asked = {alarm: at for alarm, at in history.due.items() if since <= at < until}
    took_decided = {at: (decided[one] - at) / 1000 for one, at in asked.items() if one in decided}
    heard = {one: arrived.get(alarm_key(one.rpartition("-")[2])) for one in asked}
    took_heard = {
        asked[one]: (ns + wall_ns) / 1e6 - asked[one] / 1000 for one, ns in heard.items() if ns
    }
    show(
        f"lateness, {OPEN:,} open alarms falling due over {OVER // MINUTE} min, {seconds} s of it"
        f" on the real clock, {broker}: {len(asked):,} steps (goal: p99 <= {GOAL_P99_MS:.0f} ms,"
        f" max <= {GOAL_MAX_MS:.0f} ms)",
        ("until", "steps", "p50 ms", "p99 ms", "max ms", "latest of each minute, ms"),
        [_row("decided", took_decided, since), _row("at its webhook", took_heard, since)],
    )


def _row(name: str, took: Mapping[Instant, float], since: Instant) -> tuple[object, ...]:
    took_ms = list(took.values())
    figures = (quantile(took_ms, 0.5), quantile(took_ms, 0.99), max(took_ms))
    minutes: dict[int, float] = {}
    for due_at, ms in took.items():
        minute = (due_at - since) // MINUTE
        minutes[minute] = max(minutes.get(minute, 0), ms)
    latest = " ".join(f"{minutes[one]:.0f}" for one in sorted(minutes))
    return name, len(took_ms), *(f"{one:.2f}" for one in figures), latest


def _decided(site: Site, history: History) -> Iterator[tuple[str, Instant]]:
    """Yield each alarm with the instant of its second step, from the journal."""
    journal = open_reader(site.settings.journal_path(MUNICIPALITY), MUNICIPALITY)
    steps: Counter[str] = Counter()
    seq = 0
    try:
        while records := journal.read(seq):
            seq = records[-1].seq
            for record in records:
                fact = record.fact
                if not isinstance(fact, StepStarted) or fact.alarm not in history.due:
                    continue
                steps[fact.alarm] += 1
                if steps[fact.alarm] == SECOND_STEP:
                    yield fact.alarm, record.recorded_at
    finally:
        journal.close()
