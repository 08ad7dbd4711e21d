"""Every route against what others would do with it: forged posts, guessed and hostile ids, and who
must read no resident's name. Made from the application's own routes: a new one is tried too.

Who may use which route at all is written out by hand in `test_access`.
"""

import json
import re
from urllib.parse import quote

import pytest

from hub.web.access import RULES, Open
from hub.web.app import make_app
from routing.municipality import Person, Role, Team, Unit
from tests.web.conftest import NewBrowser
from tests.web.family import move_in
from tests.web.happenings import configure, give_task, storm
from tests.web.test_access import ALLOWED, BODIES, PEOPLE, routes_of
from tests.web.town import Browser, Town

NOT_BY_SESSION: dict[str, str] = {
    "/hooks/{gateway}/{what}": "the gateway's signature or password",
    "/hooks/{gateway}/{what}/{secret}": "the secret in the address",
    "/l/{token}": "the token of one call in the address",
}
"""POST routes that no page of ours sends with the session, and what proves them instead."""
NO_IDS = {
    "/text/{language}.json",
    "/hooks/{gateway}/{what}",  # 401 for every one, whether it is there or not
    "/hooks/{gateway}/{what}/{secret}",
}
"""Routes whose parameter names nothing that anybody could guess."""
SHELLS = {"/alarms/{alarm_id}"}
"""Pages that hold nothing of what their address names: the script asks for it."""
PERSONAL = ("Olga", "Prøveveien", "999 00 001", "Nøkkelboks", "Hører dårlig", "Nils Prøve")
GUESSES = ("fjordby-000000000000", "..%2f..%2fhealth", quote("'; --"), quote("ø" * 40), "x" * 300)
FORGED: dict[str, dict[str, str]] = {
    "no header of ours": {},
    "another value": {"X-Varde": "0"},
    "a foreign page": {"X-Varde": "1", "Origin": "https://evil.example"},
    "a page of a file": {"X-Varde": "1", "Origin": "null"},
    "another site": {"X-Varde": "1", "Sec-Fetch-Site": "cross-site"},
    "a sibling site": {"X-Varde": "1", "Sec-Fetch-Site": "same-site"},
    "plain text": {"X-Varde": "1", "Content-Type": "text/plain"},
    "a form": {"X-Varde": "1", "Content-Type": "application/x-www-form-urlencoded"},
    "an upload": {"X-Varde": "1", "Content-Type": "multipart/form-data; boundary=x"},
}


async def lived_in(town: Town) -> dict[str, str]:
    """Fill the town; return a real id for every parameter of a route."""
    await town.be_sound()
    await move_in(town)
    return {
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
        "z": "10",
        "x": "541",
        "y": "296",
    }


def posts() -> list[str]:
    return sorted(path for method, path in ALLOWED if method == "POST")


def insider(path: str, method: str) -> str | None:
    """Return somebody who may use the route; None: everybody may."""
    allowed = ALLOWED[method, path] & set(PEOPLE)
    return None if RULES[method, path] is Open.TO_ALL else PEOPLE[min(allowed)]


@pytest.mark.parametrize("path", [path for path in posts() if path not in NOT_BY_SESSION])
async def test_a_forged_post_is_refused_and_does_nothing(
    town: Town, someone: NewBrowser, path: str
) -> None:
    ids = await lived_in(town)
    browser, who = someone(), insider(path, "POST")
    if who is not None:
        await browser.sign_in(who)
    before = town.state.seq
    for name, headers in FORGED.items():
        if who is None and name in {"no header of ours", "another value"}:
            continue  # Nothing to steal without a session: JSON from the own origin is enough.
        status, _ = await browser.post(path.format(**ids), BODIES[path], headers)
        assert status == 403, (name, status)
    assert town.state.seq == before
    assert town.heard == []


def test_what_is_not_by_session_is_a_post_of_the_application(town: Town) -> None:
    routes = routes_of(make_app(town.site))
    assert {("POST", path) for path in NOT_BY_SESSION} <= routes


