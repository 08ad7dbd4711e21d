"""Times that are sound as numbers and leave somebody on a floor: warned of, never refused."""

from typing import Any

import pytest

from hub.configuration.check import check_data
from hub.configuration.problem import words
from tests.configuration.test_policies import CENTRE, DUTY, data, policy

HELP = "help"


def warned(content: dict[str, Any]) -> list[tuple[str, str]]:
    """Return code and key of each warning of this sort; the file is sound with them."""
    file, problems = check_data(content)
    assert file is not None, [problem.code for problem in problems]
    assert all(problem.warning for problem in problems)
    found = [problem for problem in problems if problem.code in {"long_wait", "long_time"}]
    return [(problem.code, str(problem.params["key"])) for problem in found]


def slow(**more: Any) -> dict[str, Any]:
    """Return a policy whose first step waits for three days."""
    found = policy([DUTY], [CENTRE], **more)
    found["steps"][0]["wait"] = "72 h"
    return found


def quick(id: str = HELP) -> dict[str, Any]:
    return policy([DUTY], [CENTRE], id=id)


def test_a_first_step_that_waits_for_days_is_warned_of() -> None:
    assert warned(data(slow())) == [("long_wait", "wait")]
    assert warned(data(quick())) == []


@pytest.mark.parametrize("key", ["ask", "handover", "lease", "relative_lease"])
def test_what_an_owner_is_waited_for(key: str) -> None:
    assert warned(data(policy([DUTY], **{key: "61 min"}))) == [("long_wait", key)]
    assert warned(data(policy([DUTY], **{key: "60 min"}))) == []


def named(**municipality: Any) -> dict[str, Any]:
    """Return a file in which `slow` is no default."""
    content = data(quick(), slow(id="slow"))
    content["municipality"].update(municipality)
    return content


def test_only_policies_for_somebody_in_need_are_hurried() -> None:
    assert warned(named()) == []  # no place names it
    assert warned(named(policies={"technical": "slow", "medication": "slow"})) == []
    for table in ({"fire": "slow"}, {"*": "slow"}):
        assert warned(named(policies=table)) == [("long_wait", "wait")]
    window = {"policy": "slow", "between": ["22:00", "07:00"]}
    assert warned(named(policies_at=[window])) == [("long_wait", "wait")]
    assert warned(named(policies_at=[{**window, "category": "technical"}])) == []


def test_a_default_that_no_such_alarm_gets_is_not_hurried() -> None:
    content = data(slow(id="rest"), quick())
    content["municipality"]["policies"] = dict.fromkeys(
        ("help", "fire", "water", "call", "wandering"), HELP
    )
    assert warned(content) == []


