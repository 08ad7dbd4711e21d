"""The fold of configuration into the registry. `routing.evolve` calls it, and so does whoever asks
what would be so after a change, or builds a registry of its own."""

from collections.abc import Sequence
from copy import copy
from dataclasses import fields

from routing import facts
from routing.municipality import (
    AnyItem,
    Device,
    Municipality,
    Person,
    Policy,
    Resident,
    Role,
    Shift,
    Team,
)
from routing.state import Registry
from routing.version import version_of


def configure(
    registry: Registry, change: facts.ConfigurationSet | facts.ConfigurationRemoved
) -> None:
    """Fold one change into the registry."""
    match change:
        case facts.ConfigurationSet(item=item, private=private):
            put_item(registry, item)
            _put_private(registry, str(item.__struct_config__.tag), item.id, private)
        case facts.ConfigurationRemoved(section=section, id=id):
            _remove(registry, section, id)
            _put_private(registry, section, id, None)


def configured(
    registry: Registry, changes: Sequence[facts.ConfigurationSet | facts.ConfigurationRemoved]
) -> Registry:
    """Return what the registry will be after the changes; the registry itself stays as it is."""
    after = Registry(**{one.name: copy(getattr(registry, one.name)) for one in fields(registry)})
    for change in changes:
        configure(after, change)
    return after


def _put_private(registry: Registry, section: str, id: str, digest: str | None) -> None:
    if digest is None:
        registry.private.pop((section, id), None)
    else:
        registry.private[section, id] = digest


def _remove(registry: Registry, section: str, id: str) -> None:
    if section == "municipality":
        registry.municipality = None
    else:
        registry.items(section).pop(id, None)
    registry.duty = {}
    if section == "policy":
        registry.current.pop(id, None)
    _index_devices(registry)
    _index_people(registry)


def put_item(registry: Registry, item: AnyItem) -> None:
    """Put a configuration item in place and bring the indexes along."""
    match item:
        case Municipality():
            registry.municipality = item
        case Device():
            _put_device(registry, item)
        case Policy():
            put_policy(registry, item)
        case _:
            registry.items(str(item.__struct_config__.tag))[item.id] = item
    if not isinstance(item, Device | Resident | Policy):
        registry.duty = {}
    if isinstance(item, Team | Person | Shift):
        _index_people(registry)


def _put_device(registry: Registry, device: Device) -> None:
    """There are many devices, so that a new one only adds itself to the index."""
    old = registry.devices.get(device.id)
    registry.devices[device.id] = device
    if old is None:
        registry.device_of[device.subject] = device.id
    elif old.subject != device.subject:
        _index_devices(registry)


def put_policy(registry: Registry, policy: Policy) -> None:
    """Make this the policy's present version; earlier ones stay for the alarms that name them."""
    version = version_of(policy)
    registry.policies[policy.id] = policy
    registry.versions[version] = policy
    registry.current[policy.id] = version


def _index_devices(registry: Registry) -> None:
    registry.device_of = {d.subject: d.id for d in registry.devices.values()}


def _index_people(registry: Registry) -> None:
    people = registry.people.values()
    registry.members = {
        team: tuple(p.id for p in people if team in p.teams) for team in registry.teams
    }
    registry.shifts_of = {
        team: tuple(s for s in registry.shifts.values() if s.team == team)
        for team in registry.teams
    }
    registry.leads = tuple(p.id for p in people if Role.LEAD in p.roles)
