"""What a relative's locked phone is told: never who of the staff has the alarm."""

from routing.facts import ConfigurationSet
from routing.municipality import Person, Role
from tests.web.conftest import NewBrowser
from tests.web.family import move_in
from tests.web.locked import Phone, lock, phase
from tests.web.town import Browser, Town


async def _phone(town: Town, someone: NewBrowser) -> Phone:
    """Return the locked phone of Olga's son."""
    await move_in(town)
    rune = Person(id="rune", roles=(Role.RELATIVE,), channels=("push-1",))
    await town.append([ConfigurationSet(item=rune, author="test")])
    return await lock(town, await someone().sign_in("rune"))


async def test_who_is_too_late_is_told_that_somebody_has_it_and_no_name(
    town: Town, someone: NewBrowser, kari: Browser
) -> None:
    phone = await _phone(town, someone)
    alarm = await town.press()
    token = phone.sealed("accept", phone.page())
    assert (await kari.act(alarm, "accept"))[0] == 200
    status, said = await phone.use(token)
    assert (status, said["error"]) == (409, "taken_by_other")
    assert phase(town, alarm)[1] == "kari"
    assert "kari" not in str(said).lower()


async def test_asked_again_it_is_told_no_name_either(
    town: Town, someone: NewBrowser, kari: Browser
) -> None:
    phone = await _phone(town, someone)
    alarm = await town.press()
    token = phone.sealed("accept", phone.page())
    assert (await kari.act(alarm, "accept"))[0] == 200
    first = await phone.use(token)
    assert await phone.use(token) == first
    assert "fjell" not in str(first).lower()
