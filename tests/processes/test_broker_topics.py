"""What devices may use on the embedded broker: their listeners' topics, and what was asked for."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.lorawan import LorawanConfig
from adapters.zigbee2mqtt import Zigbee2mqttConfig
from hub.brokers.port import Account
from hub.processes import parts
from hub.secrets import Secrets
from hub.settings.load import parse_settings

LISTENERS = (
    Zigbee2mqttConfig(id="zigbee"),
    LorawanConfig(id="lora", server="things-stack", application="a@t"),
)


def topics(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the topic filters of the devices' account under these settings."""
    given: list[Account] = []

    def embedded(*_: object, accounts: Sequence[Account], **__: object) -> None:
        given.extend(accounts)

    monkeypatch.setattr(parts, "embedded", embedded)
    settings = parse_settings(f"state_dir: {folder}\n{text}")
    parts.broker(settings, Secrets(folder, {}), "fjordvik", LISTENERS)
    (devices,) = (account for account in given if account.name == "devices")
    assert devices.publish == devices.subscribe
    return list(devices.publish)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", ["zigbee2mqtt/#", "v3/a@t/devices/+/#"]),
        ('listeners: {lora: {broker: {url: "mqtts://h"}}}', ["zigbee2mqtt/#"]),
        (
            "home_assistant: {prefix: ha}",
            ["zigbee2mqtt/#", "v3/a@t/devices/+/#", "ha/#"],
        ),
    ],
)
def test_devices_may_use_what_is_read_there_and_no_more(
    text: str, allowed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert topics(tmp_path, text, monkeypatch) == allowed
