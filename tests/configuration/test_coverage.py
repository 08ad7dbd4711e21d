"""Nobody answers: the check against a walk through the week with the router's own code."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.configuration.compile import compile
from hub.configuration.coverage import oddities, unanswered
from hub.configuration.model import MunicipalityFile
from hub.configuration.problem import Problem, words
from routing.instant import Instant, from_datetime
from routing.municipality import Policy
from routing.registry_fold import put_item
from routing.state import Registry
from routing.targets import resolve

QUARTER = 15
"""Generated shifts begin and end on quarters, so walking quarters misses nothing."""
MONDAY = datetime(2026, 11, 16, tzinfo=ZoneInfo("Europe/Oslo"))
"""A week without a clock change."""
PEOPLE = [
    {"id": "kari", "name": "Kari", "roles": ["staff"], "teams": ["a"]},
    {"id": "ola", "name": "Ola", "roles": ["operator", "it"], "teams": ["b"]},
    {"id": "eva", "name": "Eva", "roles": ["relative"], "teams": ["a", "c"]},
    {"id": "per", "name": "Per", "roles": ["it"], "teams": ["c"]},
]


def file_with(
    steps: list[list[dict[str, str]]],
    fallback: list[dict[str, str]],
    shifts: Sequence[Mapping[str, object]],
    loop: str = "last",
) -> MunicipalityFile:
    policy = {
        "id": "help",
        "steps": [{"call": call, "wait": "60 s"} for call in steps],
        "fallback": fallback,
        "loop": loop,
    }
    return MunicipalityFile.model_validate(
        {
            "municipality": {"id": "m", "name": "M", "default_policy": "help"},
            "teams": [{"id": t, "name": t} for t in "abc"],
            "people": PEOPLE,
            "policies": [policy],
            "shifts": [{"id": f"s{n}", **shift} for n, shift in enumerate(shifts)],
        }
    )


def registry_of(file: MunicipalityFile) -> Registry:
    registry = Registry()
    for item in compile(file).items.values():
        put_item(registry, item)
    return registry


def somebody(registry: Registry, policy: Policy, at: Instant) -> bool:
    """Whether the router would find somebody for ever, by its own resolution."""
    steps = policy.steps if policy.loop == "all" else policy.steps[-1:]
    found = [resolve(registry, step.targets, at) for step in steps]
    return any(found) or bool(resolve(registry, policy.fallback, at))


def first_gap_by_walking(file: MunicipalityFile) -> tuple[str, int] | None:
    """Return the code, and the first minute of the first gap that begins in the week."""
    registry = registry_of(file)
    policy = registry.policies["help"]
    answered = [
        somebody(registry, policy, from_datetime(MONDAY + timedelta(minutes=minute)))
        for minute in range(0, 7 * 1440, QUARTER)
    ]
    if not any(answered):
        return "nobody_ever", 0
    begins = [n for n, yes in enumerate(answered) if not yes and answered[n - 1]]
    return ("nobody", begins[0] * QUARTER) if begins else None


TARGETS = st.lists(
    st.one_of(
        st.builds(lambda t: {"on_duty": t}, st.sampled_from("abc")),
        st.builds(lambda t: {"team": t}, st.sampled_from("bc")),
        st.builds(lambda p: {"person": p}, st.sampled_from(["ola", "eva", "per"])),
    ),
    min_size=1,
    max_size=2,
)
TIMES = st.integers(0, 95).map(lambda q: f"{q // 4:02}:{q % 4 * 15:02}")
SHIFTS = st.fixed_dictionaries(
    {
        "team": st.sampled_from("abc"),
        "people": st.lists(
            st.sampled_from(["kari", "ola", "eva"]), min_size=1, max_size=2, unique=True
        ),
        "weekdays": st.lists(
            st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
            min_size=4,
            unique=True,
        ),
        "from": TIMES,
        "to": TIMES,
    }
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(TARGETS, min_size=1, max_size=3),
    st.lists(TARGETS, max_size=1).map(lambda listed: listed[0] if listed else []),
    st.lists(SHIFTS, max_size=5),
    st.sampled_from(["last", "all"]),
)
def test_gaps_are_those_that_a_walk_through_the_week_finds(
    steps: list[list[dict[str, str]]],
    fallback: list[dict[str, str]],
    shifts: Sequence[Mapping[str, object]],
    loop: str,
) -> None:
    file = file_with(steps, fallback, shifts, loop)
    found = [p for p in unanswered(file) if p.code != "relative_last"]
    if not found and list(unanswered(file)):
        return  # refused for another reason, tested below
    told = None
    if found:
        day, minute = found[0].params.get("from_day", 0), found[0].params.get("from_minute", 0)
        told = (found[0].code, int(day) * 1440 + int(minute))
    assert told == first_gap_by_walking(file)


DAY = {"team": "a", "people": ["kari"], "from": "07:00", "to": "22:45"}
NIGHT = {"team": "a", "people": ["kari"], "from": "23:00", "to": "07:00"}
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat"]


def problem_of(file: MunicipalityFile) -> Problem:
    (problem,) = unanswered(file)
    return problem


def test_a_roster_gap_is_told_in_words() -> None:
    problem = problem_of(file_with([[{"on_duty": "a"}]], [], [DAY, NIGHT]))
    assert words(problem, "en") == (
        "Policy help: Monday 22:45 to Monday 23:00 nobody is called. "
        "Fill the shifts, or name a team or person in `fallback`."
    )
    assert words(problem, "nb").startswith("Varslingsplan help: mandag 22:45 til mandag 23:00")
    assert words(problem, "nn").startswith("Varslingsplan help: måndag 22:45 til måndag 23:00")


def test_a_gap_over_the_end_of_the_week_begins_where_it_begins() -> None:
    whole = {"team": "a", "people": ["kari"], "from": "06:00", "to": "06:00", "weekdays": WEEKDAYS}
    problem = problem_of(file_with([[{"on_duty": "a"}]], [], [whole]))
    assert words(problem, "en").startswith("Policy help: Sunday 06:00 to Monday 06:00 nobody")


def test_the_fallback_fills_a_gap() -> None:
    assert not list(unanswered(file_with([[{"on_duty": "a"}]], [{"person": "ola"}], [DAY])))


def test_a_night_shift_crosses_midnight_and_the_week() -> None:
    night = {**NIGHT, "to": "22:45"}
    problem = problem_of(file_with([[{"on_duty": "a"}]], [], [night]))
    assert words(problem, "en").startswith("Policy help: Monday 22:45 to Monday 23:00")


def test_a_policy_that_nobody_ever_answers_is_refused() -> None:
    assert problem_of(file_with([[{"on_duty": "b"}]], [], [])).code == "nobody_ever"


@pytest.mark.parametrize("last", [{"person": "eva"}, {"team": "c"}, {"person": "per"}])
def test_a_relative_is_never_the_last_step_alone(last: dict[str, str]) -> None:
    file = file_with([[{"team": "b"}], [last]], [{"person": "ola"}], [])
    assert problem_of(file).code == "relative_last"


def test_only_the_step_that_repeats_counts_when_the_last_loops() -> None:
    steps = [[{"person": "ola"}], [{"on_duty": "a"}]]
    assert problem_of(file_with(steps, [], [DAY, NIGHT])).code == "nobody"
    assert not list(unanswered(file_with(steps, [], [DAY, NIGHT], loop="all")))


def test_what_is_only_odd_is_a_warning() -> None:
    file = file_with([[{"on_duty": "b"}], [{"person": "ola"}]], [], [])
    found = list(oddities(file))
    assert all(problem.warning for problem in found)
    assert [(p.code, dict(p.params)) for p in found] == [
        ("one_person_ever", {"policy": "help"}),
        ("no_shifts", {"policy": "help", "team": "b"}),
        ("never_called", {"person": "kari"}),
    ]
