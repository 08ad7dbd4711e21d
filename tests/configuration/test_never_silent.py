"""A policy that `varde check` lets pass never goes silent: random policies, and nobody answers.

The oracle knows nothing of chains. It looks when somebody who may own an alarm is called in a day
without an answer: never longer apart than all waits of all policies, each once for everybody.
"""

from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hub.configuration.check import check_data
from hub.configuration.compile import compile
from hub.configuration.model import MunicipalityFile
from hub.journal.port import Record
from routing import facts
from routing.decide import decide
from routing.event import derive_id
from routing.evolve import evolve
from routing.inputs import Configure, Input, TimeReached
from routing.instant import HOUR, SECOND, Instant, from_rfc3339
from routing.kinds import Kind
from routing.lifecycle import Phase
from routing.pass_time import next_due
from routing.state import State

ROLES = {
    "anna": ["staff"],
    "berit": ["staff", "lead"],
    "carl": ["operator"],
    "dina": ["relative"],
    "erik": ["relative", "staff"],
    "ivar": ["it"],
    "legevakt": ["outside"],
}
OWNERS = {"anna", "berit", "carl", "erik"}
"""Who may own an alarm: staff, leads and operators (docs/policies.md)."""
DAYS = [
    "2026-10-24T03:00:00Z",
    "2026-10-25T00:30:00Z",
    "2026-11-23T08:00:00Z",
    "2027-03-27T12:00:00Z",
    "2027-03-28T00:59:00Z",
]
"""Instants round both changes of the clocks of Oslo, and one of an ordinary Monday."""
WAITS_MIN = [3, 7, 20]
CLOCKS = ["00:00", "02:00", "02:30", "03:00", "07:00", "15:00", "22:30"]
WEEKDAYS = ["mon", "tue", "sat", "sun"]
IDS = ["first", "second", "third"]

TARGETS = st.sampled_from(
    [
        {"on_duty": "home"},
        {"on_duty": "home", "having": "key"},
        {"on_duty": "neighbour"},
        {"team": "home"},
        {"team": "home", "role": "lead"},
        {"team": "home", "informed": True},
        {"person": "carl"},
        {"person": "dina"},
        {"person": "ivar"},
        {"competence": "key"},
        {"lead": "*"},
        {"lead": "home"},
        {"relative": "responsible"},
        {"relative": "informed"},
        {"response_centre": "centre"},
        {"outside": "legevakt"},
    ]
)
WINDOWS = st.tuples(st.sampled_from(CLOCKS), st.sampled_from(CLOCKS)).map(list)
WHEN = st.fixed_dictionaries(
    {},
    optional={
        "weekdays": st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True),
        "between": WINDOWS,
        "category": st.sampled_from([["help"], ["fire", "technical"]]),
        "severity": st.sampled_from(["low", "high"]),
    },
)
STEPS = st.fixed_dictionaries(
    {
        "call": st.lists(TARGETS, min_size=1, max_size=3),
        "wait": st.sampled_from([f"{minutes} min" for minutes in WAITS_MIN]),
    },
    optional={"when": WHEN, "in_turn": st.booleans()},
)


