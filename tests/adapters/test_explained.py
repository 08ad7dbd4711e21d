"""A mapping's try-out says what was found, what decided, and what was left."""

import json

import pytest

from adapters.explained import explain
from adapters.mapping import Mapping, look_up
from hub.cli.main import main

MAPPING = Mapping.model_validate(
    {
        "each": "sensors",
        "device": "id",
        "time": "$.sent",
        "rules": [
            {"when": {"state.leak": True}, "kind": "water.detected"},
            {"when": {"state.battery": {"below": 15, "exists": True}}, "kind": "battery.low"},
        ],
        "otherwise": "ignore",
    }
)
BODY = {
    "sent": 1795334340,
    "sensors": [{"id": "s1", "state": {"leak": True, "battery": 80}, "fw": [2, 1]}],
}


def test_every_part_is_told_in_words() -> None:
    assert explain(MAPPING, json.dumps(BODY).encode()) == [
        "each: sensors has 1 items",
        "device: id is 's1'",
        "time: $.sent is 1795334340",
        "rule 1 (state.leak=true) matches: water.detected",
        "rule 2 (state.battery below 15 exists true) does not match: state.battery is 80",
        "left: fw.0 is 2",
        "left: fw.1 is 1",
    ]


@pytest.mark.parametrize(
    ("mapping", "body", "line"),
    [
        ({"kind": "help.pressed"}, {}, "kind: always help.pressed"),
        (
            {"kind_from": "s", "kinds": {"010": "help.pressed"}},
            {"s": 10},
            "kind_from: s is 10, which means help.pressed",
        ),
        (
            {"kind_from": "s", "kinds": {"a": "help.pressed"}},
            {"s": "b"},
            "kind_from: s is 'b', which is not in kinds, so code.unknown",
        ),
        (
            {"each": "x", "kind": "help.pressed"},
            {},
            "each: there is no list at x, so nothing is read",
        ),
        ({"rules": [{"when": {"a": 1}, "kind": "ignore"}]}, {}, "no rule matches, so code.unknown"),
    ],
)
def test_what_decides_is_said(mapping: dict[str, object], body: object, line: str) -> None:
    assert line in explain(Mapping.model_validate(mapping), json.dumps(body).encode())


def test_what_is_no_json_is_said() -> None:
    assert explain(MAPPING, b"{")[0].startswith("the payload is not JSON")


def test_the_command_explains_before_the_events(capsys: pytest.CaptureFixture[str]) -> None:
    text = '{"state":"open","rssi":-70}'
    assert main(["decode", "generic", "--topic", "care/d1/state", "--text", text, "--explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "the topic fits 'care/{device}/state': device 'd1'"
    assert "left: rssi is -70" in lines
    assert lines[-1].startswith('{"event"')
    assert main(["decode", "ev07b", "--hex", "ab", "--explain"]) == 2


@pytest.mark.parametrize(
    ("test", "value", "holds"),
    [
        ({"above": 15}, 15, False),
        ({"at_least": 15}, "15", True),
        ({"below": 15}, 14.9, True),
        ({"at_most": 15, "above": 10}, 10, False),
        ({"below": 15}, True, False),
        ({"below": 15}, None, False),
        ({"below": 15}, "low", False),
        ({"one_of": ["a", 7]}, "007", True),
        ({"one_of": ["a", 7]}, "b", False),
        ({"exists": True}, 0, True),
        ({"exists": False}, None, True),
    ],
)
def test_a_value_is_tested(test: dict[str, object], value: object, holds: bool) -> None:
    rule = {"when": {"v": test}, "kind": "battery.low"}
    mapping = {"rules": [rule], "otherwise": "ignore"}
    lines = explain(Mapping.model_validate(mapping), json.dumps({"v": value}).encode())
    assert any(line.endswith("matches: battery.low") for line in lines) is holds


def test_a_test_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="say above"):
        Mapping.model_validate({"rules": [{"when": {"v": {}}, "kind": "battery.low"}]})


def test_a_path_reaches_the_message_from_everywhere() -> None:
    assert look_up({"a": {"b": 1}}, "$.a.b") == 1
