"""On whom one can rely who is on duty, when somebody may be taken off it for a time.

While nobody is on duty every round still tells the leads. Where nobody leads, an absence, an
override or a swap may leave nobody to call at all: whoever can be taken off does not count then.
"""

from collections.abc import Mapping

from hub.configuration.model import MunicipalityFile
from hub.configuration.week import Minutes
from routing.municipality import HANDLERS, Role

Duty = Mapping[str, Mapping[str, Minutes]]
"""Team to person to the minutes of the week in which that person is on duty."""


def relied(file: MunicipalityFile, duty: Duty) -> Duty:
    """Return those on duty who count; everybody where there is a lead."""
    if any(Role.LEAD in person.roles for person in file.people):
        return duty
    away = {absence.person for absence in file.absences}
    there = {p.id for p in file.people if HANDLERS.intersection(p.roles)} - away
    off = {team: away | _taken_off(file, team, there) for team in duty}
    return {
        team: {person: minutes for person, minutes in people.items() if person not in off[team]}
        for team, people in duty.items()
    }


def _taken_off(file: MunicipalityFile, team: str, there: set[str]) -> set[str]:
    """Return who may be taken off a team's duty with nobody in their place who may own an alarm."""
    found: set[str] = set()
    everybody = {person.id for person in file.people}
    for one in file.overrides:
        if one.team == team and one.mode == "instead" and not there & set(one.people):
            found |= set(one.replaces) or everybody
    found |= {s.gives for s in file.swaps if s.team == team and s.takes not in there}
    return found
