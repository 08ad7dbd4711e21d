"""The file's model parted into routing items and private documents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.configuration import (
    channel_entries,
    correlate_items,
    lock_items,
    model,
    policy_items,
    roster_items,
    task_items,
)
from hub.configuration import documents as private
from hub.configuration.documents import ADAPTERS, Key, digest
from hub.configuration.entry import Entry, Weekday
from routing import municipality as items
from routing.local import zone

_DAYS = list(Weekday)
_ALWAYS = (0, 0)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the file says: items by section and id, document bodies by kind and id."""

    items: Mapping[Key, items.AnyItem]
    documents: Mapping[Key, bytes]

    def digests(self, key: bytes) -> dict[Key, str]:
        """Return the keyed digest of each item's document."""
        covered = ((where, self.bodies(where)) for where in self.items)
        return {where: digest(key, *bodies) for where, bodies in covered if bodies}

    def bodies(self, where: Key) -> list[bytes]:
        """Return the documents an item's digest covers."""
        keys = [where, ADAPTERS] if where[0] == "municipality" else [where]
        return [self.documents[key] for key in keys if key in self.documents]


def compile(file: model.MunicipalityFile) -> Compiled:
    """Return the file as items and documents."""
    found = {(str(item.__struct_config__.tag), item.id): item for item in _items(file)}
    return Compiled(items=found, documents=dict(_documents(file)))


def section_of(item: items.AnyItem) -> str:
    """Return the section an item belongs to."""
    return str(item.__struct_config__.tag)


def _items(file: model.MunicipalityFile) -> Iterator[items.AnyItem]:
    one = file.municipality
    where = zone(one.timezone)
    yield items.Municipality(
        id=one.id,
        timezone=one.timezone,
        language=one.language,
        default_policy=one.default_policy,
        policies=one.policies,
        policies_at=policy_items.windows(one.policies_at),
        correlation=correlate_items.correlation(one.correlation),
        paging=correlate_items.paging(one.paging),
        tasks=task_items.tasks(one.tasks),
        locks=lock_items.locks(one.locks),
        relatives_agree=one.relatives_agree,
    )
    for unit in file.units:
        work = correlate_items.spans(where, unit.maintenance)
        yield items.Unit(
            id=unit.id,
            policies=unit.policies,
            policies_at=policy_items.windows(unit.policies_at),
            drive_s=unit.drive,
            drive_from=unit.drive_from,
            maintenance=work,
        )
    for team in file.teams:
        yield items.Team(
            id=team.id,
            unit=team.unit,
            response_centre=team.response_centre,
            partner=team.partner,
            duty=team.duty,
        )
    yield from map(_person, file.people)
    for resident in file.residents:
        more = correlate_items.of_resident(where, resident)
        yield items.Resident(
            id=resident.id,
            unit=resident.unit,
            policies=resident.policies,
            policies_at=policy_items.windows(resident.policies_at),
            people_needed=resident.people_needed,
            relatives=resident.relatives,
            visits=task_items.visits(resident.visits),
            **more,
        )
    for device in file.devices:
        yield _device(device, correlate_items.of_device(where, device))
    yield from map(policy_items.policy, file.policies)
    yield from map(_shift, file.shifts)
    yield from roster_items.items(file)


def _channels(person: model.PersonEntry) -> dict[str, dict[str, str]]:
    return channel_entries.addresses(person.channels)


def _person(person: model.PersonEntry) -> items.Person:
    return items.Person(
        id=person.id,
        roles=person.roles,
        teams=person.teams,
        channels=tuple(_channels(person)),
        competences=person.competences,
        arrive_s=person.arrive,
        waits=channel_entries.waits(person.channels),
    )


def _device(device: model.DeviceEntry, more: dict[str, Any]) -> items.Device:
    return items.Device(
        id=device.id,
        subject=device.subject,
        resident=device.resident,
        unit=device.unit,
        raises=tuple(
            items.RaiseRule(rule.kind, *(rule.between or _ALWAYS), rule.severity)
            for rule in device.raises
        ),
        silent_after_s=device.silent_after,
        shared_with=device.shared_with,
        **more,
    )


def _shift(shift: model.ShiftEntry) -> items.Shift:
    return items.Shift(
        id=shift.id,
        team=shift.team,
        people=shift.people,
        weekdays=tuple(_DAYS.index(day) for day in shift.weekdays),
        from_minute=shift.start,
        to_minute=shift.end,
        first_day=shift.first_day,
        last_day=shift.last_day,
    )


def _documents(file: model.MunicipalityFile) -> Iterator[tuple[Key, bytes]]:
    one = file.municipality
    managed_by = {str(section): by for section, by in file.managed_by.items()}
    described = private.MunicipalityDocument(
        name=one.name,
        managed_by=managed_by,
        numbers=one.numbers or None,
        viewers=one.viewers or None,
        help_number=one.help_number,
    )
    yield ("municipality", one.id), described.body()
    listeners = [{**a.model_dump(mode="json"), "protocol": a.protocol} for a in file.adapters]
    yield ADAPTERS, private.canonical(listeners)
    for section, named in (("unit", file.units), ("team", file.teams)):
        for entry in named:
            yield (section, entry.id), private.NamedDocument(name=entry.name).body()
    for person in file.people:
        document = private.PersonDocument(
            name=person.name,
            phone=person.phone,
            language=person.language,
            channels=_channels(person),
        )
        yield ("person", person.id), document.body()
    for resident in file.residents:
        yield ("resident", resident.id), _beside(private.ResidentDocument, resident)
    for device in file.devices:
        yield ("device", device.id), _beside(private.DeviceDocument, device)


def _beside(shape: type[private.Private], entry: Entry) -> bytes:
    """Return the document of those of the entry's fields that the shape has; what is false is left
    out, so that a new field changes no document that does not use it."""
    said = {name: getattr(entry, name) for name in shape.model_fields}
    return shape(**{name: None if value is False else value for name, value in said.items()}).body()
