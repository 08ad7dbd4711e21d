"""What follows when a deadline falls: the next step, a lapsed lease, an archived alarm.

After downtime every overdue alarm takes one step, then waits normally, because a step's wait runs
from the instant at which it is decided.
"""

from heapq import heappop, heappush

from routing import aside, facts, facts_life
from routing.chain import (
    Draft,
    advance,
    next_in_turn,
    page,
    policy_of,
    start,
    tell_leads,
)
from routing.instant import DAY, SECOND, Instant
from routing.lifecycle import Phase
from routing.proofs.order import first_channel
from routing.reasons import ReasonCode, because
from routing.state import Registry, State

ARCHIVE_AFTER: Instant = DAY
"""A closed alarm stays in memory as long as anything may still be correlated with it."""
BATCH = 500
"""Alarms handled by one input, so that fresh input never waits for a long queue of deadlines."""


def pass_time(state: State, at: Instant) -> list[facts.AnyFact]:
    """Return what the deadlines up to `at` bring, the earliest `BATCH` of them."""
    out: list[facts.AnyFact] = []
    for alarm_id in overdue(state, at):
        draft = Draft(state.alarms[alarm_id], at)
        _overdue(state.registry, draft)
        out += draft.decided
    return out + _archive(state, at)


def overdue(state: State, at: Instant) -> list[str]:
    """Return the alarms whose deadline has come, earliest first, `BATCH` of them at most.

    Walks the heap from its top without changing it, so that the cost is that of what is returned,
    however many more are open or overdue.
    """
    heap, found = state.due, dict[str, None]()
    front = [(heap[0], 0)] if heap else []
    while front and front[0][0][0] <= at and len(found) < BATCH:
        (due_at, alarm_id), index = heappop(front)
        if _is_live(state, due_at, alarm_id):
            found[alarm_id] = None
        for child in range(2 * index + 1, min(2 * index + 3, len(heap))):
            heappush(front, (heap[child], child))
    return list(found)


def _is_live(state: State, due_at: Instant, alarm_id: str) -> bool:
    alarm = state.alarms.get(alarm_id)
    return alarm is not None and alarm.next_at == due_at


def next_due(state: State) -> Instant | None:
    """Return when `TimeReached` is wanted next; None when nothing waits for time."""
    waits = [
        heap[0][0] for heap in (state.due, state.watches.heap, state.book.watches.heap) if heap
    ]
    if state.closed:
        waits.append(state.closed[0][0] + ARCHIVE_AFTER)
    return min(waits, default=None)


def _archive(state: State, at: Instant) -> list[facts.AnyFact]:
    old: list[facts.AnyFact] = []
    for closed_at, alarm_id in state.closed:
        if closed_at + ARCHIVE_AFTER > at or len(old) == BATCH:
            break
        old.append(facts.AlarmArchived(alarm=alarm_id))
    return old


def _overdue(registry: Registry, draft: Draft) -> None:
    alarm = draft.alarm
    if alarm.due_at is None or alarm.due_at > draft.at:
        aside.overdue(registry, draft)
    elif alarm.phase is Phase.LOOKING:
        why = because(ReasonCode.NOBODY_ACCEPTED_IN_TIME, step=alarm.step + 1)
        (next_in_turn if alarm.waiting else advance)(registry, draft, why)
    elif alarm.asked and alarm.phase is Phase.AT_RESIDENT:
        _tell_of_stay(registry, draft)
        aside.overdue(registry, draft)
    elif alarm.asked:
        reopen(registry, draft)
    else:
        _ask(registry, draft)
        aside.overdue(registry, draft)


def _ask(registry: Registry, draft: Draft) -> None:
    """The lease has run out: ask the owner, by page, before anything is taken from them. Or they
    have been at the resident for long, and may have forgotten the alarm."""
    alarm, policy = draft.alarm, policy_of(registry, draft.alarm)
    owner, there = alarm.owner or "", alarm.phase is Phase.AT_RESIDENT
    why = (
        because(ReasonCode.STILL_THERE, stay_s=policy.stay_s)
        if there
        else because(ReasonCode.OWNER_ASKED, lease_s=alarm.lease_s or policy.lease_s)
    )
    where = f"ask{draft.at}"
    draft.add(
        facts.OwnerAsked(
            alarm=alarm.id,
            pages=(page(alarm, where, owner, first_channel(registry, owner), why),),
            due_at=draft.at + policy.ask_s * SECOND,
            reason=why,
        )
    )


def _tell_of_stay(registry: Registry, draft: Draft) -> None:
    """The owner at the resident does not answer: leads are told. Nobody takes the alarm from a
    person who is there, so the owner keeps it, and is asked again."""
    alarm, stay_s = draft.alarm, policy_of(registry, draft.alarm).stay_s
    owner = alarm.owner or ""
    why = because(ReasonCode.LEAD_TOLD_STILL_THERE, owner=owner, stay_s=stay_s)
    again = draft.at + stay_s * SECOND
    draft.add(facts_life.OwnerSilent(alarm=alarm.id, person=owner, due_at=again, reason=why))
    tell_leads(registry, draft, f"stay{draft.at}", why)


def reopen(
    registry: Registry,
    draft: Draft,
    code: ReasonCode = ReasonCode.LEASE_LAPSED,
    lead: ReasonCode = ReasonCode.LEAD_TOLD_LAPSED,
) -> None:
    """The owner does not answer, or may own no more: leads are told and the chain starts again;
    the acceptance stays in the history."""
    alarm = draft.alarm
    owner = alarm.owner or ""
    why = because(code, owner=owner)
    draft.add(facts.AlarmReopened(alarm=alarm.id, previous_owner=owner, reason=why))
    start(registry, draft, alarm.round + 1, 0, why)
    why = because(lead, owner=owner)
    tell_leads(registry, draft, f"lapse{draft.at}", why)
