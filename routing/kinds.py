"""The kinds table: every event kind the hub knows, and how each is treated.

Each kind has one *class*:

- ALARM        journalled; raises or joins an alarm
- OBSERVATION  journalled; changes what we know, raises only where configuration says so
- SAMPLE       acknowledged on receipt, folded into presence, never journalled one by one

and one *lane*. Help, fall and smoke never queue behind telemetry, so a kind's lane decides which of
the two MQTT sessions carries it.
"""

from enum import IntEnum, StrEnum
from typing import NamedTuple


class KindClass(StrEnum):
    """What the hub does with an event of the kind."""

    ALARM = "alarm"
    OBSERVATION = "observation"
    SAMPLE = "sample"


class Lane(StrEnum):
    """Which MQTT session carries the kind."""

    HELP = "help"
    TELEMETRY = "telemetry"


class Severity(IntEnum):
    """How much hurry; it never falls by itself (invariant 6)."""

    TECHNICAL = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5


class Category(StrEnum):
    """What a policy is chosen by, and what merges with what."""

    HELP = "help"
    FIRE = "fire"
    WATER = "water"
    WANDERING = "wandering"
    INACTIVITY = "inactivity"
    BED = "bed"
    DOOR = "door"
    MEDICATION = "medication"
    LOCK = "lock"
    CALL = "call"
    TECHNICAL = "technical"
    TASK = "task"


class CallLevel(StrEnum):
    """How urgent a nurse call is, as the panel or the room says it."""

    CALL = "call"
    ASSISTANCE = "assistance"
    """Somebody is with the resident and needs a colleague."""
    EMERGENCY = "emergency"


class Kind(StrEnum):
    """Event kinds, `thing.happened`."""

    HELP_PRESSED = "help.pressed"
    HELP_AUTOMATIC = "help.automatic"
    HELP_CANCELLED = "help.cancelled"
    FALL_DETECTED = "fall.detected"
    SMOKE_DETECTED = "smoke.detected"
    SMOKE_CLEARED = "smoke.cleared"
    WATER_DETECTED = "water.detected"
    WATER_CLEARED = "water.cleared"
    EPILEPSY_DETECTED = "epilepsy.detected"
    INACTIVITY_DETECTED = "inactivity.detected"
    WANDERING_DETECTED = "wandering.detected"
    BED_LEFT = "bed.left"
    BED_RETURNED = "bed.returned"
    DOOR_OPENED = "door.opened"
    DOOR_CLOSED = "door.closed"
    DOOR_AJAR = "door.ajar"
    MOTION_DETECTED = "motion.detected"
    MEDICATION_DISPENSED = "medication.dispensed"
    MEDICATION_REMINDED = "medication.reminded"
    MEDICATION_TAKEN = "medication.taken"
    MEDICATION_MISSED = "medication.missed"
    MEDICATION_FAULT = "medication.fault"
    POSITION_REPORTED = "position.reported"
    ZONE_LEFT = "zone.left"
    ZONE_ENTERED = "zone.entered"
    LOCK_LOCKED = "lock.locked"
    LOCK_UNLOCKED = "lock.unlocked"
    LOCK_FAILED = "lock.failed"
    STAFF_CALLED = "staff.called"
    CALL_RAISED = "call.raised"
    CALL_CLEARED = "call.cleared"
    PRESENCE_ENTERED = "presence.entered"
    PRESENCE_LEFT = "presence.left"
    BATTERY_LOW = "battery.low"
    BATTERY_OK = "battery.ok"
    MAINS_LOST = "mains.lost"
    MAINS_RESTORED = "mains.restored"
    LINK_LOST = "link.lost"
    LINK_RESTORED = "link.restored"
    TAMPER_DETECTED = "tamper.detected"
    DEVICE_FAULT = "device.fault"
    DEVICE_RECOVERED = "device.recovered"
    DEVICE_TESTED = "device.tested"
    DEVICE_ALIVE = "device.alive"
    DEVICE_UNKNOWN = "device.unknown"
    FRAME_UNDECODABLE = "frame.undecodable"
    CODE_UNKNOWN = "code.unknown"
    CLOCK_WRONG = "clock.wrong"
    TASK_OVERDUE = "task.overdue"
    DUTY_GAP = "duty.gap"
    """Nobody will be on duty who is needed; noticed by the hub, ahead of time."""
    DUTY_FAR = "duty.far"
    """Nobody on duty will be near enough to a zone; noticed by the hub, ahead of time."""
    REACH_LOST = "reach.lost"
    """Somebody who should be called cannot be, or may not be; noticed by the hub."""
    DUTY_OPEN = "duty.open"
    """A gap that is now offered to the pool; noticed by the hub."""
    KEPT_FULL = "kept.full"
    """Kept frames of unknown devices gave way to newer ones; noticed by the hub."""
    LOCATION_OBJECTED = "location.objected"
    """A device tells where a resident is who objects to that; noticed by the hub."""


class Treatment(NamedTuple):
    """One row of the kinds table."""

    kind_class: KindClass
    lane: Lane
    category: Category
    severity: Severity


def _alarm(lane: Lane, category: Category, severity: Severity) -> Treatment:
    return Treatment(KindClass.ALARM, lane, category, severity)


def _seen(category: Category) -> Treatment:
    return Treatment(KindClass.OBSERVATION, Lane.TELEMETRY, category, Severity.LOW)


def _sample(category: Category) -> Treatment:
    return Treatment(KindClass.SAMPLE, Lane.TELEMETRY, category, Severity.TECHNICAL)


