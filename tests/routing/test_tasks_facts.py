"""The stored form of facts about tasks: one of each in tests/data/facts_tasks.json.

A test that fails here says that the form of the journal has changed: see tests/routing/test_facts.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from routing import facts
from routing.duty import OpenDuty
from routing.facts import AnyFact, Page, decode, encode
from routing.kinds import Kind, Severity
from routing.municipality import Municipality, Resident
from routing.reasons import Reason, ReasonCode
from routing.tasks import facts as own
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome
from routing.tasks.plans import GapOffers, TaskCare, TaskRule, VisitPlan

GOLDEN = json.loads(
    Path(__file__).parents[1].joinpath("data", "facts_tasks.json").read_text("utf-8")
)
WHY = Reason(ReasonCode.TASK_OFFERED, {"policy": "plain"})
PAGES = (Page("t1:n1:anna:webhook-1", "anna", "webhook-1", WHY),)
EVERY: list[AnyFact] = [
    facts.ConfigurationSet(
        item=Municipality(
            id="simby",
            timezone="Europe/Oslo",
            default_policy="plain",
            tasks=TaskCare(
                rules=(
                    TaskRule(
                        on=Kind.BATTERY_LOW,
                        make=TaskKind.CHANGE_BATTERY,
                        code="b1",
                        within_s=3600,
                        severity=Severity.TECHNICAL,
                        people=2,
                        competence="keys",
                        overdue=Severity.MEDIUM,
                    ),
                ),
                quiet_from_minute=1380,
                quiet_to_minute=360,
                quiet_below=Severity.HIGH,
                visit_within_s=7200,
                visit_severity=Severity.MEDIUM,
                visit_overdue=Severity.LOW,
                after_look_s=900,
                rings_at_most=3,
                offers=GapOffers(
                    automatic=True,
                    policy="pool",
                    ahead_s=86400,
                    rest_s=0,
                    severity=Severity.MEDIUM,
                    longest_s=3600,
                ),
            ),
        ),
        author="file",
    ),
    facts.ConfigurationSet(
        item=Resident(
            id="rolf",
            unit="north",
            supervised_until=7,
            visits=(
                VisitPlan(
                    id="morning",
                    minute=480,
                    within_s=1800,
                    ahead_s=600,
                    weekdays=(0, 2),
                    severity=Severity.HIGH,
                    people=2,
                    competence="keys",
                    overdue=Severity.HIGH,
                ),
            ),
        ),
        author="file",
    ),
    own.TaskMade(
        task="t1",
        kind=TaskKind.VISIT,
        resident="rolf",
        unit="north",
        subject="scaip:1",
        alarm="a1",
        cause=Kind.BATTERY_LOW,
        maker="lea",
        policy="0011223344556677",
        severity=Severity.LOW,
        people=2,
        competence="keys",
        overdue=Severity.HIGH,
        rings=False,
        start=1,
        end=2,
        offer_at=1,
        reason=WHY,
    ),
    own.TaskMade(
        task="t2",
        kind=TaskKind.DUTY,
        maker="lea",
        policy="0011223344556677",
        severity=Severity.LOW,
        start=1,
        end=2,
        offer_at=1,
        reason=WHY,
        duty=OpenDuty(team="home", need="always", from_at=2, to_at=3),
    ),
    own.TaskOffered(task="t2", step=0, pages=PAGES, due_at=3, reason=WHY, waiting=("berit",)),
    own.TaskHeld(task="t1", step=1, due_at=3, reason=WHY),
    own.TaskOffered(task="t1", step=1, pages=PAGES, due_at=3, reason=WHY),
    own.TaskUntaken(task="t1", pages=PAGES, due_at=3, reason=WHY),
    own.TaskPaged(task="t1", pages=PAGES, due_at=None, reason=WHY),
    own.TaskSendEnded(
        task="t1",
        send="t1:n1:anna:webhook-1",
        person="anna",
        channel="webhook-1",
        delivered=True,
        code="http-200",
    ),
    own.TaskAccepted(task="t1", person="anna", enough=False),
    own.TaskRefused(task="t1", person="anna"),
    own.TaskReturned(task="t1", person="anna", reason=WHY),
    own.TaskDone(task="t1", person="anna", outcome=TaskOutcome.NOT_HOME),
    own.TaskViewed(task="t1", person="anna", resident="rolf"),
    own.TaskOverdue(task="t1", pages=PAGES, due_at=4, alarm="a2", reason=WHY),
    own.TaskCancelled(task="t1", person=None, reason=WHY),
    own.TaskArchived(task="t1"),
    own.VisitWaits(resident="rolf", plan="morning", start=5, due_at=4),
    own.VisitEnded(resident="rolf", plan="morning"),
    own.TaskCommandEnded(
        command="c1", task="t1", person="anna", action=TaskAction.GIVE_BACK, refused=WHY
    ),
]


@pytest.mark.parametrize(("golden", "fact"), list(zip(GOLDEN, EVERY, strict=True)))
def test_the_golden_line_is_read_and_written(golden: dict[str, Any], fact: AnyFact) -> None:
    body = json.dumps(golden["body"]).encode()
    assert decode(body, golden["version"]) == fact
    assert json.loads(encode(fact)) == golden["body"]
