"""The simulated phone: what arrives on it, what it says at once, what it can do in each state."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from simulators.colleague import PhoneProblem
from simulators.lock_screen import NotShown, read
from simulators.phone import Phone
from simulators.phone_terminal import main, obey
from simulators.push_service import PushService
from tests.simulators.stub_phone_hub import StubPhoneHub
from tests.simulators.until import until


@asynccontextmanager
async def phone(
    receipt_after_s: float = 0.0,
) -> AsyncIterator[tuple[Phone, StubPhoneHub, PushService, list[dict[str, Any]]]]:
    """A phone that has enrolled, the hub, the push service, and what the phone told."""
    told: list[dict[str, Any]] = []
    service = PushService()
    await service.start()
    async with StubPhoneHub().served() as hub:
        made = Phone(hub.web, service.origin, receipt_after_s=receipt_after_s, tell=told.append)
        try:
            await made.enrol("ABCD-EFGH")
            yield made, hub, service, told
        finally:
            await made.put_away()
            await service.stop()


def what(told: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [line for line in told if line["what"] == kind]


async def test_a_push_is_decrypted_shown_and_receipted_at_once() -> None:
    async with phone() as (made, hub, _, told):
        assert await hub.push("s1") == 201
        shown = await made.shows(2, lambda one: one.send == "s1")
        await until(lambda: hub.receipts == ["receipt-s1"])
        assert (shown.title, shown.language, shown.about) == (
            *("Trygghetsalarm, Nord", "nb"),
            "alarm-1",
        )
        (line,) = what(told, "push")
        assert line["body"] == "Trykk for å se hvem og hvor"
        assert line["may"] == ["accept", "receipt"]
        assert "accept-s1" not in json.dumps(told)


async def test_the_receipt_can_be_late() -> None:
    async with phone(receipt_after_s=30) as (made, hub, _, _told):
        await hub.push("s1")
        await made.shows(2, lambda one: one.send == "s1")
        assert hub.receipts == []


async def test_the_same_send_twice_is_shown_once_and_receipted_twice() -> None:
    async with phone() as (made, hub, _, told):
        await hub.push("s1")
        await hub.push("s1")
        await until(lambda: len(hub.receipts) == 2)
        assert len(made.screen.shown) == 1
        assert len(what(told, "push")) == len(what(told, "push again")) == 1


async def test_a_locked_phone_accepts_by_its_right_and_not_by_its_page() -> None:
    async with phone() as (made, hub, _, _told):
        await hub.push("s1")
        shown = await made.shows(2, lambda one: "accept" in one.rights)
        alarm = {"id": "alarm-1", "phase": "looking"}
        with pytest.raises(PhoneProblem, match="phone is locked: its page cannot accept"):
            await made.act(alarm, "accept")
        assert await made.use("accept", shown) == (200, {"state": "done"})
        assert hub.used == ["accept-s1"]
        with pytest.raises(PhoneProblem, match="has no button refuse"):
            await made.use("refuse", shown)


async def test_without_coverage_nothing_arrives_and_later_everything() -> None:
    async with phone() as (made, hub, service, _):
        await made.set_coverage(on=False)
        for send in ("s1", "s2"):
            assert await hub.push(send) == 201
        assert service.waiting(hub.subscription["endpoint"]) == 2
        assert made.screen.shown == {}
        await made.set_coverage(on=True)
        await until(lambda: sorted(hub.receipts) == ["receipt-s1", "receipt-s2"])
        assert list(made.screen.shown) == ["s1", "s2"]


async def test_a_receipt_that_finds_no_coverage_is_sent_when_there_is_some() -> None:
    async with phone(receipt_after_s=0.05) as (made, hub, _, _told):
        await hub.push("s1")
        await made.shows(2, lambda one: one.send == "s1")
        await made.set_coverage(on=False)
        await until(lambda: made.lost_receipts == ["receipt-s1"])
        assert hub.receipts == []
        await made.set_coverage(on=True)
        await until(lambda: hub.receipts == ["receipt-s1"])
        assert made.lost_receipts == []


@pytest.mark.parametrize(("state", "why"), [("coverage", "no coverage"), ("battery", "no battery")])
async def test_nobody_presses_anything_on_a_phone_that_reaches_nothing(
    state: str, why: str
) -> None:
    async with phone() as (made, hub, _, _told):
        await hub.push("s1")
        shown = await made.shows(2, lambda one: True)
        await obey(made, [state, "off"])
        with pytest.raises(PhoneProblem, match=why):
            await made.use("accept", shown)
        await obey(made, [state, "on"])
        assert (await made.use("accept", shown))[0] == 200


async def test_an_unlocked_phone_has_the_live_page_and_a_locked_one_has_not() -> None:
    async with phone() as (made, hub, _, _told):
        assert hub.streams == 0
        await made.unlock()
        await until(lambda: hub.streams == 1)
        await made.lock()
        await until(lambda: hub.streams == 0)


async def test_after_an_outage_of_the_push_service_the_phone_listens_again() -> None:
    async with phone() as (made, hub, service, _):
        await service.stop()
        await service.start()
        await hub.push("s1")
        await made.shows(5, lambda one: one.send == "s1")


async def test_a_message_that_cannot_be_read_is_told_and_the_next_one_is_shown() -> None:
    async with phone() as (made, hub, _, told):
        await hub.push_octets(b"not json")
        keys = hub.subscription["keys"]
        hub.subscription["keys"] = {**keys, "auth": "BTBZMqHH6r4Tts7J_aSIgg"}
        await hub.push("lost")
        hub.subscription["keys"] = keys
        await hub.push("s1")
        await made.shows(2, lambda one: one.send == "s1")
        assert len(what(told, "unreadable")) == 2


async def test_a_notification_that_never_comes_is_named() -> None:
    async with phone() as (made, _, _, _):
        with pytest.raises(PhoneProblem, match=r"no such notification within 0\.05 s"):
            await made.shows(0.05, lambda one: True)


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"[]",
        b"{}",
        b'{"web_push": 8030, "notification": {}, "varde": {}}',
        b'{"web_push": 1, "notification": {"title": "x"}, "varde": {"v": 1}}',
    ],
)
def test_what_is_no_notification_is_refused(plain: bytes) -> None:
    with pytest.raises(NotShown):
        read(plain)


async def test_a_word_that_a_phone_does_not_know_is_named() -> None:
    async with phone() as (made, _, _, _):
        with pytest.raises(PhoneProblem, match="`dance` is no word for a phone"):
            await obey(made, ["dance"])
        with pytest.raises(PhoneProblem, match="no notification has a button accept"):
            await obey(made, ["accept"])


def test_without_a_code_the_terminal_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--hub", "http://127.0.0.1:1", "--push", "http://127.0.0.1:1"]) == 2
    assert "varde code PERSON" in capsys.readouterr().err


def test_a_hub_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    nobody = "http://127.0.0.1:1"
    assert main(["--hub", nobody, "--push", nobody, "--code", "ABCD-EFGH"]) == 1
    assert capsys.readouterr().err.startswith("phone: ")


async def test_the_terminal_tells_a_line_for_all_that_happens_and_obeys() -> None:
    service = PushService()
    await service.start()
    async with StubPhoneHub().served() as hub:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "simulators.phone_terminal", "--hub", hub.web),
            *("--push", service.origin, "--code", "ABCD-EFGH"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        told = [json.loads(await process.stdout.readline())]
        await hub.push("s1")
        while told[-1]["what"] != "receipt":
            told.append(json.loads(await process.stdout.readline()))
        process.stdin.write(b"accept\nend\n")
        rest, _ = await process.communicate()
        told += [json.loads(line) for line in rest.splitlines()]
    await service.stop()
    assert [line["what"] for line in told] == ["radio", "push", "receipt", "accept"]
    assert process.returncode == 0
    assert hub.used == ["accept-s1"]
