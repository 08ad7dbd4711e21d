"""The tap: shows to who looks on, for as long as they ask, and withholds an answer once."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from adapters.bridge.run import Bound, run
from adapters.bridge.settings import Address, BridgeSettings, Endpoint, WireListener
from adapters.bridge.tapped import TappedWire, tapped
from adapters.bridge.watching import Glimpse, Watching
from adapters.session import SpeakingWire, ToldWire
from adapters.tapping import Seen, TapWish
from routing import topics
from routing.instant import SECOND
from tests.bridge.bridge_process import settings
from tests.bridge.rig import MUNICIPALITY, WITHIN_S, Broker, Hub, press, until
from tests.bridge.sessions import LineSession

NOW = 1_700_000_000_000_000
PEER = "tcp:127.0.0.1:5#1"


def wish(id: str = "w", **about: Any) -> TapWish:
    return TapWish(id=id, until=NOW + 60 * SECOND, **about)


def heard(words: bytes, peer: str = PEER, *events: Any) -> Glimpse:
    return Glimpse(NOW, "alarm", peer, heard=words, events=events)


def shown(watching: Watching, glimpse: Glimpse, at: int = NOW) -> list[tuple[str | None, str]]:
    return [
        (one.subject, bytes.fromhex(one.heard or "").decode()) for one in watching.seen(glimpse, at)
    ]


def test_nothing_is_shown_to_nobody_and_after_the_end_of_a_wish() -> None:
    watching = Watching()
    assert shown(watching, heard(b"a")) == []
    watching.add(wish(), NOW + SECOND, 8)
    assert shown(watching, heard(b"b")) == [(None, "b")]
    assert shown(watching, heard(b"c"), NOW + SECOND) == []
    assert not watching.any


def test_a_device_is_shown_from_the_start_of_its_connection_and_no_other() -> None:
    watching = Watching()
    watching.add(wish(subject="fake:1"), NOW + SECOND, 8)
    assert shown(watching, heard(b"login")) == []
    assert shown(watching, heard(b"other", "tcp:127.0.0.1:6#2")) == []
    assert shown(watching, heard(b"press", PEER, press())) == [
        ("fake:1", "login"),
        ("fake:1", "press"),
    ]
    assert shown(watching, heard(b"more")) == [("fake:1", "more")]


def test_only_the_listener_that_is_asked_for() -> None:
    watching = Watching()
    watching.add(wish(listener="gps"), NOW + SECOND, 8)
    assert shown(watching, heard(b"a")) == []


def test_what_is_long_is_shown_cut() -> None:
    watching = Watching()
    watching.add(wish(), NOW + SECOND, 8)
    (seen,) = watching.seen(heard(bytes(5000)), NOW)
    assert (len(seen.heard or ""), seen.cut) == (8192, True)


def test_wishes_are_bounded_and_renewed() -> None:
    watching = Watching()
    for number in range(3):
        watching.add(wish(str(number)), NOW + SECOND, 2)
    watching.add(wish("0"), NOW + 2 * SECOND, 2)
    (seen,) = watching.seen(heard(b"a"), NOW)
    assert seen.wishes == ("0", "1")
    (seen,) = watching.seen(heard(b"a"), NOW + SECOND)
    assert seen.wishes == ("0",)


def test_a_tapped_session_can_what_the_session_can() -> None:

    class Quiet:
        on = False

    local = Address("127.0.0.1", 0)
    bridge = BridgeSettings(
        MUNICIPALITY,
        Endpoint("127.0.0.1", 1),
        Path(),
        wires=(WireListener("alarm", LineSession, udp=local),),
    )
    tap: Any = Quiet()
    session = tapped(bridge, tap).wires[0].session({})
    assert isinstance(session, TappedWire)
    assert isinstance(session, ToldWire)
    assert not isinstance(session, SpeakingWire)


class Onlooker:
    """Somebody who looks on by MQTT."""

    def __init__(self, port: int) -> None:
        self.seen: list[Seen] = []
        self.promised: list[Seen] = []
        """What only says that a wish has been heard."""
        self.ready = False
        client = paho.Client(CallbackAPIVersion.VERSION2, "onlooker")
        client.on_connect = lambda c, *_: c.subscribe(topics.tap_seen(MUNICIPALITY), 1)
        client.on_subscribe = lambda *_: setattr(self, "ready", True)
        client.on_message = self._heard
        self.client = client
        client.connect("127.0.0.1", port)
        client.loop_start()

    def _heard(self, _c: object, _u: object, message: paho.MQTTMessage) -> None:
        seen = msgspec.json.decode(message.payload, type=Seen)
        (self.seen if seen.listener else self.promised).append(seen)

    def ask(self, **about: Any) -> None:
        end = time.time_ns() // 1000 + 60 * SECOND
        asked = TapWish(id="w", until=end, **about)
        self.client.publish(topics.tap_wish(MUNICIPALITY), msgspec.json.encode(asked), qos=1)

    def lines(self) -> list[str]:
        return [line for one in self.seen if (line := _line(one))]

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def _line(one: Seen) -> str:
    if one.heard is not None:
        kinds = [json.loads(bytes(event))["type"] for event in one.events]
        return " ".join(["<", bytes.fromhex(one.heard).decode().strip(), *kinds])
    if one.answered is not None:
        return "> " + bytes.fromhex(one.answered).decode().strip()
    return f"= {one.outcome} {'withheld' if one.withheld else ''}".strip() if one.event else ""


@asynccontextmanager
async def bridge(
    broker: Broker, folder: Path, under_test: Callable[[str], bool] = lambda _: False
) -> AsyncIterator[tuple[str, int]]:
    stop, ready = asyncio.Event(), asyncio.Event()
    bound: dict[str, Any] = {}

    def on_ready(found: Bound) -> None:
        bound.update(found)
        ready.set()

    asked = replace(settings(broker.endpoint, folder), under_test=under_test)
    running = asyncio.create_task(run(asked, stop, on_ready, now=lambda: time.time_ns() // 1000))
    await ready.wait()
    yield tuple(bound["alarm"]["tcp"])
    stop.set()
    await running


async def answer(address: tuple[str, int], words: str) -> str:
    """Send a line on a new connection and return what is answered."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(words.encode() + b"\n")
    async with asyncio.timeout(WITHIN_S):
        line = await reader.readline()
    writer.close()
    return line.decode().strip()


