"""Lengths of time in reasons: they are told as a duration, which has its own unit."""

import re

import pytest

from hub.text import LANGUAGES, Language, catalogue


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_unit_stands_after_a_duration(language: Language) -> None:
    doubled = re.compile(r"\{\w+_s\} s\b")
    reasons = catalogue(language).starting_with("reason.", "called.")
    assert any("{wait_s}" in text for text in reasons.values())
    assert {msgid for msgid, text in reasons.items() if doubled.search(text)} == set()
