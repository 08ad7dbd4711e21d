"""Who is asked to do a task: the steps of its policy, once through, and never in the night.

As with alarms a step that finds nobody takes no time, everybody's no brings the next one, and the
first yes wins (or the first few, where more are needed). Unlike them it does not loop: when all
have been asked, leads are told, and the task waits in the list until its window ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from routing.alarm import Alarm
from routing.call import call_of
from routing.chain import NO_POLICY
from routing.fact_base import Page
from routing.instant import SECOND, Instant
from routing.kinds import Category, Kind
from routing.local import MINUTES_A_DAY, at_minute, local_day
from routing.municipality import Policy, Target
from routing.nearest import counts
from routing.pool import hindrance
from routing.proofs.order import first_channel, next_channel
from routing.reasons import Reason, ReasonCode, because
from routing.roster import local_time, where, within
from routing.state import Registry
from routing.targets import People, can_handle, resolve
from routing.tasks import facts
from routing.tasks.plans import TaskCare
from routing.tasks.value import LIVE_PAGE, Task, apply

_PROPOSED = TaskCare()


@dataclass(slots=True)
class TaskDraft:
    """A task under decision: its facts so far, and its value after them."""

    task: Task
    at: Instant
    decided: list[facts.AnyTaskFact] = field(default_factory=list)

    def add(self, fact: facts.TaskFact) -> None:
        self.decided.append(cast("facts.AnyTaskFact", fact))
        self.task = apply(fact, self.task, self.at)


def care(registry: Registry) -> TaskCare:
    """Return the municipality's way with tasks; the proposed one while nothing is configured."""
    one = registry.municipality
    return _PROPOSED if one is None else one.tasks


def quiet_until(registry: Registry, task: Task, at: Instant) -> Instant | None:
    """Return when this task may ring again; None when it may ring now."""
    numbers = care(registry)
    start, end = numbers.quiet_from_minute, numbers.quiet_to_minute
    local = local_time(registry, at)
    asleep = start != end and within(local.hour * 60 + local.minute, start, end)
    if task.severity >= numbers.quiet_below or not asleep:
        return None
    here = where(registry)
    today = at_minute(here, local_day(here, at), end)
    return today if today > at else at_minute(here, local_day(here, at), end + MINUTES_A_DAY)


def offer(registry: Registry, draft: TaskDraft, step: int, reason: Reason) -> None:
    """Ask the first step from `step` on that finds anybody; in a quiet night, after it."""
    until = quiet_until(registry, draft.task, draft.at) if draft.task.rings else None
    if until is not None:
        why = because(ReasonCode.NIGHT_IS_QUIET)
        due_at = _at_most(draft, until)
        draft.add(facts.TaskHeld(task=draft.task.id, step=step, due_at=due_at, reason=why))
        return
    policy = policy_of(registry, draft.task)
    for index in range(step, len(policy.steps)):
        one = policy.steps[index]
        if counts(registry, one.when, _as_alarm(draft.task), draft.at):
            asked = _asked(registry, draft, one.targets)
            if asked:
                return _ask(registry, draft, index, asked, reason)
    _last(registry, draft, policy, step, reason)


def policy_of(registry: Registry, task: Task) -> Policy:
    """Return the policy version that the task was made with."""
    return registry.versions.get(task.policy, NO_POLICY)


def _last(registry: Registry, draft: TaskDraft, policy: Policy, step: int, reason: Reason) -> None:
    """After the last step: those in reserve where no step has found anybody, then the leads."""
    count = len(policy.steps)
    reserve = _asked(registry, draft, policy.fallback) if not draft.task.calling else {}
    if reserve and step <= count:
        return _ask(registry, draft, count, reserve, reason)
    why = because(ReasonCode.LEAD_TOLD_TASK_UNTAKEN)
    told = pages(registry, draft.task, dict.fromkeys(leads(registry, draft.task), why))
    end = draft.task.end
    draft.add(facts.TaskUntaken(task=draft.task.id, pages=told, due_at=end, reason=why))


