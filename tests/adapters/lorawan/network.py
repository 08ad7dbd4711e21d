"""A network server for tests: it writes envelopes around octets, and has a clock of its own."""

import base64
import json
from typing import Any

from adapters.lorawan import LorawanConfig, LorawanSession
from routing.event import Event
from routing.instant import SECOND, Instant, to_rfc3339

AT: Instant = 1_800_000_000_000_000
EUI = "24e124141c000001"


class Network:
    """A session, and messages of ChirpStack or The Things Stack for it."""

    def __init__(
        self, profile: str = "ws301", *, server: str = "chirpstack", **device: Any
    ) -> None:
        self.session = LorawanSession(
            LorawanConfig.model_validate(
                {
                    "id": "lora",
                    "server": server,
                    "devices": {EUI.upper(): {"profile": profile, **device}},
                }
            )
        )
        self.at = AT
        self.count = 0

    def send(self, topic: str, body: object, *, retained: bool = False) -> list[Event]:
        self.at += SECOND
        octets = body if isinstance(body, bytes) else json.dumps(body).encode()
        return list(self.session.message(topic, octets, retained, self.at))

    def up(self, octets: str, *, device: str = EUI, **fields: Any) -> list[Event]:
        """One transmission through ChirpStack; `fields` replace those of its message."""
        self.count += 1
        body = {
            "deduplicationId": f"id-{self.count}",
            "time": to_rfc3339(self.at),
            "deviceInfo": {"devEui": device},
            "fPort": 85,
            "data": base64.b64encode(bytes.fromhex(octets)).decode(),
            **fields,
        }
        return self.send(f"application/ab12/device/{device}/event/up", body)

    def told(self, octets: str, **fields: Any) -> list[tuple[str, str | None]]:
        return [(str(event.type), event.data.code) for event in self.up(octets, **fields)]

    def things(self, octets: str, *, session: str = "s1", **message: Any) -> list[Event]:
        """One transmission through The Things Stack; a zero is left out as it does."""
        body = {
            "end_device_ids": {"device_id": "dor-1", "dev_eui": EUI.upper()},
            "uplink_message": {
                "session_key_id": session,
                "f_port": 85,
                "frm_payload": base64.b64encode(bytes.fromhex(octets)).decode(),
                **message,
            },
        }
        return self.send("v3/app1@ttn/devices/dor-1/up", body)
