"""A wire session on real sockets, with a hub that answers when the test says so."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.bridge.crash import Crash, SessionBroken
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.kept import Kept
from adapters.bridge.settings import Address, StreamLimits, WireListener
from adapters.bridge.sockets import WireRunner
from adapters.session import Outcome, Output, WireSession
from routing.event import Event
from tests.bridge.rig import WITHIN_S, Clock, until
from tests.bridge.sessions import LineSession


@dataclass
class Rig:
    """A listener under test: where it is, what it emitted, and how it is answered."""

    runner: WireRunner
    session: LineSession
    crash: Crash
    emitted: list[tuple[str, Event, OnOutcome]]
    tcp: int = 0
    udp: int = 0
    sockets: list[socket.socket] = field(default_factory=list)

    async def call(self) -> "Line":
        reader, writer = await asyncio.open_connection("127.0.0.1", self.tcp)
        return Line(reader, writer)

    def datagram(self) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.connect(("127.0.0.1", self.udp))
        self.sockets.append(sock)
        return sock

    def answer(self, outcome: Outcome) -> None:
        _, event, on_outcome = self.emitted.pop(0)
        on_outcome(event.id, outcome)


@dataclass
class Line:
    """A device's end of a TCP connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, words: str) -> None:
        self.writer.write(f"{words}\n".encode())

    async def hear(self) -> bytes:
        async with asyncio.timeout(WITHIN_S):
            return await self.reader.readline()

    async def ended(self) -> bool:
        async with asyncio.timeout(WITHIN_S):
            with contextlib.suppress(ConnectionResetError):
                while await self.reader.read(65_536):
                    pass
        return True


async def heard(sock: socket.socket) -> bytes:
    async with asyncio.timeout(WITHIN_S):
        return await asyncio.get_running_loop().sock_recv(sock, 2000)


LIMITS = StreamLimits()
Open = Callable[..., contextlib.AbstractAsyncContextManager[Rig]]


@pytest.fixture
def listening(tmp_path: Path, clock: Clock) -> Open:
    """Return a context manager that runs a listener with the given limits."""

    @asynccontextmanager
    async def opened(limits: StreamLimits = LIMITS) -> AsyncIterator[Rig]:
        emitted: list[tuple[str, Event, OnOutcome]] = []
        sessions: list[LineSession] = []

        def make(kept: object) -> WireSession:
            sessions.append(LineSession(dict(kept)))  # type: ignore[call-overload]
            return sessions[0]

        local = Address("127.0.0.1", 0)
        listener = WireListener("alarm", make, udp=local, tcp=local, limits=limits)
        kept, crash = Kept(tmp_path, "alarm"), Crash()

        def emit(adapter: str, event: Event, on_outcome: OnOutcome) -> None:
            emitted.append((adapter, event, on_outcome))

        runner = WireRunner(listener, kept, emit, clock, crash)
        bound = await runner.start()
        rig = Rig(runner, sessions[0], crash, emitted)
        rig.tcp, rig.udp = int(str(bound["tcp"][1])), int(str(bound["udp"][1]))
        yield rig
        runner.stop()
        kept.close()
        for sock in rig.sockets:
            sock.close()

    return opened


async def test_a_stream_is_answered_after_the_hub(listening: Open) -> None:
    async with listening() as rig:
        line = await rig.call()
        line.say("press 7")
        await until(lambda: rig.emitted)
        adapter, event, _ = rig.emitted[0]
        assert (adapter, event.type, event.receivedat) == (
            "alarm",
            "help.pressed",
            "2023-11-14T22:13:20Z",
        )
        rig.answer(Outcome.DURABLE)
        assert await line.hear() == b"durable 7\n"
        host, port = line.writer.get_extra_info("sockname")
        assert rig.session.story == [f"opened tcp:{host}:{port}#1"]


async def test_a_datagram_is_answered_after_the_hub(listening: Open) -> None:
    async with listening() as rig:
        sock = rig.datagram()
        sock.send(b"press 8")
        await until(lambda: rig.emitted)
        rig.answer(Outcome.FAILED)
        assert await heard(sock) == b"failed 8\n"
        assert rig.session.story == []


async def test_a_datagram_can_go_to_a_peer_that_never_spoke(listening: Open) -> None:
    async with listening() as rig:
        asks, other = rig.datagram(), rig.datagram()
        asks.send(f"to udp:127.0.0.1:{other.getsockname()[1]}".encode())
        assert await heard(asks) == b"sent\n"
        assert await heard(other) == b"hello\n"


