"""The municipality file for simulated homes: areas, residents, devices, and somebody to call."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from simulators.homes import LISTENERS, Home, installed

_HEAD = (
    "# Written by `varde simulate --write-municipality`: everybody and everything is invented.\n"
)
_SILENT_AFTER_MIN = 90
"""What real units with an hour between two signs of life are watched by."""
SHORTEST_SILENCE_S = 60


def silence_s(speed: float) -> int:
    """How long a pendant may be silent, in real seconds, when the plan runs so fast."""
    return max(SHORTEST_SILENCE_S, round(_SILENT_AFTER_MIN * 60 / speed))


def write_homes(path: Path, homes: Sequence[Home], speed: float) -> None:
    """Write the file; OSError when it cannot be written."""
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        yaml = YAML()
        yaml.default_flow_style = None
        yaml.width = 160
        yaml.dump(_document(homes, speed), file)


def _document(homes: Sequence[Home], speed: float) -> dict[str, Any]:
    areas = sorted({home.area for home in homes})
    return {
        "municipality": {
            "id": "simby",
            "name": "Simby kommune (simulert)",
            "timezone": "Europe/Oslo",
            "language": "nb",
            "default_policy": "everyday",
        },
        "units": [{"id": f"area-{area}", "name": f"Sone {area} (simulert)"} for area in areas],
        "teams": [{"id": "everyone", "name": "Alle på vakt"}],
        "people": [
            {"id": person, "name": f"{name} Simulert", "roles": ["staff"], "teams": ["everyone"]}
            for person, name in (("alva", "Alva"), ("birk", "Birk"))
        ],
        "residents": [
            {"id": home.id, "name": f"Beboer {home.number} (simulert)", "unit": f"area-{home.area}"}
            for home in homes
        ],
        "devices": [_device(home, family, speed) for home in homes for family in home.families],
        "policies": [
            {
                "id": "everyday",
                "steps": [{"call": [{"on_duty": "everyone"}], "wait": "3 min"}],
                "fallback": [{"person": "alva"}],
            }
        ],
        "shifts": [
            {
                "id": "always",
                "team": "everyone",
                "people": ["alva", "birk"],
                "from": "00:00",
                "to": "00:00",
            }
        ],
        "adapters": [
            {"id": "scaip", "protocol": "scaip"},
            {"id": "zigbee", "protocol": "zigbee2mqtt"},
            {"id": "gps", "protocol": "ev07b"},
            {"id": LISTENERS["webhook"], "protocol": "webhook", "mapping": _MAPPING},
        ],
    }


_MAPPING = {
    "device": "person_id",
    "kind_from": "measurement",
    "kinds": {
        "medicine_not_taken": "medication.missed",
        "medicine_taken": "medication.taken",
        "medicine_reminder": "medication.reminded",
        "battery_low": "battery.low",
    },
    "reference": "transaction_id",
    "time": "timestamp",
    "dedupe": "transaction_id",
}


def _device(home: Home, family: str, speed: float) -> dict[str, Any]:
    one = installed(home, family)
    device: dict[str, Any] = {
        "id": home.device(family),
        "name": one.name,
        "subject": f"{one.protocol}:{one.identity}",
        "resident": home.id,
    }
    if family == "pendant":
        device["silent_after"] = f"{silence_s(speed)} s"
    return device
