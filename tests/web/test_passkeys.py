"""Passkeys: made after a strong sign-in, enough by themselves, named and removed."""

import dataclasses
from collections.abc import Callable

import pytest
from fastapi import Request

from hub.directory.port import Means
from hub.web.sign_in.passkeys import Place, place_of
from routing.instant import HOUR, MINUTE
from tests.web.conftest import NewBrowser
from tests.web.passkey_phone import ORIGIN, Phone, key
from tests.web.town import Town

NewPhone = Callable[[], Phone]


@pytest.fixture
def town(town: Town) -> Town:
    town.site = dataclasses.replace(town.site, public_url=ORIGIN)
    return town


@pytest.fixture
def phone(someone: NewBrowser) -> NewPhone:
    return lambda: Phone(someone())


async def test_a_passkey_made_after_a_code_signs_in_by_itself(town: Town, phone: NewPhone) -> None:
    passkey = key()
    first = await phone().sign_in("kari")
    assert await first.make(passkey) == (200, {"state": "done"})
    other = phone()
    assert (await other.show(passkey))[0] == 204
    assert await other.who() == "kari"
    (kept,) = town.directory.passkeys.of("kari")
    assert (kept.name, kept.sign_count, kept.used_at) == ("Telefonen", 1, town.now)


async def test_what_browsers_are_asked_for(town: Town, phone: NewPhone) -> None:
    kari = await phone().sign_in("kari")
    _, begun = await kari.post("/api/passkeys/begin", {})
    wanted = begun["options"]["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")
    assert begun["options"]["rp"]["id"] == "varde.example"
    assert begun["options"]["attestation"] == "none"
    asked = (await phone().ask())["options"]
    assert (asked["rpId"], asked["userVerification"]) == ("varde.example", "required")
    assert asked.get("allowCredentials", []) == []


async def test_a_passkey_is_made_once_for_each_authenticator(town: Town, phone: NewPhone) -> None:
    kari, passkey = await phone().sign_in("kari"), key()
    await kari.make(passkey)
    _, begun = await kari.post("/api/passkeys/begin", {})
    (excluded,) = begun["options"]["excludeCredentials"]
    assert excluded["id"] == passkey.make(begun["options"])["id"]
    assert (await kari.make(passkey))[1]["error"] == "passkey_not_made"


async def test_a_person_has_several_names_them_and_removes_them(
    town: Town, phone: NewPhone
) -> None:
    kari, one, other = await phone().sign_in("kari"), key(), key()
    await kari.make(one, "Telefonen")
    await kari.make(other, "Nettbrettet")
    first, second = town.directory.passkeys.of("kari")
    assert {first.name, second.name} == {"Telefonen", "Nettbrettet"}
    renamed = await kari.post(f"/api/passkeys/{first.id}/name", {"name": "Jobbtelefonen"})
    assert renamed == (200, {"state": "done"})
    await kari.post(f"/api/passkeys/{second.id}/remove", {})
    (left,) = town.directory.passkeys.of("kari")
    assert left.name == "Jobbtelefonen"
    gone = other if second.name == "Nettbrettet" else one
    assert (await phone().show(gone))[0] == 401


async def test_nobody_touches_anothers_passkey(town: Town, phone: NewPhone) -> None:
    kari = await phone().sign_in("kari")
    await kari.make(key())
    (passkey,) = town.directory.passkeys.of("kari")
    for who in ("ola", "lise"):
        other = await phone().sign_in(who)
        for what, body in (("name", {"name": "Min"}), ("remove", {})):
            assert (await other.post(f"/api/passkeys/{passkey.id}/{what}", body))[0] == 404
    assert town.directory.passkeys.of("kari") == [passkey]


async def test_a_ticket_of_another_phone_makes_no_passkey(town: Town, phone: NewPhone) -> None:
    kari, ola = await phone().sign_in("kari"), await phone().sign_in("ola")
    _, begun = await kari.post("/api/passkeys/begin", {})
    made = key().make(begun["options"])
    body = {"ticket": begun["ticket"], "credential": made, "name": "x"}
    assert (await ola.post("/api/passkeys", body))[1]["error"] == "passkey_not_made"
    assert town.directory.passkeys.of("ola") == []


async def test_an_old_sign_in_is_not_enough_for_a_new_passkey(town: Town, phone: NewPhone) -> None:
    kari = await phone().sign_in("kari")
    town.now += HOUR + MINUTE
    status, answer = await kari.post("/api/passkeys/begin", {})
    assert (status, answer["error"]) == (403, "sign_in_anew")


@pytest.mark.parametrize(
    ("public_url", "host", "place"),
    [
        ("https://varde.example", "varde.example", Place("varde.example", ORIGIN)),
        ("https://varde.example:443/", "x", Place("varde.example", ORIGIN)),
        ("https://varde.example:8443", "x", Place("varde.example", f"{ORIGIN}:8443")),
        ("https://varde.example", "localhost:1", Place("varde.example", ORIGIN)),
        ("https://10.0.0.7", "10.0.0.7", None),
        ("https://[2001:db8::1]", "x", None),
        ("", "localhost:8080", Place("localhost", "http://localhost:8080")),
        ("http://127.0.0.1:8080", "localhost:8080", Place("localhost", "http://localhost:8080")),
        ("", "127.0.0.1:8080", None),
        ("http://varde.example", "varde.example", None),
        ("", "localhost.evil.example", None),
    ],
)
def test_where_passkeys_count(town: Town, public_url: str, host: str, place: Place | None) -> None:
    site = dataclasses.replace(town.site, public_url=public_url)
    headers = [(b"host", host.encode())]
    assert place_of(Request({"type": "http", "headers": headers}), site) == place


async def test_the_session_of_a_passkey_is_a_strong_one(town: Town, phone: NewPhone) -> None:
    kari, passkey = await phone().sign_in("kari"), key()
    await kari.make(passkey)
    other = phone()
    await other.show(passkey)
    token = other.cookies["__Host-varde_session"]
    session = town.directory.sessions.of(token, town.now, lambda person: False)
    assert session is not None
    assert session.means is Means.PASSKEY
