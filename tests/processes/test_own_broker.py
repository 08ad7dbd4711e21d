"""A listener's own broker, from settings and secrets."""

from pathlib import Path

import pytest

from adapters.bridge.settings import Endpoint
from hub.processes.own_broker import OwnBrokerUnusable, endpoint, has_own_broker
from hub.secrets import Secrets
from hub.settings.load import SettingsWrong, parse_settings
from hub.settings.whole import Settings

SHARED = Endpoint("127.0.0.1", 1883, "devices", "x")


def settings(broker: str) -> Settings:
    return parse_settings(f"listeners: {{lora: {{broker: {broker}}}}}")


def test_a_listener_uses_the_shared_broker_unless_it_has_its_own(tmp_path: Path) -> None:
    said = settings('{url: "mqtts://eu1.example", username: app1@ttn}')
    secrets = Secrets(tmp_path, {"VARDE_SECRET_MQTT_LORA": "key"})
    assert endpoint(said, secrets, "zigbee", SHARED) == SHARED
    own = Endpoint("eu1.example", 8883, "app1@ttn", "key", tls=True)
    assert endpoint(said, secrets, "lora", SHARED) == own
    assert (has_own_broker(said, "lora"), has_own_broker(said, "zigbee")) == (True, False)


def test_without_tls_and_user(tmp_path: Path) -> None:
    said = settings('{url: "mqtt://10.0.0.9:1884"}')
    found = endpoint(said, Secrets(tmp_path, {}), "lora", SHARED)
    assert found == Endpoint("10.0.0.9", 1884)


def test_a_password_is_never_made_up_and_an_authority_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(OwnBrokerUnusable, match="no secret mqtt-lora"):
        endpoint(settings('{url: "mqtts://h", username: u}'), Secrets(tmp_path, {}), "lora", SHARED)
    with pytest.raises(OwnBrokerUnusable, match="ca_file"):
        endpoint(
            settings('{url: "mqtts://h", ca_file: /no/such}'), Secrets(tmp_path, {}), "lora", SHARED
        )


@pytest.mark.parametrize("url", ["https://h", "mqtts://", "mqtts://u:p@h", "mqtts://h/x", "h:1883"])
def test_an_address_that_is_no_brokers_is_refused(url: str) -> None:
    with pytest.raises(SettingsWrong):
        settings(f'{{url: "{url}"}}')
