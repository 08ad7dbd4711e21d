"""The escalation chain: whom a step calls, what follows when its wait ends, and how it never ends.

A step that finds nobody takes no time. When no step finds anybody the fallback is called; when that
is nobody too, the policy that is nearest now goes on where that is another one, else the alarm
stays loud and tries again. After the last step the round ends: leads are told, and the last step
(or the whole chain) is called again; or another policy follows.
"""

from dataclasses import dataclass, field
from typing import cast

from routing import facts, facts_life
from routing.alarm import Alarm, apply
from routing.instant import SECOND, Instant
from routing.kinds import Category
from routing.municipality import Policy, Step, Target
from routing.nearest import counts, named
from routing.proofs.order import first_channel
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry
from routing.targets import People, may_own, resolve, told

NOBODY_WAIT_S = 60
"""How soon a chain that found nobody tries again."""
NO_POLICY = Policy(id="none", steps=(), fallback=())
"""Stands in before anything is configured: an alarm is never lost for want of a policy."""
LEADS = Policy(id="leads", steps=(Step((Target("lead", "*"),), 12 * 3600),), fallback=())
"""What the hub itself has to tell the leads, and nobody else; again after half a day."""


@dataclass(slots=True)
class Draft:
    """An alarm under decision: its facts so far, and its value after them."""

    alarm: Alarm
    at: Instant
    decided: "list[facts.AnyFact]" = field(default_factory=list)

    def add(self, fact: facts.AlarmFact) -> None:
        self.decided.append(cast("facts.AnyFact", fact))
        self.alarm = apply(fact, self.alarm, self.at)


def policy_for(
    registry: Registry,
    category: Category,
    resident: str | None,
    unit: str | None,
    at: Instant | None = None,
) -> str:
    """Return the content hash of the nearest policy that is named for it and known."""
    names = named(registry, category, resident, unit, at)
    return next((registry.current[n] for n in names if n in registry.current), NO_POLICY.id)


def policy_of(registry: Registry, alarm: Alarm) -> Policy:
    """Return the policy version the alarm started with."""
    built_in = LEADS if alarm.policy == LEADS.id else NO_POLICY
    return registry.versions.get(alarm.policy, built_in)


def page(
    alarm: Alarm, where: str, person: str, channel: str, why: Reason, *, informed: bool = False
) -> facts.Page:
    """Return a page whose send id derives from what it is, so that trying again keeps the id."""
    send = f"{alarm.id}:{where}:{person}:{channel}"
    return facts.Page(send=send, person=person, channel=channel, why=why, informed=informed)


def pages(
    registry: Registry, alarm: Alarm, where: str, people: People, *, informed: bool = False
) -> tuple[facts.Page, ...]:
    """Return a page to each person by the channel tried first."""
    return tuple(
        page(alarm, where, person, first_channel(registry, person), why, informed=informed)
        for person, why in people.items()
    )


def tell_leads(registry: Registry, draft: Draft, where: str, why: Reason) -> None:
    """Page each lead whom the present step or search does not call anyway."""
    alarm = draft.alarm
    known = {*alarm.calling, alarm.owner, *(alarm.help.to if alarm.help else ())}
    others = [lead for lead in registry.leads if lead not in known]
    called = pages(registry, alarm, where, dict.fromkeys(others, why))
    if called:
        draft.add(facts.Paged(alarm=alarm.id, pages=called, reason=why))


def start(registry: Registry, draft: Draft, round: int, step: int, reason: Reason) -> None:
    """Call the first step from `step` on that counts now and finds anybody; then what follows the
    policy, or the fallback."""
    policy = policy_of(registry, draft.alarm)
    for index in range(step, len(policy.steps)):
        if not counts(registry, policy.steps[index].when, draft.alarm, draft.at):
            skipped = because(ReasonCode.STEP_NOT_NOW, step=index + 1)
        elif _start_step(registry, draft, round, index, reason):
            return
        else:
            skipped = because(ReasonCode.NOBODY_IN_STEP, step=index + 1)
        draft.add(facts.StepSkipped(alarm=draft.alarm.id, round=round, step=index, reason=skipped))
    if not _follow(registry, draft, round):
        _fall_back(registry, draft, round, policy)


