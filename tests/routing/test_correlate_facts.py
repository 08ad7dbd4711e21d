"""The stored form of correlation's facts and plans, as `test_facts` holds it for the others."""

import json
from pathlib import Path
from typing import Any

import pytest

from routing import facts
from routing import facts_correlate as own
from routing.kinds import Kind, Severity
from routing.lifecycle import OutcomeCode
from routing.marks import Mark
from routing.municipality import Device, Municipality, Resident, Unit
from routing.plans import (
    Correlation,
    DeviceClass,
    DosePlan,
    FrequentCaller,
    LastingRule,
    LookPlan,
    Pause,
    QuietRule,
    Span,
)
from routing.reasons import Reason, ReasonCode
from routing.watch import WatchKind
from tests.routing.test_facts import DATA, holds

WHY = Reason(ReasonCode.STORM, {"kind": "mains.lost", "count": 20, "within_s": 60})
PAGE = facts.Page("a1:i1:anna:webhook-1", "anna", "webhook-1", WHY)
ITEMS = (
    Municipality(
        id="simby",
        timezone="Europe/Oslo",
        default_policy="plain",
        correlation=Correlation(repeat_s=60, silence_s={DeviceClass.LIFE: 300}),
    ),
    Unit(id="north", maintenance=(Span(1, 2),)),
    Resident(
        id="rolf",
        unit="north",
        pause=Pause(3, "hospital"),
        objects=("location",),
        frequent_caller=FrequentCaller(4, "anna"),
        looks=(LookPlan(180, 900, (0,)),),
        quiet=(QuietRule(420, 600), QuietRule(quiet_s=3600)),
    ),
    Device(
        id="pills",
        subject="mqtt:pills",
        resident="rolf",
        device_class=DeviceClass.MEDICATION,
        maker="acme",
        lasting=(LastingRule(Kind.BED_LEFT, 1200, 1380, 360, Severity.HIGH),),
        maintenance=(Span(5, 6),),
        exercise=True,
        doses=(DosePlan(480, 1800, 600, (1, 2)),),
        late_taken_closes=True,
        zone_return_lowers=True,
    ),
)
EVERY: list[facts.AnyFact] = [
    *(facts.ConfigurationSet(item=item, author="file") for item in ITEMS),
    own.WatchSet(kind=WatchKind.LASTING, key="mqtt:bed|bed.left", due_at=1),
    own.WatchEnded(kind=WatchKind.DOSE_MISSED, key="pills|480"),
    own.AlarmMarked(alarm="a1", mark=Mark.RETURNED, present=False, reason=WHY),
    own.AlarmLowered(alarm="a1", severity=Severity.LOW, reason=WHY),
    own.AlarmSettled(alarm="a1", outcome=OutcomeCode.TECHNICAL, reason=WHY),
    own.IncidentJoined(
        alarm="a1",
        event="e1",
        kind=Kind.MAINS_LOST,
        subject="scaip:1",
        device="pendant",
        resident="rolf",
        pages=(PAGE,),
        reason=WHY,
    ),
    own.ProtectionLost(resident="rolf", device="pendant", event="e1"),
    own.ProtectionBack(resident="rolf", device="pendant", event="e2"),
    own.VisitAsked(alarm="a1", residents=("rolf",), reason=WHY),
    own.DoseDue(device="pills", resident="rolf", due_at=1, missed_at=2),
    own.LookDue(resident="rolf", due_at=1, until=2),
    facts.EventRecorded(
        event="e1",
        kind=Kind.MAINS_LOST,
        subject="scaip:1",
        received_at=1,
        sequence=7,
        adapter="gps",
    ),
]
GOLDEN = json.loads(Path(DATA / "facts_correlate.json").read_text())


@pytest.mark.parametrize(("golden", "fact"), list(zip(GOLDEN, EVERY, strict=True)))
def test_the_golden_line_is_read_and_written(golden: dict[str, Any], fact: facts.AnyFact) -> None:
    assert facts.decode(json.dumps(golden["body"]).encode(), golden["version"]) == fact
    assert holds(json.loads(facts.encode(fact)), golden["body"])
    assert golden["version"] == fact.VERSION


def test_an_item_without_plans_is_stored_as_it_always_was() -> None:
    plain = facts.ConfigurationSet(item=Unit(id="north"), author="file")
    assert facts.encode(plain) == (
        b'{"fact":"configuration.set","item":{"item":"unit","id":"north"},"private":null,'
        b'"author":"file"}'
    )
