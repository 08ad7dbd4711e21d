"""How long somebody needs to a zone, as configuration says it."""

from routing.instant import Instant
from routing.municipality import Unit
from routing.roster import on_duty
from routing.state import Registry
from routing.targets import can_handle


def way_s(registry: Registry, unit: str | None, person: str, at: Instant) -> int | None:
    """Return the seconds that the person needs to a home of the unit; None where nobody has said.

    A person's own time goes before everything; those on duty in another unit need the time from
    there, where it is said.
    """
    known = registry.people.get(person)
    if known is None:
        return None
    if known.arrive_s is not None:
        return known.arrive_s
    zone = registry.units.get(unit or "")
    if zone is None or not can_handle(registry, person):
        return None
    return _drive_s(registry, zone, person, at)


def _drive_s(registry: Registry, zone: Unit, person: str, at: Instant) -> int | None:
    if not zone.drive_from:
        return zone.drive_s
    teams = [t for t in registry.teams.values() if person in on_duty(registry, t.id, at)]
    places = {team.unit for team in teams if team.unit is not None}
    known = [zone.drive_from[place] for place in places if place in zone.drive_from]
    nearby = zone.id in places or not known
    return zone.drive_s if nearby else min(known)
