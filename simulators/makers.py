"""How each simulated device is set up where it is fitted."""

from collections.abc import Callable
from typing import Protocol

from simulators.dispenser import Dispenser, key_from_text
from simulators.espa444_station import ControlStation
from simulators.espax_system import NurseCallSystem, SystemLogin
from simulators.lorawan import LorawanDevice, Network
from simulators.nuki import NukiLock
from simulators.nurse_room import NurseRoom
from simulators.osmand_phone import OsmandPhone
from simulators.owntracks_phone import OwntracksPhone
from simulators.pendant import Pendant, UnitTimes
from simulators.sia_dc09 import AlarmPanel, PanelLine
from simulators.sip.client import Receiver
from simulators.sip.digest import Credentials
from simulators.site import Fitting
from simulators.tracker import Tracker
from simulators.zigbee import ZigbeeDevice
from simulators.zigbee_lock import ZigbeeLock

ROUTE = ((60.4721, 5.4105), (60.4724, 5.4112), (60.4729, 5.4118), (60.4733, 5.4127))
"""A walk along a fjord in Vestland; nobody lives there."""


class Device(Protocol):
    """What all simulated devices can do; their actions differ."""

    name: str

    async def start(self) -> None: ...
    async def stop(self) -> None: ...


def pendant_at(at: Fitting) -> Pendant:
    credentials = Credentials(at.identity, at.site.password(f"scaip-{at.identity}"))
    receivers = [Receiver(*at.address(one), one) for one in ("udp", "tcp")]
    times = UnitTimes(heartbeat_s=at.heartbeat_s)
    return Pendant(credentials, receivers, seed=at.seed, log=at.log, faults=at.faults, times=times)


def dispenser_at(at: Fitting) -> Dispenser:
    key = key_from_text(at.site.secret(f"webhook-{at.listener}"))
    return Dispenser(
        at.identity,
        at.url(),
        key,
        seed=at.seed,
        log=at.log,
        faults=at.faults,
        clock=at.clock,
    )


def panel_at(at: Fitting) -> AlarmPanel:
    line = PanelLine(*at.address("udp"))
    return AlarmPanel(at.identity, line, seed=at.seed, log=at.log, faults=at.faults, clock=at.clock)


def zigbee(made: type[ZigbeeDevice]) -> Callable[[Fitting], Device]:
    return lambda at: made(
        at.identity, at.site.gateway(), seed=at.seed, log=at.log, faults=at.faults
    )


def tracker(made: type[Tracker]) -> Callable[[Fitting], Device]:
    return lambda at: made(
        at.identity,
        *at.address("tcp"),
        route=ROUTE,
        seed=at.seed,
        log=at.log,
        faults=at.faults,
        clock=at.clock,
    )


def osmand_at(at: Fitting) -> OsmandPhone:
    url = f"{at.url()}/{at.site.secret(f'osmand-{at.listener}')}"
    return OsmandPhone(
        at.identity,
        url,
        route=ROUTE,
        seed=at.seed,
        log=at.log,
        faults=at.faults,
        clock=at.clock,
    )


def owntracks_at(at: Fitting) -> OwntracksPhone:
    user, _, device = at.identity.partition("/")
    return OwntracksPhone(
        user,
        device,
        at.site.broker(),
        route=ROUTE,
        seed=at.seed,
        log=at.log,
        faults=at.faults,
        clock=at.clock,
    )


def lora(made: type[LorawanDevice]) -> Callable[[Fitting], Device]:
    def make(at: Fitting) -> Device:
        network = Network("chirpstack", at.site.gateway(), seed=at.seed, clock=at.clock)
        return made(at.identity, network, seed=at.seed, log=at.log, faults=at.faults)

    return make


def nurse_at(at: Fitting) -> NurseRoom:
    _, _, room = at.identity.partition("/")
    host, port = at.address("tcp")
    return NurseRoom(room, ControlStation(host, port, seed=at.seed, log=at.log, faults=at.faults))


def ward_at(at: Fitting) -> NurseRoom:
    """The identity is listener, ward and room; the user of the login is `simulator`."""
    _, ward, room = at.identity.split("/")
    password = at.site.password(f"espax-{at.listener}-simulator")
    login = SystemLogin(*at.address("tcp"), "simulator", password, ward)
    return NurseRoom(room, NurseCallSystem(login, seed=at.seed, log=at.log, faults=at.faults))


def nuki_at(at: Fitting) -> NukiLock:
    return NukiLock(at.identity, at.site.broker(), seed=at.seed, log=at.log)


def lock_at(at: Fitting) -> ZigbeeLock:
    return ZigbeeLock(at.identity, at.site.broker(), seed=at.seed, log=at.log)
