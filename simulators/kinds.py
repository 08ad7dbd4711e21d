"""What kinds of device can be simulated. A new one is a line in `FAMILIES`; the panel's page wants
its name, and the names of its actions, in `panel/text/`.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulators import makers
from simulators.devicelog import Answer
from simulators.door import Door
from simulators.gps import GpsPendant
from simulators.gt06_tracker import Gt06Tracker
from simulators.h02_tracker import H02Tracker
from simulators.makers import Device
from simulators.milesight import LoraButton, LoraDoor, LoraRadar, LoraSeat
from simulators.nuki import NukiLock
from simulators.setracker_watch import SetrackerWatch
from simulators.site import Fitting
from simulators.teltonika_tracker import TeltonikaTracker
from simulators.zigbee import HelpButton, Motion, SmokeDetector, WaterSensor

Act = Callable[[], Awaitable[Answer]]


def _method(device: Any, action: str) -> Act:
    act: Act = getattr(device, action)
    return act


def _report(panel: Any, action: str) -> Act:
    return lambda: panel.report(action)


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of device."""

    protocol: str
    """As the hub's configuration calls it."""
    make: Callable[[Fitting], Device]
    actions: tuple[str, ...]
    """What somebody may do with it, by the name of its method."""
    sockets: tuple[str, ...] = ()
    """The transports its listener takes, where it has a socket of its own."""
    by_itself: tuple[str, ...] = ()
    """What it does of its own accord: a plan may ask for it, and no page has a button for it."""
    act: Callable[[Any, str], Act] = _method
    without: tuple[str, ...] = ()
    """What cannot be made wrong with it: it has no clock, or no link that is simulated."""
    secret: str | None = None
    """What an installer calls the secret that it shares with the hub, if it has one of its own."""

    def acts(self, device: Device) -> dict[str, Act]:
        """Return the device's actions, bound to it."""
        return {action: self.act(device, action) for action in self.actions}


def _by_hand(lock: Any, action: str) -> Act:
    """A lock is turned by somebody at the door; it is told to nobody who would answer."""

    async def act() -> Answer:
        began = time.monotonic()
        if isinstance(lock, NukiLock):
            await lock.turn(unlock=action == "unlock")
        else:
            await lock.keypad(1, unlock=action == "unlock")
        return Answer(True, (time.monotonic() - began) * 1000, "", "told the broker")

    return act


_WALK = ("sos", "fall", "leave_zone", "enter_zone", "battery_low")
_PENDANT = ("press", "fall", "cancel", "battery_low", "mains_lost", "mains_back", "bed_out")
_PANEL = ("medical", "panic", "fire", "fire_over", "water", "mains_lost", "mains_back", "test")
_H02 = ("sos", "leave_zone", "enter_zone", "unplug")
_ZONES = ("publish", "leave_zone", "enter_zone", "battery_low")
_TURNS = ("unlock", "lock")
_ROOM = ("call", "assistance", "emergency", "presence_on", "presence_off", "reset")
_NO_CLOCK = ("clock",)
_NO_LINK = ("duplicate", "delay", "reorder", "lost_answer", *_NO_CLOCK)
_TCP = ("tcp",)
_BOTH = ("udp", "tcp")

FAMILIES: Mapping[str, Family] = {
    "pendant": Family(
        "scaip",
        makers.pendant_at,
        (*_PENDANT, "bed_back", "test"),
        _BOTH,
        without=_NO_CLOCK,
        secret="scaip-{identity}",
    ),
    "dispenser": Family("webhook", makers.dispenser_at, ("miss", "take", "remind", "battery_low")),
    "door": Family(
        "zigbee2mqtt", makers.zigbee(Door), ("open", "close", "battery_low"), without=_NO_CLOCK
    ),
    "motion": Family(
        "zigbee2mqtt", makers.zigbee(Motion), ("move", "battery_low"), without=_NO_CLOCK
    ),
    "smoke": Family(
        "zigbee2mqtt",
        makers.zigbee(SmokeDetector),
        ("smoke", "clear", "battery_low"),
        without=_NO_CLOCK,
    ),
    "water": Family(
        "zigbee2mqtt", makers.zigbee(WaterSensor), ("leak", "dry", "battery_low"), without=_NO_CLOCK
    ),
    "button": Family(
        "zigbee2mqtt", makers.zigbee(HelpButton), ("press", "battery_low"), without=_NO_CLOCK
    ),
    "gps": Family("ev07b", makers.tracker(GpsPendant), _WALK, _TCP, ("report",)),
    "gt06": Family("gt06", makers.tracker(Gt06Tracker), (*_WALK, "power_off"), _TCP, ("report",)),
    "teltonika": Family(
        "teltonika", makers.tracker(TeltonikaTracker), (*_WALK, "unplug"), _TCP, ("report",)
    ),
    "watch": Family(
        "setracker", makers.tracker(SetrackerWatch), (*_WALK, "remove"), _TCP, ("report",)
    ),
    "h02": Family("h02", makers.tracker(H02Tracker), _H02, _TCP, ("report",)),
    "phone": Family("osmand", makers.osmand_at, _WALK, by_itself=("report",)),
    "owntracks": Family("owntracks", makers.owntracks_at, _ZONES, by_itself=("report",)),
    "nuki": Family("nuki", makers.nuki_at, _TURNS, act=_by_hand, without=_NO_LINK),
    "lock": Family("zigbee2mqtt", makers.lock_at, _TURNS, act=_by_hand, without=_NO_LINK),
    "nurse": Family("espa444", makers.nurse_at, _ROOM, _TCP, without=_NO_CLOCK),
    "ward": Family(
        "espax", makers.ward_at, _ROOM, _TCP, without=_NO_CLOCK, secret="espax-{listener}-simulator"
    ),
    "lorabutton": Family("lorawan", makers.lora(LoraButton), ("press", "hold", "battery_low")),
    "loradoor": Family(
        "lorawan", makers.lora(LoraDoor), ("open", "close", "tear_off", "battery_low")
    ),
    "seat": Family("lorawan", makers.lora(LoraSeat), ("sit_down", "stand_up", "battery_low")),
    "radar": Family(
        "lorawan", makers.lora(LoraRadar), ("fall", "get_up", "go_to_bed", "leave_bed")
    ),
    "panel": Family("sia-dc09", makers.panel_at, _PANEL, _BOTH, act=_report),
}
"""By name. In a municipality file made to be simulated, what stands before the first hyphen of a
device's id is this name: `door-dagny`."""

SOCKETS: Mapping[str, tuple[str, ...]] = {
    family.protocol: family.sockets for family in FAMILIES.values() if family.sockets
}
"""The transports of each protocol that has a socket of its own."""
