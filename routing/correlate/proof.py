"""No way to anybody: every channel of everybody whom the alarm's steps call has failed lately and
not worked since. The hub then answers busy, after the event is durable, so that the unit
tries its second receiver. A live page is no way: an open page does not mean that anybody looks."""

from routing.alarm import Alarm
from routing.chain import policy_of
from routing.correlate.memory import pair
from routing.correlate.settings import settings
from routing.instant import SECOND, Instant
from routing.state import State
from routing.targets import resolve


def no_way(state: State, alarm: Alarm, at: Instant) -> bool:
    """Whether nothing is known to work for anybody who would be called."""
    registry = state.registry
    policy = policy_of(registry, alarm)
    targets = [target for step in policy.steps for target in step.targets]
    people = resolve(registry, targets, at, alarm)
    oldest = at - settings(registry).unproven_s * SECOND
    keys = [pair(p, channel) for p in people for channel in registry.people[p].channels]
    failing = state.memory.failing
    return bool(keys) and all(failing.get(key, oldest) > oldest for key in keys)
