"""On duty and off duty by one's own word. The roster stays the truth: what is said here becomes an
item of the roster, and nobody is off duty for not having said anything."""

from routing import facts
from routing.duty import Absence, Override
from routing.event import derive_id
from routing.instant import HOUR, MINUTE, SECOND, Instant
from routing.lifecycle import OWNED
from routing.local import at_text, local_text
from routing.municipality import Role
from routing.plans import Paging
from routing.proofs.command import ReachCommand
from routing.proofs.facts import DutyBegun, DutyEnded
from routing.reasons import Reason, ReasonCode, because
from routing.registry_fold import configured
from routing.roster import duty_ends, on_duty, where
from routing.state import Registry, State
from routing.targets import can_handle
from routing.tasks.duty import covered

LONGEST: Instant = 14 * HOUR
"""How long somebody may be taken on beside the roster, and how long it counts that they are there:
no duty is longer, and not everybody says that they go."""


def proven(state: State, person: str, at: Instant) -> bool:
    """Whether any channel of the person has been proven lately, and has not failed since."""
    known, since = state.registry.people.get(person), at - proof_s(state.registry) * SECOND
    proofs = [state.proofs.of(person, channel) for channel in (known.channels if known else ())]
    return any(p.failed_at is None and (p.proven_at or 0) >= max(since, 1) for p in proofs)


def proof_s(registry: Registry) -> int:
    """Return how old a proof may be, in seconds."""
    one = registry.municipality
    return (Paging() if one is None else one.paging).proof_s


def here_since(state: State, person: str, at: Instant) -> Instant | None:
    """Return since when the person has said to be there; None when they have not, or long ago."""
    since = state.proofs.present.get(person)
    return None if since is None or since + LONGEST <= at else since


def teams_of(registry: Registry, person: str, at: Instant) -> list[str]:
    """Return the teams in which the person is on duty now."""
    return [team for team in registry.teams if person in on_duty(registry, team, at)]


def not_to_begin(state: State, command: ReachCommand, at: Instant) -> Reason | None:
    """Return why the person cannot be on duty now by their word."""
    person = command.of or command.person
    if not can_handle(state.registry, person):
        return because(ReasonCode.ROLE_MAY_NOT)
    if not proven(state, person, at):
        return because(ReasonCode.NO_CHANNEL_PROVEN, within_s=proof_s(state.registry))
    after = configured(state.registry, _back(state.registry, person))
    if teams_of(after, person, at):
        return None
    return _not_to_join(after, command, person, at)


def _not_to_join(
    registry: Registry, command: ReachCommand, person: str, at: Instant
) -> Reason | None:
    team = registry.teams.get(command.team or "")
    if team is None or team.partner is not None:
        return because(ReasonCode.TEAM_MISSING)
    leads = Role.LEAD in registry.people[command.person].roles
    if team.id not in registry.people[person].teams and not leads:
        return because(ReasonCode.ROLE_MAY_NOT)
    if not _fits(registry, command.until, at):
        return because(ReasonCode.TIME_DOES_NOT_FIT)
    joined = configured(registry, (_join(registry, command, person, at),))
    away = not teams_of(joined, person, at)
    return because(ReasonCode.DUTY_ABSENT) if away else None


def _fits(registry: Registry, until: Instant | None, at: Instant) -> bool:
    """Whether it is later and not too late, also as the minute of local time that is written."""
    if until is None or not at < until <= at + LONGEST:
        return False
    here = where(registry)
    return at_text(here, local_text(here, _whole_minute(until))) > at


def _whole_minute(until: Instant) -> Instant:
    """Return the end as the roster writes it: by the minute, and not before what was said."""
    return -(-until // MINUTE) * MINUTE


def begun(state: State, command: ReachCommand, at: Instant) -> list[facts.AnyFact]:
    """Return that the person is there, and what that changes in the roster."""
    person, registry = command.of or command.person, state.registry
    changes: list[facts.ConfigurationSet | facts.ConfigurationRemoved] = [*_back(registry, person)]
    beside = not teams_of(configured(registry, changes), person, at)
    if beside:
        changes.append(_join(registry, command, person, at))
    here = DutyBegun(
        person=person,
        by=command.person,
        team=command.team if beside else None,
        until=_whole_minute(command.until or at) if beside else None,
    )
    return [here, *changes, *covered(state, changes, at)]


def own_id(person: str, what: str) -> str:
    """Return the id of the roster item that a person's word makes: one of each kind, so that they
    do not pile up."""
    return f"{what}-{derive_id('duty', person)[:16]}"


def _back(registry: Registry, person: str) -> tuple[facts.ConfigurationRemoved, ...]:
    """Return the end of the absence that going off duty has made."""
    item = own_id(person, "off")
    if item not in registry.absences:
        return ()
    return (facts.ConfigurationRemoved(section="absence", id=item, author=person),)


def _join(
    registry: Registry, command: ReachCommand, person: str, at: Instant
) -> facts.ConfigurationSet:
    here = where(registry)
    item = Override(
        id=own_id(person, "joined"),
        team=command.team or "",
        people=(person,),
        from_local=local_text(here, at),
        to_local=local_text(here, _whole_minute(command.until or at)),
        mode="extra",
        offer=command.id,
    )
    return facts.ConfigurationSet(item=item, author=command.person)


def not_to_end(state: State, command: ReachCommand, at: Instant) -> Reason | None:
    """Return why the person cannot go now."""
    registry, person = state.registry, command.of or command.person
    if not can_handle(registry, person):
        return because(ReasonCode.ROLE_MAY_NOT)
    count = owning(state, person)
    if count:
        return because(ReasonCode.HAS_OPEN_ALARMS, count=count)
    left = alone_in(registry, person, at)
    if left is not None and not command.knowing:
        return because(ReasonCode.LAST_ON_DUTY, team=left)
    return None


def owning(state: State, person: str) -> int:
    """Return how many open alarms the person has."""
    return sum(one.owner == person and one.phase in OWNED for one in state.alarms.values())


def alone_in(registry: Registry, person: str, at: Instant) -> str | None:
    """Return a team in which the person is the only one on duty now who can handle alarms."""
    for team in teams_of(registry, person, at):
        others = (one for one in on_duty(registry, team, at) if one != person)
        if not any(can_handle(registry, one) for one in others):
            return team
    return None


def ended(state: State, command: ReachCommand, at: Instant) -> list[facts.AnyFact]:
    """Return that the person goes: the roster is without them until their shift ends."""
    registry, person = state.registry, command.of or command.person
    until = duty_ends(registry, person, at)
    last = alone_in(registry, person, at) is not None
    gone = DutyEnded(person=person, by=command.person, until=until, last=last)
    if until is None:
        return [gone]
    here = where(registry)
    absence = Absence(
        id=own_id(person, "off"),
        person=person,
        from_local=local_text(here, at),
        to_local=local_text(here, until),
        offer=command.id,
    )
    return [gone, facts.ConfigurationSet(item=absence, author=command.person)]
