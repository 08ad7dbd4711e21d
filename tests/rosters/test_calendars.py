"""Calendars and tables of other makers: what is read of them, and what is refused."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from hub.configuration.model import MunicipalityFile
from hub.rosters import ics, table
from hub.rosters.duty import duty, registry_of
from hub.rosters.spell import People, Place, Read, Spell, agreed
from hub.rosters.take_over import take_over
from hub.text import catalogue
from routing.instant import DAY, HOUR, MINUTE
from routing.local import local_text
from routing.roster import on_duty
from tests.rosters.entries import OSLO, PEOPLE, TEAMS, rosters, town
from tests.rosters.oracle import Entries

DATA = Path(__file__).parents[1] / "data" / "rosters"
ZONE = ZoneInfo(OSLO)
FIRST, UNTIL = datetime(2026, 10, 1), datetime(2026, 11, 15)  # noqa: DTZ001 local times


def municipality(*people: tuple[str, str], zone: str = OSLO) -> MunicipalityFile:
    named = people or (
        ("kari", "Kari Eksempel"),
        ("ola", "Ola Eksempel"),
        ("nils", "Nils Eksempel"),
    )
    return MunicipalityFile.model_validate(
        {
            "municipality": {"id": "m", "name": "M", "timezone": zone, "default_policy": "p"},
            "teams": [{"id": team, "name": team} for team in TEAMS],
            "people": [{"id": id, "name": name, "roles": ["staff"]} for id, name in named],
            "policies": [{"id": "p", "steps": [{"call": [{"on_duty": "home"}], "wait": "60 s"}]}],
        }
    )


def read(text: str) -> Read:
    return ics.Reader(People(municipality()), ZONE, "home", FIRST, UNTIL).read(text)


def told(found: Read) -> list[str]:
    """One line a spell."""
    assert found.refused == []
    return [f"{s.person} {s.team or 'away'} {s.start} {s.end}" for s in found.spells]


def refusals(found: Read) -> list[tuple[str, int]]:
    return [(refused.code, refused.place.line) for refused in found.refused]


def sample(name: str) -> str:
    return (DATA / name).read_text("utf-8")


def test_outlook_with_a_windows_zone_an_endless_week_an_exception_and_a_moved_night() -> None:
    assert told(read(sample("outlook.ics"))) == [
        "kari home 2026-10-03T22:00 2026-10-04T07:00",
        "kari home 2026-10-10T22:00 2026-10-11T07:00",
        "kari home 2026-10-24T22:00 2026-10-25T07:00",  # ten hours long
        "kari home 2026-11-07T22:00 2026-11-08T07:00",
        "kari home 2026-11-14T22:00 2026-11-15T07:00",
        "nils home 2026-10-31T23:00 2026-11-01T07:00",
        "ola away 2026-10-20T00:00 2026-10-23T00:00",
    ]


def test_google_with_utc_attendees_a_count_and_days_away() -> None:
    assert told(read(sample("google.ics"))) == [
        "kari home 2026-10-12T08:00 2026-10-12T16:00",
        "ola home 2026-10-12T08:00 2026-10-12T16:00",
        "nils home 2026-10-13T14:00 2026-10-13T22:00",
        "nils home 2026-10-14T14:00 2026-10-14T22:00",
        "nils home 2026-10-15T14:00 2026-10-15T22:00",
        "nils away 2026-10-16T00:00 2026-10-17T00:00",
        "nils away 2026-10-30T00:00 2026-10-31T00:00",
    ]


@pytest.mark.filterwarnings("error")
def test_floating_times_prefixed_zones_and_two_zones_in_one_event() -> None:
    assert told(read(sample("floating.ics"))) == [
        "kari home 2026-10-24T23:00 2026-10-25T07:00",
        "ola home 2026-10-25T07:00 2026-10-25T15:00",
        "nils home 2026-10-25T16:00 2026-10-25T23:00",
    ]


def test_everything_wrong_is_told_at_once_with_line_and_event() -> None:
    found = agreed(read(sample("wrong.ics")))
    assert refusals(found) == [
        ("unknown_person", 4),
        ("ends_before", 10),
        ("unknown_zone", 16),
        ("no_times", 22),
        ("too_often", 27),
        ("contradicts", 34),
        ("contradicts", 40),
        ("overlaps", 40),
    ]
    say = catalogue("en")
    lines = [refused.words(say, "w.ics") for refused in found.refused]
    assert lines[0] == (
        "w.ics:4 (event Fremmed Person): `Fremmed Person` is nobody in `people`. "
        "Use an id or a full name that stands there."
    )
    assert lines[2].startswith(
        "w.ics:16 (event Ola Eksempel): the time zone `Middle-earth/Bree` is not known."
    )
    assert lines[5] == (
        "w.ics:34 (event Ola Eksempel): `ola` is on duty and absent at the same time (w.ics:46)."
    )


def event(*lines: str) -> str:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:x", "SUMMARY:kari", *lines,
         "END:VEVENT", "END:VCALENDAR", ""]
    )  # fmt: skip


START, END = "DTSTART:20261012T080000", "DTEND:20261012T160000"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["unreadable"]),
        ("no calendar at all", ["unreadable"]),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR", ["unreadable"]),
        (event("DTSTART:tomorrow", END), ["unreadable"]),
        (event(END), ["no_times"]),
        (event(START, "DURATION:-PT1H"), ["ends_before"]),
        (event(START, START.replace("START", "END")), ["ends_before"]),
        (event(START, END, "RRULE:FREQ=HOURLY"), ["too_often"]),
        (event(START, END, "RRULE:FREQ=DAILY;COUNT=99999"), ["too_often"]),
        (event(START, END, "RDATE;VALUE=PERIOD:20261013T080000Z/PT1H"), ["bad_rule"]),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, codes: list[str]) -> None:
    assert [code for code, _ in refusals(read(text))] == codes


def test_a_rule_that_never_happens_ends_all_the_same() -> None:
    never = event(START, END, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31")
    assert told(read(never)) == ["kari home 2026-10-12T08:00 2026-10-12T16:00"]


def test_an_end_of_the_rule_in_utc_counts_to_its_last_minute() -> None:
    weekly = event(
        "DTSTART;TZID=Europe/Oslo:20261012T080000",
        "DTEND;TZID=Europe/Oslo:20261012T160000",
        "RRULE:FREQ=WEEKLY;UNTIL=20261026T070000Z",
    )
    assert [line.split()[2] for line in told(read(weekly))] == [
        "2026-10-12T08:00",
        "2026-10-19T08:00",
        "2026-10-26T08:00",
    ]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("20261025T003000Z", "20261025T060000Z", "2026-10-25T02:30 2026-10-25T07:00"),
        ("20261025T013000Z", "20261025T060000Z", "2026-10-25T02:30 2026-10-25T07:00"),
        ("20261024T210000Z", "20261025T013000Z", "2026-10-24T23:00 2026-10-25T03:00"),
        ("20261024T210000Z", "20261025T003000Z", "2026-10-24T23:00 2026-10-25T02:30"),
        ("20261012T060030Z", "20261012T140030Z", "2026-10-12T08:00 2026-10-12T16:01"),
    ],
)
def test_utc_in_the_hour_that_comes_twice_makes_nothing_shorter(
    start: str, end: str, expected: str
) -> None:
    (line,) = told(read(event(f"DTSTART:{start}", f"DTEND:{end}")))
    assert line == f"kari home {expected}"


def test_a_name_that_two_people_have_is_refused() -> None:
    people = People(municipality(("a", "Kari Eksempel"), ("b", "Kari Eksempel")))
    text = event(START, END).replace("SUMMARY:kari", "SUMMARY:Kari Eksempel")
    found = ics.Reader(people, ZONE, "home", FIRST, UNTIL).read(text)
    assert refusals(found) == [("two_people", 3)]


# -- tables ----------------------------------------------------------------------------------------

HEAD = "person,team,from,to,kind\n"


def read_table(text: str) -> Read:
    return table.read(text, People(municipality()), TEAMS)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "kari,home,2026-10-12T08:00,2026-10-12T16:00,duty\nOla Eksempel,,2026-10-13,"
        "2026-10-14,absence\n",
        "\ufeffPerson;Team;From;To;Kind\r\nkari;home;2026-10-12 08:00;2026-10-12 16:00;\r\n"
        '"Ola Eksempel";;2026-10-13;2026-10-14;absence\r\n',
    ],
)
def test_tables_with_commas_or_semicolons(text: str) -> None:
    assert told(read_table(text)) == [
        "kari home 2026-10-12T08:00 2026-10-12T16:00",
        "ola away 2026-10-13T00:00 2026-10-14T00:00",
    ]


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", [("bad_columns", 1)]),
        ("who,when\n", [("bad_columns", 1)]),
        (HEAD + "fremmed,home,2026-10-12T08:00,2026-10-12T16:00,\n", [("unknown_person", 2)]),
        (HEAD + "kari,moon,2026-10-12T08:00,2026-10-12T16:00,\n", [("bad_team", 2)]),
        (HEAD + "kari,home,2026-10-12T08:00,2026-10-12T16:00,absence\n",
         [("absence_with_team", 2)]),
        (HEAD + "kari,home,2026-10-12T08:00,2026-10-12T16:00,party\n", [("bad_kind", 2)]),
        (HEAD + "kari,home,2026-10-12T08:00,2026-10-12T16:00,duty,more\n",
         [("too_many_cells", 2)]),
        (HEAD + "kari,home,12/10/2026 08:00,2026-10-12T16:00,\n", [("bad_local", 2)]),
        (HEAD + "kari,home,12.10.26 08:00,2026-10-12T16:00,\n", [("bad_local", 2)]),
        (HEAD + "kari,home,31.11.2026 08:00,2026-12-12T16:00,\n", [("bad_local", 2)]),
        (HEAD + "kari,home,2026-10-12T08:00+02:00,2026-10-12T16:00,\n", [("bad_local", 2)]),
        (HEAD + "kari,home,2026-10-12T08:00:30,2026-10-12T16:00,\n", [("bad_local", 2)]),
        (HEAD + "kari,home,24.12.1026 15:00,2026-10-12T16:00,\n", [("bad_local", 2)]),
        (HEAD + "x" * 140_000 + ",home,2026-10-12T08:00,2026-10-12T16:00,\n", [("bad_table", 2)]),
        ("x" * 140_000 + "\n", [("bad_table", 1)]),
        ("person,team,from,to," + "x" * 140_000 + "\n", [("bad_table", 1)]),
        ('"person,team,from,to,kind\n', [("bad_table", 1)]),
        (HEAD + 2 * "kari,home,2026-10-12T08:00,2026-10-12T16:00,\n"
         + 'ola,home,2026-10-12T08:00,2026-10-12T16:00,"\n' + 3 * "\n", [("bad_table", 4)]),
        (HEAD + '"ka"ri,home,2026-10-12T08:00,2026-10-12T16:00,\n', [("bad_table", 2)]),
        (HEAD + "ka\0ri,home,2026-10-12T08:00,2026-10-12T16:00,\n", [("unknown_person", 2)]),
        (HEAD + "ka\rri,home,2026-10-12T08:00,2026-10-12T16:00,\n",
         [("bad_team", 2), ("unknown_person", 3)]),
        (HEAD + "kari,home,2026-10-12T08:00,2026-10-12T08:00,\n", [("ends_before", 2)]),
        (HEAD + "kari,home,2026-10-12T08:00,,\nkari,home,x,2026-10-12T08:00,\n",
         [("bad_local", 2), ("bad_local", 3)]),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_are_refused_by_line(text: str, refused: list[tuple[str, int]]) -> None:
    assert refusals(read_table(text)) == refused


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("kari,home,,2026-12-24T15:00,",
         "`` is not possible for from. Write a local time to the minute, without a time zone, from "
         "1970 to 2199: 2026-12-24T15:00 or 24.12.2026 15:00."),
        ("kari,,2026-12-24T15:00,2026-12-24T16:00,",
         "`` is not possible for team. Write one of these: home, night."),
        ("kari,home,2026-12-24T15:00,2026-12-24T16:00,Vakt",
         "`Vakt` is not possible for kind. Write duty (or nothing), or absence."),
        ("kari,home,2026-12-24T15:00,2026-12-24T16:00,absence",
         "`home` is not possible for team: who is absent is so in every team. Leave it empty."),
        ('"kari,home,2026-12-24T15:00,2026-12-24T16:00,',
         "not readable as a table from here on: unexpected end of data. "
         "Look for a quote that is not closed, or a cell that is far too long."),
        ("kari,home,2026-12-24T15:00,2026-12-24T16:00,duty,x",
         "more cells than columns (person, team, from, to, kind). "
         "Put quotes around a cell that holds a comma or a semicolon."),
    ],
)  # fmt: skip
def test_a_refused_row_says_what_to_write(row: str, words: str) -> None:
    (wrong,) = read_table(HEAD + row + "\n").refused
    assert wrong.words(catalogue("en"), "t.csv") == f"t.csv:2: {words}"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("24.12.2026 15:00", "2026-12-24T15:00"),
        ("3.2.2027 8:00", "2027-02-03T08:00"),  # the day first, never the month
        ("24.12.2026", "2026-12-24T00:00"),
    ],
)
def test_times_as_norwegian_spreadsheets_write_them(written: str, meant: str) -> None:
    row = f"kari;home;{written};2027-12-31T16:00;duty\n"
    assert told(read_table(HEAD.replace(",", ";") + row)) == [f"kari home {meant} 2027-12-31T16:00"]


# -- there and back --------------------------------------------------------------------------------


def test_the_same_spell_twice_is_one_and_an_import_replaces_its_earlier_self() -> None:
    one = Spell("kari", "home", "2026-10-12T08:00", "2026-10-12T16:00", Place(1))
    away = Spell("ola", None, "2026-10-12T08:00", "2026-10-12T16:00", Place(2))
    assert agreed(Read([one, one])).spells == [one]
    first = take_over(municipality(), [one, away], "turnus")
    assert [o.people for o in first.overrides] == [("kari",)]
    other = take_over(first, [one], "ferie")
    again = take_over(other, [], "turnus")
    assert [o.id.partition("-")[0] for o in again.overrides] == ["ferie"]
    assert again.absences == ()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rosters())
def test_what_is_written_reads_back_to_the_same_duty(made: tuple[Entries, int]) -> None:
    entries, change = made
    registry = town(entries)
    names = People(municipality(*((id, id.title()) for id in PEOPLE), zone=entries.zone.key))
    start, end = change - 2 * DAY, change + 2 * DAY
    found = duty(registry, "home", start, end)
    window = (datetime(2026, 1, 1), datetime(2028, 1, 1))  # noqa: DTZ001 local times
    reader = ics.Reader(names, entries.zone, "home", *window)
    by_calendar = agreed(reader.read(ics.write(found, "home", names, start)))
    rows = ((p, "home", local_text(entries.zone, a), local_text(entries.zone, b))
            for p, a, b in found)  # fmt: skip
    by_table = agreed(table.read(table.write(rows), names, TEAMS))
    assert by_calendar.refused == by_table.refused == []
    file = municipality(*((id, id.title()) for id in PEOPLE), zone=entries.zone.key)
    for back in (by_calendar, by_table):
        again = registry_of(take_over(file, back.spells, "import"))
        for at in range(start + HOUR, end - HOUR, 5 * MINUTE):
            assert set(on_duty(again, "home", at)) == set(on_duty(registry, "home", at))
