"""Any JSON device by configuration: levels, edges, repeats and payloads that are wrong."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.generic import GenericConfig, GenericSession, decode
from routing.event import Event
from routing.instant import MINUTE, SECOND
from routing.kinds import Kind

AT = 1_800_000_000_000_000
DOOR = {
    "topic": "care/{device}/state",
    "says": "level",
    "mapping": {
        "kind_from": "state",
        "kinds": {"open": "door.opened", "shut": "door.closed", "smoke": "smoke.detected"},
        "battery": "bat",
    },
}
BUTTON = {
    "topic": "care/+/button",
    "says": "edge",
    "mapping": {"device": "serial", "kind": "help.pressed", "dedupe": "press"},
}
MOTION = {
    "topic": "care/{device}/motion",
    "says": "level",
    "mapping": {"rules": [{"when": {".": True}, "kind": "motion.detected"}], "otherwise": "ignore"},
}


class Broker:
    def __init__(self, *topics: dict[str, Any]) -> None:
        config = GenericConfig.model_validate({"id": "own", "topics": list(topics)})
        self.session = GenericSession(config)
        self.at = AT

    def send(self, topic: str, payload: object, *, retained: bool = False) -> list[Event]:
        self.at += SECOND
        octets = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return list(self.session.message(topic, octets, retained, self.at))


def test_a_level_speaks_when_it_changes() -> None:
    broker = Broker(DOOR)
    payloads = [{"state": "open", "bat": 90}, {"state": "open", "bat": 89}, {"state": "shut"}]
    told = [broker.send("care/d1/state", payload) for payload in payloads]
    assert [[str(event.type) for event in events] for events in told] == [
        ["door.opened"],
        ["device.alive"],
        ["door.closed"],
    ]
    assert told[1][0].data.battery_pct == 89
    assert {event.subject for events in told for event in events} == {"mqtt:d1"}
    assert told[0][0].source == "/adapters/generic/own"


def test_the_same_octets_again_keep_the_id_of_a_level_for_half_an_hour() -> None:
    broker = Broker(DOOR)
    (first,) = broker.send("care/d1/state", {"state": "smoke"})
    again, alive = broker.send("care/d1/state", {"state": "smoke"})
    assert (again, alive.type) == (first, Kind.DEVICE_ALIVE)
    broker.at += 30 * MINUTE
    (later,) = broker.send("care/d1/state", {"state": "smoke"})
    assert later.type is Kind.DEVICE_ALIVE


@pytest.mark.parametrize(("state", "history"), [("open", True), ("smoke", False)])
def test_a_retained_level_at_first_sight(state: str, history: bool) -> None:
    (event,) = Broker(DOOR).send("care/d1/state", {"state": state}, retained=True)
    assert event.history is history


def test_a_retained_level_that_did_not_change_says_nothing_and_one_that_did_is_news() -> None:
    broker = Broker(DOOR)
    broker.send("care/d1/state", {"state": "open"})
    assert broker.send("care/d1/state", {"state": "open", "bat": 1}, retained=True) == []
    (event,) = broker.send("care/d1/state", {"state": "shut"}, retained=True)
    assert (event.type, event.history) == (Kind.DOOR_CLOSED, False)


def test_an_edge_happens_each_time_and_retained_is_history() -> None:
    broker = Broker(BUTTON)
    first, second = (broker.send("care/x/button", {"serial": 7})[0] for _ in range(2))
    assert (first.subject, first.id != second.id) == ("mqtt:7", True)
    (old,) = broker.send("care/x/button", {"serial": 7}, retained=True)
    assert (old.type, old.history) == (Kind.HELP_PRESSED, True)


def test_a_repeat_with_the_same_dedupe_value_keeps_its_id_inside_the_window() -> None:
    broker = Broker(BUTTON)
    (first,) = broker.send("care/x/button", {"serial": 7, "press": 1})
    (again,) = broker.send("care/x/button", {"serial": 7, "press": 1, "try": 2})
    (other,) = broker.send("care/x/button", {"serial": 7, "press": 2})
    broker.at += 10 * MINUTE
    (late,) = broker.send("care/x/button", {"serial": 7, "press": 1})
    assert first.id == again.id
    assert len({first.id, other.id, late.id}) == 3


def test_a_payload_that_is_a_bare_value_can_be_mapped() -> None:
    broker = Broker(MOTION)
    assert [str(event.type) for event in broker.send("care/d1/motion", True)] == ["motion.detected"]
    assert broker.send("care/d1/motion", False) == []
    assert [str(event.type) for event in broker.send("care/d1/motion", True)] == ["motion.detected"]


def test_an_unknown_value_is_an_unknown_code() -> None:
    (event,) = Broker(DOOR).send("care/d1/state", {"state": "ajar"})
    assert (event.type, event.data.code) == (Kind.CODE_UNKNOWN, "state=ajar")


@pytest.mark.parametrize("payload", [b"{", b"\xff", b"NaN", b"[" * 9000])
def test_what_is_no_json_is_visible(payload: bytes) -> None:
    (event,) = Broker(DOOR).send("care/d1/state", payload)
    assert (event.type, event.subject) == (Kind.FRAME_UNDECODABLE, "mqtt:d1")


def test_a_message_without_its_device_is_visible() -> None:
    (event,) = Broker(BUTTON).send("care/x/button", {"press": 1})
    assert (event.type, event.subject) == (Kind.FRAME_UNDECODABLE, "mqtt:unknown")


def test_a_topic_outside_the_patterns_and_a_cleared_message_are_passed_over() -> None:
    broker = Broker(DOOR, BUTTON)
    assert broker.send("care/d1/other", {"state": "open"}) == []
    assert broker.send("care/d1/state", b"", retained=True) == []
    assert broker.session.subscriptions() == ("care/+/state", "care/+/button")


@pytest.mark.parametrize(
    "topic",
    [
        {**BUTTON, "mapping": {"kind": "help.pressed"}},
        {**DOOR, "mapping": {**DOOR["mapping"], "device": "id"}},  # type: ignore[dict-item]
        {**DOOR, "topic": "a/#/{device}"},
        {**DOOR, "says": "shouts"},
    ],
)
def test_a_topic_that_cannot_work_is_refused(topic: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="GenericConfig"):
        GenericConfig.model_validate({"id": "own", "topics": [topic]}).topics[0]


def test_decode_says_when_the_topic_does_not_fit() -> None:
    decoded = decode(b"{}", AT, topic="other/d1")
    assert decoded.error == "the topic 'other/d1' does not fit the pattern 'care/{device}/state'"


@given(st.binary(max_size=200), st.booleans())
def test_any_octets_are_survived(payload: bytes, retained: bool) -> None:
    events = Broker(DOOR).send("care/d1/state", payload, retained=retained)
    assert bool(events) == bool(payload)
    for event in events:
        assert Event.parse(event.to_json()) == event


LIST = {
    "topic": "gate/up",
    "says": "level",
    "mapping": {
        "each": "doors",
        "device": "id",
        "kind_from": "open",
        "kinds": {"true": "door.opened", "false": "door.closed"},
    },
}


def test_the_items_of_a_list_are_read_one_by_one() -> None:
    broker = Broker(LIST)
    first = broker.send("gate/up", {"doors": [{"id": 1, "open": True}, {"id": 2, "open": False}]})
    then = broker.send("gate/up", {"doors": [{"id": 1, "open": True}, {"id": 2, "open": True}]})
    assert [(str(event.type), event.subject) for event in (*first, *then)] == [
        ("door.opened", "mqtt:1"),
        ("door.closed", "mqtt:2"),
        ("device.alive", "mqtt:1"),
        ("door.opened", "mqtt:2"),
    ]
    assert len({event.id for event in (*first, *then)}) == 4


@pytest.mark.parametrize(("doors", "kinds"), [(None, 1), ([], 1), ([{"id": 1}] * 101, 101)])
def test_a_list_that_is_missing_or_too_long_is_visible(doors: object, kinds: int) -> None:
    events = Broker(LIST).send("gate/up", {"doors": doors})
    assert [event.type for event in events].count(Kind.FRAME_UNDECODABLE) == 1
    assert len(events) == kinds
