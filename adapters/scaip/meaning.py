"""What a request's statuses mean, and how many of them are told one by one."""

from adapters.help_first import help_first, is_call
from adapters.scaip.body import Mrq, Status
from adapters.scaip.codes import ASSISTANCE, AUTOMATIC_ALARM, MANUAL_ALARM, Mty, kinds_of
from routing.kinds import KINDS, Kind, Lane

MOST_TOLD = 16
"""A real unit sends one status, seldom three; the rest of a longer list is one event."""
_EXPLICIT_ALARMS = (AUTOMATIC_ALARM, MANUAL_ALARM, ASSISTANCE)

Meaning = tuple[Status, Kind]


def meanings(mrq: Mrq) -> list[Meaning]:
    """Return what a request says, help first where it says too much; at most 17."""
    found: list[Meaning] = []
    for status in mrq.statuses:
        for kind in _kinds(mrq, status):
            if kind is not Kind.DEVICE_ALIVE or all(kind is not other for _, other in found[:1]):
                found.append((status, kind))
    told, left = help_first(found, lambda meaning: meaning[1], MOST_TOLD)
    return [*told, (Status(None, f"{left} more"), Kind.CODE_UNKNOWN)] if left else told


def _kinds(mrq: Mrq, status: Status) -> tuple[Kind, ...]:
    if not status.is_readable and mrq.mty is not Mty.HEARTBEAT:
        return (Kind.CODE_UNKNOWN,)
    return kinds_of(mrq.mty, mrq.dty, status.number, status.own)


def is_help(mrq: Mrq) -> bool:
    """Say whether a request asks for a person, or takes such a request back."""
    return any(KINDS[kind].lane is Lane.HELP for _, kind in meanings(mrq))


def is_call_for_help(mrq: Mrq) -> bool:
    """Say whether a request raises an alarm of the help lane: then a voice call may follow."""
    return any(is_call(kind) for _, kind in meanings(mrq))


def is_usable(mrq: Mrq) -> bool:
    """A request without a device type is one only when it says itself that it is an alarm."""
    explicit = any(status.number in _EXPLICIT_ALARMS for status in mrq.statuses)
    return bool(mrq.dty_text) or explicit