async def says(address: tuple[str, int], words: str, expected: str) -> None:
    """Send a line on a new connection; it must be answered exactly so."""
    assert await answer(address, words) == expected


@pytest.mark.broker
async def test_who_looks_on_sees_what_came_what_it_meant_and_what_went_out(
    broker: Broker, hub: Hub, tmp_path: Path
) -> None:
    async with bridge(broker, tmp_path) as address:
        onlooker = Onlooker(broker.port)
        await until(lambda: onlooker.ready)
        await says(address, "press 1", "durable 1")
        for number in range(2, 200):
            # The wish may be on its way still: who looks on sees from some press on.
            onlooker.ask()
            await says(address, f"press {number}", f"durable {number}")
            if onlooker.seen:
                break
        after = number + 1
        await says(address, f"press {after}", f"durable {after}")
        await until(lambda: f"> durable {after}" in onlooker.lines())
        lines = onlooker.lines()
        assert f"< press {after} help.pressed" in lines
        assert "= durable" in lines
        assert "< press 1 help.pressed" not in lines
        onlooker.stop()


@pytest.mark.broker
@pytest.mark.parametrize("exercise", [True, False])
async def test_an_answer_is_withheld_once_and_only_of_a_device_under_test(
    broker: Broker, hub: Hub, tmp_path: Path, exercise: bool
) -> None:
    asked: list[str] = []

    def under_test(subject: str) -> bool:
        asked.append(subject)
        return exercise

    async with bridge(broker, tmp_path, under_test) as address:
        onlooker = Onlooker(broker.port)
        await until(lambda: onlooker.ready)
        while not onlooker.seen:
            onlooker.ask()
            await says(address, "press 1", "durable 1")
        onlooker.ask(subject="fake:1", withhold=True)
        await until(lambda: asked)
        answers = [await answer(address, f"press {number}") for number in range(2, 40)]
        failed = [line for line in answers if line.startswith("failed")]
        assert len(failed) == (1 if exercise else 0)
        assert len(answers) == 38
        if exercise:
            number = int(failed[0].split()[1])
            await says(address, f"press {number}", f"durable {number}")
            assert hub.ids().count(f"{number:032x}") == 2
            await until(lambda: f"> durable {number}" in onlooker.lines())
        assert ("= failed withheld" in onlooker.lines()) is exercise
        onlooker.stop()
