"""Every route of the application against every role: nobody gets in where the table says no.

The expectations are written out here by hand, apart from the table they check.
"""

from collections.abc import Iterator

import msgspec
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from hub.journal.port import Document
from hub.web.access import RULES
from hub.web.app import make_app
from routing.facts import ConfigurationRemoved, ConfigurationSet
from routing.instant import HOUR, SECOND
from tests.notifier.browser import Browser as Keys
from tests.web.conftest import NewBrowser
from tests.web.family import move_in
from tests.web.happenings import give_task, storm
from tests.web.town import CARDS, Browser, Town

STRANGER = "stranger"
PEOPLE = {
    "staff": "kari",
    "lead": "lise",
    "operator": "odd",
    "it": "ivar",
    "relative": "rune",
    "outside": "vekter",
}
EVERYBODY = {STRANGER, *PEOPLE}
HANDLERS = {"staff", "lead", "operator"}
ALLOWED: dict[tuple[str, str], set[str]] = {
    ("GET", "/health"): EVERYBODY,
    ("GET", "/sign-in"): EVERYBODY,
    ("GET", "/enrol"): EVERYBODY,
    ("GET", "/text/{language}.json"): EVERYBODY,
    ("POST", "/api/sign-in"): EVERYBODY,
    ("POST", "/api/sign-in/pin"): EVERYBODY,
    ("POST", "/api/sign-in/passkey/begin"): EVERYBODY,
    ("POST", "/api/sign-in/passkey"): EVERYBODY,
    ("GET", "/recover"): EVERYBODY,
    ("POST", "/api/recover"): EVERYBODY,
    ("GET", "/oidc/start"): EVERYBODY,
    ("GET", "/oidc/callback"): EVERYBODY,
    ("GET", "/welcome"): set(PEOPLE),
    ("GET", "/phones"): set(PEOPLE),
    ("GET", "/people/{person_id}/phones"): {"lead", "it"},
    ("GET", "/phones/{handset_id}/reads"): {"lead"},
    ("POST", "/api/pin"): set(PEOPLE),
    ("POST", "/api/passkeys/begin"): set(PEOPLE),
    ("POST", "/api/passkeys"): set(PEOPLE),
    ("POST", "/api/passkeys/{passkey_id}/name"): set(PEOPLE),
    ("POST", "/api/passkeys/{passkey_id}/remove"): set(PEOPLE),
    ("POST", "/api/phones/{handset_id}/name"): set(PEOPLE),
    ("POST", "/api/phones/{handset_id}/revoke"): set(PEOPLE),
    ("POST", "/api/people/{person_id}/phones/revoke"): {"lead", "it"},
    ("POST", "/api/people/{person_id}/code"): {"lead", "it"},
    ("POST", "/api/people/{person_id}/recovery"): {"lead", "it"},
    ("POST", "/api/units/{unit_id}/code"): {"lead", "it"},
    ("POST", "/api/sign-out"): set(PEOPLE),
    ("GET", "/api/me"): set(PEOPLE),
    ("GET", "/api/outbox-key"): set(PEOPLE),
    ("GET", "/"): HANDLERS | {"it"},
    ("GET", "/alarms/{alarm_id}"): HANDLERS | {"it"},
    ("GET", "/api/alarms"): HANDLERS | {"it"},
    ("GET", "/api/alarms/{alarm_id}"): HANDLERS | {"it"},
    ("GET", "/api/alarms/{alarm_id}/story"): HANDLERS | {"it"},
    ("GET", "/api/stream"): HANDLERS | {"it"},
    ("POST", "/api/alarms/{alarm_id}/commands"): HANDLERS,
    ("POST", "/api/help"): HANDLERS,
    ("POST", "/api/alarms/{alarm_id}/entry"): HANDLERS,
    ("GET", "/api/alarms/{alarm_id}/position"): HANDLERS,
    ("GET", "/api/zone"): HANDLERS,
    ("POST", "/api/zone/opened"): HANDLERS,
    ("GET", "/api/tiles/{z}/{x}/{y}"): HANDLERS,
    ("GET", "/hooks/{gateway}/{what}"): EVERYBODY,
    ("POST", "/hooks/{gateway}/{what}"): EVERYBODY,
    ("GET", "/hooks/{gateway}/{what}/{secret}"): EVERYBODY,
    ("POST", "/hooks/{gateway}/{what}/{secret}"): EVERYBODY,
    ("GET", "/l/{token}"): EVERYBODY,
    ("POST", "/l/{token}"): EVERYBODY,
    ("GET", "/replies"): {"lead", "operator"},
    ("GET", "/accessibility"): EVERYBODY,
    ("GET", "/family"): {"relative"},
    ("GET", "/family/settings"): {"relative"},
    ("GET", "/api/family"): {"relative"},
    ("POST", "/api/family/alarms/{alarm_id}/commands"): {"relative"},
    ("POST", "/api/family/residents/{resident_id}/answer"): {"relative"},
    ("POST", "/api/family/away"): {"relative"},
    ("GET", "/tasks"): HANDLERS | {"it"},
    ("GET", "/tasks/new"): HANDLERS,
    ("GET", "/api/tasks"): HANDLERS | {"it"},
    ("POST", "/api/tasks"): HANDLERS,
    ("GET", "/api/tasks/{task_id}"): HANDLERS | {"it"},
    ("GET", "/api/tasks/{task_id}/story"): HANDLERS | {"it"},
    ("POST", "/api/tasks/{task_id}/commands"): HANDLERS,
    ("POST", "/api/tasks/{task_id}/view"): HANDLERS,
    ("GET", "/incidents"): HANDLERS | {"it"},
    ("GET", "/incidents/{incident_id}"): HANDLERS | {"it"},
    ("GET", "/incidents/{incident_id}/visits"): HANDLERS,
    ("GET", "/api/incidents"): HANDLERS | {"it"},
    ("GET", "/api/incidents/{incident_id}"): HANDLERS | {"it"},
    ("GET", "/coverage"): {"lead", "operator"},
    ("GET", "/api/coverage"): {"lead", "operator"},
    ("POST", "/api/route"): {"lead", "operator", "it"},
    ("GET", "/api/devices/unknown"): {"lead", "it"},
    ("POST", "/api/devices/assign"): {"lead", "it"},
    ("POST", "/api/devices/replay"): {"lead", "it"},
    ("GET", "/api/push/key"): set(PEOPLE),
    ("GET", "/api/push/subscription"): set(PEOPLE),
    ("POST", "/api/push/subscription"): set(PEOPLE),
    ("POST", "/api/push/unsubscribe"): set(PEOPLE),
    ("POST", "/api/push/receipt"): EVERYBODY,
    ("POST", "/api/rights"): EVERYBODY,
    ("GET", "/sw.js"): EVERYBODY,
    ("GET", "/manifest/{language}.webmanifest"): EVERYBODY,
    ("GET", "/offline/{language}"): EVERYBODY,
    ("GET", "/called/{language}"): EVERYBODY,
    ("GET", "/more"): set(PEOPLE),
    ("GET", "/readiness"): set(PEOPLE),
    ("GET", "/api/reach"): set(PEOPLE),
    ("POST", "/api/duty/commands"): set(PEOPLE),
    ("GET", "/duty"): HANDLERS,
    ("GET", "/board"): HANDLERS | {"it"},
    ("GET", "/api/board"): HANDLERS | {"it"},
}
BODIES: dict[str, object] = {
    "/api/devices/assign": {"subject": "ev07b:1", "id": "gps-1", "resident": "r-1"},
    "/api/devices/replay": {"id": "a-replay-of-a-phone", "who": "ev07b:1"},
    "/api/sign-in": {"code": "AAAA-AAAA"},
    "/api/sign-out": {},
    "/api/sign-in/pin": {"person": "kari", "pin": "4711"},
    "/api/sign-in/passkey/begin": {},
    "/api/sign-in/passkey": {"ticket": "none", "credential": {}},
    "/api/recover": {"token": "none"},
    "/api/pin": {"pin": "4711"},
    "/api/passkeys/begin": {},
    "/api/passkeys": {"ticket": "none", "credential": {}, "name": "Nøkkel"},
    "/api/passkeys/{passkey_id}/name": {"name": "Nøkkel"},
    "/api/passkeys/{passkey_id}/remove": {},
    "/api/phones/{handset_id}/name": {"name": "Bil 3"},
    "/api/phones/{handset_id}/revoke": {"id": "an-end-of-a-phone"},
    "/api/people/{person_id}/phones/revoke": {"id": "an-end-of-phones"},
    "/api/people/{person_id}/code": {},
    "/api/people/{person_id}/recovery": {},
    "/api/units/{unit_id}/code": {},
    "/api/alarms/{alarm_id}/commands": {
        "id": "an-id-of-a-phone",
        "action": "see",
        "seen_phase": "looking",
    },
    "/api/alarms/{alarm_id}/entry": {"id": "a-tap-of-a-phone"},
    "/api/zone/opened": {"id": "a-look-of-a-phone", "code": "r-1", "ago_s": 0},
    "/api/family/alarms/{alarm_id}/commands": {
        "id": "a-look-of-a-relative",
        "action": "see",
        "seen_phase": "looking",
    },
    "/hooks/{gateway}/{what}": {"reference": "none", "status": "delivered"},
    "/hooks/{gateway}/{what}/{secret}": {"reference": "none", "status": "delivered"},
    "/l/{token}": {"answer": "yes"},
    "/api/family/residents/{resident_id}/answer": {"id": "a-yes-of-a-phone", "agreed": True},
    "/api/family/away": {
        "id": "an-absence-of-a-phone",
        "since": "2026-11-23T14:00",
        "until": "2026-11-24T14:00",
    },
    "/api/route": {"resident": "r-1", "kind": "help.pressed", "at": "2026-11-23T14:00"},
    "/api/help": {"id": "a-call-of-a-phone"},
    "/api/tasks": {
        "id": "a-task-of-a-phone",
        "action": "make",
        "new": {"kind": "other", "start": "2026-11-23T14:00", "end": "2026-11-23T15:00"},
    },
    "/api/tasks/{task_id}/commands": {"id": "a-no-of-a-phone", "action": "refuse"},
    "/api/tasks/{task_id}/view": {"id": "a-look-of-a-phone"},
    "/api/push/subscription": {"endpoint": "https://push.example.org/1", "keys": Keys().keys},
    "/api/push/unsubscribe": {},
    "/api/push/receipt": {"right": "forged"},
    "/api/rights": {"right": "forged"},
    "/api/duty/commands": {"id": "a-test-of-a-phone", "action": "test"},
}
OTHERWISE: dict[str, int] = {
    "/api/sign-in": 401,  # a wrong code
    "/api/rights": 403,  # of no push
    "/api/duty/commands": 409,  # nobody here has a channel
    "/hooks/{gateway}/{what}": 401,  # nothing proves that it is a gateway
    "/hooks/{gateway}/{what}/{secret}": 401,
    "/l/{token}": 404,  # of no call
    "/api/sign-in/pin": 403,  # no shared phone
    "/api/sign-in/passkey/begin": 403,  # no passkeys at a bare address
    "/api/sign-in/passkey": 403,
    "/api/passkeys/begin": 403,
    "/api/passkeys": 403,
    "/api/recover": 401,  # a wrong link
    "/welcome": 303,  # nothing to offer at a bare address
    "/oidc/start": 404,  # no login of its own here
    "/oidc/callback": 404,
    "/api/passkeys/{passkey_id}/name": 404,  # nobody's
    "/api/passkeys/{passkey_id}/remove": 404,
    "/api/phones/{handset_id}/name": 404,
    "/api/phones/{handset_id}/revoke": 404,
    "/phones/{handset_id}/reads": 404,
    "/api/tasks/{task_id}/view": 409,  # that task is no look
    "/api/alarms/{alarm_id}/entry": 409,  # nobody has it
    "/api/alarms/{alarm_id}/position": 404,  # no device has told one
    "/api/tiles/{z}/{x}/{y}": 404,  # no map server
}
"""What who may is answered where it is not done: there is nothing to do it with here."""


