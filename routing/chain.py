"""The escalation chain: whom a step calls, what follows when its wait ends, and how it never ends.

A step that finds nobody takes no time. When no step finds anybody the fallback is called; when that
is nobody too, the alarm stays loud and tries again. After the last step the round ends: leads are
told, and the last step (or the whole chain) is called again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from routing import facts
from routing.alarm import LIVE_PAGE, Alarm, apply
from routing.instant import SECOND, Instant
from routing.kinds import Category
from routing.municipality import HANDLERS, Policy, Target
from routing.reasons import Reason, ReasonCode, because
from routing.roster import on_duty
from routing.state import Registry

NOBODY_WAIT_S = 60
"""How soon a chain that found nobody tries again."""
NO_POLICY = Policy(id="none", steps=(), fallback=())
"""Stands in before anything is configured: an alarm is never lost for want of a policy."""


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
    registry: Registry, category: Category, resident: str | None, unit: str | None
) -> str:
    """Return the content hash of the nearest policy: the resident's, the unit's, the default."""
    home = registry.residents.get(resident or "")
    zone = registry.units.get(unit or "")
    tables = [where.policies for where in (home, zone) if where is not None]
    named = [table[key] for table in tables for key in (category, "*") if key in table]
    default = [registry.municipality.default_policy] if registry.municipality else []
    known = [registry.current[name] for name in named + default if name in registry.current]
    return known[0] if known else NO_POLICY.id


def policy_of(registry: Registry, alarm: Alarm) -> Policy:
    """Return the policy version the alarm started with."""
    return registry.versions.get(alarm.policy, NO_POLICY)


def _people(registry: Registry, target: Target, at: Instant) -> tuple[Sequence[str], Reason]:
    match target.kind:
        case "on_duty":
            return on_duty(registry, target.id, at), because(ReasonCode.ON_DUTY, team=target.id)
        case "team":
            return registry.members.get(target.id, ()), because(ReasonCode.IN_TEAM, team=target.id)
        case "person":
            return (target.id,), because(ReasonCode.NAMED_IN_STEP)


def resolve(registry: Registry, targets: Iterable[Target], at: Instant) -> dict[str, Reason]:
    """Return whom the targets come to now, each with the first reason, in order."""
    found: dict[str, Reason] = {}
    for target in targets:
        people, why = _people(registry, target, at)
        for person in people:
            if can_handle(registry, person):
                found.setdefault(person, why)
    return found


def can_handle(registry: Registry, person: str) -> bool:
    """Whether the person exists and may own an alarm."""
    known = registry.people.get(person)
    return known is not None and not HANDLERS.isdisjoint(known.roles)


def page(alarm: Alarm, where: str, person: str, channel: str, why: Reason) -> facts.Page:
    """Return a page whose send id derives from what it is, so that trying again keeps the id."""
    send = f"{alarm.id}:{where}:{person}:{channel}"
    return facts.Page(send=send, person=person, channel=channel, why=why)


def first_channel(registry: Registry, person: str) -> str:
    """Return the channel tried first; the live page for those who have no other."""
    known = registry.people.get(person)
    return known.channels[0] if known and known.channels else LIVE_PAGE


def pages(
    registry: Registry, alarm: Alarm, where: str, people: dict[str, Reason]
) -> tuple[facts.Page, ...]:
    """Return a page to each person by the channel tried first."""
    return tuple(
        page(alarm, where, person, first_channel(registry, person), why)
        for person, why in people.items()
    )


def tell_leads(registry: Registry, draft: Draft, where: str, why: Reason) -> None:
    """Page each lead whom the present step does not call anyway."""
    others = [lead for lead in registry.leads if lead not in draft.alarm.calling]
    called = pages(registry, draft.alarm, where, dict.fromkeys(others, why))
    if called:
        draft.add(facts.Paged(alarm=draft.alarm.id, pages=called, reason=why))


def start(registry: Registry, draft: Draft, round: int, step: int, reason: Reason) -> None:
    """Call the first step from `step` on that finds anybody, or the fallback."""
    policy, at, alarm = policy_of(registry, draft.alarm), draft.at, draft.alarm
    refused = alarm.refused if round == alarm.round else ()
    for index in range(step, len(policy.steps)):
        here = policy.steps[index]
        people = {p: w for p, w in resolve(registry, here.targets, at).items() if p not in refused}
        if people:
            called = pages(registry, alarm, f"r{round}.s{index}", people)
            draft.add(
                facts.StepStarted(
                    alarm=alarm.id,
                    round=round,
                    step=index,
                    pages=called,
                    due_at=at + here.wait_s * SECOND,
                    reason=reason,
                )
            )
            return
        nobody = because(ReasonCode.NOBODY_IN_STEP, step=index + 1)
        draft.add(facts.StepSkipped(alarm=alarm.id, round=round, step=index, reason=nobody))
    _fall_back(registry, draft, round, policy)


def _fall_back(registry: Registry, draft: Draft, round: int, policy: Policy) -> None:
    why = because(ReasonCode.FALLBACK, policy=policy.id)
    found = dict.fromkeys(resolve(registry, policy.fallback, draft.at), why)
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
    draft.add(facts.RoundEnded(alarm=alarm.id, round=alarm.round, reason=reason))
    again = max(last, 0) if policy.loop == "last" else 0
    looped = because(ReasonCode.LAST_STEP_LOOPS, round=alarm.round + 1)
    start(registry, draft, alarm.round + 1, again, looped)
    told = because(ReasonCode.LEAD_TOLD_EXHAUSTED, round=alarm.round)
    tell_leads(registry, draft, f"r{alarm.round}.end", told)


def at_last_step(registry: Registry, alarm: Alarm) -> bool:
    """Whether nothing but the loop comes after the present step."""
    return alarm.step >= len(policy_of(registry, alarm).steps) - 1
