"""Policies as data: whom a step calls, when it counts, in which order, and which policy it is."""

import pytest

from routing.duty import Absence
from routing.facts import StepStarted
from routing.instant import HOUR, MINUTE, from_rfc3339
from routing.kinds import Category, Kind, Severity
from routing.lifecycle import Action
from routing.municipality import (
    Municipality,
    Person,
    Policy,
    PolicyWindow,
    Resident,
    Role,
    Shift,
    Step,
    Target,
    Team,
    Unit,
    When,
)
from routing.version import version_of
from tests.routing.story import ANY_DAY, CENTRE, ON_DUTY, Story, on_duty, plain, town
from tests.routing.test_facts import ITEMS

STAFF = (Role.STAFF,)
EVA = Person(id="eva", roles=(Role.RELATIVE,), channels=("webhook-1",))
FINN = Person(id="finn", roles=(Role.RELATIVE,), channels=("webhook-1",))
HOME = Resident(id="rolf", unit="north", relatives={"eva": "responsible", "finn": "informed"})
KEY = Person(
    id="berit", roles=STAFF, teams=("home",), channels=("webhook-1",), competences=("key",)
)
ALARM_CENTRAL = Person(id="doctor", roles=(Role.OUTSIDE,), channels=("webhook-1",))


@pytest.mark.parametrize(
    ("target", "called"),
    [
        (Target("on_duty", "home", having="key"), "berit@webhook-1"),
        (Target("on_duty", "home", role=Role.OPERATOR), "carl@webhook-1 (fell through)"),
        (Target("competence", "key"), "berit@webhook-1"),
        (Target("competence", "fly"), "carl@webhook-1 (fell through)"),
        (Target("lead", "*"), "lea@webhook-1"),
        (Target("lead", "home"), "carl@webhook-1 (fell through)"),
        (Target("relative", "responsible"), "eva@webhook-1"),
        (Target("response_centre", "centre"), "carl@webhook-1"),
        (Target("team", "home", role=Role.STAFF), "anna@webhook-1 berit@webhook-1"),
    ],
)
def test_whom_a_target_calls(target: Target, called: str) -> None:
    policy = plain(Step((target,), 60), Step((CENTRE,), 90))
    told = Story(town(KEY, EVA, FINN, HOME, policy)).press()[2:]
    if called.endswith("(fell through)"):
        assert told[0] == "skipped 1.0"
        assert told[1] == "step 1.1 90s: carl@webhook-1 (chain_started)"
    else:
        assert told == [f"step 1.0 60s: {called} (chain_started)"]


def test_a_competence_off_duty_is_not_called() -> None:
    policy = plain(Step((Target("competence", "key"),), 60), Step((CENTRE,), 90))
    story = Story(town(KEY, policy, on_duty("anna")))
    assert story.press()[2] == "skipped 1.0"


def test_a_centre_with_a_roster_calls_those_on_duty() -> None:
    team = Team(id="home", response_centre=True)
    policy = plain(Step((Target("response_centre", "home"),), 60))
    told = Story(town(team, policy, on_duty("anna"))).press()
    assert told[2] == "step 1.0 60s: anna@webhook-1 (chain_started)"


def test_who_is_only_informed_is_told_once_and_never_waited_for() -> None:
    """Fire and relatives: the informed are told beside, and the step is of those who are asked."""
    steps = (Step((ON_DUTY, Target("relative", "informed"), Target("outside", "doctor")), 60),)
    story = Story(town(EVA, FINN, HOME, ALARM_CENTRAL, plain(*steps), on_duty("anna")))
    assert story.press()[2] == (
        "step 1.0 60s: anna@webhook-1 finn@webhook-1* doctor@webhook-1* (chain_started)"
    )
    alarm = story.state.alarms[story.alarm]
    assert (alarm.called, alarm.informed) == (("anna",), ("finn", "doctor"))
    assert story.do("anna", Action.REFUSE)[1] == "round 1 ended (all_refused)"
    assert "finn@webhook-1" in story.owed
    assert not any("finn@webhook-1*" in line for line in story.wait(60))
    story.accept("anna")
    assert story.owed == ["doctor@webhook-1", "finn@webhook-1"], "the informed are still told"


