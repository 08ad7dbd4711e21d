"""The numbers of Nuki's MQTT API (Nuki MQTT API specification 1.4, developer.nuki.io).

The triggers 171 and 172, and the door sensor's 16, 240 and 255, are remembered and not sourced;
they decide nothing but whether a movement may be ours.
"""

from collections.abc import Mapping

from routing.kinds import Kind

UNLATCHING, UNLATCHED = 7, 5
UNLOCKED = frozenset({3, UNLATCHED, 6})
LOCKED = 1
BLOCKED = 254
STATES: Mapping[int, Kind | None] = {
    0: Kind.DEVICE_FAULT,  # uncalibrated: it cannot be told anything
    LOCKED: Kind.LOCK_LOCKED,
    2: None,  # unlocking
    3: Kind.LOCK_UNLOCKED,
    4: None,  # locking
    UNLATCHED: Kind.LOCK_UNLOCKED,
    6: Kind.LOCK_UNLOCKED,  # it locks again by itself
    UNLATCHING: None,
    253: None,  # starting
    BLOCKED: Kind.LOCK_FAILED,
    255: Kind.DEVICE_FAULT,  # it does not know how it stands
}
"""What a state says; None: it is on its way."""

DOORS: Mapping[int, Kind | None] = {
    1: None,  # no sensor
    2: Kind.DOOR_CLOSED,
    3: Kind.DOOR_OPENED,
    4: Kind.DEVICE_FAULT,
    5: None,  # calibrating
    16: Kind.DEVICE_FAULT,  # uncalibrated
    240: Kind.TAMPER_DETECTED,
    255: Kind.DEVICE_FAULT,
}

UNLOCK, LOCK, UNLATCH = 1, 2, 3
ACTIONS: Mapping[int, str] = {
    UNLOCK: "unlock",
    LOCK: "lock",
    UNLATCH: "unlatch",
    4: "lock_n_go",
    5: "lock_n_go_unlatch",
    6: "full_lock",
    80: "fob",
    90: "button",
}
"""What `lockActionEvent` says is about to be done; a fob or button may do nothing."""
NOTHING_DONE = frozenset({80, 90})
TRIGGERS: Mapping[int, str] = {
    0: "app",
    1: "manual",
    2: "button",
    3: "automatic",
    6: "auto_lock",
    171: "homekit",
    172: "mqtt",
}
PERHAPS_OURS = frozenset({0, 172})
"""What a command by MQTT may be told as."""
ACCEPTED = 0
"""The `commandResponse` of a command that is carried out."""
