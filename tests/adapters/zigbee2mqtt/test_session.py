"""Levels, edges, retained messages, availability, and payloads that are wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.zigbee2mqtt import Zigbee2mqttConfig, Zigbee2mqttSession
from routing.event import Event
from routing.instant import HOUR, MINUTE, SECOND
from routing.kinds import Kind

AT = 1_800_000_000_000_000


class Gateway:
    """A session with a clock of its own, which moves a second with each message."""

    def __init__(self, **config: object) -> None:
        self.session = Zigbee2mqttSession(
            Zigbee2mqttConfig.model_validate({"id": "zigbee", **config})
        )
        self.at = AT

    def send(self, name: str, payload: object, *, retained: bool = False) -> list[Event]:
        self.at += SECOND
        octets = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return list(self.session.message(f"zigbee2mqtt/{name}", octets, retained, self.at))

    def kinds(self, name: str, payload: object, *, retained: bool = False) -> list[str]:
        return [str(event.type) for event in self.send(name, payload, retained=retained)]


def test_a_door_speaks_when_it_changes_and_is_otherwise_a_sign_of_life() -> None:
    gateway = Gateway()
    steps = [(False, 1), (False, 2), (True, 3), (False, 4)]
    told = [
        gateway.kinds("door", {"contact": contact, "linkquality": quality})
        for contact, quality in steps
    ]
    assert told == [["door.opened"], ["device.alive"], ["door.closed"], ["door.opened"]]


@pytest.mark.parametrize(
    ("attribute", "told"),
    [
        ("smoke", ["smoke.detected", "smoke.cleared"]),
        ("carbon_monoxide", ["smoke.detected", "smoke.cleared"]),
        ("gas", ["smoke.detected", "smoke.cleared"]),
        ("water_leak", ["water.detected", "water.cleared"]),
        ("battery_low", ["battery.low", "battery.ok"]),
        ("sos", ["help.pressed", "device.alive"]),
        ("tamper", ["tamper.detected", "device.alive"]),
    ],
)
def test_a_level_is_raised_and_cleared_and_its_first_rest_is_no_news(
    attribute: str, told: list[str]
) -> None:
    gateway = Gateway()
    assert gateway.kinds("device", {attribute: False}) == ["device.alive"]
    raised, cleared = (gateway.kinds("device", {attribute: value}) for value in (True, False))
    assert raised + cleared == told


def test_two_presses_with_the_same_octets_are_two_events() -> None:
    gateway = Gateway()
    first, second = (gateway.send("button", {"action": "emergency"})[0] for _ in range(2))
    assert (first.type, second.type) == (Kind.HELP_PRESSED, Kind.HELP_PRESSED)
    assert first.id != second.id


def test_sos_that_fell_and_rose_again_with_the_same_octets_is_a_new_press() -> None:
    gateway = Gateway()
    first = gateway.send("button", {"sos": True})[0]
    gateway.send("button", {"sos": False})
    again = gateway.send("button", {"sos": True})[0]
    assert (again.type, again.id != first.id) == (Kind.HELP_PRESSED, True)


def test_the_same_octets_again_may_be_a_redelivery_and_keep_the_ids_of_levels() -> None:
    gateway = Gateway()
    (first,) = gateway.send("smoke", {"smoke": True})
    again, alive = gateway.send("smoke", {"smoke": True})
    assert (again, alive.type) == (first, Kind.DEVICE_ALIVE)
    gateway.at += 30 * MINUTE
    assert gateway.kinds("smoke", {"smoke": True}) == ["device.alive"]


@pytest.mark.parametrize(
    ("payload", "history"),
    [
        ({"contact": False}, True),
        ({"action": "emergency"}, True),
        ({"smoke": True}, False),
        ({"water_leak": True}, False),
        ({"battery_low": True}, True),
    ],
)
def test_retained_at_first_sight_only_fire_and_water_are_news(
    payload: dict[str, object], history: bool
) -> None:
    (event,) = Gateway().send("device", payload, retained=True)
    assert event.history is history


def test_a_retained_level_that_differs_from_the_known_one_is_news() -> None:
    gateway = Gateway()
    gateway.send("door", {"contact": True})
    (event,) = gateway.send("door", {"contact": False}, retained=True)
    assert (event.type, event.history) == (Kind.DOOR_OPENED, False)


def test_a_retained_message_is_no_sign_of_life() -> None:
    assert Gateway().kinds("sensor", {"battery": 50}, retained=True) == []
    assert Gateway().kinds("sensor", {"battery": 50}) == ["device.alive"]


@pytest.mark.parametrize(
    ("action", "kinds"),
    [
        ("sos", ["help.pressed"]),
        ("panic", ["help.pressed"]),
        ("single", ["code.unknown"]),
        ("on", ["device.alive"]),
        ("brightness_step_up", ["device.alive"]),
        ("auto_lock", ["lock.locked"]),
        ("lock_failure_invalid_pin_or_id", ["lock.failed"]),
    ],
)
def test_an_action_is_told_ignored_by_name_or_unknown(action: str, kinds: list[str]) -> None:
    assert Gateway().kinds("device", {"action": action}) == kinds


def test_configuration_says_what_an_action_means() -> None:
    gateway = Gateway(actions={"single": "help.pressed", "emergency": "ignore"})
    assert gateway.kinds("button", {"action": "single"}) == ["help.pressed"]
    assert gateway.kinds("button", {"action": "emergency"}) == ["device.alive"]


def test_a_lock_without_lock_state_is_read_from_its_state_and_a_lamp_is_not() -> None:
    gateway = Gateway()
    assert gateway.kinds("lock", {"state": "LOCK"}) == ["lock.locked"]
    assert gateway.kinds("lock", {"lock_state": "not_fully_locked"}) == ["lock.failed"]
    assert gateway.kinds("lock", {"lock_state": "ajar"}) == ["code.unknown"]
    assert gateway.kinds("lamp", {"state": "ON"}) == ["device.alive"]


@pytest.mark.parametrize(
    "payload",
    [
        b'{"lock_state":"unlocked","pin_code":"4711","action":"keypad_unlock"}',
        b'{"lock_state":"unlocked","pin_code":"4711"',
        b'{"lock_state":{"pin_code":"4711"}}',
        b'{"contact":["pin_code","4711"]}',
        b'{"users":{"1":{"pin_code":"4711"}}}',
    ],
)
def test_a_pin_code_is_never_carried(payload: bytes) -> None:
    told = b"".join(event.to_json() for event in Gateway().send("lock", payload))
    assert told
    assert b"4711" not in told
    assert b"4711".hex().encode() not in told


@pytest.mark.parametrize("online", ['{"state":"online"}', "online"])
@pytest.mark.parametrize("offline", ['{"state":"offline"}', "offline"])
def test_availability_speaks_when_it_changes(online: str, offline: str) -> None:
    gateway = Gateway()
    payloads = [online, offline, offline, online]
    told = [
        [(str(event.type), event.subject) for event in gateway.send("bad/fukt/availability", p)]
        for p in (payload.encode() for payload in payloads)
    ]
    lost, back = ("link.lost", "zigbee2mqtt:bad/fukt"), ("link.restored", "zigbee2mqtt:bad/fukt")
    # The second `offline` may be a redelivery: it has the events, and the ids, of the first.
    assert told == [[], [lost], [lost], [back]]


def test_a_gateway_that_goes_down_is_one_fault_for_all_behind_it() -> None:
    gateway = Gateway()
    assert gateway.kinds("bridge/state", {"state": "offline"}) == ["link.lost"]
    assert gateway.kinds("door/availability", {"state": "offline"}) == []
    assert gateway.kinds("bridge/state", {"state": "online"}) == ["link.restored"]
    assert gateway.kinds("door/availability", {"state": "offline"}) == ["link.lost"]


def test_after_a_restart_devices_that_are_offline_are_no_storm_but_the_gateway_is_told() -> None:
    gateway = Gateway()
    (device,) = gateway.send("door/availability", {"state": "offline"}, retained=True)
    (bridge,) = gateway.send("bridge/state", {"state": "offline"}, retained=True)
    assert (device.history, bridge.history) == (True, False)


@pytest.mark.parametrize(
    "topic",
    ["door/set", "door/get", "door/set/state", "a/b/get/x", "bridge/logging", "bridge/info"],
)
def test_commands_and_the_gateways_own_talk_are_passed_over(topic: str) -> None:
    assert Gateway().send(topic, {"action": "emergency"}) == []


def test_topics_of_others_and_cleared_messages_are_passed_over() -> None:
    session = Gateway().session
    assert session.message("other/door", b'{"contact":false}', False, AT) == ()
    assert session.message("zigbee2mqtt/door", b"", True, AT) == ()
    assert session.subscriptions() == ("zigbee2mqtt/#",)


@pytest.mark.parametrize(
    "payload", [b"{", b"\xff\xfe{}", b"[1]", b"false", b"NaN", b"[" * 9000, b'{"a":1}{}']
)
def test_what_is_no_json_object_is_visible(payload: bytes) -> None:
    (event,) = Gateway().send("bad/fukt", payload)
    assert event.type is Kind.FRAME_UNDECODABLE
    assert event.subject == "zigbee2mqtt:bad/fukt"
    assert event.data.raw == payload[:4096].hex()


@pytest.mark.parametrize("state", [{"contact": "open"}, {"smoke": 1}, {"action": 7}])
def test_a_value_of_a_wrong_type_is_an_unknown_code(state: dict[str, object]) -> None:
    assert Gateway().kinds("device", state) == ["code.unknown"]


def test_a_battery_figure_out_of_range_does_not_cost_the_event() -> None:
    (event,) = Gateway().send("button", {"action": "emergency", "battery": 400})
    assert (event.type, event.data.battery_pct) == (Kind.HELP_PRESSED, None)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from(
    ["contact", "smoke", "lock_state", "state", "action", "battery", "occupancy", "self_test"]
)
parts = st.text(
    st.characters(exclude_characters="+#\0/", categories=("L", "N", "P", "Zs")), min_size=1
)


@given(
    st.lists(parts, min_size=1, max_size=4).map("/".join),
    st.dictionaries(names, json_values | st.sampled_from(["emergency", "locked", "LOCK"])),
    st.booleans(),
)
def test_any_json_is_survived(name: str, state: dict[str, object], retained: bool) -> None:
    gateway = Gateway()
    gateway.at += HOUR
    for event in gateway.send(name, state, retained=retained):
        assert Event.parse(event.to_json()) == event


@given(st.binary(max_size=200), st.booleans())
def test_any_octets_are_survived_and_never_silent(payload: bytes, retained: bool) -> None:
    events = Gateway().send("door", payload, retained=retained)
    assert events or retained or not payload or payload.strip().startswith(b"{")
