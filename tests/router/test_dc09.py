"""The DC-09 channel against a simulated alarm receiving centre."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace

from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.dc09 import Dc09, Sequences
from hub.notifier.dc09_message import Route, verdict
from hub.notifier.notifier import ATTEMPTS, Notifier
from hub.secrets import SecretUnsafe
from routing.facts import SendEnded
from routing.kinds import Category, Kind
from routing.marks import Mark
from simulators import dc09 as wire
from simulators.arc import AlarmReceiver, Verdict
from tests.router.test_notifier import ALARM, owed

NOW = 1_795_348_800_000_000
"""2026-11-22T12:00:00Z"""
KEY = b"0123456789abcdef"
ANSWERS = ["ACK", "NAK", "DUH", "silence"]


@asynccontextmanager
async def centre(*verdicts: Verdict, key: bytes | None = None) -> AsyncIterator[AlarmReceiver]:
    """A receiver that gives these answers, the last one for ever."""
    left = list(verdicts)

    def answer(_message: wire.Message) -> Verdict:
        return left.pop(0) if len(left) > 1 else left[0]

    one = AlarmReceiver(answer, key=key, clock=lambda: NOW / 1_000_000)
    await one.start()
    try:
        yield one
    finally:
        await one.stop()


def channel(secret: str | None = None, timeout_s: float = 5.0) -> Dc09:
    return Dc09(lambda name: secret if name == "arc-arc" else None, lambda: NOW, bytes, timeout_s)


def send(port: int, **address: str) -> Send:
    settings = {
        "host": "127.0.0.1",
        "port": str(port),
        "transport": "tcp",
        "account": "77AA",
        "encrypted": "no",
        **address,
    }
    return Send(owed("arc", channel="dc09-1"), ALARM, settings)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_an_accepted_message_is_delivered_and_tells_codes_and_ids_only(
    transport: str,
) -> None:
    async with centre("ACK") as arc:
        attempt = await channel().attempt(send(arc.port, transport=transport))
    assert attempt == Attempt(Result.DELIVERED, "dc09-ack")
    (heard,) = arc.heard
    assert (heard.id, heard.account, heard.route) == ("SIA-DCS", "77AA", "L0#77AA")
    assert re.fullmatch(r"\d{4}", heard.sequence)
    assert heard.text == "#77AA|Nri0/QA000^a1^][H00:00:00,01-01-1970]_12:00:00,11-22-2026"


@pytest.mark.parametrize(
    ("kind", "category", "sia", "contact"),
    [
        (Kind.HELP_PRESSED, Category.HELP, "QA", "1101"),
        (Kind.FALL_DETECTED, Category.HELP, "MA", "1100"),
        (Kind.SMOKE_DETECTED, Category.FIRE, "FA", "1110"),
        (Kind.WATER_DETECTED, Category.WATER, "WA", "1154"),
        (Kind.INACTIVITY_DETECTED, Category.INACTIVITY, "NA", "1102"),
        (Kind.MEDICATION_MISSED, Category.MEDICATION, "UA", "1150"),
        (Kind.MAINS_LOST, Category.TECHNICAL, "AT", "1301"),
        (Kind.DEVICE_FAULT, Category.TECHNICAL, "YX", "1300"),
    ],
)
async def test_a_kind_has_its_code_in_both_formats(
    kind: Kind, category: Category, sia: str, contact: str
) -> None:
    alarm = replace(ALARM, kind=kind, category=category)
    async with centre("ACK") as arc:
        for format in ("SIA-DCS", "ADM-CID"):
            await channel().attempt(replace_alarm(send(arc.port, format=format), alarm))
    assert [message.id for message in arc.heard] == ["SIA-DCS", "ADM-CID"]
    assert arc.heard[0].data == f"Nri0/{sia}000^a1^"
    assert arc.heard[1].data == f"{contact} 00 000"


async def test_an_exercise_is_a_test_at_the_centre_whatever_it_plays() -> None:
    alarm = replace(ALARM, kind=Kind.SMOKE_DETECTED, marks=(Mark.EXERCISE,))
    async with centre("ACK") as arc:
        for format in ("SIA-DCS", "ADM-CID"):
            await channel().attempt(replace_alarm(send(arc.port, format=format), alarm))
    assert arc.heard[0].data == "Nri0/RX000^a1^"
    assert arc.heard[1].data == "1601 00 000"


def replace_alarm(one: Send, alarm: object) -> Send:
    return Send(one.owed, alarm, one.address)  # type: ignore[arg-type]


async def test_a_resident_with_an_account_of_their_own_is_told_by_it() -> None:
    alarm = replace(ALARM, resident="astrid")
    own = {"account:astrid": "1001", "account:bjarne": "1002", "line": "R1LA"}
    async with centre("ACK") as arc:
        await channel().attempt(replace_alarm(send(arc.port, **own), alarm))
        await channel().attempt(send(arc.port, **own))
    assert [message.route for message in arc.heard] == ["R1LA#1001", "R1LA#77AA"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("NAK", Attempt(Result.AGAIN, "dc09-nak")),
        ("DUH", Attempt(Result.FAILED, "dc09-duh")),
        ("silence", Attempt(Result.AGAIN, "dc09-silent")),
    ],
)
@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_anything_but_ack_is_no_receipt(
    answer: Verdict, expected: Attempt, transport: str
) -> None:
    async with centre(answer) as arc:
        attempt = await channel(timeout_s=0.2).attempt(send(arc.port, transport=transport))
    assert attempt == expected
    assert arc.answered == [answer]


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_nobody_there_is_tried_again(transport: str) -> None:
    async with centre("ACK") as arc:
        port = arc.port
    attempt = await channel().attempt(send(port, transport=transport))
    assert (attempt.result, attempt.code) == (Result.AGAIN, "dc09-ConnectionRefusedError")


@pytest.mark.parametrize("missing", ["host", "account"])
async def test_without_an_address_it_fails_at_once(missing: str) -> None:
    one = send(1)
    address = {name: value for name, value in one.address.items() if name != missing}
    attempt = await channel().attempt(Send(one.owed, one.alarm, address))
    assert attempt == Attempt(Result.FAILED, "dc09-no-address")


@pytest.mark.parametrize("secret", [None, "no key"])
async def test_without_a_key_nothing_is_sent_in_clear(secret: str | None) -> None:
    async with centre("ACK") as arc:
        attempt = await channel(secret).attempt(send(arc.port, encrypted="yes"))
    assert attempt == Attempt(Result.FAILED, "dc09-no-key")
    assert (arc.heard, arc.unread) == ([], [])


async def test_a_key_that_others_can_read_is_no_key() -> None:
    def unsafe(_name: str) -> str | None:
        raise SecretUnsafe("others can read it")

    one = Dc09(unsafe, lambda: NOW, bytes)
    assert (await one.attempt(send(1, encrypted="yes"))).code == "dc09-no-key"


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_a_sealed_message_and_its_sealed_receipt(transport: str) -> None:
    async with centre("ACK", key=KEY) as arc:
        one = send(arc.port, encrypted="yes", transport=transport)
        attempt = await channel(KEY.decode()).attempt(one)
    assert attempt == Attempt(Result.DELIVERED, "dc09-ack")
    (heard,) = arc.heard
    assert heard.sealed
    assert heard.data == "Nri0/QA000^a1^"
    assert heard.time_s == NOW // 1_000_000


def test_a_receipt_that_is_not_sealed_or_old_proves_nothing() -> None:
    route = Route("77AA", "SIA-DCS", "L0", "0042", KEY)
    old = wire.seal("]" + wire.stamp(NOW / 1e6 - 3600), KEY, "P" * 16)
    fresh = wire.seal("]" + wire.stamp(NOW / 1e6), KEY, "P" * 16)
    answers = {
        "plain": '"ACK"0042L0#77AA[]',
        "old": f'"*ACK"0042L0#77AA[{old}',
        "other sequence": f'"*ACK"0043L0#77AA[{fresh}',
        "fresh": f'"*ACK"0042L0#77AA[{fresh}',
    }
    told = {name: verdict(wire.frame(text), route, NOW) for name, text in answers.items()}
    assert told == {"plain": None, "old": None, "other sequence": None, "fresh": "ACK"}


async def test_octets_that_are_no_answer_are_passed_over() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        message = wire.read(await reader.readuntil(b"\r"))
        writer.write(b"noise\r")
        writer.write(wire.frame(f'"ACK"{int(message.sequence) % 9999 + 1:04}L0#77AA[]'))
        writer.write(b'\n00000012"ACK"%sL0#77AA[]\r' % message.sequence.encode())
        writer.write(wire.frame(f'"DUH"{message.sequence}L0#77AA[]'))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert await channel().attempt(send(port)) == Attempt(Result.FAILED, "dc09-duh")
    server.close()


async def test_a_receiver_that_never_stops_talking_is_left() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r")
        writer.write(b"x" * 100_000)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    attempt = await channel().attempt(send(port))
    assert attempt == Attempt(Result.AGAIN, "dc09-ConnectionAbortedError")
    server.close()


async def test_the_notifier_repeats_under_one_sequence_and_then_tells_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hub.notifier.notifier.FIRST_BACKOFF_S", 0.001)
    ended: asyncio.Queue[SendEnded] = asyncio.Queue()
    for verdicts, delivered, code, times in (
        (("NAK", "silence", "ACK"), True, "dc09-ack", 3),
        (("NAK",), False, "dc09-nak", ATTEMPTS),
        (("DUH",), False, "dc09-duh", 1),
    ):
        async with centre(*verdicts) as arc:
            one = send(arc.port)
            notifier = Notifier(
                {"dc09": channel(timeout_s=0.2)},
                lambda _owed, one=one: one,  # type: ignore[misc]
                ended.put_nowait,
                lambda: 0.5,
            )
            notifier.settle(one.owed.alarm, (one.owed,))
            async with asyncio.timeout(30):
                end = await ended.get()
            await notifier.close()
        assert (end.delivered, end.code, end.channel) == (delivered, code, "dc09-1")
        assert len(arc.heard) == times
        assert len({message.sequence for message in arc.heard}) == 1


def test_sequences_are_the_same_for_a_send_and_apart_for_many() -> None:
    first, restarted = Sequences(), Sequences()
    names = [f"a{number}:r1.s0:arc:dc09-1" for number in range(64)]
    given = [first.of("77AA", name) for name in names]
    assert [first.of("77AA", name) for name in names] == given
    assert len(set(given)) == 64
    assert restarted.of("77AA", names[5]) == given[5]
    assert all(re.fullmatch(r"\d{4}", one) and one != "0000" for one in given)
