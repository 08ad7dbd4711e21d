"""The text of an SMS: one message, no name and no address, and what a reply to it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.notifier.asks import Ask, asked_by, asks
from hub.notifier.sms import sms_text
from hub.notifier.sms_alphabet import in_alphabet, septets
from hub.notifier.voice import said
from hub.rights.short import link_token, reply_code
from hub.text import LANGUAGES, Language
from routing.kinds import KINDS, Kind, KindClass
from routing.lifecycle import Phase
from routing.marks import Mark
from tests.channels.sends import ALARM, KEY, TASK, URL, page, send, test_send

CODE = reply_code(KEY, "fjordby-a1:r1.s0:kari:sms-1")
LINK = f"{URL}/l/{link_token(KEY, 'fjordby-a1:r1.s0:kari:sms-1')}"
RINGS = [kind for kind in Kind if KINDS[kind].kind_class is KindClass.ALARM]
TABLE_OF_THE_STANDARD = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""3GPP TS 23.038, 6.2.1: the 128 places of the default alphabet; the escape is at 0x1B."""


def test_the_text_says_what_where_about_and_how_to_answer() -> None:
    expected = (
        f"Varde: Alarmknapp trykket, Øst. Svar 1 {CODE} for å ta den, 2 {CODE} for nei. {LINK}"
    )
    assert sms_text(send(), KEY, URL) == expected


def test_nynorsk_and_english() -> None:
    assert f"Svar 1 {CODE} for å ta han" in sms_text(send(language="nn"), KEY, URL)
    assert f"Reply 1 {CODE} to take it, 2 {CODE} for no" in sms_text(send(language="en"), KEY, URL)


def test_an_exercise_says_so_first() -> None:
    assert sms_text(send(marks=(Mark.EXERCISE,)), KEY, URL).startswith("ØVELSE. Varde: ")
    assert said(send(marks=(Mark.EXERCISE,))).startswith("ØVELSE. Dette er Varde.")


def test_a_test_says_that_nobody_needs_help() -> None:
    text = sms_text(test_send(), KEY, URL)
    code = reply_code(KEY, "test-9:t:kari:sms-1")
    assert text.startswith(f"Varde: Dette er en prøve, ingen trenger hjelp. Svar 1 {code}. ")
    assert "Ingen trenger hjelp" in said(test_send())


def test_a_task_and_a_call_that_asks_nothing() -> None:
    assert sms_text(send(TASK, "n1"), KEY, URL).startswith("Varde, oppgave: ")
    told = sms_text(send(informed=True), KEY, URL)
    assert told == "Varde, til orientering: Alarmknapp trykket, Øst. Du trenger ikke svare."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("exercise", [False, True])
@pytest.mark.parametrize("where", ["r1.s0", "o1", "h1.r1.s0", "ask7"])
def test_every_alarm_fits_into_one_message(language: Language, exercise: bool, where: str) -> None:
    marks = (Mark.EXERCISE,) if exercise else ()
    phase = Phase.LOOKING if where == "r1.s0" else Phase.ACCEPTED
    for kind in RINGS:
        one = send(
            ALARM, where, language=language, place="Hjemmetjenesten Nordre Innherred øst",
            kind=kind, marks=marks, phase=phase,
        )  # fmt: skip
        text = sms_text(one, KEY, "https://varde.fjordvik.kommune.example")
        code = reply_code(KEY, one.owed.page.send)
        assert septets(text) <= 160, (kind, text)
        assert f"1 {code}" in text, (kind, text)


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_no_name_of_a_zone_makes_two_messages_or_loses_the_code(
    place: str, language: Language
) -> None:
    text = sms_text(send(place=place, language=language), KEY, URL)
    assert septets(text) <= 160
    assert CODE in text
    assert all(sign in TABLE_OF_THE_STANDARD or sign in "\f^{}\\[~]|€" for sign in text)


