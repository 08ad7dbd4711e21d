"""The production broker's own files, run natively: passwords, rights and settings."""

import os
import queue
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.secrets import Secrets
from scripts.parts import SERVER_PATH

pytestmark = pytest.mark.broker
WAIT_S = 30.0
USERS = ("hub", "adapters", "web", "tap", "devices")


class Installation:
    """One installation of the broker in a folder of its own, on a free port."""

    def __init__(self, root: Path, folder: Path, port: int) -> None:
        self.files = root / "deploy" / "broker"
        self.secrets = folder / "secrets"
        self.passwords = folder / "passwords"
        self.port = port
        self.conf = folder / "mosquitto.conf"
        (folder / "data").mkdir()
        text = (self.files / "mosquitto.conf").read_text()
        text = text.replace("listener 1883", f"listener {port} 127.0.0.1")
        text = text.replace("/mosquitto/config/", f"{self.files}/")
        text = text.replace("/mosquitto/", f"{folder}/")
        # As root Mosquitto would become a user that may not read this folder.
        self.conf.write_text(text + ("user root\n" if os.geteuid() == 0 else ""))

    def password(self, user: str) -> str:
        """Read the password as the hub does, which refuses a file that others could read."""
        return Secrets(self.secrets.parent, {}).secret(f"broker-{user}")

    @contextmanager
    def running(self) -> Iterator[None]:
        script = self.files / "start.sh"
        broker = subprocess.Popen(
            ["sh", str(script), str(self.conf), str(self.secrets), str(self.passwords)],
            env={**os.environ, "PATH": SERVER_PATH},
        )
        try:
            self._wait_until_it_listens(broker)
            yield
        finally:
            broker.terminate()
            broker.wait(timeout=WAIT_S)

    def _wait_until_it_listens(self, broker: subprocess.Popen[bytes]) -> None:
        pause = threading.Event()
        for _ in range(int(WAIT_S / 0.05)):
            assert broker.poll() is None, "the broker refused its configuration"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            pause.wait(0.05)
        pytest.fail("the broker did not listen in time")


@pytest.fixture
def installation(root: Path, tmp_path: Path, free_port: Callable[[], int]) -> Installation:
    if shutil.which("mosquitto_passwd", path=SERVER_PATH) is None:
        pytest.fail("mosquitto_passwd is missing; Debian has it in the package mosquitto")
    return Installation(root, tmp_path, free_port())


@contextmanager
def client(port: int, user: str | None, password: str | None) -> Iterator[mqtt.Client | None]:
    """Connect; None when the broker refuses."""
    answers: queue.Queue[bool] = queue.Queue()
    mine = mqtt.Client(CallbackAPIVersion.VERSION2)
    mine.on_connect = lambda c, u, f, reason, p: answers.put(not reason.is_failure)
    if user is not None:
        mine.username_pw_set(user, password)
    mine.connect("127.0.0.1", port)
    mine.loop_start()
    try:
        yield mine if answers.get(timeout=WAIT_S) else None
    finally:
        mine.disconnect()
        mine.loop_stop()


def test_nobody_gets_in_without_a_password(installation: Installation) -> None:
    with installation.running():
        for user, password in ((None, None), ("hub", ""), ("hub", "varde"), ("admin", "admin")):
            with client(installation.port, user, password) as refused:
                assert refused is None, user
        with client(installation.port, "hub", installation.password("hub")) as accepted:
            assert accepted is not None


def test_passwords_differ_and_outlive_a_restart(installation: Installation) -> None:
    with installation.running():
        first = {user: installation.password(user) for user in USERS}
    with installation.running():
        second = {user: installation.password(user) for user in USERS}
        with client(installation.port, "devices", second["devices"]) as accepted:
            assert accepted is not None
    assert first == second
    assert len(set(first.values())) == len(USERS)
    assert {len(password) for password in first.values()} == {44}  # base64 of 256 bits


def test_secrets_are_not_for_everyone(installation: Installation) -> None:
    with installation.running():
        files = [installation.passwords, *installation.secrets.iterdir()]
        modes = {path.name: path.stat().st_mode & 0o777 for path in files}
    assert modes == {"passwords": 0o600, **{f"broker-{user}": 0o600 for user in USERS}}


@pytest.mark.parametrize(
    ("user", "refused", "allowed"),
    [
        ("devices", "varde/v1/varvik/event/help/scaip", "zigbee2mqtt/bad/fukt"),
        ("devices", "varde/v1/varvik/command", "care/17/state"),
        ("web", "varde/v1/varvik/event/help/scaip", "varde/v1/varvik/command"),
        ("adapters", "varde/v1/varvik/command", "varde/v1/varvik/event/help/scaip"),
        ("adapters", "varde/v1/varvik/confirm/scaip/0", "varde/v1/varvik/event/telemetry/gps"),
    ],
)
def test_who_may_write_what(
    installation: Installation, user: str, refused: str, allowed: str
) -> None:
    heard: queue.Queue[str] = queue.Queue()
    subscribed = threading.Event()
    with (
        installation.running(),
        client(installation.port, "hub", installation.password("hub")) as hub,
        client(installation.port, user, installation.password(user)) as writer,
    ):
        assert hub is not None
        assert writer is not None
        hub.on_message = lambda c, u, message: heard.put(message.topic)
        hub.on_subscribe = lambda c, u, mid, reasons, p: subscribed.set()
        hub.subscribe("#", 1)
        assert subscribed.wait(WAIT_S)
        writer.publish(refused, b"{}", qos=1)
        writer.publish(allowed, b"{}", qos=1)
        # A session keeps its order: hearing the second first means that the first was refused.
        assert heard.get(timeout=WAIT_S) == allowed
        hub.publish("varde/v1/varvik/confirm/scaip/1", b"{}", qos=1)
        assert heard.get(timeout=WAIT_S) == "varde/v1/varvik/confirm/scaip/1"
    assert heard.empty()


def test_the_settings_that_keep_messages_are_there(root: Path) -> None:
    lines = (root / "deploy" / "broker" / "mosquitto.conf").read_text().splitlines()
    settings = dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    assert settings["persistence"] == "true"
    assert settings["autosave_on_changes"] == "false"
    assert settings["autosave_interval"] == "5"
    assert settings["max_queued_messages"] == "1000000000"
    assert settings["allow_anonymous"] == "false"
