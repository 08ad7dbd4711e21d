"""What other makers write and nobody expects: read rightly, or refused in words; nothing half."""

from pathlib import Path

import pytest

from hub.cli import roster as command
from hub.cli.main import main
from tests.rosters.test_calendars import read as read_calendar
from tests.rosters.test_calendars import refusals, told
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
                          [("too_often", 3)]),
    "cut off": (ONE.replace("END:VCALENDAR\r\n", ""), [("unreadable", 1)]),
    "a page to sign in": ("<html><body>Logg inn</body></html>", [("unreadable", 1)]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_could_mean_two_things_is_refused(text: str, expected: list[tuple[str, int]]) -> None:
    assert refusals(read_calendar(text)) == expected


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
                 "--output", str(output)])  # fmt: skip
    assert said != 0
    assert words in capsys.readouterr().err
    assert not output.exists()
    assert file.read_text("utf-8") == SOURCE
