"""A time of the clock that lies on another day than it is read on has its date."""

from types import SimpleNamespace
from typing import Any

import pytest

from hub.explain.steps import Steps
from hub.journal.port import Record
from hub.telling.timeline import entries
from hub.telling.words import Words
from hub.text import Language, catalogue
from routing.facts import AnyFact, Page, Paged, SendEnded
from routing.facts_correlate import AlarmMarked, DoseDue
from routing.instant import HOUR, SECOND, Instant, from_rfc3339
from routing.kinds import Severity
from routing.marks import Mark
from routing.municipality import Municipality
from routing.reasons import ReasonCode, because
from routing.state import Registry
from routing.tasks.facts import TaskMade
from routing.tasks.life import TaskKind

EVENING: Instant = from_rfc3339("2026-11-23T22:30:00Z")
"""23:30 in Oslo on the 23rd; UTC has another day half an hour longer."""
MIDNIGHT: Instant = EVENING + HOUR // 2


def words(language: Language = "en", now: Instant | None = None) -> Words:
    names: Any = SimpleNamespace(name=lambda section, id: id)
    here = Municipality(id="simby", timezone="Europe/Oslo", default_policy="plain")
    return Words(catalogue(language), names, Registry(municipality=here), now)


@pytest.mark.parametrize(
    ("now", "at", "said"),
    [
        (EVENING, EVENING + HOUR // 2 - 1, "23:59"),
        (EVENING, MIDNIGHT, "24 Nov 00:00"),
        (MIDNIGHT, MIDNIGHT, "00:00"),
        (MIDNIGHT, MIDNIGHT - 1, "23 Nov 23:59"),
        (MIDNIGHT, MIDNIGHT + 24 * HOUR, "25 Nov 00:00"),
        (EVENING, from_rfc3339("2027-11-23T22:30:00Z"), "23 Nov 2027 23:30"),
        (None, EVENING, "23 Nov 23:30"),
    ],
)
def test_the_date_is_there_where_the_day_is_another(
    now: Instant | None, at: Instant, said: str
) -> None:
    assert words(now=now).clock(at) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The resident is away until 1 Dec 00:00"),
        ("nb", "Brukeren er borte til 01.12. 00:00"),
        ("nn", "Brukaren er borte til 01.12. 00:00"),
    ],
)
def test_a_pause_says_on_which_day_it_ends(language: Language, said: str) -> None:
    until = from_rfc3339("2026-11-30T23:00:00Z")
    why = because(ReasonCode.RESIDENT_PAUSED, until=until)
    marked = AlarmMarked(alarm="a", mark=Mark.RELATIVES_NOT_TOLD, reason=why)
    assert [one.why for one in told(marked, EVENING, language)] == [said]


def test_a_time_of_another_year_has_it_as_each_language_writes_it() -> None:
    assert words("nb", EVENING).clock(EVENING + 365 * 24 * HOUR) == "23.11.2027 23:30"


def test_a_time_of_the_same_day_is_the_clock_alone() -> None:
    why = because(ReasonCode.MAINTENANCE, until=EVENING)
    assert words(now=EVENING - HOUR).reason(why).startswith("Maintenance until 23:30:")


def test_a_line_of_a_timeline_is_read_beside_its_own_time() -> None:
    due = DoseDue(device="pills", due_at=EVENING, missed_at=EVENING + HOUR)
    (line,) = told(due, EVENING)
    assert line.text == "A dose is due at pills, until 24 Nov 00:30"
    (line,) = told(due, EVENING + HOUR)
    assert line.text == "A dose is due at pills, until 00:30"


def test_a_window_has_its_day_once() -> None:
    assert words().window(EVENING - HOUR, EVENING) == "23 Nov 22:30–23:30"
    assert words().window(EVENING, MIDNIGHT) == "23 Nov 23:30 – 24 Nov 00:00"


def test_what_became_of_a_call_after_midnight_has_its_date() -> None:
    why = because(ReasonCode.NAMED_IN_STEP)
    page = Page(send="s", person="kari", channel="sms-1", why=why)
    called = Paged(alarm="a", pages=(page,), reason=why)
    ended = SendEnded(
        alarm="a", send="s", person="kari", channel="sms-1", delivered=True, code="ok"
    )

    def said(at: Instant) -> str:
        records = [Record(1, EVENING, called), Record(2, at, ended)]
        return Steps(words(), sends=True).of(records)[0].calls[0].text

    assert said(MIDNIGHT - SECOND).endswith("delivered 23:59:59")
    assert said(MIDNIGHT).endswith("delivered 2026-11-24 00:00:00")


def told(fact: AnyFact, at: Instant, language: Language = "en") -> Any:
    return entries(words(language), [Record(1, at, fact)], notes=False)


def test_a_task_of_another_day_says_so() -> None:
    made = TaskMade(
        task="t",
        kind=TaskKind.LOOK,
        policy="p",
        severity=Severity.LOW,
        start=EVENING + 24 * HOUR,
        end=MIDNIGHT + 24 * HOUR,
        offer_at=EVENING,
        reason=because(ReasonCode.TASK_LOOK),
    )
    (line,) = told(made, EVENING)
    assert line.text.endswith(", 24 Nov 23:30 to 25 Nov 00:00")
