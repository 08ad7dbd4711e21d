"""A small sound municipality to start from: a unit, a team round the clock, the lead behind it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.configuration.model import MunicipalityFile
from hub.text import Language

_NORWEGIAN = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})
_DISPENSER: dict[str, Any] = {
    "device": "device",
    "kind_from": "event",
    "kinds": {"missed": "medication.missed", "taken": "medication.taken"},
    "dedupe": "id",
}
FAMILIES: Mapping[str, dict[str, Any]] = {
    "scaip": {"id": "scaip", "protocol": "scaip"},
    "ev07b": {"id": "gps", "protocol": "ev07b"},
    "zigbee2mqtt": {"id": "zigbee", "protocol": "zigbee2mqtt"},
    "webhook": {"id": "medication", "protocol": "webhook", "mapping": _DISPENSER},
}
"""Device family to the listener that hears it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person by name and phone."""

    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Answers:
    """What `varde init` asks for."""

    language: Language
    municipality: str
    timezone: str
    unit: str
    lead: Member
    staff: tuple[Member, ...]
    families: tuple[str, ...]


def id_from(name: str, taken: set[str] | None = None) -> str:
    """Return an id made of a name: `Kari Berg` gives `kari-berg`, the next `kari-berg-2`."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_NORWEGIAN))
    ascii_only = plain.encode("ascii", "ignore").decode()
    id = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:50] or "x"
    number = 2
    while taken and id in taken:
        id = f"{re.sub(r'-[0-9]+$', '', id)}-{number}"
        number += 1
    return id


def starter(answers: Answers) -> MunicipalityFile:
    """Return the municipality; pydantic.ValidationError when an answer cannot be used at all."""
    people = _people(answers)
    team = "home-care"
    return MunicipalityFile.model_validate(
        {
            "municipality": {
                "id": id_from(answers.municipality),
                "name": answers.municipality,
                "timezone": answers.timezone,
                "language": answers.language,
                "default_policy": "everyday",
                "relatives_agree": True,
            },
            "units": [{"id": id_from(answers.unit), "name": answers.unit}],
            "teams": [{"id": team, "name": answers.unit, "unit": id_from(answers.unit)}],
            "people": [{**person, "teams": [team]} for person in people],
            "policies": [
                {
                    "id": "everyday",
                    "steps": [
                        {"call": [{"on_duty": team}], "wait": "90 s"},
                        {"call": [{"team": team}], "wait": "3 min"},
                    ],
                    "fallback": [{"person": people[0]["id"]}],
                }
            ],
            "shifts": [
                {
                    "id": "round-the-clock",
                    "team": team,
                    "people": [person["id"] for person in people],
                    "from": "07:00",
                    "to": "07:00",
                }
            ],
            "adapters": [FAMILIES[family] for family in answers.families],
        }
    )


def _people(answers: Answers) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    taken: set[str] = set()
    for number, member in enumerate((answers.lead, *answers.staff)):
        id = id_from(member.name, taken)
        taken.add(id)
        roles = ["staff"] if number else ["lead", "staff"]
        found.append(
            {
                "id": id,
                "name": member.name,
                "phone": member.phone,
                "roles": roles,
                "channels": _channels(member.phone),
            }
        )
    return found


def _channels(phone: str | None) -> list[dict[str, Any]]:
    """Return push, and what needs no data where there is a number: ways of different causes."""
    numbered = [] if phone is None else [{"sms": {"number": phone}}, {"voice": {"number": phone}}]
    return [{"push": {}}, *numbered]
