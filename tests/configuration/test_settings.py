"""Process settings: safe defaults, and mistakes told with their line."""

from pathlib import Path

import pytest

from hub.settings.address import host_and_port
from hub.settings.load import SettingsWrong, parse_settings


def test_every_default_is_on_loopback() -> None:
    settings = parse_settings("")
    assert settings.state_dir == Path("varde-state").absolute()
    assert settings.broker.embedded == "auto"
    assert settings.web.frame_ancestors == ()
    binds = [settings.web.bind, settings.http.bind, settings.broker.bind]
    for listener in ("scaip", "ev07b"):
        listen = settings.listen("any", listener)
        binds += [bind for bind in (listen.udp, listen.tcp) if bind is not None]
    assert {host_and_port(bind)[0] for bind in binds} == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("state_dri: x", [("unknown_key_near", 1)]),
        ("web:\n  bind: 8080", [("bad_address", 2)]),
        ("web:\n  bind: 127.0.0.1:99999", [("bad_address", 2)]),
        ("broker: {}", [("bad_broker", 1)]),
        ("broker: {embedded: nats, url: mqtt://b}", [("bad_broker", 1)]),
        ("broker: {url: http://b}", [("bad_broker", 1)]),
        ("broker: {url: mqtt://x:abc}", [("bad_broker", 1)]),
        ("broker: {url: mqtt://x:0}", [("bad_broker", 1)]),
        ("broker: {url: mqtt://x:65536}", [("bad_broker", 1)]),
        ("drain_s: .nan", [("invalid", 1), ("no_number", 1)]),
        ("web: {}\njournal: {keep_days: 0}", [("invalid", 2)]),
        ("log_level: loud\nhttp: {port: 1}", [("not_one_of", 1), ("unknown_key", 2)]),
        ("web: [", [("yaml", 1)]),
    ],
)
def test_mistakes_are_named_at_their_line(source: str, expected: list[tuple[str, int]]) -> None:
    with pytest.raises(SettingsWrong) as caught:
        parse_settings(source)
    wrong = caught.value
    assert sorted((p.code, p.line or wrong.loaded.line(p.path)) for p in wrong.problems) == expected


def test_a_broker_of_others_is_a_url() -> None:
    assert parse_settings("broker: {url: mqtt://b}").broker.host_and_port == ("b", 1883)
    assert parse_settings("broker: {url: mqtt://b:77}").broker.host_and_port == ("b", 77)
