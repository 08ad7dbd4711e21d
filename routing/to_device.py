"""What the hub tells adapters about devices, beside the confirmation of events. Also the JSON on
`varde/v1/<municipality>/device/<adapter>`.

Delivered at least once and kept by the broker while the adapter is away, so a command has an id by
which a session does it once, and an end after which it is not done at all: a door must not open
because a queue was emptied late.
"""

from enum import StrEnum

import msgspec

from routing.instant import Instant
from routing.lifecycle import Phase


class DeviceAction(StrEnum):
    """What a device can be asked to do."""

    UNLOCK = "unlock"
    LOCK = "lock"


class DeviceCommand(msgspec.Struct, frozen=True, kw_only=True, tag="command"):
    """Do this. What became of it comes back as an event whose `data.reference` is the id."""

    id: str
    subject: str
    action: DeviceAction
    expires_at: Instant
    """Not to be begun at or after this instant."""


class AlarmProgress(msgspec.Struct, frozen=True, kw_only=True, tag="progress"):
    """An alarm that an event of the adapter raised or joined has come to another phase."""

    event: str
    """Id of the event that raised it; of a device that joined it, of the latest one."""
    subject: str
    phase: Phase


ToDevice = DeviceCommand | AlarmProgress
