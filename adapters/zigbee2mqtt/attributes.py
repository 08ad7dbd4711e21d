"""What the attributes of a Zigbee2MQTT device mean.

`contact: false` means OPEN. Gas and carbon monoxide have no kind of their own and are told as
smoke, with the attribute as code: the same people must come at the same speed.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from adapters.zigbee2mqtt.config import Zigbee2mqttConfig
from routing.kinds import Kind


class Level(NamedTuple):
    """What a two-valued attribute says at each value; None says nothing."""

    true: Kind | None
    false: Kind | None
    false_only_after_true: bool = True


LEVELS: Mapping[str, Level] = {
    "contact": Level(Kind.DOOR_CLOSED, Kind.DOOR_OPENED, false_only_after_true=False),
    "smoke": Level(Kind.SMOKE_DETECTED, Kind.SMOKE_CLEARED),
    "carbon_monoxide": Level(Kind.SMOKE_DETECTED, Kind.SMOKE_CLEARED),
    "gas": Level(Kind.SMOKE_DETECTED, Kind.SMOKE_CLEARED),
    "water_leak": Level(Kind.WATER_DETECTED, Kind.WATER_CLEARED),
    "sos": Level(Kind.HELP_PRESSED, None),
    "panic": Level(Kind.HELP_PRESSED, None),
    "emergency": Level(Kind.HELP_PRESSED, None),
    "battery_low": Level(Kind.BATTERY_LOW, Kind.BATTERY_OK),
    "tamper": Level(Kind.TAMPER_DETECTED, None),
    "test": Level(Kind.DEVICE_TESTED, None),
    "fault": Level(Kind.DEVICE_FAULT, Kind.DEVICE_RECOVERED),
    "trouble": Level(Kind.DEVICE_FAULT, Kind.DEVICE_RECOVERED),
    "fault_alarm": Level(Kind.DEVICE_FAULT, Kind.DEVICE_RECOVERED),
    "battery_defect": Level(Kind.DEVICE_FAULT, Kind.DEVICE_RECOVERED),
}

ACTIVITY = ("occupancy", "presence", "vibration")
"""A motion sensor, a radar or seat, something that somebody touches: each report is told."""

LOCK_STATES: Mapping[str, Kind] = {
    "locked": Kind.LOCK_LOCKED,
    "unlocked": Kind.LOCK_UNLOCKED,
    "not_fully_locked": Kind.LOCK_FAILED,
    "jammed": Kind.LOCK_FAILED,
}
LOCK_COMMAND_STATES: Mapping[str, str] = {"LOCK": "locked", "UNLOCK": "unlocked"}
"""`state` of a lock that sends no `lock_state`; lamps use ON and OFF there."""

_HELP_ACTIONS = frozenset(("emergency", "sos", "panic", "fire", "medical"))
"""A button of several parts adds its number or place: `emergency_2`."""
_ACTIVITY_ACTIONS = frozenset(("vibration", "tilt", "drop", "shake"))
_HARMLESS_ACTIONS = frozenset(("on", "off", "toggle", "disarm", "exit_delay", "release"))
_HARMLESS_BEGINNINGS = ("arm_", "brightness_", "color_", "recall_", "scene_", "rotate_", "dial_")
"""Remotes, dimmers and the arming of an intruder alarm: nobody's safety depends on them."""

Ignored = Literal["ignore"]


def action_kind(config: Zigbee2mqttConfig, action: str) -> Kind | Ignored:
    """Return the kind of an action; the configuration first, and `code.unknown` last."""
    if action in config.actions:
        return config.actions[action]
    if _HELP_ACTIONS & set(action.split("_")):
        return Kind.HELP_PRESSED
    if action in _ACTIVITY_ACTIONS:
        return Kind.MOTION_DETECTED
    if action in _HARMLESS_ACTIONS or action.startswith(_HARMLESS_BEGINNINGS):
        return "ignore"
    return _lock_action(action) or Kind.CODE_UNKNOWN


def _lock_action(action: str) -> Kind | None:
    """`keypad_unlock`, `auto_lock`, `lock_failure_invalid_pin_or_id` and their like."""
    if action.startswith(("lock_failure", "unlock_failure")):
        return Kind.LOCK_FAILED
    if action == "unlock" or action.endswith("_unlock"):
        return Kind.LOCK_UNLOCKED
    if action == "lock" or action.endswith("_lock"):
        return Kind.LOCK_LOCKED
    return None
