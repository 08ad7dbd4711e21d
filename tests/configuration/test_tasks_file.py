"""Tasks in the municipality file: read, compiled, written out again, and refused where wrong."""

from typing import Any

import pytest

from hub.configuration.check import check, check_data
from hub.configuration.compile import compile
from hub.configuration.describe import describe
from hub.configuration.export import to_yaml
from hub.journal.port import Record
from routing.evolve import evolve
from routing.facts import ConfigurationSet
from routing.kinds import Kind, Severity
from routing.municipality import Municipality, Resident
from routing.state import State
from routing.tasks.life import TaskKind
from routing.tasks.plans import TaskCare, TaskRule, VisitPlan

RULE = {
    "on": "battery.low",
    "make": "change_battery",
    "within": "2 h",
    "people": 2,
    "competence": "keys",
    "overdue": "medium",
}
VISIT = {"id": "morning", "at": "08:00", "within": "30 min", "weekdays": ["mon", "sun"]}


def town(rule: dict[str, Any] = RULE, visit: dict[str, Any] = VISIT, **tasks: Any) -> Any:
    return {
        "municipality": {
            "id": "m",
            "name": "M",
            "default_policy": "p",
            "policies": {"task": "p"},
            "tasks": {"rules": [rule], "quiet": ["23:00", "06:00"], **tasks},
        },
        "units": [{"id": "u", "name": "U"}],
        "people": [{"id": "kari", "name": "Kari", "roles": ["staff"]}],
        "residents": [{"id": "rolf", "name": "Rolf", "unit": "u", "visits": [visit]}],
        "policies": [{"id": "p", "steps": [{"call": [{"person": "kari"}], "wait": "60 s"}]}],
    }


def test_the_file_becomes_rules_and_plans() -> None:
    file, problems = check_data(town())
    assert file is not None, problems
    found = compile(file).items
    one, home = found["municipality", "m"], found["resident", "rolf"]
    assert isinstance(one, Municipality)
    assert one.tasks == TaskCare(
        rules=(
            TaskRule(
                on=Kind.BATTERY_LOW,
                make=TaskKind.CHANGE_BATTERY,
                within_s=7200,
                people=2,
                competence="keys",
                overdue=Severity.MEDIUM,
            ),
        ),
        quiet_from_minute=1380,
        quiet_to_minute=360,
    )
    assert isinstance(home, Resident)
    assert home.visits == (VisitPlan(id="morning", minute=480, within_s=1800, weekdays=(0, 6)),)


@pytest.mark.parametrize("quiet", [["23:00", "06:00"], None])
def test_what_was_said_is_written_out_again(quiet: list[str] | None) -> None:
    file, _ = check_data(town(quiet=quiet, visit_overdue="high"))
    assert file is not None
    compiled, state = compile(file), State()
    for number, item in enumerate(compiled.items.values(), 1):
        evolve(state, Record(number, 0, ConfigurationSet(item=item, author="file")))
    described = describe(state.registry, lambda kind, id: compiled.documents.get((kind, id)))
    assert described == file
    assert check(to_yaml(described)).file == file


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (town(rule={**RULE, "on": "battery.lo"}), "not_one_of"),
        (town(rule={**RULE, "make": "dance"}), "not_one_of"),
        (town(rule={**RULE, "severity": "huge"}), "not_one_of"),
        (town(visit={**VISIT, "at": "25:00"}), "bad_time"),
        (town(visit={**VISIT, "weekdays": []}), "bad_length"),
        (town(visit={"id": "x"}), "missing"),
        (town(quiet=["07:00", "07:00"]), "bad_order"),
        (town(visit={**VISIT, "colour": 1}), "unknown_key"),
    ],
)
def test_what_cannot_be_meant_is_told(data: Any, code: str) -> None:
    _, found = check_data(data)
    assert [p.code for p in found if not p.warning] == [code]
