"""A lost phone signs in by no passkey that may live on it; what certainly lives elsewhere stays."""

import dataclasses
import sqlite3
from collections.abc import Callable

import pytest

from hub.directory.sqlite import SqliteDirectory
from hub.directory.subscriptions import Subscription
from hub.web.sign_in import cookies
from hub.web.site import Site
from routing.instant import MINUTE
from tests.web.authenticator import BACKED_UP, BACKUP_ELIGIBLE, USER_PRESENT, USER_VERIFIED
from tests.web.conftest import NewBrowser
from tests.web.passkey_phone import ORIGIN, Phone, key
from tests.web.town import Town

NewPhone = Callable[[], Phone]
BOUND = USER_PRESENT | USER_VERIFIED
SYNCED = BOUND | BACKUP_ELIGIBLE | BACKED_UP
END = {"id": "an-end-of-a-phone"}


@pytest.fixture
def town(town: Town) -> Town:
    town.site = dataclasses.replace(town.site, public_url=ORIGIN)
    return town


@pytest.fixture
def phone(someone: NewBrowser) -> NewPhone:
    return lambda: Phone(someone())


def handset_of(town: Town, one: Phone) -> str:
    known = town.directory.phones.known(one.cookies["__Host-varde_handset"])
    assert known is not None
    return known.id


async def revoked(town: Town, lost: Phone, by: Phone, **more: object) -> None:
    path = f"/api/phones/{handset_of(town, lost)}/revoke"
    assert (await by.post(path, {**END, **more}))[0] == 200


@pytest.mark.parametrize("flags", [BOUND, SYNCED])
@pytest.mark.parametrize("which", ["where it was made", "where it was used"])
async def test_a_passkey_does_not_outlive_the_end_of_either_browser_of_its_phone(
    town: Town, phone: NewPhone, flags: int, which: str
) -> None:
    passkey = key(flags=flags)
    made_in = await phone().sign_in("kari")
    await made_in.make(passkey)
    used_in = phone()
    assert (await used_in.show(passkey))[0] == 204
    lise = await phone().sign_in("lise")
    await revoked(town, made_in if which == "where it was made" else used_in, lise)
    assert town.directory.passkeys.of("kari") == []
    assert (await phone().show(passkey))[1]["error"] == "passkey_refused"


async def test_a_passkey_that_cannot_leave_the_other_phone_stays(
    town: Town, phone: NewPhone
) -> None:
    lost, other, passkey = await phone().sign_in("kari"), await phone().sign_in("kari"), key()
    await lost.make(key())
    await other.make(passkey)
    await revoked(town, lost, await phone().sign_in("lise"))
    assert (await phone().show(passkey))[0] == 204
    assert len(town.directory.passkeys.of("kari")) == 1


async def test_a_synced_passkey_may_be_on_the_lost_phone_and_goes(
    town: Town, phone: NewPhone
) -> None:
    """The two phones may share an account, and no browser tells."""
    lost, other, passkey = (
        await phone().sign_in("kari"),
        await phone().sign_in("kari"),
        key(flags=SYNCED),
    )
    await other.make(passkey)
    ola, olas = await phone().sign_in("ola"), key(flags=SYNCED)
    await ola.make(olas)
    await revoked(town, lost, await phone().sign_in("lise"))
    assert (await phone().show(passkey))[0] == 401
    assert (await phone().show(olas))[0] == 204


async def test_a_phone_that_is_only_signed_out_takes_what_was_used_there_last(
    town: Town, phone: NewPhone
) -> None:
    old, new = await phone().sign_in("kari"), await phone().sign_in("kari")
    moved, left, elsewhere = key(flags=SYNCED), key(flags=SYNCED), key(flags=SYNCED)
    for passkey in (moved, left):
        await old.make(passkey)
    await new.make(elsewhere)
    town.now += MINUTE
    assert (await new.show(moved))[0] == 204
    await revoked(town, old, new, kept=True)
    assert [(await phone().show(one))[0] for one in (moved, left, elsewhere)] == [204, 401, 204]


async def test_the_end_of_all_phones_is_the_end_of_all_passkeys(
    town: Town, phone: NewPhone
) -> None:
    """Also of one that was made in a browser which was signed out long ago."""
    first, passkey = await phone().sign_in("kari"), key()
    await first.make(passkey)
    await first.sign_in("ola")
    await phone().sign_in("kari")
    lise = await phone().sign_in("lise")
    assert (await lise.post("/api/people/kari/phones/revoke", END))[0] == 200
    assert (await phone().show(passkey))[0] == 401


async def test_a_phone_that_has_become_a_colleagues_takes_the_former_passkeys_with_it(
    town: Town, phone: NewPhone
) -> None:
    one, passkey = await phone().sign_in("kari"), key()
    await one.make(passkey)
    await one.sign_in("ola")
    await revoked(town, one, await phone().sign_in("lise"))
    assert (await phone().show(passkey))[0] == 401


async def test_a_passkey_of_one_device_that_says_to_be_synced_is_refused(
    town: Town, phone: NewPhone
) -> None:
    kari, passkey = await phone().sign_in("kari"), key()
    await kari.make(passkey)
    turned = dataclasses.replace(passkey, flags=SYNCED)
    assert (await phone().show(turned))[1]["error"] == "passkey_refused"
    assert (await phone().show(passkey))[0] == 204


async def test_of_an_earlier_versions_passkey_the_worst_is_thought(
    town: Town, phone: NewPhone
) -> None:
    """Nobody wrote down where it was used, nor whether it is synced."""
    other, lost, passkey = await phone().sign_in("kari"), await phone().sign_in("kari"), key()
    await other.make(passkey)
    path = town.directory._file.path
    with sqlite3.connect(path) as db:
        db.execute("UPDATE passkey SET synced = NULL")
        db.execute("DELETE FROM passkey_seen")
    db.close()
    again = SqliteDirectory(path, "fjordby")
    again.revoke_handset(handset_of(town, lost), town.now)
    assert again.passkeys.of("kari") == []
    again.close()
    assert (await phone().show(passkey))[0] == 401


async def test_what_is_removed_leaves_no_trace_of_where_it_was(town: Town, phone: NewPhone) -> None:
    kari = await phone().sign_in("kari")
    await kari.make(key())
    (passkey,) = town.directory.passkeys.of("kari")
    town.directory.passkeys.remove("kari", passkey.id)
    with town.directory._file.reading() as db:
        assert db.execute("SELECT count(*) FROM passkey_seen").fetchone() == (0,)


async def test_a_phone_that_is_ended_while_its_passkey_is_shown_is_not_signed_in(
    town: Town, phone: NewPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the proof and the session the core may be told of another's lost channel."""
    one, passkey = await phone().sign_in("kari"), key()
    await one.make(passkey)
    await one.sign_in("ola")
    keys = {"p256dh": b"p", "auth": b"a", "vapid": "v", "made_at": town.now}
    olas = Subscription(handset_of(town, one), "ola", "https://push.example/1", **keys)  # type: ignore[arg-type]
    town.site.subscriptions.put(olas)

    async def ended_meanwhile(site: Site, handset: str, code: str) -> bool:
        town.directory.revoke_handset(handset, town.now)
        return True

    monkeypatch.setattr(cookies, "lose", ended_meanwhile)
    assert (await one.show(passkey))[1]["error"] == "passkey_refused"
    assert await one.who() is None
