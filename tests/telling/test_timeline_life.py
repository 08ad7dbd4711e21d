"""The timeline says every fact of an alarm's life, in every language, about the right person."""

from types import SimpleNamespace
from typing import Any

import pytest

from hub.telling.timeline_life import say
from hub.telling.words import Words
from hub.text import LANGUAGES, Language, catalogue
from routing import facts_life
from routing.instant import HOUR, from_rfc3339
from routing.state import Registry
from tests.routing.test_life_facts import EVERY

LIFE = [fact for fact in EVERY if isinstance(fact, facts_life.AnyLifeFact)]


def words(language: Language) -> Words:
    names: Any = SimpleNamespace(name=lambda section, id: f"<{id}>")
    return Words(catalogue(language), names, Registry())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fact", LIFE, ids=lambda fact: str(fact.__struct_config__.tag))
def test_every_fact_of_life_is_said(fact: facts_life.AnyLifeFact, language: Language) -> None:
    said = say(fact, words(language))
    assert said is not None
    text, why, person = said
    assert "…" not in text
    assert "{" not in text
    assert why == getattr(fact, "reason", None) or person is not None
    assert person is None or f"<{person}>" in text


@pytest.mark.parametrize(
    ("language", "told"),
    [("nn", "23.11. 23:00 – 24.11. 01:00"), ("en", "23 Nov 23:00 – 24 Nov 01:00")],
)
def test_a_day_is_written_as_its_language_does(language: Language, told: str) -> None:
    start = from_rfc3339("2026-11-23T23:00:00Z")
    assert words(language).window(start, start + 2 * HOUR) == told
    assert words(language).window(start, start + HOUR // 2).count(told[:6]) == 1


def test_the_words_of_some() -> None:
    told = {str(f.__struct_config__.tag): say(f, words("en")) for f in LIFE}
    texts = {tag: said[0] for tag, said in told.items() if said is not None}
    assert texts["handover.asked"] == "<anna> asks to hand over to: <carl>"
    assert texts["speech"] == "Speech, <anna>: the resident did not answer"
    assert texts["help.step"] == "Called to help: <carl>"


def test_other_facts_are_not_of_life() -> None:
    assert say(EVERY[0], words("en")) is None
