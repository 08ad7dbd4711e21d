"""The simulation: a block of seeds passes, kept seeds pass, and every planted bug is found."""

from collections import Counter

import pytest

from tests.sim.checkers import CHECKERS
from tests.sim.plants import PLANTS
from tests.sim.promises import PROMISES
from tests.sim.run import Report, run

pytestmark = pytest.mark.sim

BLOCK = 3000
"""Where the seeds of every test run begin; `python -m tests.sim.run` runs fresh ones."""
UNPLANTED = {"ends_owned_or_loud"}
"""A chain that stops is a deadline that has passed, and `nothing_overdue` names that first."""
KEPT = (2, 20, 36, 118, 718103229)
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
    return "\n".join((*lines, f"replay: python -m tests.sim.run --first {report.seed} --seeds 1"))


@pytest.mark.parametrize("seed", KEPT)
def test_kept_seeds_pass(seed: int) -> None:
    report = run(seed)
    assert not report.failures, told(report)


@pytest.mark.parametrize("chunk", range(8))
def test_a_block_of_seeds_passes(chunk: int) -> None:
    for seed in range(BLOCK + chunk * 15, BLOCK + (chunk + 1) * 15):
        report = run(seed)
        assert not report.failures, told(report)
        assert report.crashes >= 3
        assert report.alarms + report.facts > 100


@pytest.mark.parametrize("plant", sorted(PLANTS))
def test_planted_bugs_are_found(plant: str) -> None:
    checker = PLANTS[plant][2]
    found = (one for seed in range(WITHIN) for one in run(seed, plant).failures)
    assert any(one.startswith(f"{checker}:") for one in found), f"{checker} missed {plant}"


def test_every_checker_has_a_planted_bug() -> None:
    checkers = {checker.__name__ for checker in (*CHECKERS, *PROMISES)} | {"live_is_replay"}
    checkers -= UNPLANTED
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