def flat(routes: list[BaseRoute]) -> Iterator[BaseRoute]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from flat(inner.routes)


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    """Return every (method, path) that the application answers; fail on what cannot be judged."""
    found: set[tuple[str, str]] = set()
    for route in flat(app.routes):
        if isinstance(route, APIRoute):
            found |= {(method, route.path) for method in route.methods or ()}
        else:
            assert isinstance(route, Mount), route
            assert route.path == "/static"
    return found


def test_every_route_stands_in_the_table_and_in_this_test(town: Town) -> None:
    routes = routes_of(make_app(town.site))
    assert routes == set(RULES)
    assert routes == set(ALLOWED)


async def status_of(browser: Browser, method: str, path: str, ids: dict[str, str]) -> int:
    real = path.format(**ids)
    if method == "POST":
        return (await browser.post(real, BODIES[path]))[0]
    async with browser.http.get(real, allow_redirects=False) as response:
        return response.status


@pytest.mark.parametrize("who", sorted(EVERYBODY))
async def test_a_route_lets_in_exactly_the_roles_it_is_for(
    town: Town, someone: NewBrowser, who: str
) -> None:
    await town.be_sound()
    await move_in(town)
    ids = {
        "alarm_id": await town.press(),
        "task_id": await give_task(town),
        "incident_id": await storm(town),
        "language": "nb",
        "resident_id": "r-1",
        "person_id": "ola",
        "unit_id": "east",
        "handset_id": "none",
        "passkey_id": "none",
        "gateway": "sms",
        "what": "report",
        "secret": "guessed",
        "token": "none",
        **{"z": "10", "x": "542", "y": "297"},
    }
    for (method, path), allowed in ALLOWED.items():
        browser = someone()
        if who != STRANGER:
            await browser.sign_in(PEOPLE[who])
        status = await status_of(browser, method, path, ids)
        refused = {401, 303} if who == STRANGER else {403}
        if who == "relative" and not path.startswith("/api/"):
            refused = {303}  # to the pages of relatives
        if who in allowed:
            good = {OTHERWISE[path]} if path in OTHERWISE else {200, 204}
            if path == "/api/zone" and who != "staff":
                good = {409}  # of those who are on duty
            assert status in good, (who, method, path, status)
        elif who not in allowed:
            assert status in refused, (who, method, path, status)


