"""Configured listeners become sessions with their secrets and addresses."""

from pathlib import Path

import pytest

from adapters.bridge.settings import Address, BridgeSettings, Endpoint, StreamLimits
from adapters.scaip import Credential, ScaipConfig
from adapters.scaip import protocol as scaip_protocol
from hub.configuration.check import check
from hub.processes.listeners import Listeners, device_topics
from hub.secrets import Secrets
from hub.settings import parse_settings

SAMPLE = Path(__file__).parents[2] / "examples" / "fjordvik.yaml"
DEVICES = Endpoint("127.0.0.1", 1883, "devices", "x")
HUB = Endpoint("127.0.0.1", 1884, "adapters", "y")


def bridge(folder: Path, secrets: Secrets) -> BridgeSettings:
    file = check(SAMPLE.read_text("utf-8")).file
    assert file is not None
    listen = '{udp: "127.0.0.1:5099", tcp: "127.0.0.1:5099"}'
    settings = parse_settings(f"state_dir: {folder}\nlisteners: {{scaip: {listen}}}")
    made = Listeners(settings, secrets, DEVICES)
    return made.bridge("fjordvik", HUB, file.adapters, folder)


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


def test_how_many_connections_a_listener_holds_is_a_setting(tmp_path: Path) -> None:
    limits = "{connections: 3000, connections_per_host: 2500}"
    settings = parse_settings(f"state_dir: {tmp_path}\nlisteners: {{gps: {limits}}}")
    file = check(SAMPLE.read_text("utf-8")).file
    assert file is not None
    listeners = Listeners(settings, Secrets(tmp_path, {}), DEVICES)
    made = listeners.bridge("fjordvik", HUB, file.adapters, tmp_path)
    assert {wire.id: (wire.tcp, wire.limits) for wire in made.wires} == {
        "scaip": (Address("127.0.0.1", 5060), StreamLimits(1000, 200)),
        "gps": (Address("127.0.0.1", 5050), StreamLimits(3000, 2500)),
    }


def test_a_device_password_that_others_can_read_shuts_out_that_device_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    given: list[ScaipConfig] = []
    monkeypatch.setattr(scaip_protocol, "ScaipSession", lambda config, _: given.append(config))
    secrets = Secrets(tmp_path, {})
    known, sound = secrets.secret("scaip-100001"), secrets.secret("scaip-Nord_2.b")
    (tmp_path / "secrets" / "scaip-100001").chmod(0o644)
    wire = next(w for w in bridge(tmp_path, secrets).wires if w.id == "scaip")
    wire.session({})
    (config,) = given
    readable = config.credentials("100001")
    assert readable is not None  # so a proof is asked for, as RequireAuth.KNOWN has it
    assert readable.password not in {None, "", known}
    assert config.credentials("Nord_2.b") == Credential(password=sound)
    assert config.credentials("100002") is None
    assert "secret scaip-100001" in caplog.text
    assert known not in caplog.text


def test_devices_may_use_the_topics_of_their_listeners_only() -> None:
    file = check(SAMPLE.read_text("utf-8")).file
    assert file is not None
    assert device_topics(file.adapters) == ["zigbee2mqtt/#"]
