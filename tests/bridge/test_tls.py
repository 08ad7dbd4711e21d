"""TLS on a listener's streams: served, bounded, renewed, and not to be held up by hostile peers."""

import asyncio
import contextlib
import dataclasses
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.kept import Kept
from adapters.bridge.settings import Address, StreamLimits, TlsAddress, WireListener
from adapters.bridge.sockets import WireRunner
from adapters.bridge.tls import BadCertificate, CertificateFiles, Certificates, TlsEnd
from adapters.session import Outcome, WireSession
from routing.event import Event
from tests.bridge.authority import Authority
from tests.bridge.rig import WITHIN_S, Clock, until
from tests.bridge.sessions import LineSession
from tests.bridge.test_sockets import Line

Open = Callable[..., contextlib.AbstractAsyncContextManager["Secure"]]
LOCAL = Address("127.0.0.1", 0)
LIMITS = StreamLimits()


@dataclasses.dataclass
class Secure:
    """A listener over TLS and TCP, and what its session heard and emitted."""

    authority: Authority
    session: LineSession
    emitted: list[tuple[Event, OnOutcome]]
    tls: int
    tcp: int

    async def call(self, context: ssl.SSLContext | None = None) -> Line:
        context = context or self.authority.client()
        return Line(*await asyncio.open_connection("127.0.0.1", self.tls, ssl=context))

    async def raw(self) -> Line:
        return Line(*await asyncio.open_connection("127.0.0.1", self.tls))

    def opened(self) -> list[str]:
        return [line.split(":")[0] for line in self.session.story if line.startswith("opened")]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.make(tmp_path)


@pytest.fixture
def secure(tmp_path: Path, clock: Clock, authority: Authority) -> Open:
    @asynccontextmanager
    async def opened(
        limits: StreamLimits = LIMITS, client_ca: Path | None = None
    ) -> AsyncIterator[Secure]:
        sessions: list[LineSession] = []
        emitted: list[tuple[Event, OnOutcome]] = []

        def make(kept: object) -> WireSession:
            sessions.append(LineSession({}))
            return sessions[0]

        files = dataclasses.replace(authority.issue(), client_ca=client_ca)
        tls = TlsAddress(LOCAL, files)
        listener = WireListener("alarm", make, tcp=LOCAL, limits=limits, tls=tls)
        kept = Kept(tmp_path, "alarm")

        def emit(adapter: str, event: Event, on_outcome: OnOutcome) -> None:
            emitted.append((event, on_outcome))

        runner = WireRunner(listener, kept, emit, clock, Crash())
        bound = await runner.start()
        ports = [int(str(bound[name][1])) for name in ("tls", "tcp")]
        yield Secure(authority, sessions[0], emitted, *ports)
        runner.stop()
        kept.close()

    return opened


async def test_a_device_is_answered_over_tls(secure: Open) -> None:
    async with secure() as rig:
        line = await rig.call()
        line.say("press 7")
        await until(lambda: rig.emitted)
        event, on_outcome = rig.emitted.pop()
        on_outcome(event.id, Outcome.DURABLE)
        assert await line.hear() == b"durable 7\n"
        assert rig.opened() == ["opened tls"]


async def test_tcp_and_tls_are_counted_together(secure: Open) -> None:
    async with secure(StreamLimits(connections=1)) as rig:
        plain = Line(*await asyncio.open_connection("127.0.0.1", rig.tcp))
        plain.say("kept")
        assert await plain.hear() == b"None\n"
        line = await rig.call()
        line.say("kept")
        assert await line.hear() == b"None\n"
        assert await plain.ended()


async def test_the_session_ends_a_connection_in_order(secure: Open) -> None:
    async with secure() as rig:
        line = await rig.call()
        line.say("bye")
        async with asyncio.timeout(WITHIN_S):
            assert await line.reader.read() == b"bye\n"


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
async def test_what_was_before_tls_1_2_is_refused(secure: Open, version: str) -> None:
    async with secure() as rig:
        context = rig.authority.client()
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        with pytest.warns(DeprecationWarning, match="deprecated"):
            context.maximum_version = ssl.TLSVersion[version]
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await rig.call(context)
        assert rig.session.story == []


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01\x02\x00\x01", b"\x16\x03\x01"])
async def test_a_handshake_that_does_not_end_is_cut_off(secure: Open, said: bytes) -> None:
    async with secure(StreamLimits(connections=1, handshake_s=0.2)) as rig:
        dripping = await rig.raw()
        dripping.writer.write(said)
        assert await dripping.ended()
        assert rig.session.story == []


