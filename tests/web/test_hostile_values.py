"""Whatever stands in a body: it is refused or carried out, and nobody falls over it. A route that
fell would hide what it was asked, and fill the log with it."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.conftest import NewBrowser
from tests.web.family import move_in
from tests.web.happenings import give_task
from tests.web.test_access import BODIES
from tests.web.test_roles_matrix import insider
from tests.web.town import Browser, Town

TEXTS = ("", "\0", "x" * 900, "\u202eolga", "ø" * 300, "../../x", "'; --", "{to}", "a\nb")
TIMES = (
    "9999-12-31T23:59",
    "0001-01-01T00:00",
    "2026-02-30T25:61",
    "2026-11-23T12:00:00+99:99",
    "2026-11-23T12:00:00-23:59",
    "-262144-01-01T00:00",
    "1970-01-01T00:00Z",
    "2026-03-29T02:30",
)
NUMBERS = (-1, 0, 10**9, 2**53, 2**63, 10**30, -(10**30), 1e308, 0.1)
OTHERS: tuple[Any, ...] = (None, True, [], [[]], {}, {"a": {}}, [None] * 50)
VALUES = (*TEXTS, *TIMES, *NUMBERS, *OTHERS)
MORE: dict[str, dict[str, Any]] = {
    "/api/alarms/{alarm_id}/commands": {
        "note": "x",
        "arrive_within_s": 600,
        "to_person": "ola",
        "to_team": "day",
        "step": 0,
        "resident": "r-1",
        "device": "pendant-1",
        "outcome": "fall",
        "speech": "answered",
    },
    "/api/devices/replay": {"from_at": 0, "to_at": 1},
    "/api/duty/commands": {"of": "ola", "test": "x", "team": "day", "for_h": 2, "channel": "x"},
    "/api/route": {"device": "pendant-1", "rounds": 2},
    "/api/help": {"alarm": "x"},
}
"""Fields that a body may have beside those of the usual one."""


def changed(body: Any) -> Iterator[Any]:
    """Yield the body with each of its values, in turn, replaced by a hostile one."""
    if not isinstance(body, dict):
        return
    for name in body:
        for value in VALUES:
            yield {**body, name: value}
        for inner in changed(body[name]):
            yield {**body, name: inner}


HALF = r'{"id": "\ud800-half-a-sign", "code": "\udc00", "right": "\ud800", "token": "\ud800"}'
WHOLE = ("null", "[]", "7", '"x"', "{", "[" * 5_000, '{"a":' * 900, HALF, "\ufeff{}", "")


@pytest.mark.parametrize("path", sorted(BODIES))
async def test_no_value_of_a_body_makes_a_route_fall(
    town: Town, someone: NewBrowser, path: str
) -> None:
    await town.be_sound()
    await move_in(town)
    ids = {
        "alarm_id": await town.press(),
        "task_id": await give_task(town),
        **dict.fromkeys(("handset_id", "passkey_id", "token", "secret"), "none"),
        **{"resident_id": "r-1", "person_id": "ola", "unit_id": "east"},
        **{"gateway": "sms", "what": "report"},
    }
    browser, who = someone(), insider(path, "POST")
    if who is not None:
        await browser.sign_in(who)
    address, usual = path.format(**ids), BODIES[path]
    whole = {**usual, **MORE.get(path, {})} if isinstance(usual, dict) else usual
    bodies = [json.dumps(one) for one in changed(copy.deepcopy(whole))]
    for number, body in enumerate((*bodies, *WHOLE)):
        headers = {"X-Varde": "1", "Content-Type": "application/json"}
        if "/sign-out" in path and number:
            break
        raw = body.encode("utf-8", "surrogatepass")
        async with browser.http.post(address, data=raw, headers=headers) as answer:
            assert answer.status < 500, (answer.status, body[:200], await answer.text())


HEADERS: tuple[dict[str, str], ...] = (
    {"Accept-Language": "nb;q=nan, en;q=inf, nn;q=-1, *;q=1e400, ;;;q, " + "x," * 300},
    {"Accept-Language": "ø" * 50},
    {"Last-Event-ID": "ZmpvcmRieTo5OTk5OTk5OTk5OTk5OTk5OTk5"},
    {"Last-Event-ID": "ZmpvcmRieTotMQ"},
    {"Last-Event-ID": "ÿþ"},
    {"Last-Event-ID": "////"},
    {"Cookie": 'varde_session="\\000\\377"; varde_session=; varde_language=../../x; =; ;'},
    {"Cookie": "varde_handset=" + "A" * 4_000},
    {"Range": "bytes=9-1"},
    {"If-None-Match": '"' * 500},
    {"X-HTTP-Method-Override": "DELETE"},
    {"Host": "evil.example"},
)


@pytest.mark.parametrize("path", ["/sign-in", "/api/alarms", "/api/stream", "/static/css/app.css"])
async def test_no_header_makes_a_route_fall(kari: Browser, path: str) -> None:
    for headers in HEADERS:
        async with kari.http.get(path, headers=headers, allow_redirects=False) as answer:
            assert answer.status < 500, headers
            if answer.content_type == "text/event-stream":
                assert (await answer.content.readline()).startswith(b":")