def test_an_address_that_is_too_long_gives_way_and_the_code_stays() -> None:
    text = sms_text(send(), KEY, "https://" + "x" * 150 + ".example")
    assert text == f"Varde: Alarmknapp trykket. Svar 1 {CODE} for å ta den, 2 {CODE} for nei."


def test_the_home_s_code_stands_there_only_where_the_settings_want_it() -> None:
    assert "olga" not in sms_text(send(), KEY, URL)
    text = sms_text(send(), KEY, URL, home_code=True)
    assert text.startswith(f"Varde: Alarmknapp trykket, Øst (olga). Svar 1 {CODE} ")
    assert "(olga)" in sms_text(send(TASK, "n1"), KEY, URL, home_code=True)
    stranger = send(resident=None, device=None, unit=None, place=None)
    assert "()" not in sms_text(stranger, KEY, URL, home_code=True)


@given(st.text(max_size=60), st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True))
def test_no_home_s_code_makes_two_messages(place: str, home: str) -> None:
    text = sms_text(send(place=place, resident=home), KEY, URL, home_code=True)
    assert septets(text) <= 160
    assert CODE in text


def test_neither_resident_nor_home_nor_person_is_in_the_text() -> None:
    for text in (sms_text(send(), KEY, URL), said(send())):
        assert not {"olga", "kari", "pendant", "26317", "fjordby"} & set(
            text.replace(URL, "").lower().replace(",", " ").split()
        )


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Kárášjohka – Deatnu", "Karasjohka - Deatnu"),
        ("Øst, Ås og Ærø", "Øst, Ås og Ærø"),
        ("«Sentrum» …", '"Sentrum" ...'),
        ("Đ ŋ ŧ", "D n t"),
        ("Nord\u00a0\u2009vest\tA", "Nord  vest A"),
        ("пост 🚑", "???? ?"),
        ("o\u0308", "ö"),
        ("½ m²", "1/2 m2"),
    ],
)
def test_signs_outside_the_alphabet_are_spelt_by_it(text: str, plain: str) -> None:
    assert in_alphabet(text) == plain


def test_the_alphabet_is_the_standard_s() -> None:
    assert len(TABLE_OF_THE_STANDARD) == 128
    known = TABLE_OF_THE_STANDARD.replace("\x1b", "")
    assert in_alphabet(known) == known
    assert septets(known) == 127
    assert septets("€[]{}") == 10


@pytest.mark.parametrize(
    ("where", "phase", "ask"),
    [
        ("r1.s0", Phase.LOOKING, Ask.TAKE),
        ("r2.end", Phase.LOOKING, Ask.TAKE),
        ("check", Phase.LOOKING, Ask.TAKE),
        ("n3", Phase.LOOKING, Ask.TAKE),
        ("n3", Phase.ACCEPTED, Ask.TOLD),
        ("lapse17", Phase.LOOKING, Ask.TAKE),
        ("o1", Phase.ACCEPTED, Ask.TAKE_OVER),
        ("o1.back", Phase.ACCEPTED, Ask.TOLD),
        ("h2.r1.s0", Phase.ON_THE_WAY, Ask.JOIN),
        ("h2.join", Phase.ON_THE_WAY, Ask.TOLD),
        ("h2.r1.end", Phase.ON_THE_WAY, Ask.TOLD),
        ("ask99", Phase.ACCEPTED, Ask.STILL),
        ("ask99", Phase.AT_RESIDENT, Ask.TOLD),
        ("stay99", Phase.AT_RESIDENT, Ask.TOLD),
    ],
)
def test_what_a_call_asks_stands_in_its_send(where: str, phase: Phase, ask: Ask) -> None:
    one = send(where=where, phase=phase)
    assert asks(one.owed.page, one.alarm) is ask


def test_what_was_asked_does_not_change_with_what_becomes_of_the_alarm() -> None:
    taken = send(phase=Phase.ACCEPTED, owner="ola")
    assert asked_by(taken.owed.page, taken.alarm) is Ask.TAKE
    assert asked_by(page(ALARM, informed=True), ALARM) is Ask.TOLD
