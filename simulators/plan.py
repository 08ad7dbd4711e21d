"""What the installer reads from the municipality file: devices, their homes, and who works."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

DEMO = {"pendant": "scaip", "dispenser": "webhook", "door": "zigbee2mqtt", "gps": "ev07b"}
"""The four families of the demonstration, and the protocol that each of them speaks."""


class PlanProblem(Exception):
    """The municipality file cannot be played; the text says what is missing in it."""


@dataclass(frozen=True, slots=True)
class Installed:
    """One device in one home."""

    identity: str
    """As the device says it: the subject without its protocol."""
    name: str
    resident: str
    """Whose it is, by name; empty in a training flat."""
    family: str
    protocol: str
    room: str = ""


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with a phone."""

    id: str
    name: str
    number: str = ""
    """For SMS and calls, as the municipality file has it; empty where it has none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The devices by a name of their own, the listener of each protocol, and the people of the
    shifts."""

    municipality: str
    devices: Mapping[str, Installed]
    listeners: Mapping[str, str]
    workers: tuple[Worker, ...]
    training: bool = False
    """Every device is registered for exercise."""


def read_plan(path: Path) -> Plan:
    """Read a municipality file for the demonstration: the first device of each of its families.

    PlanProblem when it lacks something that is to be played.
    """
    document = _read(path)
    residents = {one["id"]: one["name"] for one in _section(document, "residents")}
    devices = _section(document, "devices")
    chosen = {
        family: _first_of(devices, family, protocol, residents, path)
        for family, protocol in DEMO.items()
    }
    return _plan(document, chosen, path)


def read_flat(path: Path, families: Mapping[str, str]) -> Plan:
    """Read a training flat: every device whose id begins with a family that is given.

    `families` says which protocol each of them speaks. PlanProblem when there is none, or when one
    of them is not registered for exercise.
    """
    document = _read(path)
    chosen: dict[str, Installed] = {}
    for device in _section(document, "devices"):
        family = str(device["id"]).partition("-")[0]
        protocol, _, identity = str(device["subject"]).partition(":")
        if families.get(family) != protocol:
            continue
        if not device.get("exercise"):
            raise PlanProblem(f"{path}: {device['id']} is in a training flat without `exercise`")
        room = str(device.get("place", ""))
        chosen[str(device["id"])] = Installed(
            identity, str(device["name"]), "", family, protocol, room
        )
    if not chosen:
        raise PlanProblem(f"{path} has no device whose id begins with {', '.join(families)}")
    return _plan(document, chosen, path, training=True)


def _plan(
    document: Mapping[str, Any],
    devices: Mapping[str, Installed],
    path: Path,
    *,
    training: bool = False,
) -> Plan:
    wanted = {device.protocol for device in devices.values()}
    return Plan(
        municipality=document["municipality"]["name"],
        devices=devices,
        listeners=_listeners(document, wanted, path),
        workers=_workers(document),
        training=training,
    )


def _read(path: Path) -> Mapping[str, Any]:
    try:
        document: Mapping[str, Any] = YAML(typ="safe").load(path)
    except (OSError, YAMLError) as problem:
        raise PlanProblem(f"{path} cannot be read: {problem}") from problem
    return document


def _section(document: Mapping[str, Any], name: str) -> list[Any]:
    return list(document.get(name) or ())


def _first_of(
    devices: Iterable[Mapping[str, Any]],
    family: str,
    protocol: str,
    residents: Mapping[str, str],
    path: Path,
) -> Installed:
    for device in devices:
        spoken, _, identity = str(device["subject"]).partition(":")
        if spoken == protocol and device.get("resident"):
            resident = residents[device["resident"]]
            return Installed(identity, str(device["name"]), resident, family, protocol)
    raise PlanProblem(f"{path} has no device at a resident with a subject {protocol}:...")


def _listeners(document: Mapping[str, Any], wanted: Iterable[str], path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for listener in _section(document, "adapters"):
        found.setdefault(listener["protocol"], listener["id"])
    if missing := sorted(set(wanted) - set(found)):
        raise PlanProblem(f"{path} has no listener for {', '.join(missing)}")
    return found


def _workers(document: Mapping[str, Any]) -> tuple[Worker, ...]:
    people = {one["id"]: one for one in _section(document, "people")}
    on_shifts = [person for shift in _section(document, "shifts") for person in shift["people"]]
    # The order of the file, each once: the first is the one whose phone is shown.
    return tuple(
        Worker(person, people[person]["name"], _number(people[person]))
        for person in dict.fromkeys(on_shifts)
    )


def _number(person: Mapping[str, Any]) -> str:
    """Return the number of somebody's first channel that has one."""
    ways = [way for channel in person.get("channels") or () for way in channel.values()]
    numbers = (way["number"] for way in ways if isinstance(way, dict) and "number" in way)
    return str(next(numbers, ""))