def _start_step(registry: Registry, draft: Draft, round: int, index: int, reason: Reason) -> bool:
    """Call a step and tell whom it only informs; False when there is nobody to wait for."""
    alarm, at = draft.alarm, draft.at
    here, where = policy_of(registry, alarm).steps[index], f"r{round}.s{index}"
    refused = alarm.refused if round == alarm.round else ()
    found = resolve(registry, here.targets, at, alarm)
    people = {person: why for person, why in found.items() if person not in refused}
    beside = told(registry, here.targets, at, alarm)
    aside = {person: why for person, why in beside.items() if person not in people}
    informed = pages(registry, alarm, where, aside, informed=True)
    if not people:
        if informed:
            why = because(ReasonCode.ONLY_INFORMED)
            draft.add(facts.Paged(alarm=alarm.id, pages=informed, reason=why))
        return False
    first, *rest = people
    now = {first: people[first]} if here.in_turn else people
    draft.add(
        facts.StepStarted(
            alarm=alarm.id,
            round=round,
            step=index,
            pages=pages(registry, alarm, where, now) + informed,
            due_at=at + here.wait_s * SECOND,
            reason=reason,
            waiting=tuple(rest) if here.in_turn else (),
            number=here.number,
        )
    )
    return True


def _follow(registry: Registry, draft: Draft, round: int) -> bool:
    """Go on with the policy that follows this one; False when none does. A policy that has handed
    on is not begun again, so that a circle ends in the loop of its last."""
    version = registry.current.get(policy_of(registry, draft.alarm).then or "", "")
    return _go_over(registry, draft, round, version, ReasonCode.POLICY_FOLLOWED)


def _renew(registry: Registry, draft: Draft, round: int) -> bool:
    """Go on with the policy that is nearest now, where the version that runs finds nobody at all:
    whom it names may have left since. False when it is that one that found nobody."""
    alarm = draft.alarm
    if alarm.policy == LEADS.id:
        return False
    nearest = policy_for(registry, alarm.category, alarm.of_whom, alarm.unit, draft.at)
    return _go_over(registry, draft, round, nearest, ReasonCode.POLICY_RENEWED)


def _go_over(registry: Registry, draft: Draft, round: int, version: str, code: ReasonCode) -> bool:
    alarm, known = draft.alarm, registry.versions.get(version)
    if known is None or version in (*alarm.followed, alarm.policy):
        return False
    why = because(code, policy=known.id)
    draft.add(facts_life.PolicyFollowed(alarm=alarm.id, policy=version, reason=why))
    start(registry, draft, round + 1, 0, why)
    return True


def _fall_back(registry: Registry, draft: Draft, round: int, policy: Policy) -> None:
    why = because(ReasonCode.FALLBACK, policy=policy.id)
    found = dict.fromkeys(resolve(registry, policy.fallback, draft.at, draft.alarm), why)
    if not found and _renew(registry, draft, round):
        return
    reason = why if found else because(ReasonCode.NOBODY_ANYWHERE)
    step = len(policy.steps)
    wait_s = policy.steps[-1].wait_s if found and policy.steps else NOBODY_WAIT_S
    draft.add(
        facts.StepStarted(
            alarm=draft.alarm.id,
            round=round,
            step=step,
            pages=pages(registry, draft.alarm, f"r{round}.s{step}", found),
            due_at=draft.at + wait_s * SECOND,
            reason=reason,
        )
    )


def advance(registry: Registry, draft: Draft, reason: Reason) -> None:
    """Go to the next step, or end the round and loop."""
    policy, alarm = policy_of(registry, draft.alarm), draft.alarm
    last = len(policy.steps) - 1
    if alarm.step < last:
        start(registry, draft, alarm.round, alarm.step + 1, reason)
        return
    if _follow(registry, draft, alarm.round):
        return
    draft.add(facts.RoundEnded(alarm=alarm.id, round=alarm.round, reason=reason))
    again = max(last, 0) if policy.loop == "last" else 0
    looped = because(ReasonCode.LAST_STEP_LOOPS, round=alarm.round + 1)
    start(registry, draft, alarm.round + 1, again, looped)
    why = because(ReasonCode.LEAD_TOLD_EXHAUSTED, round=alarm.round)
    tell_leads(registry, draft, f"r{alarm.round}.end", why)


def next_in_turn(registry: Registry, draft: Draft, reason: Reason) -> None:
    """Call the next of a step that calls one after another; after its last, the next step."""
    alarm = draft.alarm
    left = [p for p in alarm.waiting if may_own(registry, alarm, p) and p not in alarm.refused]
    if not left:
        advance(registry, draft, reason)
        return
    why = because(ReasonCode.NEXT_IN_TURN, step=alarm.step + 1)
    called = pages(registry, alarm, f"r{alarm.round}.s{alarm.step}", {left[0]: why})
    draft.add(
        facts_life.NextCalled(
            alarm=alarm.id,
            pages=called,
            waiting=tuple(left[1:]),
            due_at=draft.at + policy_of(registry, alarm).steps[alarm.step].wait_s * SECOND,
            reason=reason,
        )
    )


def at_last_step(registry: Registry, alarm: Alarm) -> bool:
    """Whether nothing but the loop comes after the present step."""
    policy = policy_of(registry, alarm)
    return policy.then is None and alarm.step >= len(policy.steps) - 1