async def test_a_route_without_a_row_answers_nobody(town: Town, kari: Browser) -> None:
    app = make_app(town.site)

    @app.get("/forgotten")
    async def forgotten() -> str:
        return "secret"

    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/forgotten", "query_string": b""}
    await app({**scope, "headers": [], "server": ("x", 80)}, receive, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 404
    assert b"secret" not in b"".join(m.get("body", b"") for m in sent)  # type: ignore[misc]


async def test_a_stranger_is_shown_the_way_to_sign_in(someone: NewBrowser) -> None:
    async with someone().http.get("/alarms/x", allow_redirects=False) as response:
        assert (response.status, response.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize("guess", ["fjordby-000000000000", "..%2f..%2fhealth", "x" * 200, "'--"])
async def test_guessed_ids_are_not_found(kari: Browser, guess: str) -> None:
    assert (await kari.get(f"/api/alarms/{guess}"))[0] == 404
    body = BODIES["/api/alarms/{alarm_id}/commands"]
    assert (await kari.post(f"/api/alarms/{guess}/commands", body))[0] == 404


async def test_a_command_is_always_the_readers_own(town: Town, kari: Browser) -> None:
    alarm = await town.press()
    status, body = await kari.act(alarm, "accept", person="ola")
    assert (status, body["error"]) == (400, "invalid_request")
    await kari.act(alarm, "accept")
    assert town.state.alarms[alarm].owner == "kari"


@pytest.mark.parametrize("cookie", ["", "guess", "A" * 43])
async def test_a_made_up_session_opens_nothing(someone: NewBrowser, cookie: str) -> None:
    status, body = await someone().get("/api/alarms", Cookie=f"varde_session={cookie}")
    assert (status, body["error"]) == (401, "not_signed_in")


async def test_a_session_that_has_ended_opens_nothing(town: Town, kari: Browser) -> None:
    town.directory.end_sessions_of("kari", town.now)
    assert (await kari.get("/api/alarms"))[0] == 401


async def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(
    kari: Browser, someone: NewBrowser
) -> None:
    kept = "; ".join(f"{cookie.key}={cookie.value}" for cookie in kari.http.cookie_jar)
    assert (await someone().get("/api/me", Cookie=kept))[0] == 200
    assert (await kari.post("/api/sign-out", {}))[0] == 204
    assert (await someone().get("/api/me", Cookie=kept))[0] == 401


async def test_an_unused_session_expires_but_never_on_duty_or_while_owning(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    lise, odd = await someone().sign_in("lise"), await someone().sign_in("odd")
    alarm = await town.press()
    assert (await lise.act(alarm, "accept"))[0] == 200
    town.now += 15 * HOUR
    assert (await kari.get("/api/me"))[0] == 200  # on duty
    assert (await lise.get("/api/me"))[0] == 200  # owns the alarm
    assert (await odd.get("/api/me"))[0] == 401


async def test_who_is_no_longer_configured_is_nobody(town: Town, kari: Browser) -> None:
    from routing.facts import ConfigurationRemoved

    await town.append([ConfigurationRemoved(section="person", id="kari", author="test")])
    assert (await kari.get("/api/me"))[0] == 401


FORGED = [
    {},
    {"X-Varde": "0"},
    {"X-Varde": "1", "Origin": "https://evil.example"},
    {"X-Varde": "1", "Origin": "null"},
    {"X-Varde": "1", "Sec-Fetch-Site": "cross-site"},
    {"X-Varde": "1", "Content-Type": "text/plain"},
]


@pytest.mark.parametrize("headers", FORGED)
async def test_a_foreign_pages_command_is_refused(
    town: Town, kari: Browser, headers: dict[str, str]
) -> None:
    alarm = await town.press()
    body = BODIES["/api/alarms/{alarm_id}/commands"]
    status, answer = await kari.post(f"/api/alarms/{alarm}/commands", body, headers)
    assert (status, answer["error"]) == (403, "foreign_origin")
    assert town.heard == []


async def test_the_own_pages_origin_is_accepted(town: Town, url: str, kari: Browser) -> None:
    alarm = await town.press()
    body = BODIES["/api/alarms/{alarm_id}/commands"]
    headers = {"X-Varde": "1", "Origin": url, "Sec-Fetch-Site": "same-origin"}
    assert (await kari.post(f"/api/alarms/{alarm}/commands", body, headers))[0] == 200


async def test_who_left_and_comes_back_has_to_sign_in_anew(town: Town, kari: Browser) -> None:
    item, card = town.state.registry.people["kari"], CARDS["person", "kari"]
    town.now += SECOND
    await town.append([ConfigurationRemoved(section="person", id="kari", author="test")])
    assert (await kari.get("/api/me"))[0] == 401
    back = [Document("person", "kari", msgspec.json.encode(card))]
    await town.append([ConfigurationSet(item=item, author="test")], back)
    assert (await kari.get("/api/me"))[0] == 401
