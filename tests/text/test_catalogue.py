"""The catalogue: complete, equal in its placeholders, and the only place with words for people."""

import re
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from hub.text import LANGUAGES, Language, TextMissing, catalogue, choose, files
from routing.kinds import Category, Kind, Severity
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.municipality import Role
from routing.reasons import ReasonCode

ROOT = Path(__file__).parents[2]
WEB = ROOT / "hub" / "web"
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
MODULES = sorted([*(WEB / "static" / "js").glob("*.js"), *(WEB / "static" / "worker").glob("*.js")])
ENGLISH = catalogue("en").texts


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_and_nothing_is_fuzzy(language: Language) -> None:
    for path in files(language):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    assert str(message.string).strip(), (path.name, message.id)
                    assert not message.fuzzy, (path.name, message.id)
    assert set(catalogue(language).texts) == set(ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same_in_every_language(language: Language) -> None:
    for msgid, text in catalogue(language).texts.items():
        assert placeholders(text) == placeholders(ENGLISH[msgid]), msgid


@pytest.mark.parametrize(
    ("prefix", "codes"),
    [
        ("kind", Kind),
        ("category", Category),
        ("phase", Phase),
        ("action", Action),
        ("outcome", OutcomeCode),
        ("role", Role),
        ("reason", ReasonCode),
    ],
)
def test_every_code_has_its_words_and_no_words_are_left_over(
    prefix: str, codes: type[Enum]
) -> None:
    entries = {msgid for msgid in ENGLISH if msgid.startswith(f"{prefix}.")}
    assert entries == {f"{prefix}.{code.value}" for code in codes}


def test_every_severity_has_its_words() -> None:
    entries = {msgid for msgid in ENGLISH if msgid.startswith("severity.")}
    assert entries == {f"severity.{severity.name.lower()}" for severity in Severity}


def documented_parameters() -> dict[str, set[str]]:
    """Read the parameters that stand beside each reason in its own file."""
    source = (ROOT / "routing" / "reasons.py").read_text("utf-8")
    rows = re.findall(r'^    [A-Z_]+ = "(\w+)"(?:  # (.*))?$', source, re.MULTILINE)
    return {code: set(names.replace(" ", "").split(",")) - {""} for code, names in rows}


def test_reasons_use_no_parameter_that_the_core_does_not_give() -> None:
    documented = documented_parameters()
    assert set(documented) == {code.value for code in ReasonCode}
    for msgid, text in ENGLISH.items():
        prefix, _, code = msgid.partition(".")
        if prefix in {"reason", "called"}:
            assert placeholders(text) <= documented[code], msgid


def used_msgids() -> set[str]:
    """Return the msgids that templates and modules name outright."""
    found: set[str] = set()
    for path in (*TEMPLATES, *MODULES):
        source = path.read_text("utf-8")
        found |= set(re.findall(r"""\b(?:t|fact)\(\s*["']([a-z_.]+[a-z])["']""", source))
        found |= set(re.findall(r'"(ui\.[a-z_.]+[a-z])"', source))
    return found


def test_every_msgid_that_pages_use_exists() -> None:
    used = used_msgids()
    assert {"ui.mine", "ui.sign_in.title", "ui.why_me"} <= used
    assert used <= set(ENGLISH)


def test_every_msgid_that_pages_build_has_entries() -> None:
    for path in MODULES:
        for prefix in re.findall(r"t\(`([a-z_.]*)\$\{", path.read_text("utf-8")):
            assert any(msgid.startswith(prefix) for msgid in ENGLISH), (path.name, prefix)


STATES = ("sending", "not_confirmed", "not_sent", "outbox.ask", "outbox.ask.unsure")


def test_every_state_of_sending_has_its_words() -> None:
    assert {f"ui.{state}" for state in STATES} <= set(ENGLISH)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_words_of_their_own(template: Path) -> None:
    classes = r"\{% block body_class %\}.*?\{% endblock %\}"
    source = re.sub(
        classes + r"|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", template.read_text("utf-8"), flags=re.S
    )
    for attribute in re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', source):
        assert not re.search(r"[^\W\d_]", attribute), attribute
    words = re.findall(r"[^\W\d_]+", re.sub(r"<[^>]*>", " ", source))
    assert set(words) <= {"Varde"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_modules_hold_no_words_of_their_own(module: Path) -> None:
    """A string with a capital word, a Norwegian letter or a sentence is for people."""
    source = re.sub(r"/\*.*?\*/", "", module.read_text("utf-8"), flags=re.S)
    strings = re.findall(r'"([^"\n]*)"', source) + re.findall(r"`([^`]*)`", source)
    plain = [re.sub(r"\$\{[^}]*\}", "", text) for text in strings]
    known = {"Varde", "POST", "UTC", "GET"}
    for text in plain:
        if text in known or text.startswith(("/", "http", "[", "(min-width", "a[href")):
            continue
        assert not re.search(r"\b[A-ZÆØÅ][a-zæøå]+|[æøåÆØÅ]|[a-z]+ [a-z]+ [a-z]+", text), text


def test_an_unknown_msgid_is_loud() -> None:
    with pytest.raises(TextMissing):
        catalogue("nb")("ui.no_such_text")


def test_a_parameter_that_an_old_fact_lacks_does_not_break_the_text() -> None:
    assert catalogue("nb")("reason.on_duty") == "Du er på vakt i …"


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (["nn-NO", "nb"], "nn"),
        (["no"], "nb"),
        (["en-GB"], "en"),
        ([None, "", "de", "en"], "en"),
        (["de"], "nb"),
        ([], "nb"),
    ],
)
def test_the_first_wish_that_we_have_is_taken(wishes: list[str | None], language: str) -> None:
    assert choose(wishes) == language


def test_nynorsk_is_not_a_copy() -> None:
    nb, nn = catalogue("nb").texts, catalogue("nn").texts
    different = [msgid for msgid in nb if nb[msgid] != nn[msgid]]
    assert len(different) > len(nb) / 3
    other = re.compile(
        r"\b(ikke|hva|hvor|hvem|hvis|fra|bruker|beboer\w*|noen|noe|jeg|ble|vei|enhet\w*|kommer)\b",
        re.IGNORECASE,
    )
    assert [nn[msgid] for msgid in nn if other.search(nn[msgid])] == []


NOT_OURS: Mapping[Language, str] = {
    "nb": r"[Ff]ram(me|over)?|[Bb]eboer\w*|[Ss]enga|[Kk]lokka|[Dd]øra|[Ll]ista|[Ss]ida",
    "nn": r"([Oo]pp)?[Gg]jev?|gjeven?|svarar|svara|[Òò]g|[Ll]at|henne|begynn\w*|ringer"
    r"|[Aa]pparat\w*|[Bb]ebuar\w*",
}
"""Forms that are right, but not those that the catalogue uses throughout."""


@pytest.mark.parametrize("language", NOT_OURS)
def test_a_language_keeps_to_one_form_of_a_word(language: Language) -> None:
    other = re.compile(rf"\b({NOT_OURS[language]})\b")
    assert [text for text in catalogue(language).texts.values() if other.search(text)] == []
