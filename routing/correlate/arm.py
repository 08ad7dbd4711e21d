"""What a change of configuration sets in motion: the next dose and the next look of every plan that
it touches, and a wait under way that its new rule ends sooner."""

from collections.abc import Iterator, Sequence

from routing import facts_correlate as own
from routing.correlate import doses, lasting, looks
from routing.correlate.memory import pair
from routing.facts import ConfigurationRemoved, ConfigurationSet
from routing.instant import Instant
from routing.municipality import Device, Municipality, Resident
from routing.state import Registry, State
from routing.watch import WatchKind

Change = ConfigurationSet | ConfigurationRemoved


def armed(
    state: State, after: Registry, changes: Sequence[Change], at: Instant
) -> Iterator[own.WatchSet | own.WatchEnded]:
    """Yield the waits that begin and end with the changes; `after` is the registry after them."""
    devices, residents = _touched(after, changes)
    for name in devices:
        yield from _ended(state, name, state.registry.devices.get(name), after.devices.get(name))
        if (device := after.devices.get(name)) is not None:
            yield from doses.planned(after, device, at)
            yield from lasting.sooner(state, after, device, at)
    for name in residents:
        yield from _ended(state, name, state.registry.residents.get(name), None)
        if (home := after.residents.get(name)) is not None:
            yield from looks.planned(after, home, at)


def needs(changes: Sequence[Change]) -> bool:
    """Whether any of the changes can touch a plan."""
    return any(
        change.section in {"device", "resident"}
        if isinstance(change, ConfigurationRemoved)
        else isinstance(change.item, Device | Resident | Municipality)
        for change in changes
    )


def _touched(after: Registry, changes: Sequence[Change]) -> tuple[list[str], list[str]]:
    """Return the devices and residents whose plans are to be read again: everybody's, when the
    municipality (and so perhaps its time zone) has changed."""
    items = [change.item for change in changes if isinstance(change, ConfigurationSet)]
    if any(isinstance(item, Municipality) for item in items):
        devices, residents = list(after.devices), list(after.residents)
    else:
        devices = [item.id for item in items if isinstance(item, Device)]
        residents = [item.id for item in items if isinstance(item, Resident)]
    gone = [change for change in changes if isinstance(change, ConfigurationRemoved)]
    devices += [change.id for change in gone if change.section == "device"]
    residents += [change.id for change in gone if change.section == "resident"]
    return devices, residents


def _ended(
    state: State, name: str, before: Device | Resident | None, after: Device | None
) -> Iterator[own.WatchEnded]:
    """Yield the end of what waited for plans as they were; a dose under way stays when it is still
    planned."""
    kept = {plan.minute for plan in after.doses} if after else set()
    plans = before.doses if isinstance(before, Device) else before.looks if before else ()
    for plan in plans:
        key = pair(name, str(plan.minute))
        for kind in (WatchKind.DOSE_DUE, WatchKind.DOSE_MISSED, WatchKind.LOOK_DUE):
            stays = kind is WatchKind.DOSE_MISSED and plan.minute in kept
            if not stays and (kind, key) in state.watches.live:
                yield own.WatchEnded(kind=kind, key=key)
