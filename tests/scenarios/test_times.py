"""Times of a story: local clocks, later days, both sides of a clock change."""

import pytest

from hub.scenario.times import Calendar, NoSuchTime
from routing.instant import from_rfc3339

WINTER, AUTUMN, SPRING = (
    Calendar(f"{day} Europe/Oslo")
    for day in ("2026-11-23 14:00", "2026-10-25 00:00", "2027-03-28 00:00")
)


@pytest.mark.parametrize(
    ("calendar", "moment", "instant"),
    [
        (WINTER, "14:02", "2026-11-23T13:02:00Z"),
        (WINTER, "14:02:25", "2026-11-23T13:02:25Z"),
        (WINTER, "day 2 06:10", "2026-11-24T05:10:00Z"),
        (WINTER, "+25 s", "2026-11-23T13:00:25Z"),
        (WINTER, "+1 h 30 min", "2026-11-23T14:30:00Z"),
        (AUTUMN, "01:59", "2026-10-24T23:59:00Z"),
        (AUTUMN, "02:30 +02:00", "2026-10-25T00:30:00Z"),
        (AUTUMN, "02:30 +01:00", "2026-10-25T01:30:00Z"),
        (AUTUMN, "03:00", "2026-10-25T02:00:00Z"),
        (SPRING, "03:00", "2027-03-28T01:00:00Z"),
    ],
)
def test_resolve(calendar: Calendar, moment: str, instant: str) -> None:
    assert calendar.resolve(moment, calendar.start) == from_rfc3339(instant)


@pytest.mark.parametrize("calendar", [AUTUMN, SPRING])
def test_half_past_two_is_no_time_when_the_clocks_change(calendar: Calendar) -> None:
    with pytest.raises(NoSuchTime):
        calendar.resolve("02:30", calendar.start)


def test_lord_howe_changes_by_half_an_hour() -> None:
    calendar = Calendar("2027-04-04 00:00 Australia/Lord_Howe")
    assert calendar.resolve("01:45 +11:00", 0) == from_rfc3339("2027-04-03T14:45:00Z")
    with pytest.raises(NoSuchTime):
        calendar.resolve("01:45", 0)


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        ("2026-10-25T00:30:00Z", "02:30:00 +02:00"),
        ("2026-10-25T01:30:00Z", "02:30:00 +01:00"),
        ("2026-10-25T02:00:05Z", "03:00:05"),
        ("2026-10-26T05:10:00Z", "day 2 06:10:00"),
    ],
)
def test_show(instant: str, shown: str) -> None:
    assert AUTUMN.show(from_rfc3339(instant)) == shown


@pytest.mark.parametrize(
    "start", ["2026-11-23 14:00", "2026-11-23 14:00 Mars/Olympus", "23.11.2026 14:00 Europe/Oslo"]
)
def test_a_start_needs_date_time_and_zone(start: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        Calendar(start)
