"""Who can be there when: the length of a lease, and whether the target can be kept at all."""

from routing import facts_life
from routing.alarm import Alarm
from routing.chain import Draft, policy_of, tell_leads
from routing.instant import SECOND, Instant
from routing.municipality import Policy
from routing.reasons import ReasonCode, because
from routing.state import Registry
from routing.targets import can_handle, resolve
from routing.way import way_s


def lease_s(
    registry: Registry, alarm: Alarm, person: str, promised_s: int | None, at: Instant
) -> int:
    """Return the time to arrive within: what the person tapped, else what such a person needs."""
    policy = policy_of(registry, alarm)
    if promised_s is not None:
        return promised_s
    usual = None if can_handle(registry, person) else policy.relative_lease_s
    return travel_s(registry, alarm, person, at) or usual or policy.lease_s


def travel_s(registry: Registry, alarm: Alarm, person: str, at: Instant) -> int | None:
    """Return how long the person needs to the resident; None where nobody has said."""
    return way_s(registry, alarm.unit, person, at)


def look_ahead(registry: Registry, draft: Draft) -> None:
    """Say at once that nobody whom the chain asks now can be there within the target."""
    alarm, policy = draft.alarm, policy_of(registry, draft.alarm)
    if policy.target_s is None:
        return
    soonest_s = _soonest_s(registry, alarm, policy, draft.at)
    if soonest_s is not None and soonest_s > policy.target_s:
        _say(registry, draft, policy.target_s, soonest_s, f"reach.r{alarm.round}")


def look_at_promise(registry: Registry, draft: Draft, due_at: Instant) -> None:
    """Say at once that the owner's own time is after the target."""
    alarm, target_s = draft.alarm, policy_of(registry, draft.alarm).target_s
    promised_s = (due_at - alarm.raised_at) // SECOND
    if target_s is not None and promised_s > target_s:
        _say(registry, draft, target_s, promised_s, f"late.r{alarm.round}")


def _soonest_s(registry: Registry, alarm: Alarm, policy: Policy, at: Instant) -> int | None:
    """Return the shortest way of all; None when somebody's is not known or nobody is asked."""
    targets = [target for step in policy.steps for target in step.targets]
    people = resolve(registry, targets, at, alarm)
    ways = [travel_s(registry, alarm, person, at) for person in people]
    known = [way for way in ways if way is not None]
    return min(known) if known and len(known) == len(ways) else None


def _say(registry: Registry, draft: Draft, target_s: int, soonest_s: int, where: str) -> None:
    why = because(ReasonCode.TARGET_OUT_OF_REACH, target_s=target_s, soonest_s=soonest_s)
    draft.add(
        facts_life.TargetOutOfReach(
            alarm=draft.alarm.id, target_s=target_s, soonest_s=soonest_s, reason=why
        )
    )
    tell_leads(registry, draft, where, why)
