"""Whom a target comes to now, and who of them may own the alarm."""

from collections.abc import Iterable, Sequence

from routing.alarm import Alarm
from routing.colleague import subject_of
from routing.concerned import concerned, users
from routing.instant import Instant
from routing.marks import Mark
from routing.municipality import HANDLERS, Role, Target
from routing.reasons import Reason, ReasonCode, because
from routing.roster import absent, on_duty
from routing.state import Registry

EVERY = "*"
"""As the id of a lead target: the leads of all teams."""
People = dict[str, Reason]
"""Person to why that person is called, in order."""


def can_handle(registry: Registry, person: str) -> bool:
    """Whether the person exists and may own any alarm."""
    known = registry.people.get(person)
    return known is not None and not HANDLERS.isdisjoint(known.roles)


def may_own(registry: Registry, alarm: Alarm | None, person: str) -> bool:
    """Whether the person may own this alarm: who handles alarms, and whom the resident's relatives
    name as responsible."""
    return can_handle(registry, person) or is_relative(registry, alarm, person)


def is_relative(registry: Registry, alarm: Alarm | None, person: str) -> bool:
    """Whether the person is a responsible relative of a resident whom the alarm may be about."""
    return person in registry.people and _relatives(registry, alarm).get(person) == "responsible"


def resolve(
    registry: Registry, targets: Iterable[Target], at: Instant, alarm: Alarm | None = None
) -> People:
    """Return whom the targets ask now, each with the first reason, in order."""
    found: People = {}
    for target in targets:
        if not only_told(target):
            for person, why in _people(registry, target, at, alarm):
                if may_own(registry, alarm, person) and not _is_subject(alarm, person):
                    found.setdefault(person, why)
    return found


def told(registry: Registry, targets: Iterable[Target], at: Instant, alarm: Alarm) -> People:
    """Return whom the targets only inform, who has not been told yet."""
    found: People = {}
    for target in targets:
        if only_told(target):
            for person, _ in _people(registry, target, at, alarm):
                if person in registry.people and person not in alarm.informed:
                    found.setdefault(person, because(ReasonCode.ONLY_INFORMED))
    return found


def only_told(target: Target) -> bool:
    """Whether the target informs and asks nobody."""
    informed_relative = target.kind == "relative" and target.id == "informed"
    return target.informed or informed_relative or target.kind == "outside"


def at_work(registry: Registry, team: str, at: Instant) -> Sequence[str]:
    """Return whom a team has at work: the partner's list, those on duty who may own alarms, or
    everybody of a team without any of those."""
    known = registry.teams.get(team)
    if known is not None and known.partner is not None:
        return known.duty
    there = [person for person in on_duty(registry, team, at) if can_handle(registry, person)]
    return there or registry.members.get(team, ())


def _is_subject(alarm: Alarm | None, person: str) -> bool:
    return alarm is not None and alarm.subject == subject_of(person)


def _relatives(registry: Registry, alarm: Alarm | None) -> dict[str, str]:
    if alarm is None or Mark.RELATIVES_NOT_TOLD in alarm.marks:
        return {}
    found: dict[str, str] = {}
    for resident in concerned(alarm):
        home = registry.residents.get(resident)
        for person, part in home.relatives.items() if home else ():
            if _willing(registry, person, resident, part) and found.get(person) != "responsible":
                found[person] = part
    return found


def _willing(registry: Registry, person: str, resident: str, part: str) -> bool:
    """Whether the relative has not said no, and has said yes where that is asked for."""
    said, one = registry.proofs.agreed.get((person, resident)), registry.municipality
    if said is not None:
        return said.agreed
    return part == "informed" or one is None or not one.relatives_agree


def _people(
    registry: Registry, target: Target, at: Instant, alarm: Alarm | None
) -> list[tuple[str, Reason]]:
    people, why = _all(registry, target, at, alarm)
    found = [person for person in people if _counts(registry, target, alarm, person)]
    if not found and target.kind == "response_centre":  # those at work are not who is asked for
        members = registry.members.get(target.id, ())
        found = [person for person in members if _counts(registry, target, alarm, person)]
    return [(person, why) for person in found]


def _counts(registry: Registry, target: Target, alarm: Alarm | None, person: str) -> bool:
    return _passes(registry, target, person) and not _spared(registry, alarm, person)


def _spared(registry: Registry, alarm: Alarm | None, person: str) -> bool:
    """Whether the person is kept out: an exercise reaches staff only, and nobody's relative is
    reached for a resident who is away."""
    known = registry.people.get(person)
    if alarm is None or known is None:
        return False
    if Mark.EXERCISE in alarm.marks:
        return {Role.RELATIVE, Role.OUTSIDE}.issuperset(known.roles)
    away = Mark.RELATIVES_NOT_TOLD in alarm.marks
    return {Role.RELATIVE}.issuperset(known.roles) and (
        away or _is_of_who_is_away(registry, alarm, person)
    )


def _is_of_who_is_away(registry: Registry, alarm: Alarm, person: str) -> bool:
    """Whether, of those who share the device, only somebody who is away names the relative."""
    if not alarm.about or alarm.concerns is not None:
        return False
    known, device = registry.residents, registry.devices.get(alarm.device or "")
    living = (*alarm.about, *users(registry, device, alarm.resident))
    homes = {h for h in living if h in known and person in known[h].relatives}
    return bool(homes) and homes.isdisjoint(alarm.about)


def _passes(registry: Registry, target: Target, person: str) -> bool:
    if target.role is None and target.having is None:
        return True
    known = registry.people.get(person)
    if known is None or (target.role is not None and target.role not in known.roles):
        return False
    return target.having is None or target.having in known.competences


def _all(
    registry: Registry, target: Target, at: Instant, alarm: Alarm | None
) -> tuple[Sequence[str], Reason]:
    people: Sequence[str] = (target.id,)
    why = because(ReasonCode.NAMED_IN_STEP)
    match target.kind:
        case "on_duty":
            people, why = _on_duty(registry, target.id, at)
        case "team":
            people = registry.members.get(target.id, ())
            why = because(ReasonCode.IN_TEAM, team=target.id)
        case "response_centre":
            people = at_work(registry, target.id, at)
            why = because(ReasonCode.IN_CENTRE, team=target.id)
        case "competence":
            people = _having(registry, target.id, at)
            why = because(ReasonCode.IN_COMPETENCE, competence=target.id)
        case "lead":
            people, why = _leads(registry, target.id), because(ReasonCode.IS_LEAD)
        case "relative":
            part = (p for p, has in _relatives(registry, alarm).items() if has == target.id)
            people = [person for person in part if not absent(registry, person, at)]
            why = because(ReasonCode.IS_RELATIVE)
        case "person" | "outside":
            pass
    return people, why


def _on_duty(registry: Registry, team: str, at: Instant) -> tuple[Sequence[str], Reason]:
    known = registry.teams.get(team)
    if known is None or known.partner is None:
        return on_duty(registry, team, at), because(ReasonCode.ON_DUTY, team=team)
    why = because(ReasonCode.IN_PARTNER_TEAM, team=team, partner=known.partner)
    return known.duty, why


def _having(registry: Registry, competence: str, at: Instant) -> list[str]:
    now = (person for team in registry.teams for person in on_duty(registry, team, at))
    known = ((p, registry.people.get(p)) for p in dict.fromkeys(now))
    return [p for p, person in known if person is not None and competence in person.competences]


def _leads(registry: Registry, team: str) -> list[str]:
    return [p for p in registry.leads if team == EVERY or team in registry.people[p].teams]
