"""Every fact that is shown anywhere has its words, in every language; the others are named here."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hub.journal.port import Record
from hub.telling.names import Card
from hub.telling.timeline import entries
from hub.telling.words import Words
from hub.text import LANGUAGES, Language, catalogue
from routing.facts import VERSIONS, AnyFact, decode
from routing.municipality import Municipality
from routing.reasons import Reason, ReasonCode
from routing.state import Registry

DATA = Path(__file__).parents[1] / "data"
NEVER_SHOWN = {
    "configuration.set",
    "configuration.removed",
    "event.recorded",
    "watch.set",
    "watch.ended",
    "visit.waits",
    "visit.ended",
    "alarm.archived",
    "task.archived",
    "frames.replayed",
}
"""What only waits, only changes memory, or is told by what follows from it."""
TOLD_OTHERWISE = {"event.noted", "command.ended", "task.command", "reach.ended"}
"""Told by their reason alone, where they are told."""


def golden() -> list[AnyFact]:
    """One fact of each form that was ever stored."""
    lines = [
        line for path in sorted(DATA.glob("facts*.json")) for line in json.loads(path.read_text())
    ]
    return [decode(json.dumps(line["body"]).encode(), line["version"]) for line in lines]


def tag(fact: AnyFact) -> str:
    return str(fact.__struct_config__.tag)


FACTS = {tag(fact): fact for fact in golden()}
SHOWN = sorted(set(FACTS) - NEVER_SHOWN - TOLD_OTHERWISE)


def words(language: Language) -> Words:
    names: Any = SimpleNamespace(
        name=lambda section, id: f"<{id}>", note=lambda command: None, card=lambda *_: Card()
    )
    here = Municipality(id="simby", timezone="Europe/Oslo", default_policy="plain")
    return Words(catalogue(language), names, Registry(municipality=here))


def said(fact: AnyFact, language: Language) -> list[str]:
    found = entries(words(language), [Record(1, 0, fact)], notes=True)
    return [entry.text for entry in found]


def test_the_golden_lines_hold_every_fact() -> None:
    assert set(FACTS) == set(VERSIONS)
    assert not NEVER_SHOWN & TOLD_OTHERWISE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_it_has_its_words(name: str, language: Language) -> None:
    (text,) = said(FACTS[name], language)
    assert text.strip()
    assert "…" not in text
    assert "{" not in text
    assert name not in text


@pytest.mark.parametrize("name", sorted(NEVER_SHOWN))
def test_what_is_never_shown_has_none(name: str) -> None:
    assert said(FACTS[name], "en") == []


def test_the_words_of_some() -> None:
    assert said(FACTS["protection.lost"], "en")[0].startswith("Without protection: ")
    assert said(FACTS["owner.silent"], "nb") == ["<anna> svarer ikke, og beholder alarmen"]
    assert "<" in said(FACTS["task.send_ended"], "nn")[0]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (
            Reason(ReasonCode.STILL_THERE, {"stay_s": 3600}),
            "You have been with the resident for 1 h and the alarm is not closed",
        ),
        (
            Reason(ReasonCode.LEAD_TOLD_STILL_THERE, {"owner": "anna", "stay_s": 3600}),
            "<anna> has been with the resident for more than 1 h and does not answer",
        ),
        (
            Reason(ReasonCode.OWNER_ASKED, {"lease_s": 600}),
            "You own the alarm and have not arrived within 10 min",
        ),
        (
            Reason(ReasonCode.NOT_SEEN, {"channel": "webhook-1", "wait_s": 30}),
            "The call (Own alerting system) was delivered and not seen within 30 s",
        ),
        (
            Reason(ReasonCode.PEOPLE_NEEDED, {"people": 2}),
            "2 people must go to this address together",
        ),
        (
            Reason(ReasonCode.MANY_STRANGERS, {"subject": "scaip:x9", "count": 11}),
            "Many unknown devices at once (11); the latest is scaip:x9",
        ),
    ],
)
def test_the_reasons_of_the_rules(reason: Reason, expected: str) -> None:
    assert words("en").reason(reason) == expected
