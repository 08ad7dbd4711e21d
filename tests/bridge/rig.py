"""A real broker, a hub that answers as it is told, a clock, and events, for the bridge's tests."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from adapters.bridge.settings import Endpoint
from routing.event import Event, make_event
from routing.kinds import Kind

MUNICIPALITY = "nordvik"
WITHIN_S = 60.0


async def until(condition: Callable[[], object]) -> None:
    """Wait until the condition holds; AssertionError when it does not within a long time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + WITHIN_S
    while not condition():
        assert loop.time() < deadline
        await asyncio.sleep(0.01)


def press(number: int = 1, kind: Kind = Kind.HELP_PRESSED) -> Event:
    """Return an event whose id ends in the number."""
    return make_event(
        kind,
        id=f"{number:032x}",
        source="/adapters/fake/alarm",
        subject="fake:1",
        received_at=1_000_000,
    )


@dataclass
class Broker:
    """A broker process that can go away and come back on the same port with the same store."""

    kind: str
    port: int
    home: Path
    process: subprocess.Popen[bytes] | None = None
    extra: str = ""
    """More lines of its settings."""

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint("127.0.0.1", self.port)

    async def start(self) -> None:
        self.process = self.spawn()
        await until(self._answers)

    def spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(WITHIN_S)
            self.process = None

    def _answers(self) -> bool:
        probe = paho.Client(CallbackAPIVersion.VERSION2, "probe")
        try:
            probe.connect("127.0.0.1", self.port)
        except OSError:
            return False
        for _ in range(50):
            probe.loop(0.02)
            if probe.is_connected():
                probe.disconnect()
                return True
        return False

    def _command(self) -> list[str]:
        settings = self.home / "broker.conf"
        if self.kind == "mosquitto":
            settings.write_text(
                f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
                f"persistence true\npersistence_location {self.home}/\n"
                + (f"user {os.environ.get('USER', 'root')}\n" if os.getuid() == 0 else "")
            )
            return [mosquitto() or "", "-c", str(settings)]
        settings.write_text(
            f'server_name: test\nlisten: "127.0.0.1:-1"\njetstream {{ store_dir: "{self.home}" }}\n'
            f'mqtt {{ listen: "127.0.0.1:{self.port}", ack_wait: "2s", max_ack_pending: 1024 }}\n'
            f"{self.extra}\n"
        )
        return [nats() or "", "-c", str(settings)]


def mosquitto() -> str | None:
    return shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def nats() -> str | None:
    return shutil.which("nats-server", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")


@dataclass
class Hub:
    """Stands for the hub: hears events, and confirms them as `answer` says."""

    port: int
    answer: Callable[[dict[str, Any]], str | None] = lambda _: "durable"
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        client = paho.Client(CallbackAPIVersion.VERSION2, "hub", clean_session=False)
        client.reconnect_delay_set(1, 1)
        client.on_connect = lambda c, *_: c.subscribe(f"varde/v1/{MUNICIPALITY}/event/+/+", 1)
        client.on_subscribe = lambda *_: setattr(self, "subscribed", True)
        client.on_message = self._on_message
        self.subscribed = False
        self.client = client
        client.connect_async("127.0.0.1", self.port)
        client.loop_start()

    def ids(self) -> list[str]:
        return [event["id"] for _, event in self.heard]

    def confirm(self, adapter: str, event_id: str, outcome: str) -> None:
        topic = f"varde/v1/{MUNICIPALITY}/confirm/{adapter}/{event_id}"
        self.client.publish(topic, json.dumps({"outcome": outcome}))

    def _on_message(self, _c: object, _u: object, message: paho.MQTTMessage) -> None:
        event = json.loads(message.payload)
        self.heard.append((message.topic, event))
        if outcome := self.answer(event):
            self.confirm(message.topic.rpartition("/")[2], event["id"], outcome)

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


class Clock:
    """An instant that only a test moves."""

    def __init__(self) -> None:
        self.at = 1_700_000_000_000_000

    def __call__(self) -> int:
        return self.at
