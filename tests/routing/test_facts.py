"""The stored form of facts: one of each type in tests/data/facts.json, readable for ever.

A test that fails here says that the form of the journal has changed. Give the fact a new VERSION
and an upcaster from the old one, and keep the old line in the file; never change a line.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import facts
from routing.facts import VERSIONS, AnyFact, Page, decode, encode
from routing.kinds import Category, Kind, Severity
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.municipality import (
    SECTIONS,
    Device,
    Municipality,
    Person,
    Policy,
    RaiseRule,
    Resident,
    Role,
    Shift,
    Step,
    Target,
    Team,
    Unit,
)
from routing.reasons import Reason, ReasonCode

DATA = Path(__file__).parents[1] / "data"
GOLDEN = json.loads(DATA.joinpath("facts.json").read_text())

WHY = Reason(ReasonCode.ON_DUTY, {"team": "home"})
PAGES = (Page("a1:r1.s0:anna:webhook-1", "anna", "webhook-1", WHY),)
ITEMS = (
    Municipality(id="simby", timezone="Europe/Oslo", language="nn", default_policy="plain"),
    Unit(id="north", policies={"help": "plain"}),
    Team(id="home", unit="north"),
    Person(id="anna", roles=(Role.STAFF, Role.LEAD), teams=("home",), channels=("webhook-1",)),
    Resident(id="rolf", unit="north", policies={"*": "plain"}),
    Device(
        id="door",
        subject="zigbee2mqtt:gang/dor",
        resident="rolf",
        unit="north",
        raises=(RaiseRule(Kind.DOOR_OPENED, 1380, 360, Severity.HIGH),),
        silent_after_s=600,
    ),
    Policy(
        id="plain",
        steps=(Step((Target("on_duty", "home"), Target("person", "anna")), 60),),
        fallback=(Target("team", "home"),),
        loop="all",
        lease_s=1200,
        ask_s=120,
    ),
    Shift(
        id="night", team="home", people=("anna",), weekdays=(5, 6), from_minute=1380, to_minute=420
    ),
)
EVERY: list[AnyFact] = [
    *(facts.ConfigurationSet(item=item, private="d1", author="file") for item in ITEMS),
    facts.ConfigurationRemoved(section="person", id="anna", author="file"),
    facts.EventRecorded(
        event="e1",
        kind=Kind.HELP_PRESSED,
        subject="scaip:1",
        received_at=1_795_331_701_000_000,
        occurred_at=0,
        history=True,
        code="0010",
        adapter="scaip",
    ),
    facts.EventNoted(event="e1", subject="scaip:1", reason=WHY),
    facts.AlarmRaised(
        alarm="a1",
        event="e1",
        kind=Kind.HELP_PRESSED,
        category=Category.HELP,
        severity=Severity.HIGH,
        subject="scaip:1",
        device="pendant",
        resident="rolf",
        unit="north",
        policy="0011223344556677",
        received_at=1,
        history=False,
        reason=Reason(ReasonCode.KIND_RAISES, {"kind": "help.pressed"}),
    ),
    facts.AlarmRepeated(
        alarm="a1",
        event="e2",
        kind=Kind.FALL_DETECTED,
        activation=2,
        severity=Severity.CRITICAL,
        pages=PAGES,
        reason=Reason(ReasonCode.SAME_TROUBLE_AGAIN, {"activation": 2}),
    ),
    facts.AlarmAnnotated(
        alarm="a1",
        event="e3",
        kind=Kind.HELP_CANCELLED,
        reason=Reason(ReasonCode.CANCEL_NEVER_HIDES),
    ),
    facts.StepSkipped(alarm="a1", round=1, step=0, reason=WHY),
    facts.StepStarted(alarm="a1", round=1, step=1, pages=PAGES, due_at=2, reason=WHY),
    facts.RoundEnded(alarm="a1", round=1, reason=WHY),
    facts.Paged(alarm="a1", pages=PAGES, reason=WHY),
    facts.SendEnded(
        alarm="a1",
        send="a1:r1.s0:anna:webhook-1",
        person="anna",
        channel="webhook-1",
        delivered=False,
        code="http-410",
    ),
    facts.AlarmSeen(alarm="a1", person="anna"),
    facts.AlarmAccepted(alarm="a1", person="anna", due_at=3),
    facts.AlarmRefused(alarm="a1", person="anna"),
    facts.AlarmProgressed(alarm="a1", person="anna", phase=Phase.ON_THE_WAY, due_at=4),
    facts.OwnerAsked(alarm="a1", pages=PAGES, due_at=5, reason=WHY),
    facts.AlarmReopened(alarm="a1", previous_owner="anna", reason=WHY),
    facts.AlarmClosed(alarm="a1", person="anna", outcome=OutcomeCode.FALL),
    facts.AlarmArchived(alarm="a1"),
    facts.CommandEnded(
        command="c1",
        alarm="a1",
        person="anna",
        action=Action.ACCEPT,
        refused=Reason(ReasonCode.TAKEN_BY_OTHER, {"owner": "berit", "at": 6}),
    ),
]


def tag(fact: AnyFact) -> str:
    return str(fact.__struct_config__.tag)


NAMES = [f"{n}-{tag(fact)}" for n, fact in enumerate(EVERY)]


@pytest.mark.parametrize(("golden", "fact"), list(zip(GOLDEN, EVERY, strict=True)), ids=NAMES)
def test_the_golden_line_is_read_and_written(golden: dict[str, Any], fact: AnyFact) -> None:
    body = json.dumps(golden["body"]).encode()
    assert decode(body, golden["version"]) == fact
    assert holds(json.loads(encode(fact)), golden["body"])
    assert golden["version"] == fact.VERSION


def holds(written: Any, kept: Any) -> bool:
    """Whether everything of the kept line is written as it was; a later form may write more."""
    if isinstance(kept, dict):
        return written.keys() >= kept.keys() and all(holds(written[k], kept[k]) for k in kept)
    if isinstance(kept, list):
        return len(written) == len(kept) and all(map(holds, written, kept))
    return bool(written == kept)


def test_every_type_of_fact_and_item_has_its_line() -> None:
    """In facts.json, or in one of the files beside it that later forms of the hub have added."""
    kept = [json.loads(path.read_text()) for path in sorted(DATA.glob("facts*.json"))]
    bodies = [line["body"] for lines in kept for line in lines]
    assert {body["fact"] for body in bodies} == set(VERSIONS)
    items = {body["item"]["item"] for body in bodies if "item" in body}
    assert items == set(SECTIONS)


WORDS = st.text(max_size=20)
NUMBERS = st.integers(-(2**63), 2**63 - 1)


@given(
    reason=st.builds(
        Reason,
        st.sampled_from(ReasonCode),
        st.dictionaries(WORDS, st.one_of(WORDS, NUMBERS), max_size=3),
    ),
    words=WORDS,
    number=NUMBERS,
    kind=st.sampled_from(Kind),
)
def test_any_content_comes_back_as_it_was(
    reason: Reason, words: str, number: int, kind: Kind
) -> None:
    page = Page(send=words, person=words, channel=words, why=reason)
    heard = facts.EventRecorded(
        event=words, kind=kind, subject=words, received_at=number, code=words, adapter=words
    )
    step = facts.StepStarted(
        alarm=words, round=number, step=number, pages=(page, page), due_at=number, reason=reason
    )
    for fact in (heard, step):
        assert decode(encode(fact)) == fact


def _who_to_person(raw: dict[str, Any]) -> dict[str, Any]:
    return {**{k: v for k, v in raw.items() if k != "who"}, "person": raw["who"]}


def _person_in_lower_case(raw: dict[str, Any]) -> dict[str, Any]:
    return {**raw, "person": raw["person"].lower()}


PLANTED = {("alarm.seen", 0): _who_to_person}


def test_an_upcaster_lifts_an_old_version() -> None:
    old = b'{"fact":"alarm.seen","alarm":"a1","who":"anna"}'
    assert decode(old, 0, PLANTED) == facts.AlarmSeen(alarm="a1", person="anna")


def test_upcasters_are_applied_one_version_after_another() -> None:
    ladder = {("alarm.seen", -1): _who_to_person, ("alarm.seen", 0): _person_in_lower_case}
    old = b'{"fact":"alarm.seen","alarm":"a1","who":"ANNA"}'
    assert decode(old, -1, ladder) == facts.AlarmSeen(alarm="a1", person="anna")


def test_upcasters_leave_present_versions_alone() -> None:
    for fact in EVERY:
        assert decode(encode(fact), fact.VERSION, PLANTED) == fact


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"fact":"unheard.of"}',
        b'{"fact":"alarm.seen","alarm":"a1"}',
        b'{"fact":"alarm.seen","alarm":"a1","who":"anna"}',
        b"not json",
    ],
)
def test_what_no_version_ever_wrote_is_an_error(body: bytes) -> None:
    with pytest.raises((msgspec.ValidationError, msgspec.DecodeError)):
        decode(body)
