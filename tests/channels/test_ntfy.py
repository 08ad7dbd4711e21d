"""ntfy against a real HTTP server: what is published, and that its yes is never a receipt."""

import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from hub.notifier.channel import Attempt, Result
from hub.notifier.ntfy import Ntfy, published
from hub.rights.short import link_token
from hub.secrets import SecretUnsafe
from hub.settings.channels import NtfySettings
from routing.kinds import Severity
from routing.marks import Mark
from tests.channels.sends import KEY, TASK, URL, send, test_send
from tests.channels.stub_gateway import StubGateway

TOPIC = {"topic": "Varde_0f1e2d"}
LINK = f"{URL}/l/{link_token(KEY, 'fjordby-a1:r1.s0:kari:sms-1')}"


def ntfy(
    http: aiohttp.ClientSession,
    url: str,
    secret: Callable[[str], str | None] = lambda _: None,
    **more: Any,
) -> Ntfy:
    return Ntfy(http, NtfySettings(url=url, **more), KEY, URL, secret)


async def test_what_is_published(stub: StubGateway, http: aiohttp.ClientSession) -> None:
    tried = await ntfy(http, stub.url).attempt(send(address=TOPIC))
    assert tried == Attempt(Result.TAKEN, "http-200"), "it says nothing of any phone"
    (got,) = stub.got
    assert (got.method, got.path) == ("POST", "/")
    assert "authorization" not in got.headers
    said = json.loads(got.body)
    # The names of the fields are those of docs.ntfy.sh/publish, "Publish as JSON" and "Action
    # buttons".
    assert said == {
        "topic": "Varde_0f1e2d",
        "title": "Kan du ta alarmen?",
        "message": "Alarmknapp trykket, Øst",
        "priority": 5,
        "click": LINK,
        "actions": [
            {
                "action": "http",
                "label": "Ta alarmen",
                "url": LINK,
                "method": "POST",
                "headers": {"Content-Type": "application/json"},
                "body": '{"answer":"yes"}',
                "clear": True,
            },
            {
                "action": "http",
                "label": "Kan ikke",
                "url": LINK,
                "method": "POST",
                "headers": {"Content-Type": "application/json"},
                "body": '{"answer":"no"}',
                "clear": True,
            },
        ],
    }


def test_exercises_tests_tasks_and_what_asks_nothing() -> None:
    assert published(send(marks=(Mark.EXERCISE,)), "t", KEY, URL)["title"].startswith("ØVELSE. ")
    test = published(test_send(), "t", KEY, URL)
    assert test["title"] == "Prøve fra Varde"
    assert [one["label"] for one in test["actions"]] == ["Jeg har fått den"]
    assert published(send(TASK, "n1"), "t", KEY, URL)["priority"] == 3
    assert published(send(informed=True), "t", KEY, URL)["actions"] == []
    medium = published(send(severity=Severity.MEDIUM), "t", KEY, URL)
    assert medium["priority"] == 4


async def test_the_token_is_a_secret(stub: StubGateway, http: aiohttp.ClientSession) -> None:
    await ntfy(http, stub.url, lambda name: f"tk_of {name}").attempt(send(address=TOPIC))
    assert stub.got[0].headers["authorization"] == "Bearer tk_of ntfy"


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, Result.TAKEN),
        (301, Result.FAILED),
        (400, Result.FAILED),
        (401, Result.FAILED),
        (403, Result.FAILED),
        (413, Result.FAILED),
        (429, Result.AGAIN),
        (500, Result.AGAIN),
        (507, Result.AGAIN),
    ],
)
async def test_what_a_status_means(
    stub: StubGateway, http: aiohttp.ClientSession, status: int, result: Result
) -> None:
    stub.status, stub.headers = status, {"Location": f"{stub.url}/elsewhere"}
    tried = await ntfy(http, stub.url).attempt(send(address=TOPIC))
    assert (tried.result, tried.code) == (result, f"http-{status}")
    assert len(stub.got) == 1


async def test_a_server_that_is_not_there(
    http: aiohttp.ClientSession, free_port: Callable[[], int]
) -> None:
    tried = await ntfy(http, f"http://127.0.0.1:{free_port()}").attempt(send(address=TOPIC))
    assert tried.result is Result.AGAIN


async def test_without_a_server_a_topic_or_its_secret_the_next_channel_follows(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    def unsafe(name: str) -> str:
        raise SecretUnsafe(name)

    nowhere = Ntfy(http, None, KEY, URL, lambda _: None)
    assert (await nowhere.attempt(send(address=TOPIC))).code == "no-server"
    assert (await ntfy(http, stub.url).attempt(send(address={}))).code == "no-topic"
    assert (await ntfy(http, stub.url, unsafe).attempt(send(address=TOPIC))).code == (
        "secret-unsafe"
    )
    assert stub.got == []
