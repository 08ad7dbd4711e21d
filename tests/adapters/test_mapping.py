"""The mapping of a maker's JSON, shared by webhook and generic MQTT."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mapped import sayings
from adapters.mapping import Mapping, look_up
from routing.event import make_event
from routing.instant import from_rfc3339

AT = from_rfc3339("2026-11-22T08:00:00Z")


def told(mapping: dict[str, Any], payload: Any) -> list[tuple[str, str | None]]:
    found = sayings(Mapping.model_validate(mapping), payload, AT)
    return [(str(saying.kind), saying.data.code) for saying in found]


@pytest.mark.parametrize(
    ("path", "value"),
    [("a.b", 1), ("a.list.1", "y"), ("a.list.9", None), ("a.b.c", None), ("x", None), (None, None)],
)
def test_a_path_finds_its_value(path: str | None, value: object) -> None:
    assert look_up({"a": {"b": 1, "list": ["x", "y"]}}, path) == value


def test_the_whole_payload_has_a_path() -> None:
    assert look_up("open", ".") == "open"


@pytest.mark.parametrize("value", [10, "10", "010", "0010", 10.0])
def test_codes_are_compared_as_integers(value: object) -> None:
    mapping = {"kind_from": "code", "kinds": {"010": "help.pressed"}}
    assert told(mapping, {"code": value}) == [("help.pressed", "code=10")]


def test_booleans_are_no_numbers() -> None:
    mapping = {"kind_from": "open", "kinds": {"true": "door.opened", "false": "door.closed"}}
    assert told(mapping, {"open": True}) == [("door.opened", "open=true")]
    assert told(mapping, {"open": 1}) == [("code.unknown", "open=1")]


def test_every_rule_that_matches_is_told() -> None:
    rules = [
        {"when": {"sos": True}, "kind": "help.pressed"},
        {"when": {"bat": "low", "charging": False}, "kind": "battery.low"},
        {"when": {"ping": 1}, "kind": "ignore"},
    ]
    both = {"sos": True, "bat": "low", "charging": False}
    assert told({"rules": rules}, both) == [
        ("help.pressed", "sos=true"),
        ("battery.low", "bat=low,charging=false"),
    ]
    assert told({"rules": rules}, {"bat": "low"}) == [("code.unknown", "no rule matches")]
    assert told({"rules": rules}, {"ping": 1}) == []
    assert told({"rules": rules, "otherwise": "ignore"}, {}) == []


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2026-11-22T08:59:00+01:00", "2026-11-22T07:59:00Z"),
        (1_795_334_340, "2026-11-22T07:59:00Z"),
        (1_795_334_340_000, "2026-11-22T07:59:00Z"),
        (0, "1970-01-01T00:00:00Z"),
        (None, None),
    ],
)
def test_a_time_is_read(value: object, time: str | None) -> None:
    mapping = Mapping.model_validate({"kind": "help.pressed", "time": "t"})
    (saying,) = sayings(mapping, {"t": value}, AT)
    assert saying.occurred_at == (None if time is None else from_rfc3339(time))


@pytest.mark.parametrize(
    "value",
    [
        "08:00",
        "2026-11-22T08:00:00",
        "0001-01-01T00:00:00+14:00",
        -1,
        1e300,
        [],
        "2026-11-22T12:00Z",
    ],
)
def test_a_time_that_cannot_be_is_a_fault_beside_the_event(value: object) -> None:
    mapping = {"kind": "help.pressed", "time": "t"}
    assert [kind for kind, _ in told(mapping, {"t": value})] == ["help.pressed", "clock.wrong"]


@pytest.mark.parametrize(
    "mapping",
    [
        {},
        {"kind": "help.pressed", "kind_from": "x", "kinds": {"a": "ignore"}},
        {"kind_from": "x"},
        {"kinds": {"a": "ignore"}},
        {"kind": "help.presed"},
        {"kind": "help.pressed", "latitude": "lat"},
        {"kind": "help.pressed", "tiem": "t"},
        {"rules": [{"when": {}, "kind": "help.pressed"}]},
    ],
)
def test_a_mapping_that_cannot_work_is_refused(mapping: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Mapping"):
        Mapping.model_validate(mapping)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)
EVERYTHING = Mapping.model_validate(
    {
        "kind_from": "k",
        "kinds": {"a": "help.pressed"},
        **{name: name for name in ("reference", "time", "battery", "part", "note")},
        **{name: name for name in ("link_quality", "latitude", "longitude")},
    }
)
FIELDS = ("k", "reference", "time", "battery", "part", "note", "latitude", "longitude")


@given(st.dictionaries(st.sampled_from(FIELDS), values) | values)
def test_any_payload_gives_events_that_hold(payload: object) -> None:
    found = sayings(EVERYTHING, payload, AT)
    assert found
    for saying in found:
        make_event(
            saying.kind,
            id="0" * 32,
            source="/adapters/test",
            subject="test:1",
            received_at=AT,
            occurred_at=saying.occurred_at,
            data=saying.data,
        ).to_json()
