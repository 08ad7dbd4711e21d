"""(g) How long one decision takes, by what is decided, in the mix of the simulated municipality.

Seeds of `tests.sim` run with a clock around `decide`: the inputs come as devices and people make
them, repeats, handovers, searches for help, storms and tasks among them.
"""

from collections import defaultdict
from collections.abc import Callable
from time import perf_counter_ns
from unittest.mock import patch

from hub.router import engine
from routing.decide import decide
from routing.facts import AnyFact, EventRecorded
from routing.hear import Ids
from routing.inputs import Command, Configure, Input
from routing.instant import Instant
from routing.state import State
from routing.tasks.command import TaskCommand
from tests.bench.figures import quantile, show
from tests.sim.seed import run as run_seed

SEEDS = range(10)
GOAL_US = 50.0
Decide = Callable[[State, Input, Instant, Ids], list[AnyFact]]


def measure() -> None:
    """Measure and print the table."""
    took: dict[str, list[float]] = defaultdict(list)
    with patch.object(engine, "decide", _timed(decide, took)):
        for seed in SEEDS:
            run_seed(seed)
    everything = [one for values in took.values() for one in values]
    rows = [_row(name, took[name]) for name in sorted(took)]
    show(
        f"decision, {len(SEEDS)} simulated days (goal: median <= {GOAL_US:.0f} us)",
        ("input", "count", "p50 us", "p99 us"),
        [*rows, _row("every input", everything)],
    )


def _timed(decide: Decide, took: dict[str, list[float]]) -> Decide:
    def timed(state: State, input: Input, at: Instant, ids: Ids) -> list[AnyFact]:
        began = perf_counter_ns()
        decided = decide(state, input, at, ids)
        spent_us = (perf_counter_ns() - began) / 1000
        if not isinstance(input, Configure):
            took[_name(input)].append(spent_us)
        return decided

    return timed


def _name(input: Input) -> str:
    match input:
        case EventRecorded(kind=kind):
            return f"event {kind}"
        case Command(action=action):
            return f"command {action}"
        case TaskCommand(action=action):
            return f"task command {action}"
    return type(input).__name__


def _row(name: str, took_us: list[float]) -> tuple[object, ...]:
    return name, len(took_us), f"{quantile(took_us, 0.5):.1f}", f"{quantile(took_us, 0.99):.1f}"
