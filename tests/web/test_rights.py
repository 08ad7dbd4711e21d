"""Answers from a locked phone: what a right lets its holder do, once."""

from routing.instant import SECOND
from routing.lifecycle import Action, Phase
from routing.proofs.command import ReachAction, ReachCommand
from tests.web.conftest import NewBrowser
from tests.web.locked import Phone, phase
from tests.web.town import Town


async def test_a_locked_phone_accepts_once(town: Town, phone: Phone) -> None:
    alarm = await town.press()
    token = phone.sealed("accept", phone.page())
    assert await phone.use(token) == (200, {"state": "done"})
    assert phase(town, alarm) == (Phase.ACCEPTED, "kari")
    heard = len(town.heard)
    town.now += 5 * SECOND
    assert await phone.use(token) == (200, {"state": "done"})
    assert len(town.heard) == heard


async def test_an_answer_names_no_resident(town: Town, phone: Phone, olas: Phone) -> None:
    await town.press()
    mine, theirs = phone.page(), olas.page()
    await olas.use(olas.sealed("accept", theirs))
    status, said = await phone.use(phone.sealed("accept", mine))
    assert (status, said["error"]) == (409, "taken_by_other")
    assert "Ola Strand" in said["text"]
    assert said.keys() == {"state", "error", "params", "text"}
    for secret in ("Olga", "Prøveveien", "Nøkkelboks", "r-1"):
        assert secret not in str(said)


async def test_a_refusal_passes_the_call_on(town: Town, phone: Phone) -> None:
    alarm = await town.press()
    assert (await phone.use(phone.sealed("refuse", phone.page())))[0] == 200
    assert town.state.alarms[alarm].refused == ("kari",)


async def test_a_tap_on_the_notification_is_seen(town: Town, phone: Phone) -> None:
    alarm = await town.press()
    assert (await phone.use(phone.sealed("seen", phone.page())))[0] == 200
    assert town.state.alarms[alarm].seen == ("kari",)


async def test_one_who_is_asked_to_take_over_takes_over(
    town: Town, phone: Phone, someone: NewBrowser
) -> None:
    alarm = await town.press()
    ola = await someone().sign_in("ola")
    await ola.act(alarm, "accept")
    await ola.act(alarm, "hand_over", to_person="kari")
    assert (await phone.use(phone.sealed("accept", phone.page())))[0] == 200
    assert town.state.alarms[alarm].owner == "kari"
    assert town.heard[-1][1].action is Action.TAKE_OVER


async def test_one_who_is_asked_to_take_over_may_decline(
    town: Town, phone: Phone, someone: NewBrowser
) -> None:
    alarm = await town.press()
    ola = await someone().sign_in("ola")
    await ola.act(alarm, "accept")
    await ola.act(alarm, "hand_over", to_person="kari")
    assert (await phone.use(phone.sealed("refuse", phone.page())))[0] == 200
    assert town.state.alarms[alarm].owner == "ola"
    assert town.heard[-1][1].action is Action.DECLINE


async def test_a_test_is_answered(town: Town, phone: Phone) -> None:
    await town.take(
        ReachCommand(
            id="0123456789abcdef",
            person="kari",
            action=ReachAction.TEST,
            made_at=town.now,
            channel="push-1",
        )
    )
    assert (await phone.use(phone.sealed("answer", phone.page())))[0] == 200
    assert town.state.proofs.of("kari", "push-1").proven_at == town.now


async def test_while_the_router_is_away_it_is_not_confirmed_and_may_be_tried_again(
    town: Town, phone: Phone
) -> None:
    alarm = await town.press()
    token = phone.sealed("accept", phone.page())
    town.deaf = True
    status, said = await phone.use(token)
    assert (status, said["state"]) == (202, "not_confirmed")
    town.deaf = False
    assert (await phone.use(token))[0] == 200
    assert phase(town, alarm) == (Phase.ACCEPTED, "kari")
    assert len({command.id for _, command in town.heard}) == 1
