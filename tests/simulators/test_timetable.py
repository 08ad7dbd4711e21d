"""Plans: the same for the same seed, and plausible as days in homes."""

import json
from collections import Counter
from datetime import datetime

import pytest

from simulators.homes import make_homes
from simulators.rhythm import Step
from simulators.timetable import Timetable, lines
from simulators.troubles import TROUBLES, Trouble

MONDAY = datetime.fromisoformat("2026-03-02T07:00")
HOUR_S, DAY_S = 3600, 86_400
CALLING = ("press", "fall", "sos", "miss", "leave_zone", "smoke")
CUT = Trouble("power-cut", 2 * HOUR_S, 6 * HOUR_S, area=1)


def table(seed: int, homes: int = 20, for_s: int = DAY_S, *troubles: Trouble) -> Timetable:
    return Timetable(tuple(make_homes(homes, seed)), seed, MONDAY, for_s, troubles)


def test_one_seed_is_one_plan_to_the_second() -> None:
    first = list(lines(table(7, 20, DAY_S, CUT).steps(), MONDAY))
    assert first == list(lines(table(7, 20, DAY_S, CUT).steps(), MONDAY))
    assert first != list(lines(table(8, 20, DAY_S, CUT).steps(), MONDAY))
    assert len(first) > 300


def test_a_plan_is_known_by_its_first_lines() -> None:
    """Written down once: a change of the plan's making is seen here."""
    some = [json.loads(line) for line in lines(table(7, 3, 2 * HOUR_S).steps(), MONDAY)]
    assert [(one["at"], one["device"], one["action"]) for one in some[:2]] == [
        ("2026-03-02T07:29:01", "door-0001", "open"),
        ("2026-03-02T07:30:16", "door-0001", "close"),
    ]
    assert {one["why"] for one in some} == {"day"}


def test_more_homes_and_faults_leave_the_others_days_as_they_are() -> None:
    few = [step for step in table(7, 5).steps() if step.home == "home-0003"]
    many = table(7, 40, DAY_S, Trouble("duplicate", 0, HOUR_S, area=1))
    assert few == [step for step in many.steps() if step.home == "home-0003" and step.why == "day"]


def test_steps_come_in_order_and_within_the_time() -> None:
    steps = list(table(3, 20, 3 * DAY_S, CUT).steps())
    assert [step.at_s for step in steps] == sorted(step.at_s for step in steps)
    assert steps[0].at_s >= 0
    assert steps[-1].at_s < 3 * DAY_S


@pytest.mark.parametrize("seed", [1, 7, 2026])
def test_homes_alarm_as_often_as_in_norway_and_most_in_the_morning(seed: int) -> None:
    steps = [one for one in table(seed, 300, 30 * DAY_S).steps() if one.action in CALLING]
    assert 3.6 <= len(steps) / 300 <= 5.4
    hours = Counter((7 + step.at_s // HOUR_S) % 24 for step in steps)
    morning = sum(hours[hour] for hour in (8, 9, 10)) / 3
    for first in range(24):
        if first not in (6, 7, 8, 9, 10):
            others = sum(hours[(first + hour) % 24] for hour in range(3)) / 3
            assert others < morning, f"{first} o'clock"
    assert sum(hours[hour] for hour in range(6)) < len(steps) * 0.12


def test_doors_close_beds_are_used_and_doses_are_taken_or_missed() -> None:
    counts = Counter(step.action for step in table(5, 100, 7 * DAY_S).steps())
    assert abs(counts["open"] - counts["close"]) <= 5
    assert 7 * 100 <= counts["bed_out"] <= 3.5 * 7 * 100
    # One dose at each end of the plan may be reminded of and not yet decided.
    assert abs(counts["remind"] - counts["take"] - counts["miss"]) <= 30
    assert counts["take"] > 10 * counts["miss"]
    assert counts["battery_low"] < 30


def _cut() -> list[Step]:
    alone = Timetable(tuple(make_homes(100, 7)), 7, MONDAY, DAY_S, (CUT,), everyday=False)
    return list(alone.steps())


def test_a_power_cut_is_a_burst_a_silence_and_a_flood() -> None:
    by_action: dict[str, list[Step]] = {}
    for step in _cut():
        by_action.setdefault(step.action, []).append(step)
    lost, back = by_action["mains_lost"], by_action["mains_back"]
    assert len(lost) == len(back) == 50
    assert {step.home for step in lost} == {f"home-{number:04}" for number in range(1, 51)}
    assert all(7200 <= step.at_s <= 7220 for step in lost)
    silent = [step for step in by_action["fault:off:on"] if step.device.startswith("pendant")]
    assert all(7200 + 2 * HOUR_S <= step.at_s <= 7230 + 4 * HOUR_S for step in silent)
    assert max(one.at_s for one in silent) - min(one.at_s for one in silent) <= 30
    assert all(28_800 < step.at_s <= 28_860 for step in back)


def test_a_short_power_cut_silences_no_unit_with_a_battery() -> None:
    short = Trouble("power-cut", 0, HOUR_S)
    alone = Timetable(tuple(make_homes(20, 7)), 7, MONDAY, DAY_S, (short,), everyday=False)
    off = {one.device.partition("-")[0] for one in alone.steps() if one.action == "fault:off:on"}
    assert "pendant" not in off
    assert "gps" not in off


@pytest.mark.parametrize("name", sorted(TROUBLES))
def test_every_fault_that_begins_ends_in_its_area_and_is_named(name: str) -> None:
    trouble = Trouble(name, HOUR_S, 5 * HOUR_S, area=2)
    homes = tuple(make_homes(120, 7))
    alone = Timetable(homes, 7, MONDAY, DAY_S, (trouble,), everyday=False)
    steps = list(alone.steps())
    assert steps
    assert {step.why for step in steps} == {name}
    assert {step.home for step in steps} <= {f"home-{number:04}" for number in range(51, 101)}
    begun = Counter(step.device for step in steps if step.action.endswith(":on"))
    ended = Counter(step.device for step in steps if step.action.endswith(":off"))
    assert begun == ended
