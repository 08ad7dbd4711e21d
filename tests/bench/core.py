"""(d) The steps of one input at the hub, without I/O: parse, decide, evolve, owed, encode."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from hub.journal.rows import to_row
from hub.router import parse
from routing.inputs import TimeReached
from routing.owed import owed
from tests.bench.crowd import Crowd, crowd
from tests.bench.figures import show, spread
from tests.bench.town import presses

OPEN, INPUTS = 1_000, 150
T = TypeVar("T")


def measure(runs: int) -> None:
    """Measure and print the table."""
    grown = crowd(OPEN)
    _steps(grown, "warm-up")
    took: dict[str, list[float]] = {}
    for run in range(runs):
        for step, took_us in _steps(grown, str(run)).items():
            took.setdefault(step, []).append(took_us)
    rows = [(step, spread(values, 1)) for step, values in took.items()]
    show(
        f"core, {OPEN:,} open alarms: mean of {INPUTS}; median of {runs} runs (lowest-highest)",
        ("step", "us"),
        rows,
    )


def _steps(grown: Crowd, run: str) -> dict[str, float]:
    payloads = [payload for _, payload in presses(run, INPUTS, grown.at)]
    found = {"parse event": _mean_us(lambda p: parse.event("scaip", p, grown.at), payloads)}
    for kind, inputs in grown.inputs(INPUTS).items():
        decide_ns = evolve_ns = encode_ns = 0
        for input in inputs:
            if isinstance(input, TimeReached):
                grown.until_due()
            clock = time.perf_counter_ns()
            facts = grown.decide(input)
            decided = time.perf_counter_ns()
            grown.fold(facts)
            evolved = time.perf_counter_ns()
            for fact in facts:
                to_row(1, grown.at, fact)
            encode_ns += time.perf_counter_ns() - evolved
            decide_ns, evolve_ns = decide_ns + decided - clock, evolve_ns + evolved - decided
        found[f"{kind}: decide"] = decide_ns / INPUTS / 1000
        found[f"{kind}: evolve"] = evolve_ns / INPUTS / 1000
        found[f"{kind}: encode"] = encode_ns / INPUTS / 1000
    alarms = list(grown.state.alarms)[-INPUTS:]
    found["owed of one alarm"] = _mean_us(lambda alarm: owed(grown.state, (alarm,)), alarms)
    return found


def _mean_us(step: Callable[[T], object], inputs: Sequence[T]) -> float:
    began = time.perf_counter_ns()
    for input in inputs:
        step(input)
    return (time.perf_counter_ns() - began) / len(inputs) / 1000