def test_a_step_that_only_informs_takes_no_time() -> None:
    steps = (Step((Target("person", "lea", informed=True),), 60), Step((CENTRE,), 90))
    assert Story(town(plain(*steps))).press()[2:] == [
        "paged lea@webhook-1* (only_informed)",
        "skipped 1.0",
        "step 1.1 90s: carl@webhook-1 (chain_started)",
    ]


def test_the_next_channel_of_an_informed_person_still_only_informs() -> None:
    two = Person(id="finn", roles=(Role.RELATIVE,), channels=("webhook-1", "webhook-2"))
    steps = (Step((ON_DUTY, Target("relative", "informed")), 60),)
    story = Story(town(EVA, two, HOME, plain(*steps)))
    story.press()
    assert story.unsent("finn")[1] == "paged finn@webhook-2* (next_channel)"
    assert story.state.alarms[story.alarm].called == ("anna", "berit")


def test_relatives_away_are_not_called() -> None:
    away = Absence(id="x", person="eva", from_local="2026-11-23T08:00", to_local="2026-11-23T10:00")
    policy = plain(Step((Target("relative", "responsible"),), 60), Step((CENTRE,), 90))
    story = Story(town(EVA, FINN, HOME, policy, away))
    assert story.press()[2] == "skipped 1.0"
    story.at += HOUR
    assert story.wait(0)[-2] == "step 2.1 90s: carl@webhook-1 (last_step_loops)"
    story.accept("carl")
    story.close("carl")
    assert story.press()[2] == "step 1.0 60s: eva@webhook-1 (chain_started)"


# -- conditions ------------------------------------------------------------------------------------

NIGHT = When(from_minute=22 * 60, to_minute=7 * 60, weekdays=(4, 5))


@pytest.mark.parametrize(
    ("local", "counts"),
    [
        ("2026-11-27T21:59:59+01:00", False),
        ("2026-11-27T22:00:00+01:00", True),
        ("2026-11-28T06:59:59+01:00", True),
        ("2026-11-28T07:00:00+01:00", False),
        ("2026-11-29T06:00:00+01:00", True),
        ("2026-11-29T22:00:00+01:00", False),
        ("2026-11-27T06:00:00+01:00", False),
    ],
)
def test_a_window_over_midnight_is_of_the_day_on_which_it_begins(local: str, counts: bool) -> None:
    policy = plain(Step((ON_DUTY,), 60, when=NIGHT), Step((CENTRE,), 90))
    story = Story(town(policy))
    story.at = from_rfc3339(local)
    assert (story.press()[2] != "skipped 1.0") is counts


@pytest.mark.parametrize(
    ("when", "counts"),
    [
        (When(categories=(Category.HELP, Category.FIRE)), True),
        (When(categories=(Category.FIRE,)), False),
        (When(kinds=(Kind.HELP_PRESSED,)), True),
        (When(kinds=(Kind.FALL_DETECTED,)), False),
        (When(severity=Severity.HIGH), True),
        (When(severity=Severity.CRITICAL), False),
        (When(categories=(Category.HELP,), weekdays=(1,)), False),
        (When(weekdays=(0,)), True),
    ],
)
def test_everything_said_of_a_step_must_hold(when: When, counts: bool) -> None:
    """Pressed on a Monday at 09:00."""
    policy = plain(Step((ON_DUTY,), 60, when=when), Step((CENTRE,), 90))
    assert (Story(town(policy)).press()[2] != "skipped 1.0") is counts


def test_a_last_step_that_does_not_count_leaves_it_to_the_fallback() -> None:
    never = When(kinds=(Kind.WATER_DETECTED,))
    policy = plain(Step((ON_DUTY,), 60), Step((CENTRE,), 90, when=never))
    story = Story(town(policy))
    story.press()
    assert story.wait(60) == ["skipped 1.1", "step 1.2 90s: lea@webhook-1 (fallback)"]


# -- one after another -----------------------------------------------------------------------------

IN_TURN = plain(Step((ON_DUTY, Target("person", "lea")), 40, in_turn=True), Step((CENTRE,), 90))


