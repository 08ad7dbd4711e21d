"""What a push says and carries: in the person's language, without name or address."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from hub.notifier.channel import Send
from hub.notifier.push_payload import PADDED, PADDED_SMALL, payload
from hub.notifier.push_terms import ttl_s, urgency
from hub.notifier.push_text import said
from hub.rights.seal import Right, Use, key_of, seal
from hub.text import LANGUAGES, Language
from routing.instant import HOUR, SECOND
from routing.kinds import Kind
from routing.reasons import ReasonCode
from routing.tasks.life import TaskKind
from tests.notifier.sends import (
    ALARM,
    CRITICAL,
    EXERCISE,
    LOW,
    NOW,
    OWNED,
    REPEATED,
    SECOND_ROUND,
    TASK,
    send_of,
    the_test,
)

KEY = key_of("a secret of these tests", "fjordby")


def read(send: Send, *, small: bool = False) -> dict[str, Any]:
    made = payload(send, lambda use: f"<{use}>", "https://varde.example", small=small)
    found: dict[str, Any] = msgspec.json.decode(made)
    return found


VARDE = {
    "v": 1,
    "send": "fjordby-a1:1.0:kari:push-1",
    "alarm": "fjordby-a1",
    "kind": "help.pressed",
    "exercise": False,
    "again": False,
    "receipt": "<receipt>",
    "accept": "<accept>",
    "refuse": "<refuse>",
    "seen": "<seen>",
}


def test_a_declarative_message_with_what_the_worker_needs() -> None:
    assert read(send_of()) == {
        "web_push": 8030,
        "mutable": True,
        "notification": {
            "title": "Alarmknapp trykket",
            "body": "Øst · Kan du ta alarmen?",
            "lang": "nb",
            "dir": "ltr",
            "navigate": "https://varde.example/alarms/fjordby-a1",
            "tag": "fjordby-a1",
            "requireInteraction": True,
            "silent": False,
            "data": {"varde": VARDE},
        },
        "varde": VARDE,
    }


@pytest.mark.parametrize(
    ("send", "language", "title", "body"),
    [
        (send_of(language="nn"), "nn", "Alarmknapp trykt", "Øst · Kan du ta alarmen?"),
        (send_of(language="en"), "en", "Help button pressed", "Øst · Can you take the alarm?"),
        (send_of(EXERCISE), "nb", "ØVELSE: Alarmknapp trykket", "Øst · Kan du ta alarmen?"),
        (send_of(EXERCISE, language="nn"), "nn", "ØVING: Alarmknapp trykt", None),
        (send_of(EXERCISE, language="en"), "en", "EXERCISE: Help button pressed", None),
        (
            send_of(REPEATED),
            "nb",
            "Alarmknapp trykket",
            "Øst · Kan du ta alarmen? · Meldt 3 ganger",
        ),
        (send_of(SECOND_ROUND), "nb", None, "Øst · Kan du ta alarmen? · Ringer igjen"),
        (send_of(informed=True), "nb", "Til orientering: Alarmknapp trykket", "Øst"),
        (send_of(place=None), "nb", None, "Kan du ta alarmen?"),
        (
            send_of(OWNED, why=ReasonCode.HANDOVER_ASKED),
            "nb",
            None,
            "Øst · En kollega ber deg ta over",
        ),
        (send_of(OWNED, why=ReasonCode.HELP_ASKED), "nb", None, "Øst · Det trengs en til"),
        (
            send_of(OWNED, person="ola", why=ReasonCode.OWNER_ASKED),
            "nb",
            None,
            "Øst · Du har alarmen: Hvor langt har du kommet?",
        ),
        (send_of(TASK), "nb", "Besøk", "Øst · Kan du ta oppgaven?"),
        (send_of(replace(TASK, kind=TaskKind.DUTY)), "nb", None, "Øst · Kan du ta vakten?"),
        (
            send_of(the_test()),
            "nb",
            "Prøvevarsel",
            "Ingen trenger hjelp. Svar for å vise at denne telefonen når deg.",
        ),
    ],
)
def test_the_texts(send: Send, language: Language, title: str | None, body: str | None) -> None:
    assert send.language == language
    text = said(send)
    assert title is None or text.title == title
    assert body is None or text.body == body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_its_words_and_never_a_name(kind: Kind, language: Language) -> None:
    text = said(send_of(replace(ALARM, kind=kind), language=language))
    assert text.title
    whole = f"{text.title} {text.body}".lower()
    assert "olga" not in whole
    assert "kari" not in whole
    assert "{" not in whole


@pytest.mark.parametrize(
    ("send", "rights"),
    [
        (send_of(), {"receipt", "accept", "refuse", "seen"}),
        (send_of(informed=True), {"receipt", "seen"}),
        (send_of(OWNED, why=ReasonCode.OWNER_ASKED), {"receipt", "seen"}),
        (send_of(OWNED, why=ReasonCode.HANDOVER_ASKED), {"receipt", "accept", "refuse", "seen"}),
        (send_of(TASK), {"receipt", "accept", "refuse"}),
        (send_of(the_test()), {"receipt", "answer"}),
    ],
)
def test_only_what_is_asked_can_be_answered(send: Send, rights: set[Use]) -> None:
    varde = read(send)["varde"]
    assert {name for name in varde if varde[name] == f"<{name}>"} == rights


def test_what_it_is_about_is_named_by_its_sort() -> None:
    assert read(send_of(TASK))["varde"]["task"] == "fjordby-t1"
    assert read(send_of(TASK))["notification"]["navigate"] == "https://varde.example/tasks"
    test = read(send_of(the_test()))
    assert test["varde"]["test"] == "test-0123456789abcdef"
    assert test["notification"]["navigate"] == "https://varde.example/readiness"


def test_an_exercise_and_a_notice_do_not_stay_until_touched() -> None:
    stays = {
        name: read(send)["notification"]["requireInteraction"]
        for name, send in {
            "alarm": send_of(),
            "exercise": send_of(EXERCISE),
            "notice": send_of(informed=True),
        }.items()
    }
    assert stays == {"alarm": True, "exercise": False, "notice": False}


@pytest.mark.parametrize("small", [False, True])
def test_the_longest_fits_into_its_length(small: bool) -> None:
    longest = "x" * 60
    alarm = replace(EXERCISE, id=f"fjordby-{'a' * 20}", kind=Kind.DUTY_GAP, activations=1_000)
    send = send_of(alarm, person=longest, language="nn", place="Ø" * 100)

    def sealed(use: Use) -> str:
        right = Right(use, send.owed.page.send, longest, "h" * 12, NOW + HOUR)
        return seal(KEY, right)

    made = payload(send, sealed, "https://" + "x" * 60 + ".example", small=small)
    assert len(made) <= (PADDED_SMALL if small else PADDED)


@pytest.mark.parametrize(
    ("send", "hurry"),
    [
        (send_of(), "high"),
        (send_of(CRITICAL), "high"),
        (send_of(TASK), "high"),
        (send_of(the_test()), "high"),
        (send_of(informed=True), "normal"),
        (send_of(LOW), "normal"),
        (send_of(LOW, informed=True), "very-low"),
    ],
)
def test_the_urgency(send: Send, hurry: str) -> None:
    assert urgency(send) == hurry


@pytest.mark.parametrize(
    ("due_in_s", "ttl"), [(120, 120), (300, 300), (5, 60), (-30, 60), (7_200, 3_600), (None, 600)]
)
def test_a_message_is_kept_as_long_as_the_step_waits(due_in_s: int | None, ttl: int) -> None:
    due_at = None if due_in_s is None else NOW + due_in_s * SECOND
    assert ttl_s(send_of(replace(ALARM, due_at=due_at)), NOW) == ttl
