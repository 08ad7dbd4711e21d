"""The simulated devices of one plan, each at its own listener of the hub."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from simulators.devicelog import DeviceLog
from simulators.faults import NO_FAULTS, Faults
from simulators.hub_process import Running
from simulators.kinds import FAMILIES, Act
from simulators.makers import Device
from simulators.plan import Installed, Plan
from simulators.site import Fitting, Site

__all__ = ["Act", "Fleet"]

CLOCK_WRONG_BY_S = 3 * 3600
_AT_ONCE = 50
"""Devices that are switched on at the same time."""
_LINK_FAULTS: Mapping[str, str] = {
    "duplicate": "repeat",
    "delay": "delay",
    "reorder": "reorder",
    "lost_answer": "lose_answer",
}
FAULTS = (*_LINK_FAULTS, "clock", "no_network", "off")
"""What can be made wrong with a device while it runs; `off`: it has no power."""


@dataclass
class Place:
    """A device's place, which stays when the device is switched off."""

    installed: Installed
    fitting: Fitting
    device: Device
    wrong: set[str] = field(default_factory=set)
    clock_off_s: float = 0.0
    times_on: int = 0


class Fleet:
    """The devices by their names in the plan, and what each of them can do."""

    def __init__(
        self,
        plan: Plan,
        running: Running,
        secrets: Path,
        *,
        log: DeviceLog,
        seed: int | None = None,
        faults: Faults = NO_FAULTS,
        heartbeat_s: float = 3600.0,
    ) -> None:
        self._site = Site(running, secrets, log)
        self._plan, self._faults, self._heartbeat_s = plan, faults, heartbeat_s
        # No fixed number: the devices of a second run beside the same hub would send the first
        # run's references again, and the hub would rightly take them for resends.
        self._seed = random.getrandbits(32) if seed is None else seed
        self._places = {
            key: self._place(number, installed)
            for number, (key, installed) in enumerate(plan.devices.items())
        }

    @property
    def actions(self) -> Mapping[str, Mapping[str, Act]]:
        """What each device can do."""
        return {
            key: FAMILIES[place.installed.family].acts(place.device)
            for key, place in self._places.items()
        }

    @property
    def names(self) -> dict[str, str]:
        """The name in the device log to the name in the plan."""
        return {place.device.name: key for key, place in self._places.items()}

    @property
    def wrong(self) -> dict[str, list[str]]:
        """What has been made wrong with each device."""
        return {key: sorted(place.wrong) for key, place in self._places.items()}

    def act(self, key: str, action: str) -> Act | None:
        """Return one action; None where there is no such device or it cannot do that."""
        place = self._places.get(key)
        if place is None:
            return None
        family = FAMILIES[place.installed.family]
        known = action in (*family.actions, *family.by_itself)
        return family.act(place.device, action) if known else None

    def faults_of(self, key: str) -> tuple[str, ...]:
        """Return what can be made wrong with a device; nothing for one that is not there."""
        place = self._places.get(key)
        if place is None:
            return ()
        without = FAMILIES[place.installed.family].without
        possible = (one for one in FAULTS if one not in without)
        return tuple(one for one in possible if one != "no_network" or _has_network(place.device))

    async def start(self) -> None:
        """Switch every device on."""
        await _each(self._places.values(), lambda place: place.device.start())

    async def stop(self) -> None:
        """Switch every device off."""
        lit = [place for place in self._places.values() if "off" not in place.wrong]
        await _each(lit, lambda place: place.device.stop())

    async def set_fault(self, key: str, fault: str, *, on: bool) -> None:
        """Make something wrong with a device, or right again; `fault` is one of `faults_of`."""
        place = self._places[key]
        if on == (fault in place.wrong):
            return
        (place.wrong.add if on else place.wrong.discard)(fault)
        if fault in _LINK_FAULTS:
            setattr(place.fitting.faults, _LINK_FAULTS[fault], 1.0 if on else 0.0)
        elif fault == "clock":
            place.clock_off_s = CLOCK_WRONG_BY_S if on else 0.0
        elif fault == "no_network":
            getattr(place.device, "lose_network" if on else "find_network")()
        elif on:
            await place.device.stop()
        else:
            await self._switch_on(place)

    async def _switch_on(self, place: Place) -> None:
        """A device that has been without power begins anew, with references of its own."""
        place.times_on += 1
        seed = place.fitting.seed + place.times_on * 1_000_003
        place.fitting = replace(place.fitting, seed=seed)
        place.device = FAMILIES[place.installed.family].make(place.fitting)
        await place.device.start()

    def _place(self, number: int, installed: Installed) -> Place:
        fitting = Fitting(
            site=self._site,
            identity=installed.identity,
            listener=self._plan.listeners[installed.protocol],
            seed=self._seed + number,
            faults=replace(self._faults),
            clock=lambda: time.time() + place.clock_off_s,
            heartbeat_s=self._heartbeat_s,
        )
        place = Place(installed, fitting, FAMILIES[installed.family].make(fitting))
        return place


def _has_network(device: Device) -> bool:
    return hasattr(device, "lose_network") and hasattr(device, "find_network")


async def _each(places: Iterable[Place], do: Callable[[Place], Awaitable[None]]) -> None:
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def one(place: Place) -> None:
        async with at_once:
            await do(place)

    await asyncio.gather(*(one(place) for place in places))
