"""How long somebody's duty lasts, and for which zones."""

from hub.web.site import Site
from routing.instant import HOUR, Instant
from routing.proofs.duty import teams_of
from routing.roster import spells
from routing.state import Registry

AHEAD: Instant = 24 * HOUR
"""Whoever is on duty for longer without a break asks again."""
_HALF: Instant = AHEAD // 2


def duty_until(registry: Registry, person: str, at: Instant) -> Instant | None:
    """Return when the person's duty ends, over all teams without a break; None off duty.

    A duty that goes on for more than a day is told in half days of UTC, 12 to 24 hours ahead: the
    answer must not move with every question, for each new one is a new shift to the phone.
    """
    until = _unbroken(registry, person, at)
    if until is None or until < at + AHEAD:
        return until
    return (at // _HALF + 2) * _HALF


def _unbroken(registry: Registry, person: str, at: Instant) -> Instant | None:
    """Return until when the person is on duty, at the latest a day ahead; None off duty."""
    until, end = at, at + AHEAD
    while until < end:
        reached = max((_spell(registry, t, person, until, end) for t in registry.teams), default=at)
        if reached == until:
            break
        until = reached
    return None if until == at else until


def _spell(registry: Registry, team: str, person: str, at: Instant, end: Instant) -> Instant:
    """Return until when the person is on duty for one team without a break, at the latest `end`."""
    for _, until, who in spells(registry, team, at, end):
        if person not in who:
            break
        at = until
    return at


def zones(site: Site, person: str, at: Instant) -> list[str]:
    """Return the units for whose residents the person is on duty."""
    registry = site.live.state.registry
    units = (registry.teams[team].unit for team in teams_of(registry, person, at))
    return list(dict.fromkeys(unit for unit in units if unit is not None))