def test_in_turn_each_has_their_own_wait() -> None:
    story = Story(town(IN_TURN))
    assert story.press()[2] == "step 1.0 40s: anna@webhook-1 (chain_started)"
    assert story.wait(39) == []
    assert story.wait(1) == ["next 40s: berit@webhook-1 (nobody_accepted_in_time)"]
    assert story.wait(40) == ["next 40s: lea@webhook-1 (nobody_accepted_in_time)"]
    assert story.wait(40) == ["step 1.1 90s: carl@webhook-1 (nobody_accepted_in_time)"]


def test_in_turn_a_no_or_a_dead_phone_brings_the_next_at_once() -> None:
    story = Story(town(IN_TURN))
    story.press()
    assert story.do("anna", Action.REFUSE) == [
        "refused anna",
        "next 40s: berit@webhook-1 (all_refused)",
        "refuse done",
    ]
    assert story.unsent("berit") == [
        "unsent berit@webhook-1",
        "next 40s: lea@webhook-1 (all_unreachable)",
    ]
    assert story.do("lea", Action.REFUSE)[1] == "step 1.1 90s: carl@webhook-1 (all_unreachable)"


def test_in_turn_a_late_no_of_an_earlier_one_hurries_nobody() -> None:
    story = Story(town(IN_TURN))
    story.press()
    story.wait(40)
    assert story.do("anna", Action.REFUSE) == ["refused anna", "refuse done"]
    assert story.wait(39) == []


def test_in_turn_whoever_was_called_may_still_accept_and_the_rest_is_left_alone() -> None:
    story = Story(town(IN_TURN))
    story.press()
    story.wait(40)
    assert story.accept("anna") == ["accepted anna 1800s", "accept done"]
    assert story.wait(600) == []


def test_in_turn_passes_over_who_has_left_or_said_no() -> None:
    story = Story(town(IN_TURN))
    story.press()
    story.do("lea", Action.REFUSE)
    story.configure(remove=[("person", "berit")])
    assert story.wait(40) == ["step 1.1 90s: carl@webhook-1 (nobody_accepted_in_time)"]


# -- numbers, windows, policies that follow --------------------------------------------------------


def test_the_number_to_speak_through_is_the_steps() -> None:
    policy = plain(Step((ON_DUTY,), 60, number="staff-line"), Step((CENTRE,), 90))
    story = Story(town(policy))
    story.press()
    numbers = [r.fact.number for r in story.journal if isinstance(r.fact, StepStarted)]
    assert (numbers, story.state.alarms[story.alarm].number) == (["staff-line"], "staff-line")
    story.wait(60)
    assert story.state.alarms[story.alarm].number is None


def test_the_policy_of_the_time_of_day_goes_before_the_table_of_its_place() -> None:
    night = plain(Step((CENTRE,), 30), name="night")
    table = plain(Step((CENTRE,), 40), name="table")
    at_night = PolicyWindow(policy="night", from_minute=22 * 60, to_minute=7 * 60)
    unit = Unit(id="north", policies={"*": "table"}, policies_at=(at_night,))
    story = Story(town(night, table, unit))
    assert story.press("scaip:1")[2].startswith("step 1.0 40s")
    story.at += 13 * HOUR
    assert story.press("scaip:3")[2].startswith("step 1.0 30s")


def test_nearer_goes_before_the_time_of_day_and_category_before_the_rest() -> None:
    names = ("home", "help", "rest", "town")
    policies = [plain(Step((CENTRE,), 10 + n), name=name) for n, name in enumerate(names)]
    windows = (
        PolicyWindow(policy="rest"),
        PolicyWindow(policy="help", category="help"),
    )
    one = Municipality(
        id="simby", timezone="Europe/Oslo", default_policy="plain", policies={"*": "town"}
    )
    rolf = Resident(id="rolf", unit="north", policies={"help": "home"})
    story = Story(town(*policies, one, rolf, Unit(id="north", policies_at=windows)))
    assert story.press("scaip:1")[2].startswith("step 1.0 10s")
    assert story.press("scaip:3")[2].startswith("step 1.0 11s")
    assert story.hear(Kind.WATER_DETECTED, "scaip:3")[2].startswith("step 1.0 12s")
    assert story.press("scaip:99")[2].startswith("step 1.0 13s")


