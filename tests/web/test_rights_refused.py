"""Rights that are forged, stolen, old or spent do nothing."""

from typing import Any

import pytest

from hub.directory.subscriptions import Subscription
from hub.rights.seal import LIFE, key_of
from hub.web.push.wrong_rights import MOST, WINDOW
from routing.facts import ConfigurationRemoved
from tests.web.conftest import NewBrowser
from tests.web.locked import Phone, phase
from tests.web.town import Town


async def test_a_right_of_another_use_does_not_answer(town: Town, phone: Phone) -> None:
    await town.press()
    page = phone.page()
    assert (await phone.use(phone.sealed("answer", page)))[1]["error"] == "right_not_asked"
    assert (await phone.use(phone.sealed("receipt", page)))[1]["error"] == "right_refused"
    assert town.heard == []


async def test_an_alarm_that_has_left_cannot_be_answered(town: Town, phone: Phone) -> None:
    status, said = await phone.use(phone.sealed("accept", "fjordby-gone:1.0:kari:push-1"))
    assert (status, said["error"]) == (409, "right_not_asked")
    assert said["text"] == "Det er ikke noe å svare på her lenger. Åpne alarmen."


async def test_a_right_is_too_old_after_its_hour(town: Town, phone: Phone) -> None:
    alarm = await town.press()
    token = phone.sealed("accept", phone.page())
    town.now += LIFE - 1
    assert phase(town, alarm)[1] is None
    town.now += 1
    status, said = await phone.use(token)
    assert (status, said["error"]) == (410, "right_expired")
    assert phase(town, alarm)[1] is None


async def test_only_its_own_handset_may_use_it(town: Town, phone: Phone, olas: Phone) -> None:
    alarm = await town.press()
    token = phone.sealed("accept", phone.page())
    status, said = await olas.use(token)
    assert (status, said["error"]) == (403, "right_refused")
    assert phase(town, alarm)[1] is None


async def test_without_any_handset_it_is_worth_nothing(
    town: Town, phone: Phone, someone: NewBrowser
) -> None:
    await town.press()
    token = phone.sealed("accept", phone.page())
    status, said = await someone().post("/api/rights", {"right": token})
    assert (status, said["error"]) == (403, "right_refused")


async def test_a_revoked_handset_answers_no_more(town: Town, phone: Phone) -> None:
    alarm = await town.press()
    token = phone.sealed("accept", phone.page())
    town.directory.revoke_handset(phone.handset, town.now)
    assert (await phone.use(token))[0] == 403
    assert await phone.receive(phone.sealed("receipt", phone.page())) == 204
    assert phase(town, alarm)[1] is None
    assert town.receipts == []


async def test_a_dead_subscription_answers_no_more(town: Town, phone: Phone) -> None:
    await town.press()
    token = phone.sealed("accept", phone.page())
    town.site.subscriptions.end(phone.handset, town.now, "http-410")
    assert (await phone.use(token))[0] == 403


async def test_a_phone_that_now_is_anothers_does_not_answer_for_the_former(
    town: Town, phone: Phone
) -> None:
    alarm = await town.press()
    token = phone.sealed("accept", phone.page())
    one = town.site.subscriptions.of(phone.handset)
    assert one is not None
    town.site.subscriptions.put(
        Subscription(one.handset, "ola", one.endpoint, one.p256dh, one.auth, one.vapid, one.made_at)
    )
    assert (await phone.use(token))[0] == 403
    assert phase(town, alarm)[1] is None


async def test_somebody_who_has_left_answers_no_more(town: Town, phone: Phone) -> None:
    await town.press()
    token = phone.sealed("accept", phone.page())
    await town.append([ConfigurationRemoved(section="person", id="kari", author="test")])
    assert (await phone.use(token))[0] == 403


def changed(sealed: str) -> str:
    """Change one letter in the middle, where every bit counts."""
    at = len(sealed) // 2
    return sealed[:at] + ("B" if sealed[at] == "A" else "A") + sealed[at + 1 :]


@pytest.mark.parametrize(
    "forge",
    [
        lambda phone, send: "",
        lambda phone, send: "A" * 160,
        lambda phone, send: "x" * 2_000,
        lambda phone, send: phone.sealed("accept", send, key_of("guessed", "fjordby")),
        lambda phone, send: phone.sealed(
            "accept", send, key_of("a secret of these tests", "fjellby")
        ),
        lambda phone, send: changed(phone.sealed("accept", send)),
        lambda phone, send: phone.sealed("accept", send) + "=",
        lambda phone, send: phone.sealed("close", send),
    ],
    ids=["empty", "zeros", "long", "key", "neighbour", "changed", "spelling", "unknown use"],
)
async def test_what_is_forged_does_nothing(town: Town, phone: Phone, forge: Any) -> None:
    alarm = await town.press()
    status, _ = await phone.use(forge(phone, phone.page()))
    assert status in {400, 403}
    assert phase(town, alarm)[1] is None
    assert town.heard == []


async def test_a_right_of_one_alarm_says_nothing_of_another(town: Town, phone: Phone) -> None:
    first = await town.press()
    token = phone.sealed("accept", phone.page())
    await phone.use(token)
    status, said = await phone.browser.post("/api/rights", {"right": token, "alarm": "other"})
    assert (status, said["error"]) == (400, "invalid_request")
    assert phase(town, first)[1] == "kari"


async def test_who_guesses_is_told_to_wait_and_holds_nobody_up(town: Town, phone: Phone) -> None:
    alarm = await town.press()
    for _ in range(MOST):
        assert (await phone.use("A" * 160))[0] == 403
    status, said = await phone.use("A" * 160)
    assert (status, said["error"]) == (429, "too_many_wrong")
    assert said["text"].endswith("Prøv igjen om 5 min.")
    assert (await phone.use(phone.sealed("accept", phone.page())))[0] == 200
    assert phase(town, alarm)[1] == "kari"
    town.now += WINDOW
    assert (await phone.use("A" * 160))[0] == 403


async def test_a_foreign_page_cannot_use_it(town: Town, phone: Phone) -> None:
    await town.press()
    token = phone.sealed("accept", phone.page())
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        status, _ = await phone.browser.post("/api/rights", {"right": token}, headers=headers)
        assert status == 403
    async with phone.browser.http.post("/api/rights", data={"right": token}) as response:
        assert response.status == 403
    assert town.heard == []
