"""Each kind of expectation holds when it should, and fails when it should not."""

from pathlib import Path

import pytest

from tests.scenarios.stories import PRESS, played

HOLDS = [
    "{at: '14:02', notified: [kari, ola], nobody_else: true}",
    "{at: '14:02', notified: {kari: webhook-1}}",
    "{between: ['14:02:01', '14:09'], notified: nobody}",
    "{not_notified: [jonas, turid]}",
    "{at: '14:02:19', owner: nobody, phase: looking}",
    "{at: '14:02:20', owner: kari, phase: accepted, severity: high, activations: 1}",
    "{between: ['14:02:20', '14:09'], owner: kari, throughout: true}",
    "{between: ['14:02', '14:09'], owner: kari}",
    "{of: astrid, raised: 1}",
    "{of: bjarne, raised: 0}",
    "{of: medication, alarms: 0}",
    "{of: help.pressed, alarms: 1}",
    "{at: '14:01', alarms: 0}",
    "{at: '14:02:21', refused: {ola: taken_by_other}}",
    "{reason: chain_started}",
    "{timeline: Kari accepted}",
    "{fact: {fact: alarm.accepted, person: kari}}",
    "{fact: {fact: alarm.raised, reason: {code: kind_raises, params: {kind: help.pressed}}}}",
    "{no_fact: {fact: alarm.accepted, person: ola}}",
    "{at: '14:02', answered: durable}",
    "{located: false}",
]
FAILS = [
    "{at: '14:02', notified: [kari, turid]}",
    "{at: '14:02', notified: kari, nobody_else: true}",
    "{at: '14:02', notified: {kari: webhook-2}}",
    "{at: '14:02', notified: nobody}",
    "{between: ['14:02:01', '14:09'], notified: kari}",
    "{not_notified: ola}",
    "{at: '14:02:19', owner: kari}",
    "{at: '14:02:20', owner: ola}",
    "{at: '14:02:20', owner: kari, phase: looking}",
    "{at: '14:02:20', severity: critical}",
    "{at: '14:02:20', activations: 2}",
    "{at: '14:02:20', of: bjarne, owner: nobody}",
    "{between: ['14:02', '14:09'], owner: kari, throughout: true}",
    "{outcome: talk}",
    "{of: astrid, raised: 2}",
    "{at: '14:01', alarms: 1}",
    "{at: '14:02:21', refused: {ola: already_closed}}",
    "{at: '14:02:21', refused: {kari: taken_by_other}}",
    "{reason: lease_lapsed}",
    "{timeline: Ola accepted}",
    "{fact: {fact: alarm.accepted, person: ola}}",
    "{no_fact: {fact: alarm.accepted, person: kari}}",
    "{at: '14:03', answered: durable}",
    "{at: '14:02', answered: busy}",
    "{at: '14:02', located: true}",
]


@pytest.mark.parametrize("expectation", HOLDS)
def test_it_holds(tmp_path: Path, expectation: str) -> None:
    result = played(tmp_path, f"{PRESS}expect:\n  - {expectation}\n")
    assert result.problems == []
    assert result.passed, "\n".join(result.lines(verbose=False))


@pytest.mark.parametrize("expectation", FAILS)
def test_it_fails(tmp_path: Path, expectation: str) -> None:
    result = played(tmp_path, f"{PRESS}expect:\n  - {expectation}\n")
    assert result.problems == []
    assert not result.passed


GOLDEN = """\
FAIL  {file}: A press
    14:02:00  > Trygghetsalarm [pendant-astrid]: Help button pressed
    14:02:00  Alarm: Help button pressed ("Help button pressed" always raises an alarm)
    14:02:00  Called: Kari, Ola (The alarm is new)
    14:02:00  * Kari is notified (webhook-1)
    14:02:00  * Ola is notified (webhook-1)
    14:02:10  > Ola: See
    14:02:10  Seen by Ola
    14:02:20  > Kari: Accept
    14:02:20  Kari accepted
  expected 14:02:20: owner Ola, phase Accepted
    actual: 14:02:20 Kari, Accepted, High, 1
  expected 14:02:01 - 14:02:20: Turid is notified (channel: webhook-1)
    actual: nobody"""


def test_a_failure_shows_expected_against_actual_on_a_time_line(tmp_path: Path) -> None:
    wrong = (
        "expect:\n  - {at: '14:02:20', owner: ola, phase: accepted}\n"
        "  - {between: ['14:02:01', '14:02:20'], notified: {turid: webhook-1}}\n"
    )
    result = played(tmp_path, PRESS + wrong)
    expected = GOLDEN.replace("{file}", str(result.path))
    assert "\n".join(result.lines(verbose=False)) == expected