def followed(first_then: str | None, second_then: str | None) -> Story:
    first = Policy(id="plain", steps=(Step((ON_DUTY,), 60),), fallback=(), then=first_then)
    second = Policy(id="after", steps=(Step((CENTRE,), 90),), fallback=(), then=second_then)
    return Story(town(first, second))


def test_another_policy_follows_instead_of_the_loop() -> None:
    story = followed("after", None)
    story.press()
    assert story.wait(60) == ["followed after", "step 2.0 90s: carl@webhook-1 (policy_followed)"]
    assert story.wait(90)[:2] == [
        "round 2 ended (nobody_accepted_in_time)",
        "step 3.0 90s: carl@webhook-1 (last_step_loops)",
    ]


def test_policies_in_a_circle_end_in_a_loop_and_not_in_an_endless_search() -> None:
    story = followed("after", "plain")
    story.configure(on_duty("lea"), remove=[("person", "carl"), ("person", "lea")])
    assert story.press()[2:] == [
        "skipped 1.0",
        "followed after",
        "skipped 2.0",
        "step 2.1 60s: nobody (nobody_anywhere)",
    ]


def test_a_step_that_nobody_of_can_be_reached_hurries_to_the_policy_that_follows() -> None:
    story = followed("after", None)
    story.configure(on_duty("berit"))
    story.press()
    assert story.unsent("berit")[1] == "followed after"


@pytest.mark.parametrize(
    ("target", "on_shift"),
    [
        (Target("response_centre", "centre"), "eva"),
        (Target("response_centre", "centre", having="key"), "anna"),
        (Target("response_centre", "centre", role=Role.OPERATOR), "anna"),
    ],
)
def test_a_centre_where_nobody_at_work_counts_calls_everybody_who_does(
    target: Target, on_shift: str
) -> None:
    """A relative on the shift, or one without the competence, is nobody to wait for."""
    carl = Person(
        id="carl",
        roles=(Role.OPERATOR,),
        teams=("centre",),
        channels=("webhook-1",),
        competences=("key",),
    )
    shift = Shift(
        id="c", team="centre", people=(on_shift,), weekdays=ANY_DAY, from_minute=0, to_minute=0
    )
    told = Story(town(EVA, carl, shift, plain(Step((target,), 60)))).press()
    assert told[2] == "step 1.0 60s: carl@webhook-1 (chain_started)"


def test_where_everybody_named_has_left_the_policy_that_counts_now_goes_on() -> None:
    own = Policy(id="own", steps=(Step((Target("person", "carl"),), 60),), fallback=())
    story = Story(town(own, Resident(id="rolf", unit="north", policies={"help": "own"})))
    assert story.press()[2] == "step 1.0 60s: carl@webhook-1 (chain_started)"
    gone = [("person", "carl"), ("policy", "own")]
    story.configure(Resident(id="rolf", unit="north"), remove=gone)
    told = story.wait(60)
    assert told[:4] == [
        "round 1 ended (nobody_accepted_in_time)",
        "skipped 2.0",
        "followed plain",
        "step 3.0 60s: anna@webhook-1 berit@webhook-1 (policy_renewed)",
    ]


def test_while_anybody_named_is_left_the_version_is_kept() -> None:
    own = Policy(id="own", steps=(Step((Target("person", "carl"),), 60),), fallback=())
    story = Story(town(own, Resident(id="rolf", unit="north", policies={"help": "own"})))
    story.press()
    story.configure(Resident(id="rolf", unit="north"), remove=[("policy", "own")])
    assert story.wait(60)[1] == "step 2.0 60s: carl@webhook-1 (last_step_loops)"


def test_a_running_alarm_keeps_its_version_of_the_policy() -> None:
    story = followed(None, None)
    story.press()
    story.configure(plain(Step((CENTRE,), 5)))
    story.at += MINUTE
    assert story.wait(0)[1].startswith("step 2.0 60s: anna")


def test_a_policy_of_an_earlier_form_keeps_the_name_of_its_version() -> None:
    """Hashes that the first form of the hub gave; alarms of its journals name them."""
    assert version_of(plain()) == "da008fa54539d651"
    assert version_of(next(i for i in ITEMS if isinstance(i, Policy))) == "98caf8034a583d66"
    assert version_of(plain(Step((ON_DUTY,), 60, in_turn=True))) != version_of(
        plain(Step((ON_DUTY,), 60))
    )
