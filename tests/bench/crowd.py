"""A state with many open alarms, grown live as the router grows it: `decide`, then `evolve`."""

import gc
from collections.abc import Sequence
from dataclasses import dataclass, field

from hub.configuration.check import check
from hub.configuration.compile import compile
from hub.journal.port import Record
from routing.decide import decide
from routing.event import derive_id
from routing.evolve import evolve
from routing.facts import AnyFact, ConfigurationSet, EventRecorded
from routing.inputs import Input
from routing.instant import SECOND, Instant
from routing.kinds import Kind
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
        self.fold([ConfigurationSet(item=one, author="bench") for one in _items(file)])

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
