"""Who may do what on the embedded broker.

A refused publish is acknowledged all the same, so each test sends an allowed message after it on
the same connection: what arrives is the allowed one alone.
"""

import asyncio

import pytest

from hub.brokers.accounts import accounts
from hub.mqtt import Login, Publisher, Refused
from tests.brokers.bench import (
    COMMAND,
    CONFIRM,
    DEVICE,
    EVENT,
    PATIENCE_S,
    Bench,
    Inbox,
)

pytestmark = pytest.mark.broker

EVERYTHING = "varde/v1/solvik/#"


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("adapters", EVENT, COMMAND),
        ("adapters", EVENT, CONFIRM),
        ("adapters", EVENT, "varde/v1/solvik/configure"),
        ("adapters", EVENT, "varde/v1/fjellby/event/help/scaip"),
        ("web", COMMAND, EVENT),
        ("web", "varde/v1/solvik/configure", CONFIRM),
        ("web", "varde/v1/solvik/replay", "varde/v1/solvik/tap/wish"),
        ("tap", "varde/v1/solvik/tap/wish", EVENT),
        ("tap", "varde/v1/solvik/tap/wish", COMMAND),
        ("adapters", "varde/v1/solvik/tap/seen", "varde/v1/solvik/tap/wish"),
    ],
)
async def test_nobody_publishes_in_anothers_name(
    bench: Bench, name: str, allowed: str, refused: str
) -> None:
    hub = await Inbox(bench.login("hub"), "solvik/help", [EVERYTHING]).start()
    await bench.publish(name, (refused, "refused"), (allowed, "allowed"))
    await hub.count(1)
    assert [(message.topic, message.payload) for message in hub.messages] == [(allowed, b"allowed")]
    await hub.stop()


async def test_devices_keep_to_their_own_tree(bench: Bench) -> None:
    hub = await Inbox(bench.login("hub"), "solvik/help", [EVERYTHING]).start()
    devices = await Inbox(bench.login("devices"), "devices", ["zigbee2mqtt/#"]).start()
    await bench.publish("devices", (EVENT, "forged"), (COMMAND, "forged"), (DEVICE, "open"))
    await devices.count(1)
    await bench.publish("adapters", (DEVICE, "forged"), (EVENT, "real"))
    await hub.count(1)
    await bench.publish("devices", (DEVICE, "closed"))
    await devices.count(2)
    assert (hub.payloads, devices.payloads) == (["real"], ["open", "closed"])
    await hub.stop()
    await devices.stop()


@pytest.mark.parametrize(
    ("name", "own"), [("adapters", "varde/v1/solvik/confirm/#"), ("devices", "zigbee2mqtt/#")]
)
async def test_only_the_hub_hears_events(bench: Bench, name: str, own: str) -> None:
    """nats-server refuses such a subscription, Mosquitto takes it and delivers nothing."""
    listener = Inbox(bench.login(name), "listener", [own, EVENT, COMMAND])
    try:
        await listener.start()
    except Refused as error:
        assert EVENT in str(error)  # noqa: PT017 both outcomes are right, by broker
        return
    await bench.publish("adapters", (EVENT, "secret"))
    await bench.publish("web", (COMMAND, "secret"))
    await bench.publish("hub", (CONFIRM, "durable"))
    await bench.publish("devices", (DEVICE, "open"))
    await listener.count(1)
    assert listener.payloads == ["durable" if name == "adapters" else "open"]
    await listener.stop()


@pytest.mark.parametrize(
    ("user", "password"), [("hub", "wrong"), ("hub", ""), (None, None), ("root", "root")]
)
async def test_nobody_gets_in_without_the_password(
    bench: Bench, user: str | None, password: str | None
) -> None:
    login = Login(bench.endpoint.host, bench.endpoint.port, user, password)
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(Refused, match="refused the sign-in"):
            await Publisher(login, "stranger").start()
        with pytest.raises(Refused, match="refused the sign-in"):
            await Inbox(login, "stranger", [EVENT]).session.start()


def test_secrets_are_for_their_owner_only(bench: Bench) -> None:
    holding = [
        file
        for file in bench.folder.iterdir()
        if file.is_file() and file.suffix != ".log" and file.name != "mosquitto.db"
    ]
    assert holding
    assert {oct(file.stat().st_mode & 0o777) for file in holding} == {"0o600"}
    assert all(
        password.encode() not in file.read_bytes()
        for password in bench.passwords.values()
        for file in bench.folder.glob("*.log")
    )


@pytest.mark.parametrize("topic", ["#", "+/x", "varde/#", "$SYS/#", "/x"])
def test_device_topics_cannot_reach_the_hubs_tree(topic: str) -> None:
    passwords = dict.fromkeys(("hub", "adapters", "web", "devices"), "x")
    with pytest.raises(ValueError, match="would reach the hub's own messages"):
        accounts(["solvik"], passwords, [topic])