def test_what_follows_and_what_a_unit_or_resident_names() -> None:
    content = data({**quick(), "then": "slow"}, slow(id="slow"))
    assert warned(content) == [("long_wait", "wait")]
    content = named()
    content["units"][0]["policies"] = {"help": "slow"}
    assert warned(content) == [("long_wait", "wait")]
    content = named()
    content["residents"] = [{"id": "r", "name": "R", "unit": "north", "policies": {"*": "slow"}}]
    assert warned(content) == [("long_wait", "wait")]


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ({"category": ["technical"]}, []),
        ({"kind": ["battery.low"]}, []),
        ({"category": ["technical", "help"]}, [("long_wait", "wait")]),
        ({"between": ["08:00", "20:00"]}, [("long_wait", "wait")]),
    ],
)
def test_a_step_that_counts_for_nobody_in_need_may_wait(
    when: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    one = slow()
    one["steps"][0]["when"] = when
    assert warned(data(one)) == found


AGES = "999999 h"


@pytest.mark.parametrize(
    ("part", "longest", "key"),
    [
        ({"doses": [{"at": "08:00", "missed_after": AGES}]}, "24 h", "missed_after"),
        ({"doses": [{"at": "08:00", "early": AGES}]}, "24 h", "early"),
        ({"silent_after": AGES}, "336 h", "silent_after"),
        ({"silent_after": AGES, "class": "sensor"}, "336 h", "silent_after"),
        ({"silent_after": AGES, "class": "life"}, "60 min", "silent_after"),
        ({"lasting": [{"kind": "bed.left", "after": AGES}]}, "24 h", "after"),
    ],
)
def test_a_device_that_tells_too_late(part: dict[str, Any], longest: str, key: str) -> None:
    def device(one: dict[str, Any]) -> dict[str, Any]:
        here = {"id": "d", "name": "D", "subject": "scaip:1", "unit": "north"}
        return data(quick(), devices=[{**here, **one}])

    assert warned(device(part)) == [("long_time", key)]
    assert warned(device(_with(part, longest))) == []


@pytest.mark.parametrize(
    ("part", "longest", "key"),
    [
        ({"looks": [{"at": "08:00", "within": AGES}]}, "24 h", "within"),
        ({"quiet": [{"for": AGES}]}, "72 h", "for"),
    ],
)
def test_a_home_that_is_looked_at_too_late(part: dict[str, Any], longest: str, key: str) -> None:
    def home(one: dict[str, Any]) -> dict[str, Any]:
        return data(quick(), residents=[{"id": "r", "name": "R", "unit": "north", **one}])

    assert warned(home(part)) == [("long_time", key)]
    assert warned(home(_with(part, longest))) == []


@pytest.mark.parametrize(
    ("part", "longest", "key"),
    [
        ({"correlation": {"silence": {"life": AGES}}}, "60 min", "life"),
        ({"correlation": {"silence": {"other": AGES}}}, "336 h", "other"),
        ({"correlation": {"repeat": AGES}}, "60 min", "repeat"),
        ({"correlation": {"border_settle": AGES}}, "60 min", "border_settle"),
        ({"correlation": {"storm_window": AGES}}, "60 min", "storm_window"),
        ({"correlation": {"storm_joins": AGES}}, "24 h", "storm_joins"),
        ({"correlation": {"reorder": AGES}}, "24 h", "reorder"),
        ({"correlation": {"presence": AGES}}, "24 h", "presence"),
        ({"paging": {"seen": AGES}}, "10 min", "seen"),
        ({"paging": {"receipt": AGES}}, "10 min", "receipt"),
        ({"paging": {"receipt_by_channel": {"sms": AGES}}}, "10 min", "sms"),
    ],
)
def test_numbers_of_the_municipality(part: dict[str, Any], longest: str, key: str) -> None:
    def town(one: dict[str, Any]) -> dict[str, Any]:
        content = data(quick())
        content["municipality"].update(one)
        return content

    assert warned(town(part)) == [("long_time", key)]
    assert warned(town(_with(part, longest))) == []


@pytest.mark.parametrize(("end", "found"), [("15T01:00", ["maintenance"]), ("15", [])])
def test_maintenance_that_mutes_for_weeks(end: str, found: list[str]) -> None:
    work = {"maintenance": [{"from": "2026-12-01", "to": f"2026-12-{end}"}]}
    unit = {"id": "north", "name": "North"}
    device = {"id": "d", "name": "D", "subject": "scaip:1", "unit": "north"}
    for more in ({"units": [{**unit, **work}]}, {"devices": [{**device, **work}]}):
        assert [key for _, key in warned(data(quick(), **more))] == found


def test_the_words_name_policy_key_and_length() -> None:
    _, problems = check_data(data(slow()))
    (found,) = (problem for problem in problems if problem.code == "long_wait")
    assert found.path == ("policies", 0, "steps", 0, "wait")
    assert words(found, "en").startswith(
        "Warning: policy help is for alarms in which somebody may be in need, and its `wait` is "
        "72 h: nobody else is asked meanwhile. More than 1 h is seldom meant"
    )
    for language in ("nb", "nn"):
        assert "72 h" in words(found, language)


def _with(part: Any, longest: str) -> Any:
    if isinstance(part, dict):
        return {key: _with(value, longest) for key, value in part.items()}
    if isinstance(part, list):
        return [_with(value, longest) for value in part]
    return longest if part == AGES else part
