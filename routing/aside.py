"""What goes on beside an owner: a handover that is asked, and the search for a helper.

The owner stays the owner all the time, until somebody has said yes.
"""

from collections.abc import Sequence

from routing import facts_life as facts
from routing.alarm_value import Alarm
from routing.chain import Draft, page, pages, policy_of, tell_leads
from routing.inputs import Command
from routing.instant import SECOND, Instant
from routing.kinds import Category
from routing.municipality import Policy
from routing.nearest import counts
from routing.plans import Paging
from routing.proofs.order import first_channel
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry
from routing.targets import People, at_work, may_own, resolve


def candidates(registry: Registry, draft: Draft, command: Command) -> Sequence[str]:
    """Return whom the handover would ask: the person, or those at work in the team, but not the
    owner."""
    named = () if command.to_person is None else (command.to_person,)
    team = () if command.to_team is None else at_work(registry, command.to_team, draft.at)
    alarm = draft.alarm
    everybody = dict.fromkeys((*named, *team))
    return [p for p in everybody if p != alarm.owner and may_own(registry, alarm, p)]


def ask_handover(registry: Registry, draft: Draft, command: Command) -> None:
    """Ask others to take the alarm."""
    alarm, to = draft.alarm, candidates(registry, draft, command)
    why = because(ReasonCode.HANDOVER_ASKED, owner=alarm.owner or "")
    where = f"o{alarm.asides + 1}"
    draft.add(
        facts.HandoverAsked(
            alarm=alarm.id,
            person=command.person,
            to=tuple(to),
            pages=pages(registry, alarm, where, dict.fromkeys(to, why)),
            due_at=draft.at + policy_of(registry, alarm).handover_s * SECOND,
            reason=why,
        )
    )


def take_over(draft: Draft, person: str, due_at: Instant) -> None:
    """Make one of those asked the owner."""
    draft.add(
        facts.HandoverAccepted(
            alarm=draft.alarm.id,
            person=person,
            previous_owner=draft.alarm.owner or "",
            due_at=due_at,
        )
    )


def decline(registry: Registry, draft: Draft, person: str) -> None:
    """No to a handover, or to joining. When nobody is left to answer, it goes on at once."""
    handover, search = draft.alarm.handover, draft.alarm.help
    if handover is not None and person in handover.to and person not in handover.declined:
        draft.add(facts.HandoverDeclined(alarm=draft.alarm.id, person=person))
        if {*handover.to} == {*handover.declined, person}:
            _give_back(registry, draft, because(ReasonCode.HANDOVER_DECLINED), "declined")
    elif search is not None and person in search.to and person not in search.declined:
        draft.add(facts.HelpDeclined(alarm=draft.alarm.id, person=person))
        if {*search.to} <= {*search.declined, person}:
            _search_on(registry, draft, because(ReasonCode.ALL_REFUSED))


def _give_back(registry: Registry, draft: Draft, why: Reason, how: str) -> None:
    alarm = draft.alarm
    owner = alarm.owner or ""
    called = page(alarm, f"o{alarm.asides}.back", owner, first_channel(registry, owner), why)
    draft.add(
        facts.HandoverReturned(
            alarm=alarm.id,
            how="declined" if how == "declined" else "timed_out",
            pages=(called,),
            reason=why,
        )
    )


def ask_help(registry: Registry, draft: Draft, person: str) -> None:
    """Begin the second search: the same steps, for somebody beside the owner."""
    why = because(ReasonCode.HELP_ASKED, owner=person)
    draft.add(facts.HelpAsked(alarm=draft.alarm.id, person=person, reason=why))
    _search(registry, draft, 1, 0, why)


def ask_for_more(registry: Registry, draft: Draft) -> None:
    """Begin the second search where more people must go together than have said yes. A technical
    fault is looked at by one."""
    alarm = draft.alarm
    owner, has = alarm.owner, 1 + len(alarm.helpers)
    busy = owner is None or alarm.help is not None or alarm.category is Category.TECHNICAL
    if busy or has >= alarm.people_needed:
        return
    why = because(ReasonCode.PEOPLE_NEEDED, people=alarm.people_needed)
    draft.add(facts.HelpAsked(alarm=alarm.id, person=owner or "", reason=why))
    _search(registry, draft, 1, 0, why)


