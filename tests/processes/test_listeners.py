"""Configured listeners become sessions with their secrets and addresses."""

from pathlib import Path

import pytest

from adapters.bridge.settings import Address, BridgeSettings, Endpoint, SerialPort, StreamLimits
from adapters.bridge.tls import CertificateFiles
from adapters.espa444 import Espa444Config
from adapters.espax import EspaXConfig
from adapters.generic_http import GenericHttpConfig
from adapters.mapping import Mapping
from adapters.osmand import OsmandConfig
from adapters.scaip import Credential, ScaipConfig, ScaipEntry
from adapters.scaip import protocol as scaip_protocol
from adapters.session import Accepted, Call, Send
from adapters.webhook import WebhookConfig
from hub.configuration.check import check
from hub.configuration.listeners import ListenerEntry
from hub.processes.listeners import Listeners, device_topics
from hub.secrets import Secrets, SecretUnsafe
from hub.settings.load import SettingsWrong, parse_settings
from routing.kinds import Kind

SAMPLE = Path(__file__).parents[2] / "examples" / "fjordvik.yaml"
DEVICES = Endpoint("127.0.0.1", 1883, "devices", "x")
PLAIN = Mapping(device="id", kind=Kind.HELP_PRESSED)
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


def test_phones_are_called_by_get_too_and_have_a_key(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, {})
    listeners = Listeners(parse_settings(f"state_dir: {tmp_path}"), secrets, DEVICES)
    made = listeners.bridge("fjordvik", HUB, (OsmandConfig(id="phones"),), tmp_path)
    (phones,) = made.requests
    assert phones.methods == ("GET", "POST")
    call = Call({}, b"", "GET", secrets.secret("osmand-phones"), "id=1")
    assert isinstance(phones.session.request(call, 0), Accepted)


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


def test_a_listener_may_be_a_serial_line_alone(tmp_path: Path) -> None:
    line = "{serial: {port: /dev/ttyUSB0, baud: 1200, bits: 7, parity: even, stop_bits: 2}}"
    settings = parse_settings(f"state_dir: {tmp_path}\nlisteners: {{ward: {line}}}")
    listeners = Listeners(settings, Secrets(tmp_path, {}), DEVICES)
    made = listeners.bridge("fjordvik", HUB, (Espa444Config(id="ward"),), tmp_path)
    (ward,) = made.wires
    assert (ward.udp, ward.tcp, ward.tls) == (None, None, None)
    assert ward.serial == SerialPort("/dev/ttyUSB0", 1200, 7, "E", 2)


def test_the_passwords_of_espax_users_are_secrets_and_there_is_no_default(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, {})
    password = secrets.secret("espax-ward-panel")
    listeners = Listeners(parse_settings(f"state_dir: {tmp_path}"), secrets, DEVICES)
    made = listeners.bridge("fjordvik", HUB, (EspaXConfig(id="ward"),), tmp_path)
    session = made.wires[0].session({})

    def answer(given: str) -> bytes:
        xml = f"<LI-USER>Panel</LI-USER><LI-PASSWORD>{given}</LI-PASSWORD>"
        xml = f'<ESPA-X><REQ.LOGIN invokeID="1">{xml}</REQ.LOGIN></ESPA-X>'
        octets = b"EX" + (len(xml) + 10).to_bytes(4) + bytes(4) + xml.encode()
        (said,) = [o for o in session.receive("tcp:x:1", octets, 0) if isinstance(o, Send)]
        return said.data

    assert b"<RSP-CODE>403<" in answer("")
    assert b"<RSP-CODE>403<" in answer("panel")
    assert b"<RSP-CODE>200<" in answer(password)


def test_a_certificate_makes_a_listener_speak_tls(tmp_path: Path) -> None:
    files = "certificate: /etc/varde/hub.pem, key: /etc/varde/hub.key"
    said = {
        "{%s}": ((5060, 5060), ("127.0.0.1", 5061), None),
        '{tls: "192.0.2.1:5061", client_ca: /etc/varde/ca.pem, %s}': (
            (None, None),
            ("192.0.2.1", 5061),
            Path("/etc/varde/ca.pem"),
        ),
        '{tcp: "127.0.0.1:5099", %s}': ((None, 5099), None, None),
    }
    for text, (plain, tls, client_ca) in said.items():
        settings = parse_settings(f"listeners: {{alarm: {text % files}}}")
        listeners = Listeners(settings, Secrets(tmp_path, {}), DEVICES)
        (wire,) = listeners.bridge("m", HUB, (ScaipEntry(id="alarm"),), tmp_path).wires
        assert tuple(one and one.port for one in (wire.udp, wire.tcp)) == plain
        found = wire.tls and (wire.tls.address.host, wire.tls.address.port)
        assert found == tls
        if wire.tls:
            assert wire.tls.files == CertificateFiles(
                Path("/etc/varde/hub.pem"), Path("/etc/varde/hub.key"), client_ca
            )


@pytest.mark.parametrize(
    "said",
    ['tls: "127.0.0.1:5061"', "certificate: a.pem", "key: a.key", "client_ca: ca.pem"],
)
def test_tls_without_certificate_and_key_is_refused(said: str) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        parse_settings(f"listeners: {{alarm: {{{said}}}}}")
    assert [problem.code for problem in wrong.value.problems] == ["bad_tls"]


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


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        (OsmandConfig(id="phones"), "osmand-phones"),
        (WebhookConfig(id="maker", mapping=PLAIN), "webhook-maker"),
        (GenericHttpConfig(id="gate", mapping=PLAIN), "generic-http-gate"),
    ],
)
def test_a_secret_that_is_too_short_is_told_by_listener(
    tmp_path: Path, entry: ListenerEntry, name: str
) -> None:
    variable = "VARDE_SECRET_" + name.upper().replace("-", "_")
    settings = parse_settings(f"state_dir: {tmp_path}")
    listeners = Listeners(settings, Secrets(tmp_path, {variable: "kort"}), DEVICES)
    with pytest.raises(SecretUnsafe, match=f"'{entry.id}' cannot use its secret: .*use ") as told:
        listeners.bridge("fjordvik", HUB, (entry,), tmp_path)
    assert "kort" not in str(told.value)
