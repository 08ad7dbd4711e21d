"""Who could take a duty that lacks people: of the right competence, free, and rested."""

from routing.coverage import spots
from routing.duty import OpenDuty
from routing.instant import SECOND, Instant
from routing.local import at_text
from routing.reasons import Reason, ReasonCode, because
from routing.roster import spells, where
from routing.state import Registry
from routing.targets import can_handle


def lacking(registry: Registry, duty: OpenDuty, at: Instant) -> int:
    """Return how many people the duty still lacks from now on; 0 when it is covered or gone."""
    need = registry.needs.get(duty.need)
    start = max(duty.from_at, at)
    if need is None or start >= duty.to_at:
        return 0
    return max((s.required - s.have for s in spots(registry, need, start, duty.to_at)), default=0)


def hindrance(registry: Registry, person: str, duty: OpenDuty, rest_s: int) -> Reason | None:
    """Return why the person cannot take the duty; None when nothing hinders."""
    need, known = registry.needs.get(duty.need), registry.people.get(person)
    if known is None or not can_handle(registry, person):
        return because(ReasonCode.ROLE_MAY_NOT)
    if need is not None and need.competence not in {None, *known.competences}:
        return because(ReasonCode.COMPETENCE_MISSING, competence=need.competence or "")
    if _absent(registry, person, duty):
        return because(ReasonCode.DUTY_ABSENT)
    return _busy(registry, person, duty, rest_s)


def _absent(registry: Registry, person: str, duty: OpenDuty) -> bool:
    here = where(registry)
    return any(
        at_text(here, one.from_local) < duty.to_at and at_text(here, one.to_local) > duty.from_at
        for one in registry.absences.values()
        if one.person == person
    )


def _busy(registry: Registry, person: str, duty: OpenDuty, rest_s: int) -> Reason | None:
    """On duty then, in any team; or so near to it that too little rest is left."""
    tired: Reason | None = None
    first, last = duty.from_at - rest_s * SECOND, duty.to_at + rest_s * SECOND
    for team in registry.teams:
        for start, end, people in spells(registry, team, first, last):
            if person not in people:
                continue
            if start < duty.to_at and end > duty.from_at:
                return because(ReasonCode.DUTY_ALREADY_ON, team=team)
            tired = because(ReasonCode.DUTY_NO_REST, rest_s=rest_s)
    return tired