@st.composite
def policies(draw: st.DrawFn) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for index, id in enumerate(IDS[: draw(st.integers(1, 3))]):
        following = draw(st.sampled_from([None, *IDS[:index]]))
        found.append(
            {
                "id": id,
                "steps": draw(st.lists(STEPS, min_size=1, max_size=3)),
                "fallback": draw(st.lists(TARGETS, max_size=2)),
                "loop": draw(st.sampled_from(["last", "all"])),
                **({} if following is None else {"then": following}),
            }
        )
    return found


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    people = [
        {
            "id": id,
            "name": id,
            "roles": draw(st.sampled_from([roles, [role for role in roles if role != "lead"]])),
            "teams": draw(st.sampled_from([[], ["home"], ["centre"]])),
            "competences": ["key"] if id in {"berit", "erik"} else [],
        }
        for id, roles in ROLES.items()
    ]
    shifts = [
        {
            "id": f"s{number}",
            "team": draw(st.sampled_from(["home", "centre"])),
            "people": draw(st.lists(st.sampled_from(list(ROLES)), min_size=1, max_size=2)),
            "from": draw(st.sampled_from(CLOCKS)),
            "to": draw(st.sampled_from(CLOCKS)),
        }
        for number in range(draw(st.integers(0, 3)))
    ]
    listed = draw(policies())
    window = {"policy": listed[-1]["id"], "between": draw(WINDOWS)}
    away = {"id": "a", "person": draw(st.sampled_from(list(ROLES)))}
    absent = [{**away, "from": "2026-10-20", "to": "2027-04-01"}]
    return {
        "municipality": {"id": "m", "name": "M", "default_policy": listed[0]["id"]},
        "units": [{"id": "north", "name": "North", "policies_at": [window]}],
        "teams": [
            {"id": "home", "name": "Home"},
            {"id": "centre", "name": "Centre", "response_centre": True},
            {"id": "neighbour", "name": "Next", "partner": "b", "duty": ["erik"]},
        ],
        "people": people,
        "residents": [
            {
                "id": "astrid",
                "name": "A",
                "unit": "north",
                "relatives": draw(st.sampled_from([{}, {"dina": "responsible"}])),
            }
        ],
        "devices": [{"id": "d", "name": "D", "subject": "scaip:1", "resident": "astrid"}],
        "policies": listed,
        "shifts": shifts,
        "absences": draw(st.sampled_from([[], absent])),
    }


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(
    files(),
    st.sampled_from(DAYS),
    st.sampled_from([Kind.HELP_PRESSED, Kind.SMOKE_DETECTED, Kind.BATTERY_LOW]),
)
def test_what_passes_the_check_calls_for_a_day_while_nobody_answers(
    data: dict[str, Any], begins: str, kind: Kind
) -> None:
    file, _ = check_data(data)
    assume(file is not None)
    assert file is not None
    at = from_rfc3339(begins)
    called = calls_of_a_day(file, kind, at)
    assert called, "nobody was ever called"
    moments = [at, *called, at + 24 * HOUR]
    apart = max(b - a for a, b in pairwise(moments))
    assert apart <= all_waits_s(data) * SECOND, (apart // SECOND, all_waits_s(data))


def all_waits_s(data: dict[str, Any]) -> int:
    """Return the seconds of all waits, each for everybody in turn, and once more in a fallback."""
    waits = [int(step["wait"].split()[0]) for p in data["policies"] for step in p["steps"]]
    return 60 * (sum(waits) * len(ROLES) + max(waits))


def calls_of_a_day(file: MunicipalityFile, kind: Kind, at: Instant) -> list[Instant]:
    """Return when somebody who may own the alarm is called; the alarm stays open all the time."""
    state, found = State(), list[Instant]()

    def feed(input: Input, now: Instant) -> None:
        for fact in decide(state, input, now, lambda event: f"m-{event[:20]}"):
            evolve(state, Record(state.seq + 1, now, fact))
            pages = getattr(fact, "pages", ())
            if any(page.person in OWNERS and not page.informed for page in pages):
                found.append(now)

    items = compile(file).items.values()
    feed(Configure([facts.ConfigurationSet(item=item, author="test") for item in items]), at)
    event = derive_id("test", kind, "scaip:1", at)
    heard = facts.EventRecorded(
        event=event, kind=kind, subject="scaip:1", received_at=at, adapter="test"
    )
    feed(heard, at)
    while (due := next_due(state)) is not None and due <= at + 24 * HOUR:
        feed(TimeReached(), due)
        alarms = [one.phase for one in state.alarms.values()]
        assert alarms == [Phase.LOOKING]
    return found
