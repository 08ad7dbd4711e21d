"""Homes with their devices, by number and seed: who lives there is nobody."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from simulators.plan import Installed, Plan

HOMES_PER_AREA = 50
LISTENERS: Mapping[str, str] = {
    "scaip": "scaip",
    "zigbee2mqtt": "zigbee",
    "ev07b": "gps",
    "webhook": "medication",
}
"""Protocol to the listener's id, in the municipality file that is written for the homes."""
_SHARE: Mapping[str, float] = {
    "door": 0.4,
    "motion": 0.3,
    "smoke": 0.3,
    "dispenser": 0.2,
    "gps": 0.1,
}
"""How many homes have what beside the pendant that everybody has."""
_NAMES = {
    "pendant": "Trygghetsalarm",
    "door": "Ytterdør",
    "motion": "Bevegelse",
    "smoke": "Røykvarsler",
    "dispenser": "Medisindispenser",
    "gps": "GPS-alarm",
}


@dataclass(frozen=True, slots=True)
class Home:
    """One home."""

    number: int
    area: int
    """Homes of one area lose power and coverage together; the first is 1."""
    families: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"home-{self.number:04}"

    def device(self, family: str) -> str:
        """The device's name in plans and in the municipality file."""
        return f"{family}-{self.number:04}"


def make_homes(count: int, seed: int) -> list[Home]:
    """Return so many homes; a home is the same whatever the count."""
    return [_home(number, seed) for number in range(1, count + 1)]


def _home(number: int, seed: int) -> Home:
    rng = random.Random(f"{seed}:home:{number}")
    others = tuple(family for family, share in _SHARE.items() if rng.random() < share)
    return Home(number, 1 + (number - 1) // HOMES_PER_AREA, ("pendant", *others))


def installed(home: Home, family: str) -> Installed:
    """Return the device as it is registered."""
    protocol, identity = _identity(home.number, family)
    return Installed(identity, _NAMES[family], home.id, family, protocol)


def fleet_plan(homes: Iterable[Home]) -> Plan:
    """Return all devices of all homes as a fleet wants them."""
    devices = {
        home.device(family): installed(home, family) for home in homes for family in home.families
    }
    return Plan("homes", devices, LISTENERS, ())


def _identity(number: int, family: str) -> tuple[str, str]:
    match family:
        case "pendant":
            return "scaip", f"{800_000 + number}"
        case "gps":
            return "ev07b", f"86392104{number:07}"
        case "dispenser":
            return "webhook", f"dispenser-{number:04}"
        case _:
            return "zigbee2mqtt", f"home-{number:04}/{family}"
