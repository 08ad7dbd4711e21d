"""Port 0 becomes a real port, the same for both transports of one listener."""

from adapters.scaip import ScaipEntry
from hub.processes.ports import fixed, wanted
from hub.settings.address import host_and_port
from hub.settings.load import parse_settings


def test_tls_has_a_port_of_its_own() -> None:
    files = "certificate: a.pem, key: a.key"
    said = f'tls: "127.0.0.1:0", udp: "127.0.0.1:0", tcp: "127.0.0.1:0", {files}'
    settings = fixed(parse_settings(f"listeners: {{alarm: {{{said}}}}}"))
    found = settings.listeners["alarm"]
    assert found.udp == found.tcp
    assert found.tls not in (found.tcp, "127.0.0.1:0", None)
    names = [one.setting for one in wanted(settings, (ScaipEntry(id="alarm"),))]
    assert names == ["web.bind", *(f"listeners.alarm.{name}" for name in ("udp", "tcp", "tls"))]


def test_port_0_becomes_a_port_and_others_stay() -> None:
    settings = fixed(
        parse_settings(
            'web: {bind: "127.0.0.1:0"}\n'
            'listeners: {a: {udp: "127.0.0.1:0", tcp: "127.0.0.1:0"}, b: {tcp: "[::1]:7"}}\n'
        )
    )
    assert host_and_port(settings.web.bind)[1] > 0
    assert settings.http.bind == "127.0.0.1:8081"
    both = settings.listeners["a"]
    assert both.udp == both.tcp
    assert both.tcp is not None
    assert host_and_port(both.tcp)[1] > 0
    assert settings.listeners["b"].tcp == "[::1]:7"
    assert settings.listeners["b"].udp is None