async def test_no_handshake_pushes_out_one_that_was_heard(secure: Open) -> None:
    limits = StreamLimits(connections=1, connections_per_host=1, handshakes_per_host=3)
    async with secure(limits) as rig:
        line = await rig.call()
        flood = [await rig.raw() for _ in range(20)]
        for one in flood[:17]:
            assert await one.ended()
        line.say("kept")
        assert await line.hear() == b"None\n"
        assert rig.opened() == ["opened tls"]


async def test_a_new_device_comes_through_a_flood_of_handshakes(secure: Open) -> None:
    async with secure(StreamLimits(handshakes=2)) as rig:
        for _ in range(10):
            await rig.raw()
        line = await rig.call()
        line.say("kept")
        assert await line.hear() == b"None\n"


async def test_words_in_the_clear_reach_no_session(secure: Open) -> None:
    async with secure() as rig:
        line = await rig.raw()
        line.say("press 1")
        assert await line.ended()
        assert (rig.session.story, rig.emitted) == ([], [])


async def test_a_peer_that_does_not_read_is_cut_off(secure: Open) -> None:
    async with secure(StreamLimits(unsent_octets=4096)) as rig:
        line = await rig.call()
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]
        line.say(f"big {64 << 20}")
        await until(lambda: any(one.startswith("closed") for one in rig.session.story))


async def test_a_press_before_octets_that_are_no_record_is_heard(secure: Open) -> None:
    async with secure() as rig:
        here, there = ssl.MemoryBIO(), ssl.MemoryBIO()
        end = rig.authority.client().wrap_bio(here, there, server_hostname="127.0.0.1")
        line = await rig.raw()
        while True:
            with contextlib.suppress(ssl.SSLWantReadError):
                end.do_handshake()
                break
            line.writer.write(there.read())
            here.write(await line.reader.read(65_536))
        end.write(b"press 5\n")
        line.writer.write(there.read() + b"\xff" * 64)
        await until(lambda: rig.emitted)
        assert await line.ended()


async def test_only_devices_with_a_certificate_are_heard(
    secure: Open, authority: Authority
) -> None:
    async with secure(client_ca=authority.file) as rig:
        line = await rig.call(authority.client(authority.issue("unit")))
        line.say("kept")
        assert await line.hear() == b"None\n"
        stranger = await rig.call(authority.client())
        stranger.say("press 1")
        with contextlib.suppress(ssl.SSLError):
            assert await stranger.ended()
        assert (rig.opened(), rig.emitted) == (["opened tls"], [])


async def test_a_renewed_certificate_is_shown_without_a_restart(
    secure: Open, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    async with secure() as rig:
        first = await _serial(rig)
        files = authority.issue()
        second = await _serial(rig)
        assert second != first
        files.key.write_text("half a file")
        assert await _serial(rig) == second
        assert await _serial(rig) == second
        assert caplog.text.count("the former one stays in use") == 1
        files.certificate.unlink()
        assert await _serial(rig) == second
        authority.issue()
        assert await _serial(rig) not in (first, second)


async def _serial(rig: Secure) -> str:
    line = await rig.call()
    certificate = line.writer.get_extra_info("peercert")
    line.writer.close()
    return str(certificate["serialNumber"])


@pytest.mark.parametrize("broken", ["certificate", "key"])
def test_a_certificate_that_cannot_be_used_is_named(authority: Authority, broken: str) -> None:
    files = authority.issue()
    getattr(files, broken).write_text("-----BEGIN NOTHING-----")
    with pytest.raises(BadCertificate, match=r"hub\.pem with key .*hub\.key"):
        Certificates(files)


def test_a_key_with_a_passphrase_is_refused_and_nobody_is_asked(authority: Authority) -> None:
    files = authority.issue()
    key = serialization.load_pem_private_key(files.key.read_bytes(), None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    files.key.write_bytes(locked)
    with pytest.raises(BadCertificate):
        Certificates(files)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> CertificateFiles:
    return Authority.make(tmp_path_factory.mktemp("fuzz")).issue()


@settings(max_examples=300, deadline=None)
@given(chunks=st.lists(st.binary(max_size=600), max_size=6), is_record=st.booleans())
def test_octets_that_are_no_tls_raise_one_error_only(
    files: CertificateFiles, chunks: list[bytes], is_record: bool
) -> None:
    end = TlsEnd(Certificates(files).context())
    with contextlib.suppress(ssl.SSLError):
        for chunk in chunks:
            head = b"\x16\x03\x01" + len(chunk).to_bytes(2, "big") if is_record else b""
            assert end.feed(head + chunk) == b""
    assert not end.is_ready
