"""A message is the broker's until it is acknowledged, whoever is killed meanwhile."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hub.mqtt import NotConfirmed
from tests.brokers.bench import COMMAND, EVENT, EVENTS, PATIENCE_S, Bench, Inbox

pytestmark = pytest.mark.broker

ROOT = Path(__file__).parents[2]
HELP = "solvik/help"


def kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


async def restart(bench: Bench) -> None:
    kill(bench.broker.pid)
    assert await bench.broker.wait() == -signal.SIGKILL
    before = bench.endpoint
    await bench.start()
    assert bench.endpoint == before


def start_receiver(bench: Bench) -> subprocess.Popen[str]:
    command = ["-m", "tests.brokers.receiver", str(bench.endpoint.port), HELP, EVENTS]
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "VARDE_TEST_PASSWORD": bench.passwords["hub"]},
        stdout=subprocess.PIPE,
        text=True,
    )


async def test_messages_come_in_order_and_acknowledged_ones_are_gone(bench: Bench) -> None:
    inbox = await Inbox(bench.login("hub"), HELP, [EVENTS]).start()
    await bench.publish("adapters", *((EVENT, str(number)) for number in range(30)))
    await inbox.count(30)
    assert inbox.payloads == [str(number) for number in range(30)]
    assert all(inbox.session.ack(message) for message in inbox.messages)
    assert not inbox.session.ack(inbox.messages[0])
    # Comes back on the same connection, so the broker has read the acknowledgements before it.
    assert inbox.session.publish(EVENT, b"later", qos=1)
    await inbox.count(31)
    await inbox.stop()
    again = await Inbox(bench.login("hub"), HELP, [EVENTS]).start()
    await again.count(1)
    assert again.payloads == ["later"]
    await again.stop()


async def test_what_a_killed_client_had_not_acknowledged_comes_again(bench: Bench) -> None:
    await (await Inbox(bench.login("hub"), HELP, [EVENTS]).start()).stop()
    await bench.publish("adapters", (EVENT, "first"), (EVENT, "second"))
    with start_receiver(bench) as receiver:
        assert receiver.stdout is not None
        for expected in ("first\n", "second\n"):
            assert await asyncio.to_thread(receiver.stdout.readline) == expected
        receiver.kill()
    inbox = await Inbox(bench.login("hub"), HELP, [EVENTS]).start()
    await inbox.count(2)
    assert inbox.payloads == ["first", "second"]
    await inbox.stop()


async def test_what_a_killed_broker_had_not_had_acknowledged_comes_again(bench: Bench) -> None:
    inbox = await Inbox(bench.login("hub"), HELP, [EVENTS]).start()
    await bench.publish("adapters", (EVENT, "press"))
    await inbox.count(1)
    await bench.stored("press")
    await restart(bench)
    await inbox.count(2)
    assert inbox.payloads == ["press", "press"]
    assert inbox.messages[1].epoch == inbox.messages[0].epoch + 1
    await inbox.until(lambda: inbox.links == [True, False, True])
    await inbox.stop()


async def test_a_message_from_before_a_reconnect_is_not_acknowledged_after_it(
    bench: Bench,
) -> None:
    inbox = await Inbox(bench.login("hub"), HELP, [EVENTS]).start()
    await bench.publish("adapters", (EVENT, "press"))
    await inbox.count(1)
    await bench.stored("press")
    await restart(bench)
    await inbox.until(lambda: inbox.links == [True, False, True])
    assert not inbox.session.ack(inbox.messages[0])
    await inbox.stop()
    again = await Inbox(bench.login("hub"), HELP, [EVENTS]).start()
    await again.count(1)
    assert again.payloads == ["press"]
    assert again.session.ack(again.messages[0])
    await again.stop()


async def test_nothing_is_acknowledged_or_sent_while_the_broker_is_away(bench: Bench) -> None:
    inbox = await Inbox(bench.login("hub"), HELP, [EVENTS]).start()
    await bench.publish("adapters", (EVENT, "press"))
    await inbox.count(1)
    kill(bench.broker.pid)
    await inbox.until(lambda: inbox.links == [True, False])
    assert not inbox.session.ack(inbox.messages[0])
    assert not inbox.session.publish("varde/v1/solvik/confirm/scaip/1", b"{}")
    await inbox.stop()


async def test_a_second_client_of_the_same_id_takes_the_session_over(bench: Bench) -> None:
    first = await Inbox(bench.login("hub"), HELP, [EVENTS]).start()
    await bench.publish("adapters", (EVENT, "one"), (EVENT, "two"))
    await first.count(2)
    assert first.session.ack(first.messages[0])
    second = await Inbox(bench.login("hub"), HELP, [EVENTS]).start()
    await first.until(lambda: first.links == [True, False])
    assert not first.session.ack(first.messages[1])
    await first.stop()
    await second.until(lambda: "two" in second.payloads)
    assert set(second.payloads) <= {"one", "two"}
    await second.stop()


async def test_no_more_than_the_window_is_handed_over_unacknowledged(bench: Bench) -> None:
    inbox = await Inbox(bench.login("hub"), HELP, [EVENTS], window=5).start()
    await bench.publish("adapters", *((EVENT, str(number)) for number in range(40)))
    for first in range(0, 40, 5):
        await inbox.count(first + 5)
        assert inbox.payloads == [str(number) for number in range(first + 5)]
        assert all(inbox.session.ack(message) for message in inbox.messages[first:])
    await inbox.stop()


async def test_a_full_window_does_not_keep_the_session_from_stopping(bench: Bench) -> None:
    inbox = await Inbox(bench.login("hub"), HELP, [EVENTS], window=1).start()
    await bench.publish("adapters", *((EVENT, str(number)) for number in range(5)))
    await inbox.count(1)
    async with asyncio.timeout(PATIENCE_S):
        await inbox.stop()
    assert inbox.payloads == ["0"]


async def test_a_publisher_says_when_the_broker_has_not_taken_it(bench: Bench) -> None:
    web = await bench.publisher("web")
    await web.publish(COMMAND, b"{}")
    kill(bench.broker.pid)
    with pytest.raises(NotConfirmed, match=r"within 0.2 s"):
        await web.publish(COMMAND, b"{}", timeout_s=0.2)
    await bench.broker.wait()
    await bench.start()
    await web.publish(COMMAND, b"{}", timeout_s=20)
    await web.stop()
