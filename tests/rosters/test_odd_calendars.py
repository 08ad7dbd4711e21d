"""What other makers write and nobody expects: read rightly, or refused in words; nothing half."""

from pathlib import Path

import pytest

from hub.cli import roster as command
from hub.cli.main import main
from hub.rosters import ics
from hub.rosters.spell import People, Read
from hub.text import catalogue
from tests.rosters.test_calendars import FIRST, UNTIL, ZONE, municipality, refusals, told
from tests.rosters.test_calendars import read as read_calendar
from tests.rosters.test_command import SOURCE

TIMES = ("DTSTART;TZID=Europe/Oslo:20261012T080000", "DTEND;TZID=Europe/Oslo:20261012T160000")
DAILY = "RRULE:FREQ=DAILY;COUNT=3"
OWN_ZONE = """\
BEGIN:VTIMEZONE
TZID:Turnus/Egen sone
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def event(*lines: str, who: str = "kari", uid: str = "x") -> list[str]:
    named = [f"UID:{uid}"] if uid else []
    return ["BEGIN:VEVENT", *named, f"SUMMARY:{who}", *lines, "END:VEVENT"]


def calendar(*events: list[str], head: str = "") -> str:
    every = [line for one in events for line in one]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *head.splitlines(), *every, "END:VCALENDAR", ""]
    return "\r\n".join(lines)


def hours(*days: str) -> list[str]:
    return [f"kari home 2026-10-{day}T08:00 2026-10-{day}T16:00" for day in days]


ONE = calendar(event(*TIMES))
READ: dict[str, tuple[str, list[str]]] = {
    "a zone of the calendar's own": (
        calendar(
            event(
                "DTSTART;TZID=Turnus/Egen sone:20261012T080000",
                "DTEND;TZID=Turnus/Egen sone:20261012T160000",
            ),
            head=OWN_ZONE,
        ),
        hours("12"),
    ),
    "a Windows zone": (ONE.replace("Europe/Oslo", "W. Europe Standard Time"), hours("12")),
    "floating": (ONE.replace(";TZID=Europe/Oslo", ""), hours("12")),
    "all day long": (
        calendar(event("DTSTART;VALUE=DATE:20261012", "DTEND;VALUE=DATE:20261013")),
        ["kari home 2026-10-12T00:00 2026-10-13T00:00"],
    ),
    "an end of the rule in local time": (
        calendar(event(*TIMES, "RRULE:FREQ=DAILY;UNTIL=20261014T080000")),
        hours("12", "13", "14"),
    ),
    "an end of the rule that is a date": (
        calendar(event(*TIMES, "RRULE:FREQ=DAILY;UNTIL=20261013")),
        hours("12", "13"),
    ),
    "an exception in UTC": (calendar(event(*TIMES, DAILY, "EXDATE:20261013T060000Z")),
                            hours("12", "14")),
    "an exception that is a date": (
        calendar(event(*TIMES, DAILY, "EXDATE;VALUE=DATE:20261013")),
        hours("12", "14"),
    ),
    "two exceptions on a line": (
        calendar(event(*TIMES, DAILY, "EXDATE;TZID=Europe/Oslo:20261012T080000,20261014T080000")),
        hours("13"),
    ),
    "no UID": (calendar(event(*TIMES, uid="")), hours("12")),
    "a cancelled occurrence": (
        calendar(
            event(*TIMES, DAILY),
            event("RECURRENCE-ID;TZID=Europe/Oslo:20261013T080000", "STATUS:CANCELLED", *TIMES),
        ),
        hours("12", "14"),
    ),
    "a cancelled occurrence that is named by its day": (
        calendar(
            event(*TIMES, DAILY),
            event("RECURRENCE-ID;VALUE=DATE:20261013", "STATUS:CANCELLED", *TIMES),
        ),
        hours("12", "14"),
    ),
    "cancelled, with blanks around it": (calendar(event(*TIMES, "STATUS: cancelled ")), []),
    "two events of one UID": (
        calendar(event(*TIMES), event(*(line.replace("1012", "1013") for line in TIMES))),
        hours("12", "13"),
    ),
    "folded lines": (ONE.replace("SUMMARY:kari", "SUMMARY:ka\r\n ri"), hours("12")),
    "folded lines with bare line feeds": (
        ONE.replace("SUMMARY:kari", "SUMMARY:ka\r\n\tri").replace("\r\n", "\n"),
        hours("12"),
    ),
    "a mark of byte order": ("\ufeff" + ONE, hours("12")),
    "an alarm clock inside": (
        calendar(event(*TIMES, "BEGIN:VALARM", "TRIGGER:-PT15M", "ACTION:DISPLAY", "END:VALARM")),
        hours("12"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ.values(), ids=READ)
def test_what_makers_write_is_read(text: str, expected: list[str]) -> None:
    assert told(read_calendar(text)) == expected


@pytest.mark.parametrize("method", ["PUBLISH", "REQUEST", "request"])
def test_a_calendar_that_is_published_or_sent_to_those_invited_is_read(method: str) -> None:
    text = calendar(event(*TIMES), head=f"METHOD:{method}")
    assert told(read_calendar(text)) == hours("12")


@pytest.mark.parametrize(
    "method",
    ["CANCEL", "cancel", "ADD", "REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER", "X-ELSE", ""],
)
def test_what_only_tells_of_events_elsewhere_is_no_schedule(method: str) -> None:
    found = read_calendar(calendar(event(*TIMES), head=f"METHOD:{method}"))
    assert (found.spells, refusals(found)) == ([], [("no_schedule", 1)])


def test_a_method_that_is_said_twice_is_not_read_by_the_first() -> None:
    found = read_calendar(calendar(event(*TIMES), head="METHOD:PUBLISH\nMETHOD:CANCEL"))
    assert refusals(found) == [("no_schedule", 1)]


def test_a_cancellation_says_what_to_do_and_leaves_the_roster_as_it_is() -> None:
    (wrong,) = read_calendar(calendar(event(*TIMES), head="METHOD:CANCEL")).refused
    assert wrong.words(catalogue("en"), "d.ics") == (
        "d.ics:1: METHOD:CANCEL tells what becomes of events that stand in another calendar, and "
        "is no duty roster by itself. Export the whole calendar as it is now, and import that."
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (TIMES[0], TIMES[0].replace("12T", "13T")),
        (TIMES[1], TIMES[1].replace("12T", "13T")),
        ("STATUS:CANCELLED", "STATUS:CANCELLED"),
        ("TRANSP:OPAQUE", "TRANSP:TRANSPARENT"),
        ("SUMMARY:kari", "SUMMARY:ola"),
        ("UID:x", "UID:y"),
        ("X-VARDE-PERSON:kari", "X-VARDE-PERSON:ola"),
        ("RECURRENCE-ID:20261012T060000Z", "RECURRENCE-ID:20261013T060000Z"),
    ],
)
def test_what_is_said_twice_is_refused(first: str, second: str) -> None:
    lines = ["UID:x", "SUMMARY:kari", *TIMES]
    more = [line for line in (first, second) if line not in lines]
    made = ["BEGIN:VEVENT", *lines, *more, "END:VEVENT"]
    found = read_calendar(calendar(made))
    assert refusals(found) == [("twice", 3)]
    assert found.refused[0].params == {"what": first.replace(";", ":").partition(":")[0]}


MOVED = event("RECURRENCE-ID;TZID=Europe/Oslo:20261012T080000", *TIMES, uid="")
REFUSED: dict[str, tuple[str, list[tuple[str, int]]]] = {
    "moved, and of which event nobody knows": (
        calendar(event(*TIMES, DAILY, uid=""), event(*TIMES, who="ola", uid=""), MOVED),
        [("bad_rule", 14)],
    ),
    "this one and all that follow": (
        calendar(
            event(*TIMES, DAILY),
            event("RECURRENCE-ID;RANGE=THISANDFUTURE:20261013T060000Z", *TIMES),
        ),
        [("bad_rule", 10)],
    ),
    "before all years": (
        calendar(event("DTSTART;TZID=Asia/Tokyo:00010101T000000", "DURATION:PT1H")),
        [("unreadable", 3)],
    ),
    "longer than all years": (calendar(event(TIMES[0], "DURATION:P999999999D")),
                              [("unreadable", 3)]),
    "a zone that nobody knows": (ONE.replace("Europe/Oslo", "Mordor/Nurn"), [("unknown_zone", 3)]),
    "a whole day that ends as it begins": (
        calendar(event("DTSTART;VALUE=DATE:20261012", "DTEND;VALUE=DATE:20261012")),
        [("ends_before", 3)],
    ),
    "a step of nothing": (calendar(event(*TIMES, "RRULE:FREQ=DAILY;INTERVAL=0")),
                          [("bad_interval", 3)]),
    "a step of no months": (calendar(event(*TIMES, "RRULE:FREQ=MONTHLY;INTERVAL=0")),
                            [("bad_interval", 3)]),
    "shown as free": (calendar(event(*TIMES, "TRANSP:TRANSPARENT")), [("shown_free", 3)]),
    "shown as free by Outlook": (
        calendar(event(*TIMES, "TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:FREE")),
        [("shown_free", 3)],
    ),
    "meant to be free by Outlook": (
        calendar(event(*TIMES, "X-MICROSOFT-CDO-INTENDEDSTATUS:FREE")),
        [("shown_free", 3)],
    ),
    "a rule of what is taken out": (
        calendar(event(*TIMES, DAILY, "EXRULE:FREQ=DAILY;INTERVAL=2")),
        [("bad_rule", 3)],
    ),
    "a status that nobody knows": (calendar(event(*TIMES, "STATUS:CANCELED")),
                                   [("bad_status", 3)]),
    "a zone of every machine's own": (ONE.replace("Europe/Oslo", "localtime"),
                                      [("unknown_zone", 3)]),
    "a part of the world": (ONE.replace("Europe/Oslo", "Europe"), [("unknown_zone", 1)]),
    "a version that is cancelled later": (
        calendar(event(*TIMES, "SEQUENCE:1"), event(*TIMES, "SEQUENCE:2", "STATUS:CANCELLED")),
        [("two_versions", 10)],
    ),
    "cancelled, and not": (calendar(event(*TIMES), event(*TIMES, "STATUS:CANCELLED")),
                           [("two_versions", 9)]),
    "two versions of one occurrence": (
        calendar(
            event(*TIMES, DAILY),
            *(
                event("RECURRENCE-ID;TZID=Europe/Oslo:20261013T080000", *TIMES, number, who="ola")
                for number in ("SEQUENCE:1", "SEQUENCE:2")
            ),
        ),
        [("two_versions", 18)],
    ),
    "a number that is none": (calendar(event(*TIMES, "SEQUENCE:abc")), [("unreadable", 3)]),
    "an occurrence that is no time": (
        calendar(event("RECURRENCE-ID;TZID=Europe,Oslo:20261013T080000", *TIMES)),
        [("unreadable", 3)],
    ),
    "an occurrence after all years": (
        calendar(event("RECURRENCE-ID:99991231T235959Z", *TIMES)),
        [("unreadable", 3)],
    ),
    "a length where an end belongs": (calendar(event(TIMES[0], "DTEND:P1D")), [("unreadable", 3)]),
    "a day where a length belongs": (calendar(event(TIMES[0], "DURATION:20261012")),
                                     [("unreadable", 3)]),
    "lengths that are taken out": (calendar(event(*TIMES, DAILY, "EXDATE:P1D")),
                                   [("bad_rule", 3)]),
    "two thousand years long": (
        calendar(event(TIMES[0].replace("2026", "0026"), TIMES[1])),
        [("far_off", 3)],
    ),
    "a parameter that nobody can take apart": (
        calendar(event("RECURRENCE-ID;VALUE=DATE,20261013", *TIMES)),
        [("unreadable", 1)],
    ),
    "cut off": (ONE.replace("END:VCALENDAR\r\n", ""), [("unreadable", 1)]),
    "a page to sign in": ("<html><body>Logg inn</body></html>", [("unreadable", 1)]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_could_mean_two_things_is_refused(text: str, expected: list[tuple[str, int]]) -> None:
    assert refusals(read_calendar(text)) == expected


OOF, SICK = "X-MICROSOFT-CDO-BUSYSTATUS:OOF", "CATEGORIES:Syk"
KARI, OLA = "ATTENDEE:mailto:kari@kommune.example", "ATTENDEE:mailto:ola@kommune.example"
ABSENT: dict[str, list[str]] = {
    "the word first": event(*TIMES, who="Ferie: Kari Eksempel"),
    "the word last": event(*TIMES, who="kari - permisjon"),
    "the word in brackets": event(*TIMES, who="Kari Eksempel (syk)"),
    "two words and a hyphen": event(*TIMES, who="Sick leave - Kari Eksempel"),
    "id and name of the same one": event(*TIMES, who="Kari Eksempel (kari) syk"),
    "a category": event(*TIMES, SICK, who="Kari Eksempel"),
    "out of office": event(*TIMES, OOF),
    "out of office, shown as free": event(*TIMES, OOF, "TRANSP:TRANSPARENT"),
    "an attendee": event(*TIMES, KARI, who="Ferie"),
    "an attendee and the same name": event(*TIMES, KARI, who="Ferie Kari Eksempel"),
    "the person's own id": event(*TIMES, "X-VARDE-PERSON:kari", who="Ferie"),
}


@pytest.mark.parametrize("one", ABSENT.values(), ids=ABSENT)
def test_an_absence_that_names_one_alone_is_theirs(one: list[str]) -> None:
    away = ["kari away 2026-10-12T08:00 2026-10-12T16:00"]
    assert told(read_calendar(calendar(one))) == away


WHO_IS_ABSENT: dict[str, list[str]] = {
    "a swap": event(*TIMES, who="Bytte: kari syk, ola"),
    "one for the other, who is ill": event(*TIMES, who="ola - for kari (syk)"),
    "one works, the other is away": event(*TIMES, who="ola - vakt - kari permisjon"),
    "two names": event(*TIMES, who="Syk: kari, ola"),
    "one name and another word": event(*TIMES, who="Syk: kari, Bergen"),
    "a name among other words": event(*TIMES, who="ola for kari syk"),
    "nobody": event(*TIMES, who="Ferie"),
    "a stranger": event(*TIMES, who="Syk: Fremmed Person"),
    "a category, two names": event(*TIMES, SICK, who="ola, kari"),
    "out of office, two names": event(*TIMES, OOF, who="ola - kari"),
    "who is invited is not who is named": event(*TIMES, OLA, who="Kari Eksempel syk"),
    "two are invited": event(*TIMES, KARI, OLA, who="Ferie"),
    "one is invited, and other words": event(*TIMES, OLA, who="Vikar for Kari (syk)"),
    "who is invited has declined": event(
        *TIMES, KARI.replace("E:", "E;PARTSTAT=DECLINED:"), who="Ferie"
    ),
    "the person's own id, and another name": event(*TIMES, "X-VARDE-PERSON:ola", who="kari syk"),
    "half of a double name": event(*TIMES, SICK, who="kari-ferie"),
}


@pytest.mark.parametrize("one", WHO_IS_ABSENT.values(), ids=WHO_IS_ABSENT)
def test_an_absence_of_nobody_knows_whom_is_refused(one: list[str]) -> None:
    assert refusals(read_calendar(calendar(one))) == [("who_absent", 3)]


@pytest.mark.parametrize(
    "one",
    [
        event(*TIMES, who="Bytte: kari, ola"),
        event(*TIMES, who="ola - kari"),
        event(*TIMES, KARI.replace("E:", "E;CN=Ola Eksempel:"), who="Vakt"),
    ],
)
def test_a_duty_of_two_who_are_named_is_refused(one: list[str]) -> None:
    assert refusals(read_calendar(calendar(one))) == [("two_named", 3)]


@pytest.mark.parametrize("word", ["sykmeldt", "Sykemelding", "eigenmelding", "sjukmeld"])
def test_a_word_of_ones_own_illness_is_an_absence(word: str) -> None:
    away = ["kari away 2026-10-12T08:00 2026-10-12T16:00"]
    assert told(read_calendar(calendar(event(*TIMES, who=f"kari - {word}")))) == away


def test_an_absence_of_one_of_two_with_the_same_name_asks_for_the_id() -> None:
    people = People(municipality(("a", "Kari Eksempel"), ("b", "Kari Eksempel")))
    reader = ics.Reader(people, ZONE, "home", FIRST, UNTIL)
    found = reader.read(calendar(event(*TIMES, who="Syk: Kari Eksempel")))
    assert refusals(found) == [("two_people", 3)]


ODD_NAMES = (
    ("kf", "Kari Ferie"),
    ("holiday-o", "Ola Holiday-Hansen"),
    ("anna", "Anna"),
    ("leave", "Anna Leave"),
    ("nils", "Nils Eksempel"),
)


def read_odd(one: list[str]) -> Read:
    people = People(municipality(*ODD_NAMES))
    return ics.Reader(people, ZONE, "home", FIRST, UNTIL).read(calendar(one))


KF = "ATTENDEE:mailto:kf@kommune.example"
CALLED_SO: dict[str, tuple[list[str], str]] = {
    "a surname": (event(*TIMES, who="Kari Ferie"), "kf home"),
    "a surname among other parts": (event(*TIMES, who="Vakt: KARI FERIE"), "kf home"),
    "half of a double surname": (event(*TIMES, who="Ola Holiday-Hansen"), "holiday-o home"),
    "half of an id": (event(*TIMES, who="holiday-o"), "holiday-o home"),
    "a whole id": (event(*TIMES, who="leave"), "leave home"),
    "our own property": (event(*TIMES, "X-VARDE-PERSON:kf", who="Kari Ferie"), "kf home"),
    "an attendee": (event(*TIMES, KF, who="Vakt Kari Ferie"), "kf home"),
    "a category": (event(*TIMES, "CATEGORIES:Kari Ferie", who="kf"), "kf home"),
    "the word beside the name": (event(*TIMES, who="Ferie: Kari Ferie"), "kf away"),
    "another word behind it": (event(*TIMES, who="Kari Ferie syk"), "kf away"),
    "the word in a category": (event(*TIMES, "CATEGORIES:Ferie", who="Kari Ferie"), "kf away"),
    "out of office": (event(*TIMES, OOF, who="Kari Ferie"), "kf away"),
    "the word of an id, not as it is written": (
        event(*TIMES, who="Leave: Nils Eksempel"),
        "nils away",
    ),
}


@pytest.mark.parametrize(("one", "who"), CALLED_SO.values(), ids=CALLED_SO)
def test_nobody_is_absent_by_their_own_name(one: list[str], who: str) -> None:
    assert told(read_odd(one)) == [f"{who} 2026-10-12T08:00 2026-10-12T16:00"]


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (event(*TIMES, KF, who="Ferie"), "own_name"),
        (event(*TIMES, "X-VARDE-PERSON:kf", who="Ferie"), "own_name"),
        (event(*TIMES, who="Anna Leave"), "who_absent"),  # or Anna is on leave
        (event(*TIMES, "ATTENDEE:mailto:nils@kommune.example", who="Kari Ferie"), "who_absent"),
        (event(*TIMES, who="leave: Nils Eksempel"), "two_named"),
    ],
)
def test_a_name_that_may_as_well_be_an_absence_is_refused(one: list[str], code: str) -> None:
    assert refusals(read_odd(one)) == [(code, 3)]


LEFT_OUT: dict[str, tuple[list[str], list[str]]] = {
    "declined": ([KARI, OLA.replace("E:", "E;PARTSTAT=DECLINED:")],
                 ["`ola` has declined, and is not put on duty."]),
    "declined by a stranger": (
        [KARI, "ATTENDEE;PARTSTAT=declined;CN=Fremmed Person:mailto:f@kommune.example"],
        ["`Fremmed Person` has declined, and is not put on duty."],
    ),
    "passed on": ([KARI, OLA.replace("E:", "E;PARTSTAT=DELEGATED:")],
                  ["`ola` has passed the invitation on, and is not put on duty."]),
    "perhaps": ([KARI, OLA.replace("E:", "E;PARTSTAT=TENTATIVE:")],
                ["`ola` has only said maybe, and is not put on duty."]),
    "for information": ([KARI, OLA.replace("E:", "E;ROLE=NON-PARTICIPANT:")],
                        ["`ola` is invited for information only, and is not put on duty."]),
    "not answered": ([KARI.replace("E:", "E;PARTSTAT=NEEDS-ACTION:")], []),
    "accepted": ([KARI.replace("E:", "E;PARTSTAT=ACCEPTED;ROLE=OPT-PARTICIPANT:")], []),
}  # fmt: skip


@pytest.mark.parametrize(("invited", "words"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_who_takes_no_part_is_not_on_duty_and_it_is_told(
    invited: list[str], words: list[str]
) -> None:
    found = read_calendar(calendar(event(*TIMES, *invited, who="Dagvakt")))
    assert told(found) == hours("12")
    assert left_out(found) == [f"d.ics:3 (event Dagvakt): {each}" for each in words]


def left_out(found: Read) -> list[str]:
    return [one.words(catalogue("en"), "d.ics") for one in found.left_out]


def test_when_all_have_declined_the_title_names_nobody_in_their_place() -> None:
    found = read_calendar(calendar(event(*TIMES, KARI.replace("E:", "E;PARTSTAT=DECLINED:"))))
    assert told(found) == []
    assert len(left_out(found)) == 1


TENTATIVE = ["STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"]


@pytest.mark.parametrize("mark", TENTATIVE)
@pytest.mark.parametrize("who", ["kari", "Ferie kari"])
def test_what_is_only_tentative_is_left_out_and_told(mark: str, who: str) -> None:
    found = read_calendar(calendar(event(*TIMES, mark, who=who)))
    assert told(found) == []
    assert left_out(found) == [
        f"d.ics:3 (event {who}): left out, because it is only tentative. "
        "Confirm it in the calendar, and import again."
    ]


def test_a_tentative_move_takes_the_old_time_out_too() -> None:
    moved = event("RECURRENCE-ID;TZID=Europe/Oslo:20261013T080000", TENTATIVE[0], *TIMES)
    found = read_calendar(calendar(event(*TIMES, DAILY), moved))
    assert told(found) == hours("12", "14")
    assert len(left_out(found)) == 1


PAST = tuple(line.replace("20261012", "20260912") for line in TIMES)
OVER = {
    "of somebody who has left": event(*PAST, who="Fremmed Person"),
    "an absence of nobody knows whom": event(*PAST, who="ola for kari syk"),
    "tentative": event(*PAST, TENTATIVE[0]),
    "shown as free": event(*PAST, "TRANSP:TRANSPARENT"),
    "declined": event(*PAST, KARI.replace("E:", "E;PARTSTAT=DECLINED:")),
    "cancelled": event(*TIMES, "STATUS:CANCELLED", who="Fremmed Person"),
}


@pytest.mark.parametrize("one", OVER.values(), ids=OVER)
def test_of_what_is_over_or_cancelled_nothing_is_asked(one: list[str]) -> None:
    found = read_calendar(calendar(one))
    assert (told(found), left_out(found)) == ([], [])


def test_a_step_of_nothing_is_told_of_the_rule() -> None:
    (wrong,) = read_calendar(calendar(event(*TIMES, "RRULE:FREQ=YEARLY;INTERVAL=0"))).refused
    assert wrong.words(catalogue("en"), "d.ics") == (
        "d.ics:3 (event kari): the recurrence has INTERVAL=0, which never comes to the next time. "
        "It must be a whole number from 1."
    )


def test_the_lines_of_many_events_are_counted_once() -> None:
    many = [event(*TIMES, who=f"nobody{n}", uid=str(n)) for n in range(3000)]
    found = refusals(read_calendar(calendar(*many)))
    assert found[0] == ("unknown_person", 3)
    assert found[-1] == ("unknown_person", 3 + 2999 * 6)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ONE.replace("kari", "Kåri").encode("latin-1"), "UTF-8"),
        (b"x" * 3_000_000, "larger than 2 MB"),
        (calendar(event(*TIMES, who="Fremmed")).encode(), "nothing was imported"),
    ],
)
def test_what_is_refused_writes_nothing(
    content: bytes,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "MOST_MB", 2)
    file, source, output = tmp_path / "m.yaml", tmp_path / "duty.ics", tmp_path / "new.yaml"
    file.write_text(SOURCE, "utf-8")
    source.write_bytes(content)
    said = main(["roster", str(file), "--team", "home", "--import", str(source),
                 "--output", str(output), "--at", "2026-10-01T00:00:00Z"])  # fmt: skip
    assert said != 0
    assert words in capsys.readouterr().err
    assert not output.exists()
    assert file.read_text("utf-8") == SOURCE
