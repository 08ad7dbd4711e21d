"""Gaps and thin spots against a walk through every minute, and the word that is given ahead."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.router.engine import Engine
from routing.coverage import Spot, coverage, upcoming
from routing.duty import Need, Override
from routing.instant import DAY, HOUR, MINUTE, Instant, from_rfc3339
from routing.kinds import Kind
from routing.lifecycle import OutcomeCode
from routing.municipality import AnyItem, Municipality, Person, Role, Shift
from routing.presence import Presence
from tests.rosters.entries import MINUTES, OSLO, PEOPLE, WEEKDAYS, rosters, town
from tests.rosters.oracle import Entries, minute_of, roster_clock
from tests.routing.story import Story, alarm_id
from tests.routing.story import town as small_town

NEEDS = st.builds(
    Need,
    id=st.just("n"),
    team=st.just("home"),
    people=st.integers(1, 3),
    competence=st.sampled_from([None, "medication"]),
    weekdays=WEEKDAYS,
    from_minute=MINUTES,
    to_minute=MINUTES,
)
SKILLED = ("anna", "carl")


def people() -> list[Person]:
    """Four people; Dag may own nothing, Anna and Carl have the competence."""
    return [
        Person(
            id=one,
            roles=(Role.RELATIVE if one == "dag" else Role.STAFF,),
            competences=("medication",) if one in SKILLED else (),
        )
        for one in PEOPLE
    ]


def needed(need: Need, clock: datetime) -> bool:
    """Whether a need holds at a local minute."""
    for back in (0, 1):
        day = datetime(clock.year, clock.month, clock.day, tzinfo=UTC) - timedelta(days=back)
        begins = day + timedelta(minutes=need.from_minute)
        ends = day + timedelta(minutes=need.to_minute)
        if ends <= begins:
            ends += timedelta(days=1)
        if day.weekday() in need.weekdays and begins <= clock.replace(tzinfo=UTC) < ends:
            return True
    return False


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rosters(), NEEDS)
def test_every_minute_is_as_the_oracle_counts(made: tuple[Entries, int], need: Need) -> None:
    entries, change = made
    registry = town(entries, *people(), need)
    start, end = change - 5 * HOUR, change + 27 * HOUR
    found = coverage(registry, start, end)
    for at in range(start, end, 3 * MINUTE):
        on_duty = entries.on_duty("home", minute_of(at)) - {"dag"}
        have = len(on_duty & set(SKILLED) if need.competence else on_duty)
        clock = roster_clock(entries.zone, minute_of(at))
        lacking = needed(need, clock) and have < need.people
        here = [(s.required, s.have) for s in found if s.from_at <= at < s.to_at]
        assert here == ([(need.people, have)] if lacking else []), minute_of(at)


def shift(id: str, start: int, end: int, *who: str) -> Shift:
    return Shift(
        id=id,
        team="home",
        people=who,
        weekdays=(0, 1, 2, 3, 4, 5, 6),
        from_minute=start,
        to_minute=end,
    )


DAY_SHIFT = shift("day", 7 * 60, 22 * 60 + 45, "anna", "berit")
NIGHT_SHIFT = shift("night", 23 * 60, 7 * 60, "carl")
START: Instant = from_rfc3339("2026-11-23T08:00:00Z")
ALWAYS = Need(id="always", team="home")


def test_gaps_are_told_with_their_beginning_their_end_and_how_many() -> None:
    two = Need(id="two", team="home", people=2)
    registry = town(Entries(ZoneInfo(OSLO), shifts=[DAY_SHIFT, NIGHT_SHIFT]), *people(), two)
    found = coverage(registry, START, START + DAY)
    assert found == [
        Spot("two", "home", from_rfc3339("2026-11-23T21:45Z"), from_rfc3339("2026-11-23T22:00Z"),
             2, 0, None),
        Spot("two", "home", from_rfc3339("2026-11-23T22:00Z"), from_rfc3339("2026-11-24T06:00Z"),
             2, 1, None),
    ]  # fmt: skip
    assert [spot.is_gap for spot in found] == [True, False]


def test_a_night_without_the_competence_is_a_gap_of_its_own() -> None:
    need = Need(id="m", team="home", competence="key", from_minute=22 * 60, to_minute=6 * 60)
    registry = town(Entries(ZoneInfo(OSLO), shifts=[DAY_SHIFT, NIGHT_SHIFT]), *people(), need)
    (spot,) = coverage(registry, START, START + DAY)
    assert (spot.competence, spot.from_at, spot.to_at) == (
        "key",
        from_rfc3339("2026-11-23T21:00Z"),
        from_rfc3339("2026-11-24T05:00Z"),
    )


# -- told ahead ------------------------------------------------------------------------------------


def gappy(*more: AnyItem) -> list[AnyItem]:
    return small_town(shift("day", 7 * 60, 22 * 60 + 45, "anna"),
                      shift("night", 23 * 60, 7 * 60, "berit"), ALWAYS, *more)  # fmt: skip


def tell(story: Story) -> list[list[str]]:
    """What the hub tells when it looks at the roster now."""
    told = [story.feed(event) for event in upcoming(story.state.registry, story.at)]
    return [lines for lines in told if lines]


def test_a_gap_is_one_alarm_to_the_lead_however_often_it_is_looked_at() -> None:
    story = Story(gappy())
    assert tell(story) == [
        [
            "heard duty.gap",
            "raised duty.gap TECHNICAL (duty_gap)",
            "step 1.0 43200s: lea@webhook-1 (duty_gap)",
        ]
    ]
    (alarm,) = story.state.alarms.values()
    assert (alarm.subject, alarm.kind) == ("roster:always:2026-11-23T22:45", Kind.DUTY_GAP)
    story.accept("lea")
    for _ in range(12):
        story.at += HOUR
        assert tell(story) == []


def test_a_closed_gap_is_not_told_again_and_the_next_one_is() -> None:
    story = Story(gappy())
    tell(story)
    story.accept("lea")
    story.close("lea")
    told: list[Instant] = []
    for _ in range(23):
        story.wait(3600)
        told += [story.at for _ in tell(story)]
    assert told == [from_rfc3339("2026-11-23T21:00:00Z")]
    assert told[0] <= from_rfc3339("2026-11-24T21:45:00Z") - DAY


def test_a_gap_that_somebody_fills_in_time_is_never_told() -> None:
    filled = Override(
        id="o",
        team="home",
        people=("carl",),
        from_local="2026-11-23T22:45",
        to_local="2026-11-23T23:00",
        mode="extra",
    )
    assert tell(Story(gappy(filled))) == []


def test_a_gap_that_lasts_is_told_once_a_day() -> None:
    story = Story(small_town(Shift(id="day", team="home", people=(), weekdays=(0,), from_minute=0,
                                   to_minute=0), ALWAYS))  # fmt: skip
    told = 0
    for _ in range(72):
        told += len(tell(story))
        story.at += HOUR
    assert told == 4  # on four local days


def test_without_any_lead_the_technical_policy_of_the_place_is_called() -> None:
    nobody_leads = Person(id="lea", roles=(Role.STAFF,), channels=("webhook-1",))
    (lines,) = tell(Story(gappy(nobody_leads)))
    assert lines[2] == "step 1.0 60s: anna@webhook-1 (duty_gap)"


def test_the_lead_is_asked_again_after_half_a_day() -> None:
    story = Story(gappy())
    tell(story)
    assert story.wait(43_200)[-1].startswith("step 2.0 43200s: lea@webhook-1")


def test_a_device_that_says_so_is_only_a_device() -> None:
    story = Story(gappy())
    lines = story.hear(Kind.DUTY_GAP, "mqtt:x", event="e1")
    assert lines[1].startswith("raised duty.gap TECHNICAL (device_not_registered)")


def test_the_engine_looks_at_once_and_then_every_hour() -> None:
    story = Story(gappy())
    engine = Engine(story.state, Presence(), alarm_id)
    assert engine.next_turn() == 0
    batch = engine.turn(START)
    assert batch is not None
    assert [type(fact).__name__ for fact in batch.facts] == [
        "EventRecorded",
        "AlarmRaised",
        "StepStarted",
    ]
    assert engine.next_turn() == START + HOUR
    assert engine.turn(START + HOUR - 1) is None
    later = engine.turn(START + HOUR)
    assert later is not None
    assert later.facts == []


def test_nothing_needed_means_nothing_looked_at() -> None:
    assert Engine(Story().state, Presence(), alarm_id).next_turn() is None


def test_a_gap_is_closed_with_an_outcome_like_any_alarm() -> None:
    story = Story(gappy())
    tell(story)
    story.accept("lea")
    assert story.close("lea")[0] == f"closed lea {OutcomeCode.NO_NEED}"


def test_the_municipality_has_its_own_time() -> None:
    there = Municipality(id="simby", timezone="Australia/Lord_Howe", default_policy="plain")
    story = Story(gappy(there))
    tell(story)
    (alarm,) = story.state.alarms.values()
    assert alarm.subject == "roster:always:2026-11-23T22:45"