def join(registry: Registry, draft: Draft, person: str) -> None:
    """Somebody comes beside the owner, who is told."""
    alarm = draft.alarm
    owner = alarm.owner or ""
    why = because(ReasonCode.HELP_HAS_COME, person=person)
    told = page(alarm, f"h{alarm.asides}.join", owner, first_channel(registry, owner), why)
    draft.add(facts.HelperJoined(alarm=alarm.id, person=person, pages=(told,)))


def overdue(registry: Registry, draft: Draft) -> None:
    """Do what the deadlines of a handover and of a search bring."""
    handover = draft.alarm.handover
    if handover is not None and handover.due_at <= draft.at:
        wait_s = policy_of(registry, draft.alarm).handover_s
        _give_back(
            registry, draft, because(ReasonCode.HANDOVER_TIMED_OUT, wait_s=wait_s), "timed_out"
        )
    search = draft.alarm.help
    if search is not None and search.due_at <= draft.at:
        why = because(ReasonCode.NOBODY_ACCEPTED_IN_TIME, step=search.step + 1)
        _search_on(registry, draft, why)


def _search_on(registry: Registry, draft: Draft, reason: Reason) -> None:
    """Call the next step of the search; after the last, tell the leads and begin again."""
    search, policy, alarm = draft.alarm.help, policy_of(registry, draft.alarm), draft.alarm
    if search is None:
        return
    if search.step < len(policy.steps) - 1:
        _search(registry, draft, search.round, search.step + 1, reason)
        return
    again = max(len(policy.steps) - 1, 0) if policy.loop == "last" else 0
    looped = because(ReasonCode.LAST_STEP_LOOPS, round=search.round + 1)
    _search(registry, draft, search.round + 1, again, looped)
    why = because(ReasonCode.LEAD_TOLD_NO_HELP, owner=alarm.owner or "")
    tell_leads(registry, draft, f"h{alarm.asides}.r{search.round}.end", why)


def _search(registry: Registry, draft: Draft, round: int, step: int, reason: Reason) -> None:
    alarm, policy = draft.alarm, policy_of(registry, draft.alarm)
    for index in range(step, len(policy.steps)):
        here = policy.steps[index]
        people = _free(registry, draft, policy, round, index)
        if people and counts(registry, here.when, alarm, draft.at):
            _call(registry, draft, (round, index), people, reason)
            return
    fallback = _free(registry, draft, policy, round, len(policy.steps))
    _call(registry, draft, (round, len(policy.steps)), fallback, reason)


def _free(registry: Registry, draft: Draft, policy: Policy, round: int, index: int) -> People:
    """Return whom a step of the search finds (after the last: the fallback) who is not in it."""
    alarm = draft.alarm
    targets = policy.steps[index].targets if index < len(policy.steps) else policy.fallback
    same_round = alarm.help is not None and alarm.help.round == round
    declined = alarm.help.declined if same_round and alarm.help else ()
    busy = {alarm.owner, *alarm.helpers, *declined}
    found = resolve(registry, targets, draft.at, alarm)
    return {person: why for person, why in found.items() if person not in busy}


def _call(
    registry: Registry, draft: Draft, where: tuple[int, int], people: People, reason: Reason
) -> None:
    """Call people in a step, (round, index), of the search; nobody is tried again after a pause."""
    (round, index), alarm, policy = where, draft.alarm, policy_of(registry, draft.alarm)
    last = min(index, len(policy.steps) - 1)
    pause_s = _pause_s(registry, alarm)
    wait_s = policy.steps[last].wait_s if people and policy.steps else pause_s
    draft.add(
        facts.HelpStep(
            alarm=alarm.id,
            round=round,
            step=index,
            to=tuple(people),
            pages=pages(registry, alarm, f"h{alarm.asides}.r{round}.s{index}", people),
            due_at=draft.at + wait_s * SECOND,
            reason=reason,
        )
    )


def _pause_s(registry: Registry, alarm: Alarm) -> int:
    """Return how soon a search that finds nobody looks again: longer each time. It has an owner,
    who is with the resident or on the way; an alarm without one never waits so."""
    municipality = registry.municipality
    pauses = (Paging() if municipality is None else municipality.paging).nobody_s
    alone = 0 if alarm.help is None else alarm.help.alone
    return pauses[min(alone, len(pauses) - 1)]
