"""The stored form of facts about nurse calls: one of each in tests/data/facts_calls.json.

A test that fails here says that the form of the journal has changed: see tests/routing/test_facts.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from routing import facts
from routing.facts import AnyFact, decode, encode
from routing.kinds import CallLevel, Kind, Severity
from routing.lifecycle import OutcomeCode
from routing.municipality import Device, Municipality
from routing.plans import Correlation
from routing.reasons import Reason, ReasonCode

GOLDEN = json.loads(
    Path(__file__).parents[1].joinpath("data", "facts_calls.json").read_text("utf-8")
)
EVERY: list[AnyFact] = [
    facts.EventRecorded(
        event="e1",
        kind=Kind.CALL_RAISED,
        subject="espa444:ward/12",
        received_at=1,
        code="header=1 type=3 priority=2",
        adapter="ward",
        told=True,
        level=CallLevel.ASSISTANCE,
    ),
    facts.ConfigurationSet(
        item=Device(
            id="room-12",
            subject="espa444:ward/12",
            unit="north",
            reset_closes=OutcomeCode.CARE,
        ),
        author="file",
    ),
    facts.ConfigurationSet(
        item=Municipality(
            id="simby",
            timezone="Europe/Oslo",
            default_policy="plain",
            correlation=Correlation(presence_s=1800),
        ),
        author="file",
    ),
    facts.AlarmRepeated(
        alarm="a1",
        event="e2",
        kind=Kind.CALL_RAISED,
        activation=2,
        severity=Severity.HIGH,
        reason=Reason(ReasonCode.SAME_TROUBLE_AGAIN, {"activation": 2}),
        tells=facts.Told(adapter="ward", event="e2", subject="espax:ward/bed"),
    ),
]


@pytest.mark.parametrize(("golden", "fact"), list(zip(GOLDEN, EVERY, strict=True)), ids=str)
def test_the_golden_line_is_read_and_written(golden: dict[str, Any], fact: AnyFact) -> None:
    body = json.dumps(golden["body"]).encode()
    assert decode(body, golden["version"]) == fact
    assert json.loads(encode(fact)) == golden["body"]
    assert golden["version"] == fact.VERSION
