"""Whether somebody on duty can be there in time, by zone, against a walk through every minute."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.router.engine import Engine
from routing.duty import Need
from routing.duty_reach import Far, out_of_reach, upcoming
from routing.instant import DAY, HOUR, MINUTE, Instant, from_rfc3339
from routing.municipality import (
    AnyItem,
    Municipality,
    Person,
    Policy,
    PolicyWindow,
    Role,
    Shift,
    Step,
    Target,
    Team,
    Unit,
    When,
)
from routing.presence import Presence
from tests.rosters.entries import MINUTES, PEOPLE, WEEKDAYS, rosters, town
from tests.rosters.oracle import Entries, minute_of
from tests.routing.story import START, Story, alarm_id, on_duty, plain
from tests.routing.story import town as small_town

TARGET_S = 1800
TIMES = st.sampled_from([None, 600, 1800, 1801, 3600])
SKILLED = ("anna", "carl")


@dataclass
class Place:
    """Driving times as they are written, whom the policy calls, and when it counts."""

    drive: int | None
    from_south: int | None
    own: dict[str, int | None]
    calls: str
    when: tuple[tuple[int, ...], int, int] | None
    window: tuple[int, int] | None


PLACES = st.builds(
    Place,
    drive=TIMES,
    from_south=TIMES,
    own=st.fixed_dictionaries(dict.fromkeys(PEOPLE, TIMES)),
    calls=st.sampled_from(["home", "night", "both", "key"]),
    when=st.one_of(st.none(), st.tuples(WEEKDAYS, MINUTES, MINUTES)),
    window=st.one_of(st.none(), st.tuples(MINUTES, MINUTES)),
)


def items(made: Place, zone: str) -> list[AnyItem]:
    targets = {
        "home": (Target("on_duty", "home"),),
        "night": (Target("on_duty", "night"),),
        "both": (Target("on_duty", "home"), Target("on_duty", "night")),
        "key": (Target("competence", "key"),),
    }[made.calls]
    condition = None
    if made.when is not None:
        days, start, end = made.when
        condition = When(weekdays=days, from_minute=start, to_minute=end)
    by_time: tuple[PolicyWindow, ...] = ()
    if made.window is not None:
        start, end = made.window
        by_time = (PolicyWindow(policy="relaxed", from_minute=start, to_minute=end),)
    return [
        Municipality(id="simby", timezone=zone, default_policy="plain"),
        Unit(
            id="north",
            drive_s=made.drive,
            drive_from={} if made.from_south is None else {"south": made.from_south},
            policies_at=by_time,
        ),
        Unit(id="south", policies={"*": "relaxed"}),
        Team(id="home", unit="north"),
        Team(id="night", unit="south"),
        *(
            Person(
                id=one,
                roles=(Role.RELATIVE if one == "dag" else Role.STAFF,),
                competences=("key",) if one in SKILLED else (),
                arrive_s=made.own[one],
            )
            for one in PEOPLE
        ),
        Policy(
            id="plain",
            steps=(Step(targets, 60, condition), Step((Target("team", "home"),), 60)),
            fallback=(),
            target_s=TARGET_S,
        ),
        Policy(id="relaxed", steps=(Step((Target("on_duty", "home"),), 60),), fallback=()),
    ]


def open_now(days: tuple[int, ...], start: int, end: int, *, wall: datetime) -> bool:
    """Whether a weekly window is open at a local minute, by the wall clock as people read it."""
    for back in (0, 1):
        day = wall.replace(hour=0, minute=0) - timedelta(days=back)
        ends = day + timedelta(minutes=end, days=end <= start)
        if day.weekday() in days and day + timedelta(minutes=start) <= wall < ends:
            return True
    return False


def expected(made: Place, entries: Entries, at: Instant) -> tuple[str, int | None]:
    """Return what is so at a minute: "in time", "far" with the shortest way, or "not judged"."""
    utc = minute_of(at)
    wall = utc.astimezone(entries.zone).replace(tzinfo=None, second=0, microsecond=0)
    if made.window is not None and open_now(tuple(range(7)), *made.window, wall=wall):
        return "not judged", None
    if made.when is not None and not open_now(*made.when, wall=wall):
        return "not judged", None
    home, night = entries.on_duty("home", utc), entries.on_duty("night", utc)
    called = {
        "home": home,
        "night": night,
        "both": home | night,
        "key": (home | night) & set(SKILLED),
    }[made.calls]
    ways = []
    for person in called - {"dag"}:
        way = made.drive
        if person not in home and made.from_south is not None:
            way = made.from_south
        own = made.own[person]
        ways.append(way if own is None else own)
    known = [way for way in ways if way is not None]
    if len(known) < len(ways) or any(way <= TARGET_S for way in known):
        return "in time", None
    return "far", min(known, default=None)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rosters(), PLACES)
def test_every_minute_is_as_the_oracle_says(made: tuple[Entries, int], place: Place) -> None:
    entries, change = made
    registry = town(entries, *items(place, entries.zone.key))
    start, end = change - 5 * HOUR, change + 27 * HOUR
    found = out_of_reach(registry, start, end)
    assert {far.unit for far in found} <= {"north"}
    for one, following in pairwise(found):
        assert one.to_at <= following.from_at
        assert one.to_at < following.from_at or one.soonest_s != following.soonest_s
    for at in range(start, end, 3 * MINUTE):
        here = [("far", far.soonest_s) for far in found if far.from_at <= at < far.to_at]
        what = expected(place, entries, at)
        assert here == ([what] if what[0] == "far" else []), minute_of(at)


# -- told ahead ------------------------------------------------------------------------------------

DAYTIME = Shift(id="day", team="home", people=("anna",), weekdays=(0, 1, 2, 3, 4, 5, 6),
                from_minute=7 * 60, to_minute=22 * 60)  # fmt: skip
NIGHT = Shift(id="night", team="far", people=("berit",), weekdays=(0, 1, 2, 3, 4, 5, 6),
              from_minute=22 * 60, to_minute=7 * 60)  # fmt: skip
CALLED = (Target("on_duty", "home"), Target("on_duty", "far"))
POLICY = Policy(id="plain", steps=(Step(CALLED, 60),), fallback=(), target_s=TARGET_S)


def two_zones(*more: AnyItem) -> list[AnyItem]:
    return small_town(
        Unit(id="north", drive_s=900, drive_from={"south": 2700}),
        Unit(id="south", drive_s=900),
        Team(id="home", unit="north"),
        Team(id="far", unit="south"),
        DAYTIME,
        NIGHT,
        POLICY,
        *more,
    )


def tell(story: Story) -> list[list[str]]:
    """What the hub tells when it looks ahead now."""
    told = [story.feed(event) for event in upcoming(story.state.registry, story.at)]
    return [lines for lines in told if lines]


def test_a_night_too_far_away_is_told_to_the_lead_a_day_ahead_and_once() -> None:
    story = Story(two_zones())
    evening = from_rfc3339("2026-11-23T21:00:00Z")
    assert out_of_reach(story.state.registry, START, START + DAY) == [
        Far("north", evening, evening + 9 * HOUR, TARGET_S, 2700)
    ]
    assert tell(story) == [
        [
            "heard duty.far",
            "raised duty.far TECHNICAL (duty_far)",
            "step 1.0 43200s: lea@webhook-1 (duty_far)",
        ]
    ]
    (alarm,) = story.state.alarms.values()
    assert (alarm.subject, alarm.unit) == ("roster:far-north:2026-11-23T22:00", "north")
    for _ in range(11):
        story.at += HOUR
        assert tell(story) == []
    story.at = evening  # the next one begins in 24 hours
    assert len(tell(story)) == 1


def test_nobody_on_duty_is_told_as_a_gap_only_where_a_need_says_so() -> None:
    nobody = Shift(id="night", team="far", people=(), weekdays=(0,), from_minute=0, to_minute=0)
    assert len(tell(Story(two_zones(nobody)))) == 2  # two zones
    assert tell(Story(two_zones(nobody, Need(id="always", team="home")))) == []


def test_the_engine_looks_where_a_policy_has_a_target() -> None:
    story = Story(two_zones())
    engine = Engine(story.state, Presence(), alarm_id)
    assert engine.next_turn() == 0
    batch = engine.turn(START)
    assert batch is not None
    assert len(batch.facts) == 3
    assert Engine(Story().state, Presence(), alarm_id).next_turn() is None


def test_whoever_crosses_from_another_unit_keeps_the_way_from_there_in_her_lease() -> None:
    late = from_rfc3339("2026-11-23T22:00:00Z")
    story = Story(two_zones(), at=late)
    story.press()
    assert story.accept("berit")[0] == "accepted berit 2700s"
    by_day = Story(two_zones())
    by_day.press()
    assert by_day.accept("anna")[0] == "accepted anna 900s"


def test_where_nobody_has_said_how_long_it_takes_nothing_is_claimed() -> None:
    story = Story(two_zones(Unit(id="north"), Unit(id="south")))
    assert out_of_reach(story.state.registry, START, START + DAY) == []
    assert out_of_reach(Story(small_town(plain(), on_duty())).state.registry, 0, DAY) == []
