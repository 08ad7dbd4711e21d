"""A resident who calls often may have an agreed plan, with an end: instead of the leads somebody
named is told that the physical check is due. The check itself stays."""

from collections.abc import Mapping

from routing.alarm import Alarm
from routing.instant import Instant
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry


def told_instead(registry: Registry, alarm: Alarm, at: Instant) -> Mapping[str, Reason] | None:
    """Return who is told instead of the leads (perhaps nobody); None without a plan in force."""
    home = registry.residents.get(alarm.of_whom or "")
    plan = home.frequent_caller if home else None
    if plan is None or at >= plan.until:
        return None
    if plan.person is None:
        return {}
    return {plan.person: because(ReasonCode.FREQUENT_CALLER, person=plan.person)}
