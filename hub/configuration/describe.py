"""Back from the journal to the file's model: what `varde export` writes."""

import json
from collections.abc import Callable
from typing import Any

from hub.configuration.documents import ADAPTERS
from hub.configuration.model import MunicipalityFile, Weekday
from hub.configuration.scalars import duration_text, time_text
from routing import municipality as items
from routing.state import Registry

_DAYS = list(Weekday)
Read = Callable[[str, str], bytes | None]
"""Gives a document's body by kind and id; None when it was erased."""
ERASED = "-"
"""Stands for a name whose document is gone."""


class NothingConfigured(Exception):
    """The journal holds no configuration yet: apply a municipality file first."""


def describe(registry: Registry, read: Read) -> MunicipalityFile:
    """Return the configuration as the file's model; NothingConfigured when there is none."""
    if registry.municipality is None:
        raise NothingConfigured
    return MunicipalityFile.model_validate(_Description(registry, read).content())


class _Description:
    """The file's content as plain data, section by section."""

    def __init__(self, registry: Registry, read: Read) -> None:
        self._registry = registry
        self._read = read

    def content(self) -> dict[str, Any]:
        one = self._registry.municipality
        assert one is not None
        about = self._private("municipality", one.id)
        fields = {"timezone": one.timezone, "language": one.language}
        return {
            "municipality": {
                "id": one.id,
                "name": about["name"],
                **fields,
                "default_policy": one.default_policy,
            },
            "managed_by": about.get("managed_by", {}),
            "units": self._each("unit", lambda u: {"policies": u.policies}),
            "teams": self._each("team", lambda t: {"unit": t.unit}),
            "people": self._each("person", _person),
            "residents": self._each("resident", _resident),
            "devices": self._each("device", _device),
            "policies": self._each("policy", _policy),
            "shifts": self._each("shift", _shift),
            "adapters": json.loads(self._read(*ADAPTERS) or b"[]"),
        }

    def _each(self, section: str, fields: Callable[[Any], dict[str, Any]]) -> list[dict[str, Any]]:
        found = self._registry.items(section).values()
        return [{**self._private(section, i.id), "id": i.id, **fields(i)} for i in found]

    def _private(self, section: str, id: str) -> dict[str, Any]:
        if section in {"policy", "shift"}:
            return {}
        body = self._read(section, id)
        content: dict[str, Any] = {"name": ERASED} if body is None else json.loads(body)
        if "channels" in content:
            content["channels"] = [{"webhook": c} for c in content["channels"].values()]
        return content


def _person(person: items.Person) -> dict[str, Any]:
    return {"roles": person.roles, "teams": person.teams}


def _resident(resident: items.Resident) -> dict[str, Any]:
    return {"unit": resident.unit, "policies": resident.policies}


def _device(device: items.Device) -> dict[str, Any]:
    silent = device.silent_after_s
    return {
        "subject": device.subject,
        "resident": device.resident,
        "unit": device.unit,
        "raises": [_rule(rule) for rule in device.raises],
        "silent_after": None if silent is None else duration_text(silent),
    }


def _rule(rule: items.RaiseRule) -> dict[str, Any]:
    window = [time_text(rule.from_minute), time_text(rule.to_minute)]
    always = rule.from_minute == rule.to_minute == 0
    return {
        "kind": rule.kind,
        "between": None if always else window,
        "severity": rule.severity.name.lower(),
    }


def _targets(targets: tuple[items.Target, ...]) -> list[dict[str, str]]:
    return [{target.kind: target.id} for target in targets]


def _policy(policy: items.Policy) -> dict[str, Any]:
    return {
        "steps": [
            {"call": _targets(step.targets), "wait": duration_text(step.wait_s)}
            for step in policy.steps
        ],
        "fallback": _targets(policy.fallback),
        "loop": policy.loop,
        "lease": duration_text(policy.lease_s),
        "ask": duration_text(policy.ask_s),
    }


def _shift(shift: items.Shift) -> dict[str, Any]:
    return {
        "team": shift.team,
        "people": shift.people,
        "weekdays": [_DAYS[day] for day in shift.weekdays],
        "from": time_text(shift.from_minute),
        "to": time_text(shift.to_minute),
    }
