"""What an entry names must exist, and what must be one of a kind must be one."""

from collections.abc import Iterator, Mapping
from typing import Any

from adapters.protocols import PROTOCOLS
from hub.configuration import policy_check, roster_check
from hub.configuration.model import DeviceEntry, MunicipalityFile
from hub.configuration.problem import Path, Problem
from hub.configuration.suggest import closest
from routing.kinds import KINDS, KindClass
from routing.plans import DeviceClass

Reference = tuple[Path, str, str]
"""Where it stands, the section it points into, and the id."""
Known = Mapping[str, set[str]]
"""Section to every id in it, those of unsound entries too: one mistake is told once."""


def dangling(file: MunicipalityFile, known: Known, at: Mapping[Path, Path]) -> Iterator[Problem]:
    """Yield a problem for each reference to what does not exist; `at` maps paths to the file's."""
    for path, section, id in _references(file):
        if id in known[section]:
            continue
        near = closest(id, known[section])
        params = {"id": id, "section": section, "near": near or ""}
        place = (*at.get(path[:2], path[:2]), *path[2:])
        yield Problem("dangling_near" if near else "dangling", place, params)


def doubles(data: Mapping[str, Any], sections: tuple[str, ...]) -> Iterator[Problem]:
    """Yield a problem for each id that stands twice, and each subject of two devices."""
    for section in sections:
        yield from _twice(data.get(section), section, "id", "id_twice")
    yield from _twice(data.get("devices"), "devices", "subject", "subject_twice")


def rules(file: MunicipalityFile, at: Mapping[Path, Path]) -> Iterator[Problem]:
    """Yield what is wrong in devices: no home or two, a rule for what rings anyway or never can."""
    for index, device in enumerate(file.devices):
        path = at.get(("devices", index), ("devices", index))
        if (device.resident is None) == (device.unit is None):
            yield Problem("device_home", path, {"id": device.id})
        for number, rule in enumerate(device.raises):
            kind_class = KINDS[rule.kind].kind_class
            if kind_class is not KindClass.OBSERVATION:
                place = (*path, "raises", number, "kind")
                yield Problem(f"rule_{kind_class}", place, {"kind": rule.kind})


def oddities(file: MunicipalityFile, at: Mapping[Path, Path]) -> Iterator[Problem]:
    """Yield a warning for each device for exercise in somebody's home, and for each life device
    whose silence nobody would be told of."""
    for index, device in enumerate(file.devices):
        if _is_unwatched(file, device):
            path = at.get(("devices", index), ("devices", index))
            yield Problem("life_unwatched", path, {"id": device.id}, warning=True)
        if device.exercise and device.resident is not None:
            path = at.get(("devices", index), ("devices", index))
            params = {"id": device.id, "resident": device.resident}
            yield Problem("exercise_at_home", (*path, "exercise"), params, warning=True)


def _is_unwatched(file: MunicipalityFile, device: DeviceEntry) -> bool:
    if device.group is not DeviceClass.LIFE or device.silent_after is not None:
        return False
    return DeviceClass.LIFE not in file.municipality.correlation.silence


def unheard(file: MunicipalityFile, at: Mapping[Path, Path]) -> Iterator[Problem]:
    """Yield a warning for each device whose protocol no listener speaks."""
    heard = {PROTOCOLS[a.protocol].prefix for a in file.adapters}
    for index, device in enumerate(file.devices):
        protocol = device.subject.partition(":")[0]
        if protocol not in heard:
            params = {"id": device.id, "protocol": protocol}
            path = at.get(("devices", index), ("devices", index))
            yield Problem("no_listener", path, params, warning=True)


def ids(data: Mapping[str, Any], sections: tuple[str, ...]) -> Known:
    """Return every id of each section, as the file writes them."""
    return {s: {str(e.get("id")) for _, e in _mappings(data.get(s))} for s in sections}


def _mappings(listed: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield index, entry


def _twice(listed: Any, section: str, key: str, code: str) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for index, entry in _mappings(listed):
        value = entry.get(key)
        if not isinstance(value, str):
            continue
        path: Path = (section, index, key)
        if value in first:
            yield Problem(code, path, {"id": value, "section": section}, first=first[value])
        else:
            first[value] = path


def _references(file: MunicipalityFile) -> Iterator[Reference]:
    if "municipality" in file.model_fields_set:  # an unsound one is left out while checking
        yield ("municipality", "default_policy"), "policies", file.municipality.default_policy
        offers = file.municipality.tasks.offer_gaps.policy
        if offers is not None:
            yield ("municipality", "tasks", "offer_gaps", "policy"), "policies", offers
    for i, unit in enumerate(file.units):
        yield from _policies(("units", i), unit.policies)
        yield from ((("units", i, "drive_from", p), "units", p) for p in unit.drive_from)
    for i, team in enumerate(file.teams):
        if team.unit is not None:
            yield ("teams", i, "unit"), "units", team.unit
    for i, person in enumerate(file.people):
        yield from ((("people", i, "teams", n), "teams", t) for n, t in enumerate(person.teams))
    for i, resident in enumerate(file.residents):
        yield ("residents", i, "unit"), "units", resident.unit
        yield from _policies(("residents", i), resident.policies)
    for i, device in enumerate(file.devices):
        if device.resident is not None:
            yield ("devices", i, "resident"), "residents", device.resident
        if device.unit is not None:
            yield ("devices", i, "unit"), "units", device.unit
    for i, shift in enumerate(file.shifts):
        yield ("shifts", i, "team"), "teams", shift.team
        yield from ((("shifts", i, "people", n), "people", p) for n, p in enumerate(shift.people))
    yield from policy_check.references(file)
    yield from roster_check.references(file)
    yield from _callers(file)


def _callers(file: MunicipalityFile) -> Iterator[Reference]:
    for i, resident in enumerate(file.residents):
        plan = resident.frequent_caller
        if plan is not None and plan.call is not None:
            yield ("residents", i, "frequent_caller", "call"), "people", plan.call


def _policies(path: Path, policies: Mapping[Any, str]) -> Iterator[Reference]:
    for category, id in policies.items():
        yield (*path, "policies", str(category)), "policies", id
