"""Who may sign in by PIN on a unit's shared phone: those who work in the unit's teams."""

from dataclasses import dataclass

from hub.web.site import Site
from routing.municipality import HANDLERS


@dataclass(frozen=True)
class Listed:
    """One name on the list."""

    person: str
    name: str


def listed(site: Site, unit: str) -> list[Listed]:
    """Return the unit's people by name; whether they have a PIN is not told."""
    registry = site.live.state.registry
    teams = {team.id for team in registry.teams.values() if team.unit == unit}
    found = [
        Listed(person.id, site.names.name("person", person.id))
        for person in registry.people.values()
        if teams & set(person.teams) and HANDLERS & set(person.roles)
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.person))
