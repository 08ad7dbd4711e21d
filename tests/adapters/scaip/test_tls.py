"""SIP over TLS: our own messages name it, use the unit's connection, and never leave in the clear;
hostile peers over a real TLS socket hold nobody up."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.kept import Kept
from adapters.bridge.settings import Address, StreamLimits, TlsAddress, WireListener
from adapters.bridge.sockets import WireRunner
from adapters.scaip import ReplyStyle, ScaipConfig, ScaipSession
from adapters.session import Outcome, Send
from routing.event import Event
from tests.adapters.scaip.unit import SECRET, T0, UDP, events, make, mrq, sip
from tests.bridge.authority import Authority
from tests.bridge.rig import WITHIN_S

TLS = "tls:192.0.2.10:40112#1"
OURS = ("alarm.example.org", 5061)
CONTACT = "Contact: <sip:10149471@192.0.2.10:40112;transport=tls>"


def _register(session: ScaipSession, peer: str) -> None:
    request = sip("", method="REGISTER", to="10149471", extra=[CONTACT], transport="TLS")
    (answer,) = session.receive(peer, request, T0)
    assert isinstance(answer, Send)
    assert answer.data.startswith(b"SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS 192.0.2.10:5070;")


def _answer(session: ScaipSession, peer: str) -> Send:
    (event,) = events(session.receive(peer, sip(transport="TLS"), T0))
    (send,) = session.confirm(event.id, Outcome.DURABLE, T0)
    assert isinstance(send, Send)
    return send


def test_the_answer_goes_over_the_connection_and_names_tls() -> None:
    session = make(tls=OURS)
    session.opened(TLS, T0)
    send = _answer(session, TLS)
    first, via = send.data.decode().split("\r\n")[:2]
    assert send.peer == TLS
    assert first == "MESSAGE sip:10149471@192.0.2.10:40112;transport=tls SIP/2.0"
    assert via.startswith("Via: SIP/2.0/TLS alarm.example.org:5061;branch=z9hG4bK")


def test_a_registered_contact_is_reached_over_its_connection() -> None:
    session = make(tls=OURS)
    session.opened(TLS, T0)
    _register(session, TLS)
    send = _answer(session, TLS)
    assert (send.peer, send.data.split(b" ")[1]) == (
        TLS,
        b"sip:10149471@192.0.2.10:40112;transport=tls",
    )


def test_without_tls_of_our_own_the_plain_address_is_named() -> None:
    session = make(tls=OURS)
    (event,) = events(session.receive(UDP, sip(), T0))
    (send,) = session.confirm(event.id, Outcome.DURABLE, T0)
    assert isinstance(send, Send)
    assert b"\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;" in send.data


def test_nothing_is_repeated_over_tls() -> None:
    session = make()
    session.opened(TLS, T0)
    _answer(session, TLS)
    assert session.due(T0 + 20_000_000) == []
    assert session.next_due() == T0 + 32_000_000


def test_a_half_message_of_a_connection_that_ends_is_told() -> None:
    session = make()
    session.opened(TLS, T0)
    session.receive(TLS, sip(transport="TLS")[:-20], T0)
    (event,) = events(session.closed(TLS, T0))
    assert (event.type, event.subject) == ("frame.undecodable", "scaip:10149471")


@dataclass
class Site:
    """The real listener over TLS."""

    authority: Authority
    port: int = 0
    events: list[Event] = field(default_factory=list)

    def emit(self, _adapter: str, event: Event, on_outcome: OnOutcome) -> None:
        self.events.append(event)
        on_outcome(event.id, Outcome.DURABLE)

    async def call(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        client = self.authority.client()
        return await asyncio.open_connection("127.0.0.1", self.port, ssl=client)

    async def press(self) -> bytes:
        """Press as an honest unit does, and return the answer's XML."""
        reader, writer = await self.call()
        writer.write(sip(mrq(cid="7", stc="10"), transport="TLS"))
        async with asyncio.timeout(WITHIN_S):
            answer = await reader.readuntil(b"</mrs>")
        writer.close()
        return answer.partition(b"\r\n\r\n")[2]


@asynccontextmanager
async def listening(folder: Path, limits: StreamLimits) -> AsyncIterator[Site]:
    site = Site(Authority.make(folder))
    config = ScaipConfig(secret=SECRET, reply_style=ReplyStyle.BODY)
    tls = TlsAddress(Address("127.0.0.1", 0), site.authority.issue())
    listener = WireListener("alarm", lambda _: ScaipSession(config), limits=limits, tls=tls)
    kept = Kept(folder, "alarm")
    runner = WireRunner(listener, kept, site.emit, lambda: T0, Crash())
    site.port = int(str((await runner.start())["tls"][1]))
    try:
        yield site
    finally:
        runner.stop()
        kept.close()


OK = b"<mrs><ref>A1</ref><snu>0</snu><mre>0</mre></mrs>"
BOMBS = {
    "one line without end": b"MESSAGE sip:a@b SIP/2.0\r\nSubject: " + b"x" * 100_000,
    "lines without end": b"MESSAGE sip:a@b SIP/2.0\r\n" + b"A: b\r\n" * 20_000,
    "folded without end": b"MESSAGE sip:a@b SIP/2.0\r\nSubject: a\r\n" + b" b\r\n" * 30_000,
    "a body of gigabytes": sip().replace(b"Content-Length: 91", b"Content-Length: 999999999"),
    "no length": sip().replace(b"Content-Length: 91\r\n", b""),
    "no SIP": bytes(range(256)) * 400,
}


@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_is_told_and_its_connection_ends(tmp_path: Path, name: str) -> None:
    async with listening(tmp_path, StreamLimits()) as site:
        reader, writer = await site.call()
        writer.write(BOMBS[name])
        async with asyncio.timeout(WITHIN_S):
            with contextlib.suppress(ConnectionError):
                await reader.read()
        writer.close()
        assert [event.type.value for event in site.events] == ["frame.undecodable"]
        assert await site.press() == OK


async def test_slow_writers_and_strangers_keep_no_unit_out(tmp_path: Path) -> None:
    limits = StreamLimits(connections=8, handshakes=4, handshakes_per_host=4)
    async with listening(tmp_path, limits) as site:
        slow = [await site.call() for _ in range(12)]
        for place, (_, writer) in enumerate(slow):
            writer.write(sip(transport="TLS")[: 40 + place])
        mute = [await asyncio.open_connection("127.0.0.1", site.port) for _ in range(12)]
        assert await site.press() == OK
        for _, writer in [*slow, *mute]:
            writer.close()
