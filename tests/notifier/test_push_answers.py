"""The push channel against a push service that answers everything such services answer."""

import asyncio
import ssl

import aiohttp
import pytest

from hub.notifier import push_post
from hub.notifier.channel import Attempt, Result
from routing.instant import MINUTE
from tests.bridge.authority import Authority
from tests.notifier.push_rig import Rig
from tests.notifier.push_stub import push_service
from tests.notifier.sends import NOW, again, send_of


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_taken_is_never_delivered(rig: Rig, status: int) -> None:
    rig.subscribe("phone")
    rig.service.answer("phone", status)
    assert (await rig.push.attempt(send_of())).result is Result.TAKEN
    assert rig.live() == ["phone"]
    assert (rig.lost, rig.told) == ([], [])


@pytest.mark.parametrize("status", [400, 401, 403, 405, 418])
async def test_refused_is_told_to_it_once_an_hour_and_the_phone_stays(
    rig: Rig, status: int
) -> None:
    rig.subscribe("phone")
    for minutes in (0, 59, 60):
        rig.now = NOW + minutes * MINUTE
        rig.service.answer("phone", status)
        attempt = await rig.push.attempt(send_of())
        assert attempt == Attempt(Result.FAILED, f"http-{status}")
    assert rig.live() == ["phone"]
    assert rig.lost == []
    assert rig.told == [(rig.service.url, f"http-{status}")] * 2


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_written_off_and_said_to_be(rig: Rig, status: int) -> None:
    rig.subscribe("phone")
    rig.service.answer("phone", status)
    attempt = await rig.push.attempt(send_of())
    assert attempt == Attempt(Result.FAILED, f"http-{status}")
    assert rig.live() == []
    assert rig.lost == [("kari", "push-1", f"http-{status}")]
    assert rig.told == []
    assert (await rig.push.attempt(again(send_of(), 2))).code == "no-subscription"
    assert len(rig.service.got) == 1


async def test_too_large_is_sent_smaller_and_still_answers(rig: Rig) -> None:
    browser = rig.subscribe("phone")
    rig.service.limit = 2_000
    assert (await rig.push.attempt(send_of())).result is Result.TAKEN
    large, small = rig.service.got
    assert (len(large.body), len(small.body)) == (3_687, 1_383)
    read = browser.read(small.body)
    assert read["notification"]["title"] == "Alarmknapp trykket"
    assert {"receipt", "accept"} <= read["varde"].keys()


async def test_too_large_even_then_has_failed_and_is_told(rig: Rig) -> None:
    rig.subscribe("phone")
    rig.service.limit = 100
    assert await rig.push.attempt(send_of()) == Attempt(Result.FAILED, "http-413")
    assert len(rig.service.got) == 2
    assert rig.live() == ["phone"]
    assert rig.told == [(rig.service.url, "http-413")]


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ("7", 7.0),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
async def test_too_many_waits_as_long_as_it_is_told(
    rig: Rig, header: str, wait_s: float | None
) -> None:
    rig.subscribe("phone")
    rig.service.answer("phone", 429, Retry_After=header)
    assert await rig.push.attempt(send_of()) == Attempt(Result.AGAIN, "http-429", wait_s)
    assert rig.live() == ["phone"]


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 599])
async def test_later_is_tried_again(rig: Rig, status: int) -> None:
    rig.subscribe("phone")
    rig.service.answer("phone", status)
    assert (await rig.push.attempt(send_of())) == Attempt(Result.AGAIN, f"http-{status}")
    assert (await rig.push.attempt(send_of())).result is Result.TAKEN


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(rig: Rig, status: int) -> None:
    rig.subscribe("phone")
    rig.service.answer("phone", status, Location=rig.service.endpoint("elsewhere"))
    attempt = await rig.push.attempt(send_of())
    assert attempt == Attempt(Result.FAILED, f"http-{status}")
    assert [one.box for one in rig.service.got] == ["phone"]


async def test_silence_is_tried_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.subscribe("phone")
    rig.service.silent.add("phone")
    rig.push._poster._timeout = aiohttp.ClientTimeout(total=0.05)
    assert await rig.push.attempt(send_of()) == Attempt(Result.AGAIN, "timeout")
    assert push_post.TIMEOUT_S == 5.0


async def test_a_service_that_is_not_there_is_tried_again(rig: Rig) -> None:
    rig.subscribe("phone", endpoint="http://127.0.0.1:9/push/phone")
    attempt = await rig.push.attempt(send_of())
    assert (attempt.result, attempt.code) == (Result.AGAIN, "ClientConnectorError")
    assert rig.live() == ["phone"]


async def test_tls_that_is_opened_in_between_is_told_and_writes_no_phone_off(rig: Rig) -> None:
    files = Authority.make(rig.folder).issue()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    async with push_service(context) as strange:
        rig.subscribe("phone", endpoint=strange.endpoint("phone"))
        assert await rig.push.attempt(send_of()) == Attempt(Result.AGAIN, "certificate")
        assert strange.got == []
        assert rig.told == [(strange.url, "certificate")]
    assert rig.live() == ["phone"]


@pytest.mark.parametrize("status", [201, 410, 503])
async def test_an_answer_without_end_is_not_read(rig: Rig, status: int) -> None:
    rig.subscribe("phone")
    rig.service.endless.add("phone")
    rig.service.answer("phone", status)
    async with asyncio.timeout(2):
        attempt = await rig.push.attempt(send_of())
    assert (attempt.result is Result.TAKEN) == (status == 201)
