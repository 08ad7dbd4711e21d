"""The stored form of facts about locks: one of each in tests/data/facts_locks.json.

A test that fails here says that the form of the journal has changed: see tests/routing/test_facts.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from routing import facts
from routing.facts import AnyFact, decode, encode
from routing.kinds import Category, Kind, Severity
from routing.locks import facts as own
from routing.locks.plans import LockCare
from routing.municipality import Municipality, Resident
from routing.reasons import Reason, ReasonCode
from routing.to_device import DeviceAction

GOLDEN = json.loads(
    Path(__file__).parents[1].joinpath("data", "facts_locks.json").read_text("utf-8")
)
ASKED: dict[str, Any] = {
    "command": "c" * 32,
    "person": "anna",
    "resident": "rolf",
    "device": "lock",
    "subject": "nuki:2BB28570",
    "adapter": "front",
    "action": DeviceAction.UNLOCK,
    "expires_at": 15_000_000,
    "due_at": 30_000_000,
}
ENDED: dict[str, Any] = {
    "command": "c" * 32,
    "person": "anna",
    "resident": "rolf",
    "device": "lock",
    "action": DeviceAction.LOCK,
}
EVERY: list[AnyFact] = [
    facts.ConfigurationSet(
        item=Municipality(
            id="simby",
            timezone="Europe/Oslo",
            default_policy="plain",
            locks=LockCare(wait_s=60, before_s=600, after_s=1800),
        ),
        author="file",
    ),
    facts.ConfigurationSet(
        item=Resident(id="rolf", unit="north", objects=("lock",)), author="file"
    ),
    facts.EventRecorded(
        event="e1",
        kind=Kind.LOCK_UNLOCKED,
        subject="nuki:2BB28570",
        received_at=1,
        adapter="front",
        told=True,
        answers="c" * 32,
    ),
    facts.AlarmRaised(
        alarm="a1",
        event="e1",
        kind=Kind.CALL_RAISED,
        category=Category.CALL,
        severity=Severity.HIGH,
        subject="espax:1",
        policy="0011223344556677",
        received_at=1,
        reason=Reason(ReasonCode.KIND_RAISES, {"kind": "call.raised"}),
        adapter="ward",
    ),
    own.LockAsked(
        alarm="a1", reason=Reason(ReasonCode.LOCK_FOR_ALARM, {"kind": "help.pressed"}), **ASKED
    ),
    own.LockEnded(
        alarm="a1",
        outcome=own.LockOutcome.FAILED,
        reason=Reason(ReasonCode.LOCK_SAYS_FAILED, {"says": "state=254"}),
        **ENDED,
    ),
    own.TaskLockAsked(task="t1", reason=Reason(ReasonCode.LOCK_FOR_VISIT), **ASKED),
    own.TaskLockEnded(
        task="t1",
        outcome=own.LockOutcome.UNKNOWN,
        reason=Reason(ReasonCode.LOCK_NO_ANSWER, {"wait_s": 30}),
        **ENDED,
    ),
]


@pytest.mark.parametrize(("golden", "fact"), list(zip(GOLDEN, EVERY, strict=True)), ids=str)
def test_the_golden_line_is_read_and_written(golden: dict[str, Any], fact: AnyFact) -> None:
    body = json.dumps(golden["body"]).encode()
    assert decode(body, golden["version"]) == fact
    assert json.loads(encode(fact)) == golden["body"]
    assert golden["version"] == fact.VERSION
