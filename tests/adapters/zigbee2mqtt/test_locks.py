"""Locks behind a gateway are told, and what ends a command."""

import json

import pytest

from adapters.session import Emit, Publish, ToldTopics, TopicOutput
from routing.event import Event
from routing.instant import SECOND
from routing.to_device import DeviceAction, DeviceCommand
from tests.adapters.zigbee2mqtt.test_session import Gateway

NAME, ID = "hall/e-lock", "c" * 32


def command(
    gateway: Gateway,
    action: DeviceAction = DeviceAction.UNLOCK,
    *,
    id: str = ID,
    subject: str = f"zigbee2mqtt:{NAME}",
    lives_s: int = 15,
) -> list[TopicOutput]:
    expires_at = gateway.at + lives_s * SECOND
    asked = DeviceCommand(id=id, subject=subject, action=action, expires_at=expires_at)
    return list(gateway.session.told(asked, gateway.at))


def told(event: Event) -> tuple[str, str | None, str | None]:
    return str(event.type), event.data.code, event.data.reference


def ends(gateway: Gateway, payload: object, name: str = NAME) -> list[tuple[str, str | None]]:
    events = gateway.send(name, payload)
    return [(str(e.type), e.data.code) for e in events if e.data.reference == ID]


def locked(**more: object) -> Gateway:
    gateway = Gateway()
    gateway.send(NAME, {"state": "LOCK", "lock_state": "locked", **more})
    return gateway


def test_the_lock_is_told_through_its_gateway() -> None:
    gateway = locked()
    assert isinstance(gateway.session, ToldTopics)
    (output,) = command(gateway)
    assert output == Publish(f"zigbee2mqtt/{NAME}/set", b'{"state": "UNLOCK"}', retain=False, qos=0)
    assert command(gateway) == []
    gateway.at += 15 * SECOND
    (output,) = command(gateway, DeviceAction.LOCK, id="d" * 32)
    assert output == Publish(f"zigbee2mqtt/{NAME}/set", b'{"state": "LOCK"}', retain=False, qos=0)


@pytest.mark.parametrize(
    "payload",
    [
        {"state": "UNLOCK", "lock_state": "unlocked"},
        {"state": "UNLOCK"},
        {"state": "UNLOCK", "lock_state": "unlocked", "action": "unlock"},
        {"lock_state": "unlocked", "action": "unlock", "action_source_name": "rf"},
        {"action": "unlock", "action_source_name": "rf"},
    ],
)
def test_its_next_state_ends_the_command_once(payload: object) -> None:
    gateway = locked()
    command(gateway)
    assert [kind for kind, _ in ends(gateway, payload)] == ["lock.unlocked"]
    assert ends(gateway, {"state": "LOCK", "lock_state": "locked"}) == []


def test_a_gateway_that_repeats_the_old_state_has_not_answered() -> None:
    gateway = locked()
    command(gateway)
    assert ends(gateway, {"state": "LOCK", "lock_state": "locked", "battery": 50}) == []
    assert ends(gateway, {"state": "UNLOCK", "lock_state": "unlocked"}) != []


def test_a_lock_that_stands_open_already_has_answered_by_saying_so() -> None:
    gateway = Gateway()
    gateway.send(NAME, {"lock_state": "unlocked"})
    command(gateway)
    assert ends(gateway, {"lock_state": "unlocked"}) == [("lock.unlocked", "lock_state=unlocked")]


@pytest.mark.parametrize(
    "action",
    [
        {"action": "keypad_unlock", "action_user": 3},
        {"action": "unlock", "action_source_name": "keypad"},
        {"action": "manual_unlock"},
        {"action": "unlock", "action_source_name": "manual"},
    ],
)
def test_somebody_at_the_door_is_not_mistaken_for_the_command(action: dict[str, object]) -> None:
    gateway = locked()
    command(gateway)
    assert ends(gateway, {"state": "UNLOCK", "lock_state": "unlocked", **action}) == []
    assert ends(gateway, {"state": "UNLOCK", "lock_state": "unlocked"}) != []


@pytest.mark.parametrize("state", ["not_fully_locked", "jammed"])
def test_a_jam_is_a_failure_when_it_is_new(state: str) -> None:
    gateway = locked()
    command(gateway)
    assert ends(gateway, {"lock_state": state}) == [("lock.failed", f"lock_state={state}")]
    gateway = Gateway()
    gateway.send(NAME, {"lock_state": state})
    command(gateway)
    assert ends(gateway, {"lock_state": state}) == []
    assert ends(gateway, {"lock_state": "unlocked"}) != []


def test_a_wrong_code_at_the_keypad_is_not_the_commands_failure() -> None:
    gateway = locked()
    command(gateway)
    wrong = {"action": "lock_failure_invalid_pin_or_id", "action_source_name": "keypad"}
    (event,) = gateway.send(NAME, wrong)
    assert told(event)[::2] == ("lock.failed", None)


def test_the_gateways_log_says_that_it_could_not_reach_the_lock() -> None:
    gateway = locked()
    command(gateway)
    text = f"z2m: Publish 'set' 'state' to '{NAME}' failed: 'Error: pin_code 1234 (Timeout)'"
    (event,) = gateway.send("bridge/logging", {"level": "error", "message": text})
    assert told(event) == ("lock.failed", "command=not_reached", ID)
    assert "1234" not in event.to_json().decode()
    assert gateway.send("bridge/logging", {"level": "error", "message": text}) == []


@pytest.mark.parametrize(
    "entry",
    [
        {"level": "info", "message": f"Publish 'set' 'state' to '{NAME}' failed"},
        {"level": "error", "message": "Publish 'set' 'state' to 'lamp' failed: timeout"},
        {"level": "error", "message": "MQTT publish failed"},
        {"level": "error"},
        b"not JSON",
        [],
    ],
)
def test_the_rest_of_the_log_says_nothing(entry: object) -> None:
    gateway = locked()
    command(gateway)
    assert gateway.send("bridge/logging", entry) == []


def refusal(outputs: list[TopicOutput]) -> tuple[str, str | None, str | None]:
    (output,) = outputs
    assert isinstance(output, Emit)
    return told(output.event)


def test_what_is_not_begun_says_so() -> None:
    assert refusal(command(locked(), lives_s=0)) == ("lock.failed", "command=expired", ID)
    gateway = locked()
    command(gateway, id="d" * 32)
    assert refusal(command(gateway)) == ("lock.failed", "command=busy", ID)
    for subject in ("zigbee2mqtt:+", "zigbee2mqtt:a/#", "zigbee2mqtt:"):
        found = refusal(command(locked(), subject=subject))
        assert found == ("lock.failed", "command=no_such_lock", ID)


@pytest.mark.parametrize("topic", [f"{NAME}/availability", "bridge/state"])
def test_a_lock_out_of_reach_is_not_told_lest_it_opens_when_it_is_back(topic: str) -> None:
    gateway = locked()
    gateway.send(topic, {"state": "offline"})
    assert refusal(command(gateway)) == ("lock.failed", "availability=offline", ID)
    gateway.send(topic, {"state": "online"})
    assert len(command(gateway, id="d" * 32)) == 1


def test_a_pin_code_is_nowhere_in_what_is_told() -> None:
    gateway = locked()
    command(gateway)
    state = {"lock_state": "unlocked", "pin_code": {"user": 3, "pin_code": "4711"}}
    events = gateway.send(NAME, state)
    assert json.dumps([event.to_json().decode() for event in events]).count("4711") == 0
