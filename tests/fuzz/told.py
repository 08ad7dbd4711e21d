"""What the hub tells devices meanwhile: commands and how alarms go on, some of them absurd."""

from collections import deque
from random import Random

from routing.event import Event
from routing.instant import SECOND, Instant
from routing.lifecycle import Phase
from routing.to_device import AlarmProgress, DeviceAction, DeviceCommand, ToDevice

OFTEN = 0.05
"""How often a frame is followed by a message."""
_NOBODY = ("", "x", "nuki:", "espa444:é/1", "zigbee2mqtt:a/b")


class Hub:
    """Knows the last devices that have spoken."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._heard: deque[tuple[str, str]] = deque(maxlen=32)
        self._numbers = 0

    def hear(self, event: Event) -> None:
        """Remember who spoke."""
        self._heard.append((event.id, event.subject))

    def message(self, at: Instant) -> ToDevice:
        """Return a message to somebody; one command in eight has expired, or comes again."""
        random = self._random
        event, subject = ("0" * 32, random.choice(_NOBODY))
        if self._heard and random.random() < 0.9:
            event, subject = random.choice(self._heard)
        if random.random() < 0.5:
            return AlarmProgress(event=event, subject=subject, phase=random.choice(list(Phase)))
        self._numbers += random.random() < 0.9
        return DeviceCommand(
            id=f"{self._numbers:032x}",
            subject=subject,
            action=random.choice(list(DeviceAction)),
            expires_at=at + random.randrange(-2 * SECOND, 15 * SECOND),
        )
