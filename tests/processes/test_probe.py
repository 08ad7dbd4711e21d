"""A broker that does not answer is noticed, with the reason, and an embedded one is killed."""

import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest

from hub.brokers.choose import Choice
from hub.mqtt import Login
from hub.processes.probe import silence
from hub.processes.supervisor import BrokerProcess
from tests.brokers.bench import Bench

pytestmark = pytest.mark.broker


@pytest.mark.parametrize("choice", [Choice.NATS, Choice.MOSQUITTO])
async def test_a_broker_answers_until_it_is_stopped(choice: Choice, tmp_path: Path) -> None:
    bench = Bench(choice, tmp_path)
    await bench.start()
    login = bench.login("hub")
    wrong = Login(login.host, login.port, "hub", "not the password")
    assert await silence(login, 10) is None
    assert await silence(wrong, 10) is None
    assert bench.broker.pid is not None
    os.kill(bench.broker.pid, signal.SIGSTOP)
    assert await silence(login, 0.3) == "no answer within 0.3 s"
    process = BrokerProcess(bench.broker, login, every_s=0.2)
    async with asyncio.timeout(60):
        assert await process.wait() == -signal.SIGKILL


async def test_nobody_there_is_told_in_the_systems_words() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        assert "Connect" in str(await silence(Login("127.0.0.1", port), 5))


async def test_another_program_is_no_broker() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        found = await silence(Login("127.0.0.1", port), 5)
    assert found == "it closes the connection, or speaks no MQTT"
