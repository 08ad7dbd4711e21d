"""The web process as it runs: a child beside a real broker and a SQLite journal."""

import asyncio
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec
import pytest

from hub.brokers.choose import Choice
from hub.cli.main import main
from hub.journal.port import Document
from hub.journal.sqlite import SqliteJournal, open_writer
from hub.mqtt import Arrived, ManualAckSession
from hub.processes.ready import BEAT
from hub.web.server import listen, url_of
from routing.decide import decide
from routing.event import derive_id
from routing.evolve import evolve
from routing.facts import ConfigurationSet, EventRecorded
from routing.inputs import Command, Input
from routing.kinds import Kind
from routing.state import State
from tests.brokers.bench import Bench
from tests.web.town import CARDS, ITEMS, PENDANT

pytestmark = pytest.mark.broker

ROOT = Path(__file__).parents[2]
PLACE = "solvik"


def now() -> int:
    return time.time_ns() // 1000


class Router:
    """A router in a few lines: commands from the broker, the production core, a SQLite journal."""

    def __init__(self, journal: SqliteJournal) -> None:
        self.journal = journal
        self.state = State()
        self.tasks: set[asyncio.Task[None]] = set()

    async def append(self, facts: Sequence[object], documents: Sequence[Document] = ()) -> None:
        after = self.state.seq
        await self.journal.append(facts, now(), documents)  # type: ignore[arg-type]
        for record in self.journal.read(after):
            self.state = evolve(self.state, record)

    async def take(self, input: Input) -> None:
        await self.append(decide(self.state, input, now(), lambda event: f"{PLACE}-{event[:8]}"))

    def hear(self, arrived: Sequence[Arrived]) -> None:
        for message in arrived:
            command = msgspec.json.decode(message.payload, type=Command)
            self.tasks.add(asyncio.ensure_future(self.take(command)))


@asynccontextmanager
async def web(
    bench: Bench, settings: Path
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hub.web.process", "--settings", str(settings)),
        *("--municipality", PLACE, "--broker-host", bench.endpoint.host),
        *("--broker-port", str(bench.endpoint.port)),
        cwd=ROOT,
        env={**os.environ, "VARDE_SECRET_BROKER_WEB": bench.passwords["web"]},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(90):
            while (line := await process.stdout.readline()) == BEAT:
                continue
            said = json.loads(line)
        assert said["ready"] is True
        yield process, said["url"]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def healthy(http: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(30):
        while (await http.get("/health")).status != 200:  # noqa: ASYNC110  # another process
            await asyncio.sleep(0.02)


async def test_a_command_goes_out_by_mqtt_and_its_end_comes_back_by_the_journal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text(f"state_dir: {tmp_path}\nweb: {{bind: '127.0.0.1:0'}}\n", "utf-8")
    bench = Bench(Choice.NATS, tmp_path / "broker")
    await bench.start()
    router = Router(open_writer(tmp_path / f"{PLACE}.journal.sqlite", PLACE))
    documents = [Document(s, id, msgspec.json.encode(card)) for (s, id), card in CARDS.items()]
    await router.append([ConfigurationSet(item=i, author="test") for i in ITEMS], documents)
    filters = [f"varde/v1/{PLACE}/command"]
    session = ManualAckSession(
        bench.login("hub"), f"{PLACE}/{secrets.token_hex(4)}", filters, on_messages=router.hear
    )
    await session.start()

    assert main(["code", "kari", "--settings", str(settings)]) == 0
    code = capsys.readouterr().out.strip()
    assert main(["code", "nobody", "--settings", str(settings)]) == 1
    assert "nobody" in capsys.readouterr().err

    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        web(bench, settings) as (process, url),
        aiohttp.ClientSession(url, cookie_jar=jar, headers={"X-Varde": "1"}) as http,
    ):
        await healthy(http)
        assert (await http.post("/api/sign-in", json={"code": code})).status == 204
        press = EventRecorded(
            event=derive_id("one press"),
            kind=Kind.HELP_PRESSED,
            subject=PENDANT,
            received_at=now(),
            adapter="scaip",
        )
        async with http.get("/api/stream") as stream:
            await router.take(press)
            async with asyncio.timeout(30):
                while b'"phase":"looking"' not in await stream.content.readline():
                    pass
            (alarm,) = router.state.alarms
            command = {"id": "phone-made-1", "action": "accept", "seen_phase": "looking"}
            answer = await http.post(f"/api/alarms/{alarm}/commands", json=command)
            assert (answer.status, (await answer.json())["state"]) == (200, "done")
            assert router.state.alarms[alarm].owner == "kari"

            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(30):
                await stream.content.read()
                assert await process.wait() == 0
    await session.stop()
    router.journal.close()
    await bench.broker.stop()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_address_told_is_one_that_a_browser_here_can_open(host: str) -> None:
    with listen(host, 0) as listening:
        port = listening.getsockname()[1]
        assert url_of(listening) == f"http://127.0.0.1:{port}"
