"""What the installer reads from the municipality file: devices, their homes, and who works."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

FAMILIES = {"pendant": "scaip", "dispenser": "webhook", "door": "zigbee2mqtt", "gps": "ev07b"}
"""The four families, and the protocol that each of them speaks."""


class PlanProblem(Exception):
    """The municipality file cannot be played; the text says what is missing in it."""


@dataclass(frozen=True, slots=True)
class Installed:
    """One device in one home."""

    identity: str
    """As the device says it: the subject without its protocol."""
    name: str
    resident: str


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with a phone."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One device of each family, the listener of each protocol, and the people of the shifts."""

    municipality: str
    devices: Mapping[str, Installed]
    listeners: Mapping[str, str]
    workers: tuple[Worker, ...]


def read_plan(path: Path) -> Plan:
    """Read a municipality file; PlanProblem when it lacks something that is to be played."""
    try:
        document = YAML(typ="safe").load(path)
    except (OSError, YAMLError) as problem:
        raise PlanProblem(f"{path} cannot be read: {problem}") from problem
    residents = {one["id"]: one["name"] for one in _section(document, "residents")}
    return Plan(
        municipality=document["municipality"]["name"],
        devices={
            family: _first_of(_section(document, "devices"), protocol, residents, path)
            for family, protocol in FAMILIES.items()
        },
        listeners=_listeners(document, path),
        workers=_workers(document),
    )


def _section(document: Mapping[str, Any], name: str) -> list[Any]:
    return list(document.get(name) or ())


def _first_of(
    devices: Iterable[Mapping[str, Any]], protocol: str, residents: Mapping[str, str], path: Path
) -> Installed:
    for device in devices:
        spoken, _, identity = str(device["subject"]).partition(":")
        if spoken == protocol and device.get("resident"):
            resident = residents[device["resident"]]
            return Installed(identity, str(device["name"]), resident)
    raise PlanProblem(f"{path} has no device at a resident with a subject {protocol}:...")


def _listeners(document: Mapping[str, Any], path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for listener in _section(document, "adapters"):
        found.setdefault(listener["protocol"], listener["id"])
    if missing := sorted(set(FAMILIES.values()) - set(found)):
        raise PlanProblem(f"{path} has no listener for {', '.join(missing)}")
    return found


def _workers(document: Mapping[str, Any]) -> tuple[Worker, ...]:
    names = {one["id"]: one["name"] for one in _section(document, "people")}
    on_shifts = [person for shift in _section(document, "shifts") for person in shift["people"]]
    # The order of the file, each once: the first is the one whose phone is shown.
    return tuple(Worker(person, names[person]) for person in dict.fromkeys(on_shifts))