@pytest.mark.parametrize(
    ("method", "path"),
    sorted((m, p) for m, p in ALLOWED if "{" in p and p not in NO_IDS),
    ids=lambda part: str(part).strip("/").replace("/", "-"),
)
async def test_a_guessed_or_hostile_id_finds_nothing(
    town: Town, someone: NewBrowser, method: str, path: str
) -> None:
    ids = await lived_in(town)
    browser, who = someone(), insider(path, method)
    if who is not None:
        await browser.sign_in(who)
    parameters = re.findall(r"\{(\w+)\}", path)
    for parameter in parameters:
        for guess in GUESSES:
            real = path.format(**{**ids, parameter: guess})
            if method == "POST":
                status, answer = await browser.post(real, BODIES[path])
            else:
                status, answer = await browser.get(real)
            found = {200} if path in SHELLS else set()
            assert status in {400, 404, 413} | found, (real, status)
            assert not any(word in str(answer) for word in PERSONAL)


@pytest.mark.parametrize("who", ["it", "outside", "stranger"])
async def test_a_resident_is_named_to_nobody_who_need_not_know(
    town: Town, someone: NewBrowser, who: str
) -> None:
    ids = await lived_in(town)
    for method, path in sorted(ALLOWED):
        if method != "GET" or path == "/api/stream":
            continue
        browser = someone()
        if who != "stranger":
            await browser.sign_in(PEOPLE[who])
        _, answer = await browser.get(path.format(**ids))
        told = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        assert not any(word in told for word in PERSONAL), path


async def test_a_relative_reads_nothing_outside_the_family_routes(
    town: Town, someone: NewBrowser
) -> None:
    ids = await lived_in(town)
    for method, path in sorted(ALLOWED):
        if method != "GET" or path == "/api/stream":
            continue
        rune = await someone().sign_in("rune")
        _, answer = await rune.get(path.format(**ids))
        told = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        words = PERSONAL[1:] if "family" in path else PERSONAL
        assert not any(word in told for word in words), path


async def test_staff_of_another_unit_and_their_view_of_an_alarm(
    town: Town, someone: NewBrowser
) -> None:
    """Units help each other: any staff may take any alarm. How to get in is for who has it."""
    await configure(
        town,
        Unit(id="west"),
        Team(id="night", unit="west"),
        Person(id="tor", roles=(Role.STAFF,), teams=("night",)),
        names={("person", "tor"): {"name": "Tor Eksempel"}},
    )
    ids = await lived_in(town)
    tor = await someone().sign_in("tor")
    status, seen = await tor.get(f"/api/alarms/{ids['alarm_id']}")
    assert (status, seen["mine"]) == (200, False)
    assert "Nøkkelboks" not in json.dumps(seen, ensure_ascii=False)


async def test_an_old_tab_is_told_what_has_happened(
    town: Town, kari: Browser, ola: Browser
) -> None:
    alarm = await town.press()
    assert (await kari.act(alarm, "accept"))[0] == 200
    stale: dict[str, object] = {"seen_phase": "looking"}
    for action in ("accept", "refuse"):
        status, body = await ola.act(alarm, action, **stale)
        assert (status, body["state"]) == (409, "refused")
        assert body["alarm"]["owner"] == "kari"
    assert town.state.alarms[alarm].owner == "kari"


async def test_two_tabs_that_send_the_same_command_do_it_once(
    town: Town, kari: Browser, ola: Browser
) -> None:
    alarm = await town.press()
    first = await kari.act(alarm, "accept", id="one-and-the-same")
    facts = town.state.seq
    second = await kari.act(alarm, "accept", id="one-and-the-same", seen_phase="looking")
    assert (first[0], second[0], second[1]["state"]) == (200, 200, "done")
    assert town.state.seq == facts
    other = await town.press()
    for browser, where in ((ola, alarm), (kari, other)):
        status, body = await browser.act(where, "arrive", id="one-and-the-same")
        assert (status, body["error"]) == (409, "command_id_taken")


@pytest.mark.parametrize("skew_s", [-86_400, -300, 300, 86_400 * 365])
async def test_a_phone_whose_clock_is_wrong_changes_no_time_of_ours(
    town: Town, kari: Browser, skew_s: int
) -> None:
    alarm = await town.press()
    said: dict[str, object] = {"made_at": town.now + skew_s * 1_000_000}
    assert (await kari.act(alarm, "accept", **said))[0] == 400
    status, _ = await kari.act(alarm, "accept")
    (_, sent) = town.heard[-1]
    assert (status, sent.made_at) == (200, town.now)
    assert town.state.alarms[alarm].owner_since == town.now
