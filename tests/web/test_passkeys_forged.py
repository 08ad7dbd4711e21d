"""Passkeys are believed only when all is right, and then once."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.web.sign_in.passkeys import PasskeyRefused, Place, Proofs
from routing.instant import MINUTE
from tests.web.authenticator import USER_PRESENT, Passkey
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


WRONG: dict[str, Passkey] = {
    "another site's origin": key(origin="https://evil.example"),
    "another relying party": key(rp_id="evil.example"),
    "nobody verified": key(flags=USER_PRESENT),
    "nobody present": key(flags=0x04),
}


@pytest.mark.parametrize("what", WRONG)
async def test_a_passkey_is_not_made_when_something_is_wrong(
    town: Town, phone: NewPhone, what: str
) -> None:
    kari = await phone().sign_in("kari")
    status, answer = await kari.make(WRONG[what])
    assert (status, answer["error"]) == (400, "passkey_not_made")
    assert town.directory.passkeys.of("kari") == []


@pytest.mark.parametrize("what", WRONG)
async def test_a_passkey_is_not_believed_when_something_is_wrong(
    town: Town, phone: NewPhone, what: str
) -> None:
    kari, passkey = await phone().sign_in("kari"), key()
    await kari.make(passkey)
    wrong = dataclasses.replace(
        passkey, origin=WRONG[what].origin, rp_id=WRONG[what].rp_id, flags=WRONG[what].flags
    )
    thief = phone()
    status, answer = await thief.show(wrong)
    assert (status, answer["error"]) == (401, "passkey_refused")
    assert await thief.who() is None


async def test_other_forgeries_are_refused(town: Town, phone: NewPhone) -> None:
    kari, passkey = await phone().sign_in("kari"), key()
    await kari.make(passkey)
    await (ola := await phone().sign_in("ola")).make(key())
    olas = town.directory.passkeys.handle("ola")
    forged = {
        "another key": dataclasses.replace(passkey, key=key().key),
        "a credential nobody has": dataclasses.replace(passkey, id=b"x" * 32),
        "another person's handle": dataclasses.replace(passkey, user_handle=olas),
        "no handle": dataclasses.replace(passkey, user_handle=b""),
    }
    for what, one in forged.items():
        assert (await phone().show(one))[0] == 401, what
    assert await ola.who() == "ola"


async def test_a_proof_counts_once_and_for_its_own_question_only(
    town: Town, phone: NewPhone
) -> None:
    kari, passkey = await phone().sign_in("kari"), key()
    await kari.make(passkey)
    begun, thief = await phone().ask(), phone()
    proof = {"ticket": begun["ticket"], "credential": passkey.show(begun["options"])}
    assert (await phone().post("/api/sign-in/passkey", proof))[0] == 204
    assert (await thief.post("/api/sign-in/passkey", proof))[0] == 401
    other = {**proof, "ticket": (await thief.ask())["ticket"]}
    assert (await thief.post("/api/sign-in/passkey", other))[0] == 401
    late = await thief.ask()
    town.now += 5 * MINUTE
    shown = passkey.show(late["options"])
    body = {"ticket": late["ticket"], "credential": shown}
    assert (await thief.post("/api/sign-in/passkey", body))[0] == 401
    assert await thief.who() is None


async def test_a_counter_that_goes_back_is_a_copy_and_told(town: Town, phone: NewPhone) -> None:
    kari, passkey = await phone().sign_in("kari"), key()
    await kari.make(passkey)
    copy = dataclasses.replace(passkey)
    for _ in range(2):
        assert (await phone().show(passkey))[0] == 204
    status, answer = await phone().show(copy)
    assert (status, answer["error"]) == (401, "passkey_copied")
    assert town.directory.entries.of("kari")[0].what == "passkey_copied"


async def test_authenticators_that_do_not_count_are_believed(town: Town, phone: NewPhone) -> None:
    """Passkeys that are kept in a cloud always say 0 (6.1.1)."""
    kari, passkey = await phone().sign_in("kari"), key()
    await kari.make(passkey)
    for _ in range(2):
        passkey.count = -1
        assert (await phone().show(passkey))[0] == 204


async def test_twenty_refused_proofs_close_an_address(town: Town, phone: NewPhone) -> None:
    thief = phone()
    body = {"ticket": "none", "credential": {}}
    statuses = [(await thief.post("/api/sign-in/passkey", body))[0] for _ in range(21)]
    assert statuses == [401] * 20 + [429]


async def test_refused_proofs_of_others_hold_no_good_one_up(town: Town, phone: NewPhone) -> None:
    """All phones of a care base may be behind one address, and so may a guest."""
    kari, passkey = await phone().sign_in("kari"), key()
    await kari.make(passkey)
    guest = phone()
    for _ in range(21):
        await guest.post("/api/sign-in/passkey", {"ticket": "none", "credential": {}})
    assert (await phone().show(passkey))[0] == 204


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "signature"])
            | st.sampled_from(["authenticatorData", "userHandle", "attestationObject"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(credential=st.dictionaries(st.text(max_size=8), ANYTHING, max_size=4), more=ANYTHING)
def test_no_garbage_is_a_proof_or_an_accident(
    town: Town, credential: dict[str, Any], more: object
) -> None:
    proofs = Proofs(town.directory, Place("varde.example", ORIGIN))
    shown = {"id": "eA", "rawId": "eA", "type": "public-key", "response": more, **credential}
    ticket, _ = proofs.ask(town.now)
    with pytest.raises(PasskeyRefused):
        proofs.take(ticket, shown, town.now)
    ticket, _ = proofs.ask_new("kari", "Kari", "h-1", town.now)
    with pytest.raises(PasskeyRefused):
        proofs.take_new("kari", "h-1", ticket, shown, name="x", at=town.now)
