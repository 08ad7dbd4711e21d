"""The simulation: fresh seeds pass, kept seeds pass, and every planted bug is found.

The fresh ones follow from the date; `VARDE_SIM_FIRST=N` runs those of another day.
"""

import os
from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.sim.checkers import CHECKERS
from tests.sim.plants import PLANTS
from tests.sim.promises import PROMISES
from tests.sim.reached import REACHED
from tests.sim.run import again
from tests.sim.seed import Report, run
from tests.sim.together import TOGETHER

pytestmark = pytest.mark.sim

FRESH = int(os.environ.get("VARDE_SIM_FIRST", datetime.now(UTC).strftime("%y%m%d000")))
"""Where the fresh seeds of this test run begin: other ones each day, unless told."""
CHUNKS, CHUNK = 8, 40
KEPT = (0, 2, 6, 20, 36, 41, 118, 32623, 53929, 53987, 55675, 60599, 65104, 718103229)
"""Seeds that once found a bug in Varde or in the simulation, and those that found planted ones."""
WITHIN = 500

EXPECTED_PAIRS = {
    ("looking", "step.started"),
    ("looking", "step.skipped"),
    ("looking", "round.ended"),
    ("looking", "alarm.repeated"),
    ("looking", "alarm.annotated"),
    ("looking", "alarm.paged"),
    ("looking", "send.ended"),
    ("looking", "alarm.accepted"),
    ("looking", "alarm.refused"),
    ("accepted", "alarm.repeated"),
    ("accepted", "alarm.progressed"),
    ("accepted", "owner.asked"),
    ("accepted", "alarm.reopened"),
    ("accepted", "accept refused"),
    ("on_the_way", "alarm.repeated"),
    ("on_the_way", "alarm.progressed"),
    ("at_resident", "alarm.closed"),
    ("closed", "alarm.archived"),
    ("closed", "accept refused"),
    ("accepted", "handover.asked"),
    ("accepted", "handover.accepted"),
    ("accepted", "handover.declined"),
    ("accepted", "handover.returned"),
    ("accepted", "help.step"),
    ("accepted", "help.joined"),
    ("on_the_way", "check.needed"),
    ("closed", "alarm.reopened"),
    ("looking", "incident.joined"),
    ("looking", "alarm.settled"),
    ("looking", "alarm.marked"),
}


def told(report: Report) -> str:
    """Return what a person needs to replay the failure."""
    lines = [*report.story[-60:], *report.failures]
    return "\n".join((*lines, f"replay: {again(report.seed)}"))


@pytest.mark.parametrize("seed", KEPT)
def test_kept_seeds_pass(seed: int) -> None:
    report = run(seed)
    assert not report.failures, told(report)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_fresh_seeds_pass(chunk: int) -> None:
    first = FRESH + chunk * CHUNK
    for seed in range(first, first + CHUNK):
        report = run(seed)
        assert not report.failures, told(report)
        assert report.crashes >= 3, told(report)
        assert report.alarms >= 40, told(report)


@pytest.mark.parametrize("plant", sorted(PLANTS))
def test_planted_bugs_are_found(plant: str) -> None:
    checker = PLANTS[plant][2]
    found = (one for seed in range(WITHIN) for one in run(seed, plant).failures)
    assert any(one.startswith(f"{checker}:") for one in found), f"{checker} missed {plant}"


def test_every_checker_has_a_planted_bug() -> None:
    checkers = {checker.__name__ for checker in (*CHECKERS, *PROMISES, *REACHED, *TOGETHER)}
    checkers |= {"live_is_replay"}
    assert {checker for _, _, checker in PLANTS.values()} == checkers


def test_the_same_seed_gives_the_same_run() -> None:
    first, second = run(7), run(7)
    assert (first.facts, first.alarms, first.pairs) == (second.facts, second.alarms, second.pairs)
    assert run(8).pairs != first.pairs


def test_the_seeds_cover_the_life_of_an_alarm() -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(24):
        seen += run(seed).pairs
    assert set(seen) >= EXPECTED_PAIRS, EXPECTED_PAIRS - set(seen)
