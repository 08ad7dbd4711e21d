"""A listener's own broker: TLS with a certificate that counts, user and password, coming and going.

What The Things Stack's cloud is to the bridge: `mqtts`, a user and an API key as the password."""

import asyncio
import base64
import json
import os
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.settings import Endpoint, TopicListener
from adapters.bridge.topics import TopicRunner
from adapters.lorawan import LorawanConfig, LorawanSession
from adapters.session import Outcome
from routing.event import Event
from tests.bridge.authority import Authority
from tests.bridge.rig import MUNICIPALITY, WITHIN_S, Clock, mosquitto, until

pytestmark = pytest.mark.broker

USER, PASSWORD = "app1@ttn", "NNSXS.test"
EUI = "24E124141C000001"


class Cloud:
    """A Mosquitto that speaks TLS only and lets in one user."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        Authority.make(home).issue("server")
        passwords = home / "passwords"
        subprocess.run(["mosquitto_passwd", "-b", "-c", str(passwords), USER, PASSWORD], check=True)
        owner = f"user {os.environ.get('USER', 'root')}\n" if os.getuid() == 0 else ""
        (home / "broker.conf").write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
            f"certfile {home}/server.pem\nkeyfile {home}/server.key\n{owner}"
        )
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> Endpoint:
        ca = self.home / "ca.pem"
        return Endpoint("127.0.0.1", self.port, USER, PASSWORD, tls=True, ca_file=ca)

    def start(self) -> None:
        command = [mosquitto() or "", "-c", str(self.home / "broker.conf")]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(WITHIN_S)
            self.process = None

    @contextmanager
    def sender(self) -> Iterator[paho.Client]:
        """Return a client of the network's side."""
        client = paho.Client(CallbackAPIVersion.VERSION2, "network")
        client.username_pw_set(USER, PASSWORD)
        client.tls_set_context(ssl.create_default_context(cafile=self.home / "ca.pem"))
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        yield client
        client.disconnect()
        client.loop_stop()


@pytest.fixture
def cloud(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[Cloud]:
    if not mosquitto():
        pytest.skip("mosquitto is not installed")
    made = Cloud(tmp_path, free_port())
    made.start()
    yield made
    made.stop()


@asynccontextmanager
async def listening(
    broker: Endpoint, clock: Clock, grace_s: float = 60
) -> AsyncIterator[list[Event]]:
    told: list[Event] = []

    def emit(_: str, event: Event, on_outcome: OnOutcome) -> None:
        told.append(event)
        on_outcome(event.id, Outcome.DURABLE)

    config = LorawanConfig.model_validate(
        {"id": "lora", "server": "things-stack", "devices": {EUI: {"profile": "ws101"}}}
    )
    listener = TopicListener("lora", LorawanSession(config), broker, link_grace_s=grace_s)
    task = asyncio.create_task(TopicRunner(MUNICIPALITY, listener, emit, clock, Crash()).run())
    yield told
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def press(count: int) -> bytes:
    message = {
        "end_device_ids": {"device_id": "k1", "dev_eui": EUI},
        "uplink_message": {
            "session_key_id": "s",
            "f_port": 85,
            "f_cnt": count,
            "frm_payload": base64.b64encode(bytes.fromhex("ff2e01")).decode(),
        },
    }
    return json.dumps(message).encode()


def kinds(told: list[Event]) -> set[str]:
    return {str(event.type) for event in told}


async def test_a_burst_of_presses_over_tls_is_all_heard(cloud: Cloud, clock: Clock) -> None:
    async with listening(cloud.endpoint, clock) as told:
        await until(lambda: _reached(cloud, told))
        with cloud.sender() as network:
            for count in range(1, 301):
                network.publish(f"v3/{USER}/devices/k1/up", press(count), qos=0)
            await until(lambda: len({event.id for event in told}) == 301)
        assert kinds(told) == {"help.pressed"}


def _reached(cloud: Cloud, told: list[Event]) -> bool:
    """Send press 0 until it arrives: nothing is kept for a subscriber that is not there yet."""
    try:
        with cloud.sender() as network:
            sent = network.publish(f"v3/{USER}/devices/k1/up", press(0), qos=1)
            sent.wait_for_publish(WITHIN_S)
    except OSError:
        return False
    return "help.pressed" in kinds(told)


@pytest.mark.parametrize("wrong", ["authority", "name", "password"])
async def test_a_broker_that_cannot_prove_itself_is_not_spoken_to(
    wrong: str, cloud: Cloud, clock: Clock, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    if wrong == "authority":
        other = tmp_path / "other"
        other.mkdir()
        Authority.make(other)
        broker, said = replace(cloud.endpoint, ca_file=other / "ca.pem"), "CERTIFICATE_VERIFY"
    elif wrong == "name":
        broker, said = replace(cloud.endpoint, host="localhost"), "CERTIFICATE_VERIFY"
    else:
        broker, said = replace(cloud.endpoint, password="guessed"), "check user and password"
    async with listening(broker, clock, grace_s=0.2) as told:
        await until(lambda: said in caplog.text and told)
    assert [(str(event.type), event.subject) for event in told] == [
        ("link.lost", "lorawan:network")
    ]
    assert PASSWORD not in caplog.text


async def test_a_cloud_that_goes_is_one_fault_and_comes_back(cloud: Cloud, clock: Clock) -> None:
    async with listening(cloud.endpoint, clock, grace_s=0.2) as told:
        await until(lambda: _reached(cloud, told))
        told.clear()
        cloud.stop()
        await until(lambda: "link.lost" in kinds(told))
        cloud.start()
        await until(lambda: "link.restored" in kinds(told))
    of_network = [event for event in told if event.subject == "lorawan:network"]
    assert [str(event.type) for event in of_network] == ["link.lost", "link.restored"]
