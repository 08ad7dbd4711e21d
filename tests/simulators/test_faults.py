"""The fault layer and the device log."""

import json
import random
from pathlib import Path

import pytest

from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults, Link


def test_a_good_link_lets_everything_through_at_once() -> None:
    link = Link(NO_FAULTS, random.Random(1))
    assert [link.departures() for _ in range(50)] == [(0.0,)] * 50
    assert not any(link.answer_lost() for _ in range(50))


def test_one_seed_gives_one_row_of_faults() -> None:
    faults = Faults(repeat=0.3, delay=0.3, reorder=0.3, lose_answer=0.3)
    rows = [
        [(link.departures(), link.answer_lost()) for _ in range(200)]
        for link in (Link(faults, random.Random(8)), Link(faults, random.Random(8)))
    ]
    assert rows[0] == rows[1]
    assert rows[0] != [
        (link.departures(), link.answer_lost())
        for link in [Link(faults, random.Random(9))]
        for _ in range(200)
    ]


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        (Faults(repeat=1.0), (0.0, 0.0)),
        (Faults(reorder=1.0, hold_s=0.7), (0.7,)),
        (Faults(repeat=1.0, reorder=1.0, hold_s=0.2), (0.2, 0.2)),
    ],
)
def test_each_fault_does_what_it_says(faults: Faults, expected: tuple[float, ...]) -> None:
    assert Link(faults, random.Random(1)).departures() == expected


def test_a_delay_stays_within_its_limit() -> None:
    link = Link(Faults(delay=1.0, delay_max_s=0.25), random.Random(1))
    waits = [wait_s for _ in range(300) for wait_s in link.departures()]
    assert 0 < min(waits) < 0.02
    assert 0.23 < max(waits) <= 0.25


def test_a_share_of_answers_is_lost() -> None:
    link = Link(Faults(lose_answer=0.25), random.Random(1))
    assert 200 < sum(link.answer_lost() for _ in range(1000)) < 300


def test_the_log_is_on_disk_before_anybody_hears_of_it(tmp_path: Path) -> None:
    path = tmp_path / "devices.jsonl"
    log = DeviceLog(path, clock=iter([0.0, 0.5, 0.75, 1.0]).__next__)
    seen: list[int] = []
    forget = log.listen(lambda entry: seen.append(len(path.read_text().splitlines())))
    log.note("scaip:26317", "sent", "press", "A1")
    log.ended("scaip:26317", "answered", "press", Answer(True, 250.0, "A1", "snu 0"))
    forget()
    log.note("scaip:26317", "sent", "press", "A2")
    log.close()
    assert seen == [1, 2]
    assert json.loads(path.read_text().splitlines()[1]) == {
        "at_ms": 750.0,
        "device": "scaip:26317",
        "what": "answered",
        "action": "press",
        "reference": "A1",
        "ms": 250.0,
        "detail": "snu 0",
    }
