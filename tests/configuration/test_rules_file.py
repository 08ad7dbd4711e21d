"""People needed, the next channel, the stay, unknown devices and rules for tasks in the file."""

from typing import Any

import pytest

from hub.configuration.check import check, check_data
from hub.configuration.compile import compile
from hub.configuration.describe import describe
from hub.configuration.export import to_yaml
from hub.journal.port import Record
from routing.evolve import evolve
from routing.facts import ConfigurationSet
from routing.municipality import Municipality, Policy, Resident
from routing.plans import Paging
from routing.state import State

PAGING = {
    "seen": "45 s",
    "receipt": "5 s",
    "receipt_by_channel": {"sms": "20 s"},
    "nobody": ["60 s", "5 min"],
}
REFILL = {"on": "medication.fault", "code": "empty", "make": "refill", "competence": "medicine"}


def town(
    *,
    rules: tuple[dict[str, Any], ...] = (),
    visits: tuple[dict[str, Any], ...] = (),
    competences: tuple[str, ...] = ("medicine",),
    home: dict[str, Any] | None = None,
    **one: Any,
) -> Any:
    steps = [{"call": [{"person": "kari"}], "wait": "60 s"}]
    kari = {"id": "kari", "name": "Kari", "roles": ["staff"], "competences": list(competences)}
    said = {"id": "m", "name": "M", "default_policy": "p", "tasks": {"rules": list(rules)}}
    visited = {"id": "rolf", "name": "Rolf", "unit": "u", "visits": list(visits)}
    return {
        "municipality": {**said, **one},
        "units": [{"id": "u", "name": "U"}],
        "people": [kari],
        "residents": [{**visited, **(home or {})}],
        "policies": [{"id": "p", "steps": steps, "stay": "40 min"}],
    }


def test_the_numbers_reach_the_core() -> None:
    data = town(paging=PAGING, correlation={"strangers": 4}, home={"people_needed": 2})
    file, problems = check_data(data)
    assert file is not None, problems
    found = compile(file).items
    one, home, policy = found["municipality", "m"], found["resident", "rolf"], found["policy", "p"]
    assert isinstance(one, Municipality)
    assert one.paging == Paging(
        seen_s=45, receipt_s=5, receipt_by_channel_s={"sms": 20}, nobody_s=(60, 300)
    )
    assert one.correlation.strangers == 4
    assert isinstance(home, Resident)
    assert home.people_needed == 2
    assert isinstance(policy, Policy)
    assert policy.stay_s == 2400


def test_left_out_they_are_the_proposed_ones() -> None:
    file, _ = check_data(town())
    assert file is not None
    one = compile(file).items["municipality", "m"]
    assert isinstance(one, Municipality)
    assert (one.paging.seen_s, one.paging.receipt_s, one.correlation.strangers) == (30, 10, 10)


def test_what_was_said_is_written_out_again() -> None:
    data = town(paging=PAGING, correlation={"strangers": 4}, home={"people_needed": 3})
    file, _ = check_data(data)
    assert file is not None
    compiled, state = compile(file), State()
    for number, item in enumerate(compiled.items.values(), 1):
        evolve(state, Record(number, 0, ConfigurationSet(item=item, author="file")))
    described = describe(state.registry, lambda kind, id: compiled.documents.get((kind, id)))
    assert described == file
    assert check(to_yaml(described)).file == file


VISIT = {"id": "noon", "at": "12:00"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (town(rules=({"on": "motion.detected", "make": "visit"},)), "task_rule_sample"),
        (town(rules=({"on": "device.alive", "make": "visit"},)), "task_rule_sample"),
        (town(rules=({"on": "staff.called", "make": "visit"},)), "task_rule_no_device"),
        (town(rules=({"on": "task.overdue", "make": "visit"},)), "task_rule_no_device"),
        (town(visits=(VISIT, VISIT)), "id_twice"),
        (town(home={"people_needed": 0}), "invalid"),
        (town(correlation={"strangers": 0}), "invalid"),
        (town(paging={"seen": "soon"}), "bad_duration"),
    ],
)
def test_what_cannot_be_meant_is_told(data: Any, code: str) -> None:
    _, found = check_data(data)
    assert [p.code for p in found if not p.warning] == [code]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (town(rules=(REFILL,)), []),
        (town(rules=(REFILL,), competences=()), [{"people": 1, "found": 0}]),
        (town(rules=({**REFILL, "people": 2},)), [{"people": 2, "found": 1}]),
        (town(visits=({**VISIT, "people": 2},)), [{"people": 2, "found": 1}]),
    ],
)
def test_a_task_that_too_few_may_do_is_a_warning(data: Any, told: list[dict[str, int]]) -> None:
    file, found = check_data(data)
    assert file is not None
    warned = [p.params for p in found if p.code == "task_too_few"]
    assert [{key: p[key] for key in ("people", "found")} for p in warned] == told


def test_the_words_say_what_to_do() -> None:
    data = town(rules=(REFILL,), competences=())
    file, _ = check_data(data)
    assert file is not None
    (line,) = (one for one in check(to_yaml(file)).lines("m.yaml", "en") if "competence" in one)
    assert "needs 1 (competence: medicine), and 0 may do it" in line
    assert "Add the competence to people" in line
