"""Medication plans. A dose is due at a local time: once, however often that time exists in the
night of the change, and also where it does not exist. Not taken in time it is missed, which
rings."""

from collections.abc import Iterator

from routing import concerned, facts
from routing import facts_correlate as own
from routing.alarm import Alarm
from routing.correlate.daily import next_daily
from routing.correlate.heard import Heard
from routing.correlate.memory import pair
from routing.instant import MINUTE, SECOND, Instant
from routing.kinds import Kind
from routing.lifecycle import OutcomeCode, Phase
from routing.municipality import Device
from routing.plans import DosePlan
from routing.reasons import ReasonCode, because
from routing.roster import where
from routing.state import Registry, State
from routing.watch import Watch, WatchKind

GRACE: Instant = 5 * MINUTE
"""After downtime a dispenser has this long to tell what it did meanwhile."""


def planned(registry: Registry, device: Device, at: Instant) -> Iterator[own.WatchSet]:
    """Yield the waits for the next dose of each plan of the device."""
    for plan in device.doses:
        yield _next(registry, device.id, plan, at)


def _next(registry: Registry, device: str, plan: DosePlan, after: Instant) -> own.WatchSet:
    due_at = next_daily(where(registry), plan.minute, plan.weekdays, after)
    key = pair(device, str(plan.minute))
    return own.WatchSet(kind=WatchKind.DOSE_DUE, key=key, due_at=due_at)


def plan_of(registry: Registry, key: str) -> tuple[Device, DosePlan] | None:
    """Return the device and plan of a watch; None when they are gone."""
    device_id, _, minute = key.partition("|")
    device = registry.devices.get(device_id)
    found = [plan for plan in device.doses if str(plan.minute) == minute] if device else []
    return (device, found[0]) if device and found else None


def due(state: State, watch: Watch, at: Instant) -> Iterator[facts.AnyFact]:
    """Yield the dose that is due and the wait for it, unless it was taken a little early or
    everybody who uses the dispenser is away; and the wait for the next."""
    found = plan_of(state.registry, watch.key)
    if found is None:
        return
    device, plan = found
    yield _next(state.registry, device.id, plan, at)
    users = concerned.users(state.registry, device, device.resident)
    if concerned.all_paused_until(state.registry, users, at) is not None:
        return
    taken = state.memory.taken.get(device.id)
    if taken is not None and taken >= watch.due_at - plan.early_s * SECOND:
        yield own.WatchEnded(kind=WatchKind.DOSE_MISSED, key=watch.key)
        return
    missed_at = max(watch.due_at + plan.missed_after_s * SECOND, at + GRACE)
    yield own.DoseDue(
        device=device.id, resident=device.resident, due_at=watch.due_at, missed_at=missed_at
    )
    yield own.WatchSet(kind=WatchKind.DOSE_MISSED, key=watch.key, due_at=missed_at)


def why_missed(state: State, device: Device) -> ReasonCode:
    """Return why a dose that nothing was heard of rings: of a silent dispenser nobody knows."""
    silent = device.id in state.memory.silent
    return ReasonCode.DOSE_UNKNOWN if silent else ReasonCode.DOSE_NOT_TAKEN


def answered(state: State, heard: Heard) -> Iterator[own.WatchEnded]:
    """Yield the end of the oldest wait that the dispenser's word answers: taken, or missed, which
    it has then told itself."""
    device = heard.device
    if device is None or heard.event.kind not in {Kind.MEDICATION_TAKEN, Kind.MEDICATION_MISSED}:
        return
    keys = (pair(device.id, str(plan.minute)) for plan in device.doses)
    live = state.watches.live
    waits = [
        (live[WatchKind.DOSE_MISSED, k], k) for k in keys if (WatchKind.DOSE_MISSED, k) in live
    ]
    if waits:
        yield own.WatchEnded(kind=WatchKind.DOSE_MISSED, key=min(waits)[1])


def taken_late(alarm: Alarm, heard: Heard) -> Iterator[own.AlarmSettled]:
    """Yield the close of an alarm that nobody has accepted, where the device's policy says so."""
    device = heard.device
    mine = heard.event.kind is Kind.MEDICATION_TAKEN and alarm.kinds == (Kind.MEDICATION_MISSED,)
    if device is not None and device.late_taken_closes and mine and alarm.phase is Phase.LOOKING:
        why = because(ReasonCode.DOSE_TAKEN_LATE)
        outcome = OutcomeCode.INFORMATION
        yield own.AlarmSettled(alarm=alarm.id, outcome=outcome, reason=why)
