"""LoRaWAN sensors through a real broker to the real listener, for both network servers."""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.settings import Endpoint, TopicListener
from adapters.bridge.topics import TopicRunner
from adapters.lorawan import LorawanConfig, LorawanSession
from adapters.session import Outcome
from routing.event import Event
from simulators.devicelog import DeviceLog
from simulators.faults import Faults
from simulators.gateway import DeviceBroker, Gateway
from simulators.lorawan import LorawanDevice, Network, Server
from simulators.milesight import LoraButton, LoraDoor, LoraRadar, LoraSeat
from tests.simulators.until import until

MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
NOW = 1_800_000_000
EUIS = {LoraButton: "a1", LoraDoor: "a2", LoraSeat: "a3", LoraRadar: "a4"}


@pytest.mark.parametrize(
    ("action", "octets"),
    [
        ((LoraButton, "press"), "01755cff2e01"),
        ((LoraDoor, "open"), "030001"),
        ((LoraSeat, "stand_up"), "01755c030000"),
        ((LoraRadar, "go_to_bed"), "03f8020110002000"),
        ((LoraRadar, "walk"), "03f8000010002000"),
    ],
    ids=str,
)
async def test_a_sensor_writes_the_octets_of_its_makers_table(
    action: tuple[type[LorawanDevice], str], octets: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bytes] = []

    async def say(_: object, __: str, said: bytes) -> None:
        written.append(said)

    monkeypatch.setattr(LorawanDevice, "say", say)
    kind, name = action
    network = Network("chirpstack", DeviceBroker("127.0.0.1", 1), seed=1)
    await getattr(kind("00", network, seed=1, log=DeviceLog()), name)()
    assert [one.hex() for one in written] == [octets]


def test_a_zero_is_left_out_of_both_envelopes() -> None:
    for server in ("chirpstack", "things-stack"):
        network = Network(server, DeviceBroker("127.0.0.1", 1), seed=1)
        _, payload = network.heard("24e1", "ws101", "s", 0, b"\xff")
        body = json.loads(payload)
        assert not {"fCnt", "f_cnt"} & {*body, *body.get("uplink_message", {})}


@pytest.fixture
def port(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[int]:
    number = free_port()
    file = tmp_path / "broker.conf"
    owner = f"user {os.environ.get('USER', 'root')}\n" if os.getuid() == 0 else ""
    file.write_text(f"listener {number} 127.0.0.1\nallow_anonymous true\n{owner}")
    process = subprocess.Popen(
        [str(MOSQUITTO), "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    yield number
    process.terminate()
    process.wait(10)


@asynccontextmanager
async def playing(
    server: Server, port: int, faults: Faults
) -> AsyncIterator[tuple[Network, dict[type[LorawanDevice], LorawanDevice], list[Event]]]:
    told: list[Event] = []

    def emit(_: str, event: Event, on_outcome: OnOutcome) -> None:
        told.append(event)
        on_outcome(event.id, Outcome.DURABLE)

    session = LorawanSession(LorawanConfig(id="lora", server=server))
    listener = TopicListener("lora", session, Endpoint("127.0.0.1", port))
    runner = TopicRunner("fjordvik", listener, emit, lambda: NOW * 1_000_000, Crash())
    running = asyncio.create_task(runner.run())
    network = Network(
        server, Gateway(DeviceBroker("127.0.0.1", port), "sim"), seed=3, clock=lambda: NOW
    )
    devices = {
        kind: kind(f"24e124141c0000{eui}", network, seed=5, log=DeviceLog(), faults=faults)
        for kind, eui in EUIS.items()
    }
    try:
        await until(lambda: runner._connection.live)
        for device in devices.values():
            await device.start()
        yield network, devices, told
    finally:
        for device in devices.values():
            await device.stop()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def of(told: list[Event], eui: str) -> list[str]:
    """What was told of a device, a repeated event once."""
    events = {event.id: event for event in told if event.subject.endswith(eui)}
    return [str(event.type) for event in events.values()]


@pytest.mark.broker
@pytest.mark.parametrize("server", ["chirpstack", "things-stack"])
@pytest.mark.parametrize("repeat", [0.0, 1.0])
async def test_what_the_sensors_do_is_what_the_listener_tells(
    server: Server, repeat: float, port: int
) -> None:
    async with playing(server, port, Faults(repeat=repeat)) as played:
        network, devices, told = played
        for kind, actions in {
            LoraButton: ["press", "hold", "press_twice", "heartbeat", "battery_low"],
            LoraDoor: ["open", "close", "tear_off"],
            LoraSeat: ["sit_down", "stand_up"],
            LoraRadar: ["walk", "go_to_bed", "leave_bed", "fall", "get_up"],
        }.items():
            for action in actions:
                answer = await getattr(devices[kind], action)()
                assert answer.accepted
        network.find_gateway()
        network.lose_gateway()
        on = ["link.restored", "link.restored"]
        radar = ["motion.detected", "bed.returned", "bed.left", "fall.detected", "fall.detected"]
        up = ["motion.detected", "help.cancelled"]
        await until(lambda: of(told, "a4") == [*on, *radar, *up])
        assert of(told, "a1") == [*on, *["help.pressed"] * 3, "device.alive", "battery.low"]
        assert of(told, "a2") == [*on, "door.opened", "door.closed", "tamper.detected"]
        assert of(told, "a3") == [*on, "motion.detected", "device.alive"]
        lost = ["link.lost"] if server == "chirpstack" else []
        await until(lambda: of(told, "gateway/0000000000000001") == lost)
