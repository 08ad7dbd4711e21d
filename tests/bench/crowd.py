"""A state with many open alarms, grown live as the router grows it: `decide`, then `evolve`."""

import gc
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from hub.configuration.check import check
from hub.configuration.compile import compile
from hub.journal.port import Record
from routing.alarm import Alarm
from routing.decide import decide
from routing.event import derive_id
from routing.evolve import evolve
from routing.facts import AnyFact, ConfigurationSet, EventRecorded, SendEnded
from routing.inputs import Command, Input, TimeReached
from routing.instant import SECOND, Instant
from routing.kinds import Kind
from routing.lifecycle import Action, Phase
from routing.pass_time import next_due
from routing.state import State
from tests.bench.town import municipality_file

START: Instant = 1_795_000_000 * SECOND


@dataclass(slots=True)
class Crowd:
    """One municipality in memory, and its clock."""

    state: State = field(default_factory=State)
    at: Instant = START
    pressed: int = 0

    def __post_init__(self) -> None:
        file = check(municipality_file("http://127.0.0.1/hook")).file
        assert file is not None
        self.fold(
            [ConfigurationSet(item=one, author="bench") for one in compile(file).items.values()]
        )

    def decide(self, input: Input) -> Sequence[AnyFact]:
        return decide(self.state, input, self.at, alarm_id)

    def fold(self, facts: Sequence[AnyFact]) -> None:
        for fact in facts:
            evolve(self.state, Record(self.state.seq + 1, self.at, fact))

    def press(self) -> EventRecorded:
        """Return a press by a device not heard before."""
        self.pressed += 1
        return EventRecorded(
            event=derive_id("crowd", self.pressed),
            kind=Kind.HELP_PRESSED,
            subject=f"scaip:{self.pressed}",
            received_at=self.at,
            adapter="scaip",
        )

    def accept(self, alarm: str) -> Command:
        return Command(
            id=f"accept-{alarm}",
            alarm=alarm,
            person="kari",
            action=Action.ACCEPT,
            seen_phase=Phase.LOOKING,
            made_at=self.at,
        )

    def sent(self, alarm: str) -> SendEnded:
        page = self.state.alarms[alarm].pages[-1]
        return SendEnded(
            alarm=alarm,
            send=page.send,
            person=page.person,
            channel=page.channel,
            delivered=True,
            code="http-204",
        )

    def inputs(self, count: int) -> dict[str, Sequence[Input]]:
        """Return so many inputs of each kind, each about another alarm that nobody has yet."""
        free = (alarm.id for alarm in self.state.alarms.values() if _waits(alarm))
        chosen = list(islice(free, 2 * count))
        if len(chosen) < 2 * count:
            raise ValueError(f"only {len(chosen)} alarms still wait: measure fewer runs")
        return {
            "new alarm": [self.press() for _ in range(count)],
            "send ended": [self.sent(alarm) for alarm in chosen[:count]],
            "accepted": [self.accept(alarm) for alarm in chosen[count:]],
            "time reached": [TimeReached()] * count,
        }

    def until_due(self) -> None:
        """Move the clock to the next deadline: one alarm's, they are a millisecond apart."""
        self.at = max(self.at, next_due(self.state) or 0)


def _waits(alarm: Alarm) -> bool:
    """Whether nobody has the alarm and its page is still under way."""
    return alarm.phase is Phase.LOOKING and alarm.owes(alarm.pages[-1])


def alarm_id(event: str) -> str:
    return f"bench-{event[:20]}"


def crowd(alarms: int) -> Crowd:
    """Return so many open alarms, a millisecond apart; the collector is set as in the router."""
    gc.collect()
    gc.freeze()
    grown = Crowd()
    for _ in range(alarms):
        grown.at += 1000
        grown.fold(grown.decide(grown.press()))
    return grown
