"""The stored form of facts about the ways to people: one of each in tests/data/facts_reach.json.

A test that fails here says that the form of the journal has changed: see tests/routing/test_facts.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from routing.duty import Absence
from routing.facts import AnyFact, ConfigurationSet, decode, encode
from routing.municipality import Municipality, Person, Role
from routing.plans import Paging, Waits
from routing.proofs import facts
from routing.proofs.command import ReachAction
from routing.reasons import Reason, ReasonCode

GOLDEN = json.loads(
    Path(__file__).parents[1].joinpath("data", "facts_reach.json").read_text("utf-8")
)
WHO = {"person": "anna", "channel": "push-1"}
EVERY: list[AnyFact] = [
    facts.ChannelTested(test="test-c1", by="lea", due_at=120_000_001, **WHO),
    facts.ChannelReceived(test="test-c1", code="receipt", **WHO),
    facts.ChannelProven(test="test-c1", took_ms=4200, **WHO),
    facts.ChannelUnproven(test="test-c2", code="no-answer", **WHO),
    facts.ChannelUnproven(code="http-410", **WHO),
    facts.ChannelBack(**WHO),
    facts.DutyBegun(person="anna", by="anna"),
    facts.DutyBegun(person="anna", by="lea", team="home", until=9),
    facts.DutyEnded(person="anna", by="anna", until=9, last=True),
    facts.PhoneLost(person="anna", by="ivar"),
    facts.RelativeAgreed(person="rune", resident="rolf", agreed=True),
    facts.RelativeMissed(person="rune", resident="rolf"),
    facts.ReachEnded(
        command="c1", person="anna", action=ReachAction.TEST, refused=None, test="test-c1"
    ),
    facts.ReachEnded(
        command="c2",
        person="anna",
        action=ReachAction.END,
        refused=Reason(ReasonCode.LAST_ON_DUTY, {"team": "home"}),
    ),
    ConfigurationSet(
        item=Person(
            id="anna",
            roles=(Role.STAFF,),
            channels=("push-1", "sms-1"),
            waits={"push-1": Waits(receipt_s=6), "sms-1": Waits(receipt_s=20, seen_s=60)},
        ),
        author="file",
    ),
    ConfigurationSet(
        item=Municipality(
            id="simby",
            timezone="Europe/Oslo",
            default_policy="plain",
            paging=Paging(proof_s=3600),
            relatives_agree=True,
        ),
        author="file",
    ),
    ConfigurationSet(
        item=Absence(
            id="off-1",
            person="anna",
            from_local="2026-11-23T14:05",
            to_local="2026-11-23T15:00",
            offer="c2",
        ),
        author="anna",
    ),
]
NAMES = [f"{n}-{fact.__struct_config__.tag}" for n, fact in enumerate(EVERY)]


@pytest.mark.parametrize(("golden", "fact"), list(zip(GOLDEN, EVERY, strict=True)), ids=NAMES)
def test_the_golden_line_is_read_and_written(golden: dict[str, Any], fact: AnyFact) -> None:
    body = json.dumps(golden["body"]).encode()
    assert decode(body, golden["version"]) == fact
    assert json.loads(encode(fact)) == golden["body"]
    assert golden["version"] == fact.VERSION


def test_what_was_written_before_people_had_waits_of_their_own_is_read() -> None:
    item = b'{"item":"person","id":"a","roles":["staff"]}'
    fact = decode(b'{"fact":"configuration.set","item":' + item + b',"author":"f"}')
    assert isinstance(fact, ConfigurationSet)
    assert isinstance(fact.item, Person)
    assert fact.item.waits == {}
