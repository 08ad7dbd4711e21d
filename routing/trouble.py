"""What belongs together: which open alarm a further event joins, and what a restoration answers."""

from collections.abc import Mapping

from routing.kinds import KINDS, Category, Kind

ANSWERS: Mapping[Kind, Kind] = {
    Kind.HELP_CANCELLED: Kind.HELP_PRESSED,
    Kind.SMOKE_CLEARED: Kind.SMOKE_DETECTED,
    Kind.WATER_CLEARED: Kind.WATER_DETECTED,
    Kind.BED_RETURNED: Kind.BED_LEFT,
    Kind.DOOR_CLOSED: Kind.DOOR_OPENED,
    Kind.MEDICATION_TAKEN: Kind.MEDICATION_MISSED,
    Kind.ZONE_ENTERED: Kind.ZONE_LEFT,
    Kind.CALL_CLEARED: Kind.CALL_RAISED,
    Kind.BATTERY_OK: Kind.BATTERY_LOW,
    Kind.MAINS_RESTORED: Kind.MAINS_LOST,
    Kind.LINK_RESTORED: Kind.LINK_LOST,
    Kind.DEVICE_RECOVERED: Kind.DEVICE_FAULT,
}
"""An observation to the kind whose open alarm it is written on. It never closes that alarm."""

Trouble = tuple[str, str]
"""(who, what)"""


def trouble(kind: Kind, resident: str | None, subject: str) -> Trouble:
    """Return what the event is about: a resident's category of need, or a device's technical fault.

    A fall and a press of the same resident are one trouble; so are presses of different pendants. A
    low battery and a lost link of one device are two, and so are two overdue tasks.
    """
    category = KINDS[kind].category
    if category in {Category.TECHNICAL, Category.TASK}:
        return subject, kind
    return resident or subject, category
