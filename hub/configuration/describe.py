"""Back from the journal to the file's model: what `varde export` writes."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from hub.configuration import channel_entries, correlate_items, lock_items, policy_items, task_items
from hub.configuration.documents import ADAPTERS
from hub.configuration.entry import Weekday
from hub.configuration.model import MunicipalityFile
from hub.configuration.roster_items import DESCRIBED
from hub.configuration.scalars import duration_text, time_text
from routing import municipality as items
from routing.local import zone
from routing.state import Registry

_DAYS = list(Weekday)
_ALL_SAID = {"policy", "shift", *(section for section, _ in DESCRIBED.values())}
"""Sections whose items have no document."""
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
        where = zone(one.timezone)
        about = self._private("municipality", one.id)
        fields = {"timezone": one.timezone, "language": one.language}
        return {
            "municipality": {
                "id": one.id,
                "name": about["name"],
                **fields,
                "default_policy": one.default_policy,
                "policies": one.policies,
                "policies_at": policy_items.describe_windows(one.policies_at),
                "numbers": about.get("numbers", {}),
                "viewers": about.get("viewers", ()),
                "help_number": about.get("help_number"),
                "correlation": correlate_items.describe_correlation(one.correlation),
                "paging": correlate_items.describe_paging(one.paging),
                "tasks": task_items.describe_tasks(one.tasks),
                "locks": lock_items.describe_locks(one.locks),
                "relatives_agree": one.relatives_agree,
            },
            "managed_by": about.get("managed_by", {}),
            "units": self._each("unit", partial(_unit, where)),
            "teams": self._each("team", _team),
            "people": self._each("person", _person),
            "residents": self._each("resident", partial(_resident, where)),
            "devices": self._each("device", partial(_device, where)),
            "policies": self._each("policy", policy_items.describe),
            "shifts": self._each("shift", _shift),
            **{name: self._each(*how) for name, how in DESCRIBED.items()},
            "adapters": json.loads(self._read(*ADAPTERS) or b"[]"),
        }

    def _each(self, section: str, fields: Callable[[Any], dict[str, Any]]) -> list[dict[str, Any]]:
        found = self._registry.items(section).values()
        return [{**self._private(section, i.id), "id": i.id, **fields(i)} for i in found]

    def _private(self, section: str, id: str) -> dict[str, Any]:
        if section in _ALL_SAID:
            return {}
        body = self._read(section, id)
        content: dict[str, Any] = {"name": ERASED} if body is None else json.loads(body)
        if "channels" in content:
            waits = self._registry.people[id].waits
            content["channels"] = channel_entries.described(content["channels"], waits)
        return content


def _team(team: items.Team) -> dict[str, Any]:
    return {
        "unit": team.unit,
        "response_centre": team.response_centre,
        "partner": team.partner,
        "duty": team.duty,
    }


def _person(person: items.Person) -> dict[str, Any]:
    return {
        "roles": person.roles,
        "teams": person.teams,
        "competences": person.competences,
        "arrive": None if person.arrive_s is None else duration_text(person.arrive_s),
    }


def _unit(where: ZoneInfo, unit: items.Unit) -> dict[str, Any]:
    work = correlate_items.describe_spans(where, unit.maintenance)
    return {
        "policies": unit.policies,
        "policies_at": policy_items.describe_windows(unit.policies_at),
        "drive": None if unit.drive_s is None else duration_text(unit.drive_s),
        "drive_from": {place: duration_text(s) for place, s in unit.drive_from.items()},
        "maintenance": work,
    }


def _resident(where: ZoneInfo, resident: items.Resident) -> dict[str, Any]:
    more = correlate_items.describe_resident(where, resident)
    return {
        **more,
        "unit": resident.unit,
        "policies": resident.policies,
        "policies_at": policy_items.describe_windows(resident.policies_at),
        "people_needed": resident.people_needed,
        "relatives": resident.relatives,
        "visits": task_items.describe_visits(resident.visits),
    }


def _device(where: ZoneInfo, device: items.Device) -> dict[str, Any]:
    silent = device.silent_after_s
    return {
        **correlate_items.describe_device(where, device),
        "subject": device.subject,
        "resident": device.resident,
        "unit": device.unit,
        "raises": [_rule(rule) for rule in device.raises],
        "silent_after": None if silent is None else duration_text(silent),
        "shared_with": device.shared_with,
    }


def _rule(rule: items.RaiseRule) -> dict[str, Any]:
    window = [time_text(rule.from_minute), time_text(rule.to_minute)]
    always = rule.from_minute == rule.to_minute == 0
    return {
        "kind": rule.kind,
        "between": None if always else window,
        "severity": rule.severity.name.lower(),
    }


def _shift(shift: items.Shift) -> dict[str, Any]:
    return {
        "team": shift.team,
        "people": shift.people,
        "weekdays": [_DAYS[day] for day in shift.weekdays],
        "from": time_text(shift.from_minute),
        "to": time_text(shift.to_minute),
        "first_day": shift.first_day,
        "last_day": shift.last_day,
    }
