"""Configured listeners become sessions with their secrets and addresses."""

from pathlib import Path

import pytest

from adapters.bridge.settings import Address, BridgeSettings, Endpoint
from hub.configuration.check import check
from hub.processes.listeners import Listeners, device_topics
from hub.secrets import Secrets, SecretUnsafe
from hub.settings import parse_settings

SAMPLE = Path(__file__).parents[2] / "examples" / "fjordvik.yaml"
DEVICES = Endpoint("127.0.0.1", 1883, "devices", "x")
HUB = Endpoint("127.0.0.1", 1884, "adapters", "y")


def bridge(folder: Path, secrets: Secrets) -> BridgeSettings:
    file = check(SAMPLE.read_text("utf-8")).file
    assert file is not None
    listen = '{udp: "127.0.0.1:5099", tcp: "127.0.0.1:5099"}'
    settings = parse_settings(f"state_dir: {folder}\nlisteners: {{scaip: {listen}}}")
    listeners = Listeners(settings, secrets, DEVICES)
    return listeners.bridge("fjordvik", HUB, file.adapters, folder)


def test_each_family_gets_its_kind_of_listener(tmp_path: Path) -> None:
    made = bridge(tmp_path, Secrets(tmp_path, {}))
    assert {wire.id: (wire.udp, wire.tcp) for wire in made.wires} == {
        "scaip": (Address("127.0.0.1", 5099), Address("127.0.0.1", 5099)),
        "gps": (None, Address("127.0.0.1", 5050)),
    }
    assert [(topic.id, topic.broker) for topic in made.topics] == [("zigbee", DEVICES)]
    assert [request.id for request in made.requests] == ["medication"]
    assert made.http == Address("127.0.0.1", 8081)
    assert (tmp_path / "secrets" / "webhook-medication").stat().st_mode & 0o777 == 0o600


def test_a_device_password_that_others_can_read_is_refused_at_the_start(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, {})
    secrets.secret("scaip-100001")
    (tmp_path / "secrets" / "scaip-100001").chmod(0o644)
    with pytest.raises(SecretUnsafe, match=r"secret scaip-100001: .* can be read by other users"):
        bridge(tmp_path, secrets)


def test_devices_may_use_the_topics_of_their_listeners_only() -> None:
    file = check(SAMPLE.read_text("utf-8")).file
    assert file is not None
    assert device_topics(file.adapters) == ["zigbee2mqtt/#"]
