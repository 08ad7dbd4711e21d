"""The stored form of the facts of policies and life: one of each in tests/data/facts_life.json.

The rules of `tests.routing.test_facts` hold for it too: never change a line.
"""

import json
from typing import Any

import pytest

from routing import facts, facts_life
from routing.facts import AnyFact, Page, decode, encode
from routing.kinds import Category, Kind, Severity
from routing.lifecycle import Speech
from routing.municipality import (
    AnyItem,
    Device,
    Municipality,
    Person,
    Policy,
    PolicyWindow,
    Resident,
    Role,
    Step,
    Target,
    Team,
    Unit,
    When,
)
from routing.plans import Paging
from routing.reasons import Reason, ReasonCode
from tests.routing.test_facts import DATA, holds, tag

WHY = Reason(ReasonCode.IN_CENTRE, {"team": "centre"})
TOLD = Page("a1:r1.s0:finn:webhook-1", "finn", "webhook-1", WHY, informed=True)
PAGES = (Page("a1:o1:carl:webhook-1", "carl", "webhook-1", WHY),)
NIGHT = PolicyWindow(
    policy="night", category="help", weekdays=(4, 5), from_minute=1320, to_minute=420
)
ITEMS: tuple[AnyItem, ...] = (
    Municipality(
        id="simby",
        timezone="Europe/Oslo",
        default_policy="plain",
        policies={"*": "plain"},
        policies_at=(NIGHT,),
    ),
    Unit(id="north", policies_at=(NIGHT,), drive_s=1200),
    Team(id="nabo", response_centre=True, partner="naboby", duty=("nils",)),
    Person(id="doctor", roles=(Role.OUTSIDE,), competences=("key",), arrive_s=600),
    Resident(
        id="rolf",
        unit="north",
        policies_at=(NIGHT,),
        relatives={"eva": "responsible", "finn": "informed"},
    ),
    Device(id="pendant", subject="scaip:1", resident="rolf", shared_with=("siri",)),
    Policy(
        id="plain",
        steps=(
            Step(
                (
                    Target("on_duty", "home", role=Role.STAFF, having="key"),
                    Target("relative", "informed", informed=True),
                ),
                60,
                when=When(
                    weekdays=(0,),
                    from_minute=480,
                    to_minute=960,
                    categories=(Category.HELP,),
                    kinds=(Kind.HELP_PRESSED,),
                    severity=Severity.HIGH,
                ),
                in_turn=True,
                number="line",
            ),
        ),
        fallback=(Target("lead", "*"),),
        relative_lease_s=900,
        target_s=1800,
        handover_s=120,
        reopen_s=7200,
        check_after=3,
        check_within_s=3600,
        then="after",
    ),
)
EVERY: list[AnyFact] = [
    *(facts.ConfigurationSet(item=item, author="file") for item in ITEMS),
    facts.AlarmRaised(
        alarm="a2",
        event="e2",
        kind=Kind.STAFF_CALLED,
        category=Category.HELP,
        severity=Severity.CRITICAL,
        subject="person:anna",
        policy="0011223344556677",
        received_at=1,
        reason=Reason(ReasonCode.STAFF_CALLS, {"person": "anna"}),
        beside="a1",
    ),
    facts.StepStarted(
        alarm="a1",
        round=1,
        step=0,
        pages=(TOLD,),
        due_at=2,
        reason=WHY,
        waiting=("berit",),
        number="line",
    ),
    facts_life.NextCalled(alarm="a1", pages=PAGES, waiting=("berit",), due_at=3, reason=WHY),
    facts_life.PolicyFollowed(alarm="a1", policy="0011223344556677", reason=WHY),
    facts_life.TargetOutOfReach(alarm="a1", target_s=1800, soonest_s=2700, reason=WHY),
    facts_life.HandoverAsked(
        alarm="a1", person="anna", to=("carl",), pages=PAGES, due_at=4, reason=WHY
    ),
    facts_life.HandoverDeclined(alarm="a1", person="carl"),
    facts_life.HandoverAccepted(alarm="a1", person="carl", previous_owner="anna", due_at=5),
    facts_life.HandoverReturned(alarm="a1", how="timed_out", pages=PAGES, reason=WHY),
    facts_life.HelpAsked(alarm="a1", person="anna", reason=WHY),
    facts_life.HelpStep(
        alarm="a1", round=1, step=0, to=("carl",), pages=PAGES, due_at=6, reason=WHY
    ),
    facts_life.HelpDeclined(alarm="a1", person="carl"),
    facts_life.HelperJoined(alarm="a1", person="carl", pages=PAGES),
    facts_life.Spoken(alarm="a1", person="anna", speech=Speech.SILENT),
    facts_life.CheckNeeded(alarm="a1", reason=WHY),
    facts_life.ResidentChosen(alarm="a1", person="anna", resident="siri"),
    facts_life.OwnerSilent(alarm="a1", person="anna", due_at=7, reason=WHY),
    facts_life.ResidentChosen(alarm="a1", person="anna", resident="siri", people_needed=2),
    facts.Paged(alarm="a1", pages=PAGES, reason=WHY, instead_of="a1:o1:carl:webhook-0"),
    facts.AlarmRepeated(
        alarm="a1",
        event="e2",
        kind=Kind.HELP_PRESSED,
        activation=2,
        severity=Severity.CRITICAL,
        reason=WHY,
        subject="scaip:x",
    ),
    facts.ConfigurationSet(item=Resident(id="siri", unit="north", people_needed=2), author="file"),
    facts.ConfigurationSet(
        item=Municipality(
            id="simby",
            timezone="Europe/Oslo",
            default_policy="plain",
            paging=Paging(seen_s=45, receipt_s=5, receipt_by_channel_s={"sms": 20}),
        ),
        author="file",
    ),
]
GOLDEN = json.loads(DATA.joinpath("facts_life.json").read_text())
NAMES = [f"{n}-{tag(fact)}" for n, fact in enumerate(EVERY)]


@pytest.mark.parametrize(("golden", "fact"), list(zip(GOLDEN, EVERY, strict=True)), ids=NAMES)
def test_the_golden_line_is_read_and_written(golden: dict[str, Any], fact: AnyFact) -> None:
    assert decode(json.dumps(golden["body"]).encode(), golden["version"]) == fact
    assert holds(json.loads(encode(fact)), golden["body"])
    assert golden["version"] == fact.VERSION


def test_every_fact_of_life_has_its_line() -> None:
    tags = {str(kind.__struct_config__.tag) for kind in facts_life.AnyLifeFact.__args__}
    assert tags <= {line["body"]["fact"] for line in GOLDEN}


def test_a_changed_line_is_noticed() -> None:
    assert not holds({"a": 1}, {"a": 2})
    assert not holds({"a": [1]}, {"a": [1, 2]})
    assert not holds({}, {"a": None})
    assert holds({"a": [{"b": 1, "c": 2}], "d": 3}, {"a": [{"b": 1}]})
