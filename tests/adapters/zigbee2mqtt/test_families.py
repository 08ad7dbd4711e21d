"""Families of devices beside the plain sensors: radars, vibration, sirens, keypads, batteries.

Payloads after the "Exposes" of the device pages of zigbee2mqtt.io."""

import pytest

from tests.adapters.zigbee2mqtt.test_session import Gateway


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        ({"presence": True, "illuminance": 4}, ["motion.detected"]),
        ({"presence": False}, ["device.alive"]),
        ({"occupancy": True, "presence": True}, ["motion.detected"]),
        ({"vibration": True, "angle_x": 3, "strength": 11}, ["motion.detected"]),
        ({"vibration": False}, ["device.alive"]),
        ({"action": "tilt"}, ["motion.detected"]),
        ({"action": "emergency_2"}, ["help.pressed"]),
        ({"action": "medical"}, ["help.pressed"]),
        ({"action": "arm_all_zones", "action_code": "4711"}, ["device.alive"]),
        ({"panic": True}, ["help.pressed"]),
        ({"smoke": True, "test": True}, ["smoke.detected", "device.tested"]),
        ({"self_test": "check_success"}, ["device.tested"]),
        ({"self_test": "check_failure"}, ["device.fault"]),
        ({"fall_down_status": "maybe_fall"}, ["fall.detected"]),
        ({"fall_down_status": "none"}, ["device.alive"]),
        ({"fall_down_status": "tumbled"}, ["code.unknown"]),
        ({"battery_state": "low"}, ["battery.low"]),
        ({"battery_state": "high"}, ["device.alive"]),
        ({"battery": 10}, ["battery.low"]),
        ({"battery": 4, "battery_low": False}, ["device.alive"]),
    ],
)
def test_what_a_family_says(state: dict[str, object], kinds: list[str]) -> None:
    assert Gateway().kinds("device", state) == kinds


@pytest.mark.parametrize("attribute", ["fault", "trouble", "fault_alarm", "battery_defect"])
def test_a_device_that_is_broken_and_well_again(attribute: str) -> None:
    gateway = Gateway()
    told = [gateway.kinds("siren", {attribute: value}) for value in (False, True, True, False)]
    assert [told[0], told[1], told[3]] == [
        ["device.alive"],
        ["device.fault"],
        ["device.recovered"],
    ]


def test_a_battery_is_well_again_only_well_above_its_mark() -> None:
    gateway = Gateway()
    told = [gateway.kinds("door", {"battery": pct}) for pct in (30, 10, 11, 19, 20, 15)]
    alive = ["device.alive"]
    assert told == [alive, ["battery.low"], alive, alive, ["battery.ok"], alive]


def test_what_somebody_types_on_a_keypad_is_never_carried() -> None:
    octets = b'{"action":"disarm","action_code":"4711","action_zone":23}'
    events = Gateway().send("keypad", octets) + Gateway().send("keypad", octets[:-1])
    carried = b"".join(event.to_json() for event in events)
    assert len(events) == 2
    assert b"4711" not in carried
    assert b"4711".hex().encode() not in carried
