"""Who is on duty in a team, person by person: what is exported."""

from hub.configuration.compile import compile
from hub.configuration.model import MunicipalityFile
from routing.instant import Instant
from routing.registry_fold import put_item
from routing.roster import spells
from routing.state import Registry


def registry_of(file: MunicipalityFile) -> Registry:
    """Return the registry that the file makes."""
    registry = Registry()
    for item in compile(file).items.values():
        put_item(registry, item)
    return registry


def duty(
    registry: Registry, team: str, from_at: Instant, to_at: Instant
) -> list[tuple[str, Instant, Instant]]:
    """Return (person, from, to) for every unbroken time on duty, by beginning."""
    open_since: dict[str, Instant] = {}
    found: list[tuple[str, Instant, Instant]] = []
    for start, _, people in (*spells(registry, team, from_at, to_at), (to_at, to_at, ())):
        for person in [p for p in open_since if p not in people]:
            found.append((person, open_since.pop(person), start))
        for person in people:
            open_since.setdefault(person, start)
    return sorted(found, key=lambda one: (one[1], one[0]))
