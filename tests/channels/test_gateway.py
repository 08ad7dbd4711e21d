"""SMS and voice gateways against a real HTTP server: what is sent, by whom, and where keys go."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest

from hub.notifier.channel import Attempt, Result
from hub.notifier.gateway_answer import at
from hub.notifier.it_notice import Trouble
from hub.notifier.voice import Voice
from hub.rights.short import reference
from hub.secrets import SecretUnsafe
from tests.channels.gateways import gateways, settings, sms
from tests.channels.sends import KEY, TASK, URL, send
from tests.channels.stub_gateway import StubGateway


async def test_the_text_goes_to_the_number_under_a_reference_that_names_nobody(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    tried = await sms(http, settings(stub.url + "/sms")).attempt(send())
    assert tried == Attempt(Result.TAKEN, "http-200")
    (got,) = stub.got
    assert (got.method, got.path, got.headers["content-type"]) == (
        "POST",
        "/sms",
        "application/json",
    )
    body = json.loads(got.body)
    assert body["to"] == "+4790000001"
    assert body["text"].startswith("Varde: Alarmknapp trykket, Øst. Svar 1 ")
    assert body["reference"] == reference(KEY, "fjordby-a1:r1.s0:kari:sms-1")
    assert "authorization" not in got.headers


async def test_a_form_a_password_in_it_and_the_number_without_its_plus(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    form = {"user": "{username}", "passwd": "{secret}", "to": "{msisdn}", "msg": "{text}"}
    one = settings(stub.url, json=None, form=form, auth={"body": "fjordby"})
    await sms(http, one).attempt(send(place="A & B = 100 %"))
    said = parse_qs(stub.got[0].body.decode())
    assert said["user"] == ["fjordby"]
    assert said["passwd"] == ["secret of gateway-main"]
    assert said["to"] == ["4790000001"]
    assert "A & B = 100 %" in said["msg"][0]


async def test_a_get_has_everything_in_its_address_percent_encoded(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    one = settings(
        stub.url + "/send?to={msisdn}&text={text}&dlr={report_url}", json=None, method="GET"
    )
    await sms(http, one).attempt(send(place="A&B=C"))
    said = parse_qs(stub.got[0].query)
    assert said["to"] == ["4790000001"]
    assert "A&B=C" in said["text"][0]
    assert said["dlr"] == [
        f"{URL}/hooks/main/report?reference={reference(KEY, 'fjordby-a1:r1.s0:kari:sms-1')}"
    ]


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"bearer": True}, "authorization", "Bearer secret of gateway-main"),
        (
            {"basic": "fjordby"},
            "authorization",
            "Basic " + base64.b64encode(b"fjordby:secret of gateway-main").decode(),
        ),
        ({"header": "X-Api-Key"}, "x-api-key", "secret of gateway-main"),
    ],
)
async def test_who_we_are(
    stub: StubGateway, http: aiohttp.ClientSession, auth: Any, header: str, value: str
) -> None:
    await sms(http, settings(stub.url, auth=auth)).attempt(send())
    assert stub.got[0].headers[header] == value


async def test_without_its_secret_a_gateway_is_not_asked(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    def unsafe(name: str) -> str:
        raise SecretUnsafe(f"secret {name}: others can read it")

    one = settings(stub.url, auth={"bearer": True})
    assert await sms(http, one, secret=lambda _: None).attempt(send()) == Attempt(
        Result.FAILED, "no-secret"
    )
    assert await sms(http, one, secret=unsafe).attempt(send()) == Attempt(
        Result.FAILED, "secret-unsafe"
    )
    assert stub.got == []


async def test_a_gateway_that_fails_three_times_is_told_to_it_once_and_when_it_is_back(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    told: list[tuple[Trouble, str]] = []
    channel = sms(http, settings(stub.url), told=told)
    stub.status = 500
    for _ in range(2):
        await channel.attempt(send())
    assert told == []
    for _ in range(3):
        await channel.attempt(send())
    assert told == [(Trouble.GATEWAY_FAILING, "main")]
    stub.status = 200
    for _ in range(2):
        await channel.attempt(send())
    assert told == [(Trouble.GATEWAY_FAILING, "main"), (Trouble.GATEWAY_BACK, "main")]


async def test_without_a_gateway_or_a_number_the_next_channel_follows_at_once(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    assert await sms(http).attempt(send()) == Attempt(Result.FAILED, "no-gateway")
    known = sms(http, settings(stub.url))
    assert await known.attempt(send(address={})) == Attempt(Result.FAILED, "no-number")
    assert await Voice(gateways(http), KEY).attempt(send(address={})) == Attempt(
        Result.FAILED, "no-number"
    )


async def test_a_call_says_its_text_and_where_keys_go(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    body = {"to": "{to}", "say": "{text}", "language": "{language}", "keys": ["{key_url}"]}
    one = settings(stub.url, kind="voice", json=body, languages={"nb": "nb-NO"})
    assert (await Voice(gateways(http, one), KEY).attempt(send())).result is Result.TAKEN
    said = json.loads(stub.got[0].body)
    assert said["say"] == (
        "Dette er Varde. Alarmknapp trykket, Øst. "
        "Trykk 1 for å ta alarmen. Trykk 2 hvis du ikke kan."
    )
    assert said["language"] == "nb-NO"
    assert said["keys"][0].startswith(f"{URL}/hooks/main/key?reference=")


async def test_a_gateway_known_by_its_address_gets_the_secret_in_it(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    one = settings(stub.url, json={"dlr": "{report_url}"}, hook={"proof": "path"})
    await sms(http, one).attempt(send())
    assert json.loads(stub.got[0].body)["dlr"].startswith(
        f"{URL}/hooks/main/report/secret%20of%20hook-main?reference="
    )


async def test_a_zone_s_name_cannot_write_a_header_of_its_own(
    stub: StubGateway, http: aiohttp.ClientSession
) -> None:
    one = settings(stub.url, headers={"X-About": "{reference} {text}"})
    await sms(http, one).attempt(send(TASK, "n1", place="A\r\nX-Evil: 1"))
    assert "x-evil" not in stub.got[0].headers


@pytest.mark.parametrize(
    ("content", "path", "found"),
    [
        ({"id": 7}, "id", "7"),
        ({"a": [{"b": "c"}]}, "a.0.b", "c"),
        ({"a.b": "c"}, "a.b", "c"),
        ({"a": True}, "a", "true"),
        ({"a": None}, "a", None),
        ({"a": {"b": 1}}, "a", None),
        ([1, 2], "1", "2"),
        ([1, 2], "2", None),
        ([1, 2], "-1", None),
        ("text", "a", None),
        ({"a": "x"}, "a.b", None),
        ([1], "\u00b2", None),
    ],
)
def test_where_a_value_stands(content: object, path: str, found: str | None) -> None:
    assert at(content, path) == found