@pytest.mark.parametrize("peer", ["udp:127.0.0.1:99999", "udp:127.0.0.1:0", "tcp:127.0.0.1:9#77"])
async def test_a_peer_that_cannot_be_does_no_harm(listening: Open, peer: str) -> None:
    async with listening() as rig:
        sock = rig.datagram()
        for _ in range(2):
            sock.send(f"to {peer}".encode())
            assert await heard(sock) == b"sent\n"


async def test_a_connection_is_closed_after_the_last_word(listening: Open) -> None:
    async with listening() as rig:
        line = await rig.call()
        line.say("bye")
        assert await line.hear() == b"bye\n"
        assert await line.ended()
        await until(lambda: len(rig.session.story) == 2)
        assert rig.session.story[1] == rig.session.story[0].replace("opened", "closed")


async def test_an_answer_to_a_peer_that_has_gone_is_let_go(listening: Open) -> None:
    async with listening() as rig:
        line = await rig.call()
        line.say("press 9")
        await until(lambda: rig.emitted)
        line.writer.close()
        await until(lambda: len(rig.session.story) == 2)
        rig.answer(Outcome.DURABLE)
        again = await rig.call()
        again.say("press 10")
        await until(lambda: rig.emitted)
        rig.answer(Outcome.DURABLE)
        assert await again.hear() == b"durable 10\n"


async def test_a_peer_that_does_not_read_is_cut_off(listening: Open) -> None:
    async with listening(StreamLimits(unsent_octets=1000)) as rig:
        line = await rig.call()
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]
        line.say(f"big {50_000_000}")
        await until(lambda: len(rig.session.story) == 2)
        assert rig.session.story[1].startswith("closed")


async def test_the_longest_silent_connection_makes_room(listening: Open) -> None:
    async with listening(StreamLimits(connections=2)) as rig:
        first, second = await rig.call(), await rig.call()
        await until(lambda: len(rig.session.story) == 2)
        first.say("kept")
        assert await first.hear() == b"None\n"
        third = await rig.call()
        assert await second.ended()
        for line in (first, third):
            line.say("kept")
            assert await line.hear() == b"None\n"


async def test_one_address_gets_its_share_and_no_more(
    listening: Open, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(StreamLimits(connections=100, connections_per_host=1)) as rig:
        first = await rig.call()
        await until(lambda: rig.session.story)
        second = await rig.call()
        assert await first.ended()
        second.say("kept")
        assert await second.hear() == b"None\n"
    assert (
        "listener alarm: connections cut off, too many connections from one address: 1"
        in caplog.text
    )


async def test_a_peer_that_sends_without_end_takes_short_turns(
    listening: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening() as rig:
        turns: list[int] = []

        def receive(peer: str, data: bytes, at: int) -> list[Output]:
            turns.append(len(data))
            return []

        monkeypatch.setattr(rig.session, "receive", receive)
        line = await rig.call()
        line.writer.write(bytes(1_000_000))
        await until(lambda: sum(turns) == 1_000_000)
        assert max(turns) <= 8_192


async def test_a_silent_connection_ends(listening: Open) -> None:
    async with listening(StreamLimits(idle_s=0.05)) as rig:
        line = await rig.call()
        assert await line.ended()


async def test_half_open_connections_are_probed(listening: Open) -> None:
    async with listening() as rig:
        await rig.call()
        await until(lambda: rig.session.story)
        connection = next(iter(rig.runner._streams._open.values()))
        sock = connection.transport.get_extra_info("socket")
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1


async def test_the_timer_of_a_session_comes_even_when_the_clock_is_set_back(
    listening: Open, clock: Clock
) -> None:
    async with listening() as rig:
        sock = rig.datagram()
        sock.send(b"wait 20")
        await until(lambda: rig.session.due_at)
        clock.at -= 3600 * 1_000_000
        assert await heard(sock) == b"due\n"


async def test_what_is_kept_survives_a_restart(listening: Open) -> None:
    async with listening() as rig:
        line = await rig.call()
        line.say("keep contact")
        assert await line.hear() == b"kept\n"
    async with listening() as rig:
        line = await rig.call()
        line.say("kept")
        assert await line.hear() == b"contact\n"


async def test_a_session_that_raises_ends_the_bridge_and_tells_no_payload(
    listening: Open, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening() as rig:
        rig.datagram().send(b"broken secret")
        with pytest.raises(SessionBroken, match="'alarm' raised KeyError"):
            async with asyncio.timeout(WITHIN_S):
                await rig.crash.wait()
    assert "sessions.py" in caplog.text
    assert "secret" not in caplog.text
