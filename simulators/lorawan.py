"""A LoRaWAN network server and Milesight sensors, each of which writes its own octets.

Envelopes: chirpstack.io ("Event types", JSON) and thethingsindustries.com ("Data Formats"). Octets:
github.com/Milesight-IoT/SensorDecoders, the tables of WS101, WS301, VS340 and VS373. A sensor is
never told what became of what it said; the answer of an action is the broker's PUBACK.
"""

import asyncio
import base64
import itertools
import json
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Literal

from simulators.devicelog import Answer, DeviceLog
from simulators.faults import NO_FAULTS, Faults, Link
from simulators.gateway import DeviceBroker, Gateway

Server = Literal["chirpstack", "things-stack"]
PORT = 85


class Network:
    """A network server with two gateways in reach of every sensor. One copy of a frame may come so
    late that the server delivers it once more (`Faults.repeat`)."""

    def __init__(
        self,
        server: Server,
        broker: DeviceBroker | Gateway,
        *,
        seed: int,
        application: str = "ab12",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._server, self._application, self._clock = server, application, clock
        self._rng = random.Random(seed)
        name = f"sim-lora-{self._rng.getrandbits(32):08x}"
        self.gateway = broker if isinstance(broker, Gateway) else Gateway(broker, name)

    def joined(self, dev_eui: str, session: str) -> tuple[str, str]:
        """Return topic and payload of a join."""
        if self._server == "chirpstack":
            return self._chirpstack(dev_eui, "join", {"devAddr": "00189440"})
        accept = {"session_key_id": session, "received_at": self._now()}
        return self._things(dev_eui, "join", {"join_accept": accept})

    def heard(
        self, dev_eui: str, model: str, session: str, count: int, octets: bytes
    ) -> tuple[str, str]:
        """Return topic and payload of an uplink that both gateways heard."""
        data = base64.b64encode(octets).decode()
        rssi = [-self._rng.randint(60, 120) for _ in range(2)]
        if self._server == "chirpstack":
            said: dict[str, object] = {"fCnt": count, "fPort": PORT, "data": data}
            said["rxInfo"] = [
                {"gatewayId": f"{n:016x}", "rssi": one} for n, one in enumerate(rssi, 1)
            ]
            return self._chirpstack(dev_eui, "up", _present(said), model)
        message = {
            "session_key_id": session,
            "f_port": PORT,
            "f_cnt": count,
            "frm_payload": data,
            "rx_metadata": [
                {"gateway_ids": {"gateway_id": f"gw-{n}"}, "rssi": one}
                for n, one in enumerate(rssi, 1)
            ],
            "version_ids": {"brand_id": "milesight-iot", "model_id": model},
            "received_at": self._now(),
        }
        return self._things(dev_eui, "up", {"uplink_message": _present(message)})

    def lose_gateway(self) -> None:
        """A gateway's own connection to the server breaks (ChirpStack only)."""
        self._gateway_state("OFFLINE")

    def find_gateway(self) -> None:
        """It is back."""
        self._gateway_state("ONLINE")

    def _gateway_state(self, state: str) -> None:
        gateway = f"{1:016x}"
        text = json.dumps({"gatewayId": gateway, "state": state})
        self.gateway.publish(f"eu868/gateway/{gateway}/state/conn", text, retain=True)

    def _chirpstack(
        self, dev_eui: str, event: str, said: Mapping[str, object], model: str = ""
    ) -> tuple[str, str]:
        number = self._rng.getrandbits(128)
        info = {"applicationId": self._application, "devEui": dev_eui}
        body = {
            "deduplicationId": f"{number:032x}",
            "time": self._now(),
            "deviceInfo": _present({**info, "deviceProfileName": model and f"Milesight {model}"}),
            **said,
        }
        topic = f"application/{self._application}/device/{dev_eui}/event/{event}"
        return topic, json.dumps(body)

    def _things(self, dev_eui: str, about: str, said: Mapping[str, object]) -> tuple[str, str]:
        device = f"eui-{dev_eui}"
        ids = {"device_id": device, "dev_eui": dev_eui.upper()}
        body = {"end_device_ids": ids, "received_at": self._now(), **said}
        return f"v3/{self._application}@sim/devices/{device}/{about}", json.dumps(body)

    def _now(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).isoformat()


def _present(said: Mapping[str, object]) -> dict[str, object]:
    """Both servers leave out what is zero or empty."""
    return {name: value for name, value in said.items() if value}


class LorawanDevice:
    """One sensor, known by its DevEUI."""

    model = ""

    def __init__(
        self,
        dev_eui: str,
        network: Network,
        *,
        seed: int,
        log: DeviceLog,
        faults: Faults = NO_FAULTS,
        answer_wait_s: float = 10.0,
    ) -> None:
        self._dev_eui, self._network, self._log = dev_eui, network, log
        self._rng = random.Random(seed)
        self._link = Link(faults, random.Random(seed ^ 0x5EED))
        self._answer_wait_s = answer_wait_s
        self._session = f"{self._rng.getrandbits(64):016x}"
        self._counts = itertools.count()
        self._battery_pct = 92
        self.name = f"lorawan:{dev_eui}"

    async def start(self) -> None:
        """Switch on: join the network, and say so."""
        await self._network.gateway.start()
        await self._deliver("join", "0", *self._network.joined(self._dev_eui, self._session))
        await self.say("power_on", bytes([0xFF, 0x0B, 0xFF]))

    async def stop(self) -> None:
        """Leave the network."""
        await self._network.gateway.stop()

    async def heartbeat(self) -> Answer:
        """The regular report: the battery."""
        return await self.say("heartbeat", bytes([0x01, 0x75, self._battery_pct]))

    async def battery_low(self) -> Answer:
        """The battery is nearly empty."""
        self._battery_pct = 7
        return await self.heartbeat()

    async def say(self, action: str, octets: bytes) -> Answer:
        """Send octets with the next frame counter."""
        count = next(self._counts)
        heard = self._network.heard(self._dev_eui, self.model, self._session, count, octets)
        return await self._deliver(action, str(count), *heard)

    async def _deliver(self, action: str, reference: str, topic: str, payload: str) -> Answer:
        loop = asyncio.get_running_loop()
        began = loop.time()
        answered: asyncio.Future[None] = loop.create_future()
        self._log.note(self.name, "sent", action, reference, detail=payload)

        def acknowledged() -> None:
            if not answered.done() and not self._link.answer_lost():
                answered.set_result(None)

        self._link.pass_on(lambda: self._network.gateway.publish(topic, payload, acknowledged))
        done, _ = await asyncio.wait({answered}, timeout=self._answer_wait_s)
        ms = (loop.time() - began) * 1000
        said = "PUBACK from the broker" if done else "no PUBACK from the broker"
        answer = Answer(bool(done), ms, reference, said)
        return self._log.ended(self.name, "answered" if done else "unanswered", action, answer)
