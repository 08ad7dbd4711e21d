"""(c) What one input costs the core with few and with many open alarms."""

import time
from collections.abc import Sequence
from statistics import median

from routing.inputs import Input, TimeReached
from tests.bench.crowd import Crowd, crowd
from tests.bench.figures import show, spread

FEW, MANY = 1_000, 100_000
INPUTS = 80
GOAL = 1.5


def measure(runs: int) -> None:
    """Measure and print the table; runs with few and many alarms are interleaved."""
    sizes = {FEW: crowd(FEW), MANY: crowd(MANY)}
    _all_kinds(sizes[FEW])
    took: dict[str, dict[int, list[float]]] = {}
    for _ in range(runs):
        for size, grown in sizes.items():
            for kind, took_us in _all_kinds(grown).items():
                took.setdefault(kind, {}).setdefault(size, []).append(took_us)
    rows = [
        (kind, spread(by[FEW], 1), spread(by[MANY], 1), f"{median(by[MANY]) / median(by[FEW]):.2f}")
        for kind, by in took.items()
    ]
    head = ("decide + evolve", f"{FEW:,} open, us", f"{MANY:,} open, us", f"ratio (goal {GOAL})")
    show(
        f"per fact: mean of {INPUTS} inputs, collector included; median of {runs} runs"
        " (lowest-highest)",
        head,
        rows,
    )


def _all_kinds(grown: Crowd) -> dict[str, float]:
    return {kind: _mean_us(grown, inputs) for kind, inputs in grown.inputs(INPUTS).items()}


def _mean_us(grown: Crowd, inputs: Sequence[Input]) -> float:
    spent_ns = 0
    for input in inputs:
        if isinstance(input, TimeReached):
            grown.until_due()
        began = time.perf_counter_ns()
        grown.fold(grown.decide(input))
        spent_ns += time.perf_counter_ns() - began
    return spent_ns / len(inputs) / 1000