def leads(registry: Registry, task: Task) -> tuple[str, ...]:
    """Return the leads who have neither the task nor said no to it."""
    return tuple(p for p in registry.leads if p not in task.owners and p not in task.refused)


def next_in_turn(registry: Registry, draft: TaskDraft, reason: Reason) -> None:
    """Ask the next of a step that asks one after another, not in the night; after its last, the
    next step."""
    task = draft.task
    left = {p: reason for p in task.waiting if _may_be_asked(registry, task, p)}
    if not left or quiet_until(registry, task, draft.at) is not None:
        return offer(registry, draft, task.step + (not left), reason)
    why = because(ReasonCode.NEXT_IN_TURN, step=task.step + 1)
    _ask(registry, draft, task.step, dict.fromkeys(left, why), reason)


def _ask(registry: Registry, draft: TaskDraft, step: int, asked: People, reason: Reason) -> None:
    """Ask a step's people at once, or the first of them; `step` may be the one after the last."""
    steps = policy_of(registry, draft.task).steps
    here = steps[min(step, len(steps) - 1)] if steps else None
    in_turn = here is not None and here.in_turn and step < len(steps)
    now = dict(list(asked.items())[:1]) if in_turn else asked
    wait_s = 0 if here is None else here.wait_s
    draft.add(
        facts.TaskOffered(
            task=draft.task.id,
            step=step,
            pages=pages(registry, draft.task, now),
            due_at=_at_most(draft, draft.at + wait_s * SECOND),
            reason=reason,
            waiting=tuple(asked)[len(now) :],
        )
    )


def _at_most(draft: TaskDraft, at: Instant) -> Instant:
    """A window that ends is noticed at its end, whatever else waits; if it has, nothing is."""
    return min(at, draft.task.end) if draft.task.end > draft.at else at


def _asked(registry: Registry, draft: TaskDraft, targets: Iterable[Target]) -> People:
    task = draft.task
    found = resolve(registry, targets, draft.at)
    return {person: why for person, why in found.items() if _may_be_asked(registry, task, person)}


def _may_be_asked(registry: Registry, task: Task, person: str) -> bool:
    out = person in task.refused or person in task.owners
    return not out and may_take(registry, task, person)


def may_take(registry: Registry, task: Task, person: str) -> bool:
    """Whether the person may do this task: a handler who has the competence; a duty only who is
    free then."""
    known = registry.people.get(person)
    if known is None or not can_handle(registry, person):
        return False
    if task.duty is not None and hindrance(
        registry, person, task.duty, care(registry).offers.rest_s
    ):
        return False
    return task.competence is None or task.competence in known.competences


def pages(registry: Registry, task: Task, people: People) -> tuple[Page, ...]:
    """Return a page to each by the channel tried first; by the list alone where it rings nobody."""
    return tuple(
        page(task, person, _first_channel(registry, task, person), why)
        for person, why in people.items()
    )


def page(task: Task, person: str, channel: str, why: Reason) -> Page:
    """Return a page whose send id derives from what it is, so that trying again keeps the id."""
    return Page(f"{task.id}:n{task.sends + 1}:{person}:{channel}", person, channel, why)


def next_page(registry: Registry, task: Task, person: str, send: str, why: Reason) -> Page | None:
    """Return the page of the same call by the person's next channel; None after the last."""
    following = next_channel(registry, task, person, send)
    if following is None:
        return None
    return Page(f"{call_of(send)}:{following}", person, following, why)


def _first_channel(registry: Registry, task: Task, person: str) -> str:
    return first_channel(registry, person) if task.rings else LIVE_PAGE


def _as_alarm(task: Task) -> Alarm:
    """Return the task as what the conditions of a policy's steps are written for."""
    return Alarm(
        id=task.id,
        kind=Kind.TASK_OVERDUE,
        category=Category.TASK,
        severity=task.severity,
        subject=task.id,
        device=None,
        resident=task.resident,
        unit=task.unit,
        policy=task.policy,
        raised_at=task.made_at,
        received_at=task.made_at,
    )
