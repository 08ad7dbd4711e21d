"""What relatives agree to: whether they are called for a resident, and when they are away."""

from collections.abc import Iterator

from msgspec.structs import replace

from routing import facts
from routing.act import refuse
from routing.alarm import Alarm, raised
from routing.chain import Draft
from routing.concerned import concerned
from routing.duty import Absence
from routing.hear import Ids
from routing.instant import DAY, Instant
from routing.lifecycle import OWNED, Phase
from routing.local import local_text
from routing.municipality import Role
from routing.proofs.command import ReachAction, ReachCommand
from routing.proofs.duty import own_id
from routing.proofs.facts import RelativeAgreed, RelativeMissed
from routing.proofs.tell import tell_leads_of
from routing.reasons import Reason, ReasonCode, because
from routing.roster import where
from routing.state import Registry, State
from routing.targets import can_handle, is_relative

LONGEST: Instant = 400 * DAY
"""How long a relative may say beforehand that they are away."""


def not_to_agree(state: State, command: ReachCommand, at: Instant) -> Reason | None:
    """Return why the person's yes does not count."""
    home = state.registry.residents.get(command.of or "")
    known = home is not None and command.person in home.relatives
    return None if known else because(ReasonCode.NOT_A_RELATIVE)


def not_to_withdraw(state: State, command: ReachCommand, at: Instant) -> Reason | None:
    """Return why the person cannot take the yes back now: what they have must be given to somebody
    first."""
    wrong = not_to_agree(state, command, at)
    if wrong is not None:
        return wrong
    mine = [
        alarm
        for alarm in state.alarms.values()
        if alarm.owner == command.person
        and alarm.phase in OWNED
        and command.of in {alarm.resident, *concerned(alarm)}
    ]
    return because(ReasonCode.HAS_OPEN_ALARMS, count=len(mine)) if mine else None


def said(state: State, command: ReachCommand, at: Instant) -> list[facts.AnyFact]:
    """Return the yes or the no; whom an alarm calls, or has called by a step before, says no to
    that too, or their next channel would ring still."""
    agreed, resident = command.action is ReachAction.AGREE, command.of or ""
    out: list[facts.AnyFact] = [
        RelativeAgreed(person=command.person, resident=resident, agreed=agreed)
    ]
    for alarm in () if agreed else state.alarms.values():
        asked = command.person in {*alarm.calling, *(page.person for page in alarm.pages)}
        if asked and alarm.phase is Phase.LOOKING and resident in concerned(alarm):
            if _is_wanted_still(state.registry, alarm, command.person, resident):
                continue
            draft = Draft(alarm, at)
            refuse(state.registry, draft, command.person)
            out += draft.decided
    return out


def _is_wanted_still(registry: Registry, alarm: Alarm, person: str, no_to: str) -> bool:
    """Whether the alarm may be about another of theirs too, for whom they have said no no."""
    others = tuple(one for one in concerned(alarm) if one != no_to)
    return bool(others) and is_relative(registry, replace(alarm, about=others), person)


def not_away(state: State, command: ReachCommand, at: Instant) -> Reason | None:
    """Return why the absence does not count. Whoever handles alarms at work, too, is absent by the
    roster alone: nobody takes themselves off it without its being seen who is left."""
    person = state.registry.people[command.of or command.person]
    if Role.RELATIVE not in person.roles or can_handle(state.registry, person.id):
        return because(ReasonCode.ROLE_MAY_NOT)
    since, until = _times(command, at)
    near = at - LONGEST <= since <= at + LONGEST
    fits = until is None or (near and until - since <= LONGEST)
    return None if fits else because(ReasonCode.TIME_DOES_NOT_FIT)


def _times(command: ReachCommand, at: Instant) -> tuple[Instant, Instant | None]:
    """Return from when until when; no end: the person is not away (any more)."""
    since = at if command.since is None else command.since
    until = command.until
    return since, None if until is None or until <= max(since, at) else until


def away(state: State, command: ReachCommand, at: Instant) -> list[facts.AnyFact]:
    """Return the absence, which replaces the one said before, or the end of that."""
    person, here = command.of or command.person, where(state.registry)
    (since, until), item = _times(command, at), own_id(person, "away")
    if until is not None:
        absence = Absence(
            id=item,
            person=person,
            from_local=local_text(here, since),
            to_local=local_text(here, until),
            offer=command.id,
        )
        return [facts.ConfigurationSet(item=absence, author=command.person)]
    if item not in state.registry.absences:
        return []
    return [facts.ConfigurationRemoved(section="absence", id=item, author=command.person)]


def missed(
    state: State, decided: list[facts.AnyFact], at: Instant, ids: Ids
) -> list[facts.AnyFact]:
    """Return the word to the leads, once, that an alarm goes past a responsible relative who has
    not said yes."""
    municipality = state.registry.municipality
    if municipality is None or not municipality.relatives_agree:
        return []
    births = (fact for fact in decided if isinstance(fact, facts.AlarmRaised))
    homes = dict.fromkeys(
        resident
        for birth in births
        if _is_for(state.registry, birth)
        for resident in concerned(raised(birth, at))
    )
    found = [one for resident in homes for one in _missed(state, resident)]
    out: list[facts.AnyFact] = [*found]
    for person in dict.fromkeys(one.person for one in found):
        why = because(ReasonCode.RELATIVE_NOT_AGREED, person=person)
        out += tell_leads_of(state, person, why, at, ids)
    return out


def _is_for(registry: Registry, birth: facts.AlarmRaised) -> bool:
    """Whether the alarm's policy calls responsible relatives at all."""
    policy = registry.versions.get(birth.policy)
    targets = [target for step in policy.steps for target in step.targets] if policy else []
    return any((target.kind, target.id) == ("relative", "responsible") for target in targets)


def _missed(state: State, resident: str) -> Iterator[RelativeMissed]:
    home, book = state.registry.residents.get(resident), state.proofs
    for person, part in home.relatives.items() if home else ():
        pair = (person, resident)
        if part == "responsible" and pair not in book.agreed and pair not in book.missed:
            yield RelativeMissed(person=person, resident=resident)
