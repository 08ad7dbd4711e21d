"""The key of what waits in a phone's outbox: a person's own, and the same at every sign-in."""

from base64 import urlsafe_b64decode

from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town


async def test_it_is_a_persons_own_and_the_same_at_every_sign_in(
    town: Town, someone: NewBrowser
) -> None:
    first, again, other = someone(), someone(), someone()
    for browser, person in ((first, "kari"), (again, "kari"), (other, "ola")):
        await browser.sign_in(person)
    status, kari = await first.get("/api/outbox-key")
    assert (status, kari["person"], len(urlsafe_b64decode(kari["key"] + "="))) == (200, "kari", 32)
    assert (await again.get("/api/outbox-key"))[1] == kari
    assert (await other.get("/api/outbox-key"))[1]["key"] != kari["key"]


async def test_it_opens_nothing_else(kari: Browser) -> None:
    _, outbox = await kari.get("/api/outbox-key")
    _, zone = await kari.get("/api/zone")
    assert outbox["key"] != zone["key"]
