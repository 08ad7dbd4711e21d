"""A phone's receipt ends the send, and nothing else does."""

import pytest

from hub.rights.seal import Use
from tests.web.locked import Phone
from tests.web.town import Town


async def test_a_receipt_ends_the_send(town: Town, phone: Phone) -> None:
    await town.press()
    send = phone.page()
    token = phone.sealed("receipt", send)
    assert await phone.receive(token) == 204
    assert [(one.send, one.delivered, one.code) for one in town.receipts] == [
        (send, True, "receipt")
    ]
    assert send not in town.state.owed
    found = town.site.subscriptions.of(phone.handset)
    assert found is not None
    assert found.last_receipt_at == town.now


async def test_a_receipt_twice_changes_nothing(town: Town, phone: Phone) -> None:
    await town.press()
    token = phone.sealed("receipt", phone.page())
    await phone.receive(token)
    seq = town.state.seq
    assert await phone.receive(token) == 204
    assert town.state.seq == seq


@pytest.mark.parametrize("use", ["accept", "refuse", "seen", "answer"])
async def test_only_a_receipts_right_is_a_receipt(town: Town, phone: Phone, use: Use) -> None:
    await town.press()
    assert await phone.receive(phone.sealed(use, phone.page())) == 204
    assert town.receipts == []


async def test_receipts_answer_alike_whatever_they_are_worth(
    town: Town, phone: Phone, olas: Phone
) -> None:
    await town.press()
    stolen = phone.sealed("receipt", phone.page())
    old = phone.sealed("receipt", phone.page(), expires=town.now)
    assert await olas.receive(stolen) == 204
    assert await phone.receive(old) == 204
    assert await phone.receive("A" * 160) == 204
    assert town.receipts == []
    assert await phone.receive("x" * 2_000) == 400


async def test_a_receipt_that_nobody_could_be_told_is_asked_for_again(
    town: Town, phone: Phone
) -> None:
    await town.press()
    token = phone.sealed("receipt", phone.page())
    town.connected = False
    assert await phone.receive(token) == 503
    town.connected = True
    assert await phone.receive(token) == 204
    assert len(town.receipts) == 1