_HELP, _TELEMETRY = Lane.HELP, Lane.TELEMETRY
_TECHNICAL = _alarm(_TELEMETRY, Category.TECHNICAL, Severity.TECHNICAL)

KINDS: dict[Kind, Treatment] = {
    Kind.HELP_PRESSED: _alarm(_HELP, Category.HELP, Severity.HIGH),
    Kind.HELP_AUTOMATIC: _alarm(_HELP, Category.HELP, Severity.HIGH),
    # On the help lane so that it cannot overtake the press it belongs to; it never hides that
    # press.
    Kind.HELP_CANCELLED: Treatment(KindClass.OBSERVATION, _HELP, Category.HELP, Severity.HIGH),
    Kind.FALL_DETECTED: _alarm(_HELP, Category.HELP, Severity.CRITICAL),
    Kind.SMOKE_DETECTED: _alarm(_HELP, Category.FIRE, Severity.CRITICAL),
    Kind.SMOKE_CLEARED: Treatment(KindClass.OBSERVATION, _HELP, Category.FIRE, Severity.LOW),
    Kind.WATER_DETECTED: _alarm(_HELP, Category.WATER, Severity.HIGH),
    Kind.WATER_CLEARED: Treatment(KindClass.OBSERVATION, _HELP, Category.WATER, Severity.LOW),
    Kind.EPILEPSY_DETECTED: _alarm(_HELP, Category.HELP, Severity.CRITICAL),
    Kind.INACTIVITY_DETECTED: _alarm(_HELP, Category.INACTIVITY, Severity.HIGH),
    Kind.WANDERING_DETECTED: _alarm(_HELP, Category.WANDERING, Severity.HIGH),
    Kind.BED_LEFT: _seen(Category.BED),
    Kind.BED_RETURNED: _seen(Category.BED),
    Kind.DOOR_OPENED: _seen(Category.DOOR),
    Kind.DOOR_CLOSED: _seen(Category.DOOR),
    Kind.DOOR_AJAR: _alarm(_HELP, Category.DOOR, Severity.MEDIUM),
    Kind.MOTION_DETECTED: _sample(Category.INACTIVITY),
    Kind.MEDICATION_DISPENSED: _seen(Category.MEDICATION),
    Kind.MEDICATION_REMINDED: _seen(Category.MEDICATION),
    Kind.MEDICATION_TAKEN: _seen(Category.MEDICATION),
    Kind.MEDICATION_MISSED: _alarm(_HELP, Category.MEDICATION, Severity.MEDIUM),
    Kind.MEDICATION_FAULT: _alarm(_TELEMETRY, Category.MEDICATION, Severity.MEDIUM),
    Kind.POSITION_REPORTED: _sample(Category.WANDERING),
    Kind.ZONE_LEFT: _alarm(_HELP, Category.WANDERING, Severity.HIGH),
    Kind.ZONE_ENTERED: _seen(Category.WANDERING),
    Kind.LOCK_LOCKED: _seen(Category.LOCK),
    Kind.LOCK_UNLOCKED: _seen(Category.LOCK),
    Kind.LOCK_FAILED: _alarm(_TELEMETRY, Category.LOCK, Severity.MEDIUM),
    # A colleague in need; raised by a command, never by a device.
    Kind.STAFF_CALLED: _alarm(_HELP, Category.HELP, Severity.CRITICAL),
    Kind.CALL_RAISED: _alarm(_HELP, Category.CALL, Severity.HIGH),
    Kind.CALL_CLEARED: Treatment(KindClass.OBSERVATION, _HELP, Category.CALL, Severity.LOW),
    Kind.PRESENCE_ENTERED: _seen(Category.CALL),
    Kind.PRESENCE_LEFT: _seen(Category.CALL),
    Kind.BATTERY_LOW: _TECHNICAL,
    Kind.BATTERY_OK: _seen(Category.TECHNICAL),
    Kind.MAINS_LOST: _TECHNICAL,
    Kind.MAINS_RESTORED: _seen(Category.TECHNICAL),
    Kind.LINK_LOST: _TECHNICAL,
    Kind.LINK_RESTORED: _seen(Category.TECHNICAL),
    Kind.TAMPER_DETECTED: _TECHNICAL,
    Kind.DEVICE_FAULT: _TECHNICAL,
    Kind.DEVICE_RECOVERED: _seen(Category.TECHNICAL),
    Kind.DEVICE_TESTED: _seen(Category.TECHNICAL),
    Kind.DEVICE_ALIVE: _sample(Category.TECHNICAL),
    Kind.DEVICE_UNKNOWN: _TECHNICAL,
    Kind.FRAME_UNDECODABLE: _TECHNICAL,
    Kind.CODE_UNKNOWN: _TECHNICAL,
    Kind.CLOCK_WRONG: _TECHNICAL,
    # Never from a device: a task that nobody has done becomes it where configuration says so.
    Kind.TASK_OVERDUE: _alarm(_TELEMETRY, Category.TASK, Severity.MEDIUM),
    Kind.DUTY_GAP: _TECHNICAL,
    Kind.DUTY_FAR: _TECHNICAL,
    Kind.REACH_LOST: _TECHNICAL,
    Kind.DUTY_OPEN: _seen(Category.TASK),
    Kind.KEPT_FULL: _TECHNICAL,
    Kind.LOCATION_OBJECTED: _TECHNICAL,
}

CALL_SEVERITY: dict[CallLevel, Severity] = {
    CallLevel.CALL: Severity.MEDIUM,
    CallLevel.ASSISTANCE: Severity.HIGH,
    CallLevel.EMERGENCY: Severity.CRITICAL,
}
"""A call without a level keeps the severity of its kind."""
