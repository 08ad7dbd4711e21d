"""A silent device that protects somebody leaves that resident unprotected: a fact of its own, and a
visit is asked for. Both happen in a storm and in maintenance as well; a visit waits for a ring."""

from collections.abc import Iterable, Iterator

from routing import facts
from routing import facts_correlate as own
from routing.correlate.heard import Heard
from routing.kinds import Kind
from routing.municipality import Device
from routing.plans import DeviceClass
from routing.reasons import ReasonCode, because
from routing.state import Registry, State

PROTECTS = frozenset({None, DeviceClass.LIFE})
"""A device whose class nobody has written down may be the one that matters."""


def limit_s(registry: Registry, device: Device) -> int | None:
    """Return the longest silence of the device: its own limit, or that of its class."""
    one, group = registry.municipality, device.device_class
    if device.silent_after_s is not None or one is None or group is None:
        return device.silent_after_s
    return one.correlation.silence_s.get(group)


def protection(
    state: State, heard: Heard, decided: Iterable[facts.AnyFact]
) -> Iterator[facts.AnyFact]:
    """Yield what silence, or the end of it, means for the resident."""
    device, resident, event = heard.device, heard.resident, heard.event
    if device is None or resident is None or device.device_class not in PROTECTS:
        return
    known = device.id in state.memory.unprotected
    if event.kind is Kind.LINK_LOST and not event.history:
        if not known:
            yield own.ProtectionLost(resident=resident, device=device.id, event=event.event)
        alarm = _first_told(decided)
        if alarm is not None:
            why = because(ReasonCode.UNPROTECTED)
            yield own.VisitAsked(alarm=alarm, residents=(resident,), reason=why)
    elif event.kind is Kind.LINK_RESTORED and known:
        yield own.ProtectionBack(resident=resident, device=device.id, event=event.event)


def _first_told(decided: Iterable[facts.AnyFact]) -> str | None:
    """Return the alarm on which the silence is news."""
    news = [f.alarm for f in decided if isinstance(f, facts.AlarmRaised | own.IncidentJoined)]
    return news[0] if news else None
