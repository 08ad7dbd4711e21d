"""Answers from a locked phone to what an owner asks of others, by whichever way and for whatever
reason the phone is called."""

import msgspec
import pytest

from hub.notifier.channel import Send
from hub.notifier.push_payload import payload
from routing.facts import SendEnded
from routing.facts_life import HelpDeclined
from routing.state import Owed
from tests.web.locked import Phone, phase
from tests.web.town import Browser, Town


def pushed_to(town: Town, person: str, kind: str) -> Owed:
    """Return what is owed to the person by a kind of channel."""
    return next(
        one
        for one in town.state.owed.values()
        if one.page.person == person and one.page.channel.startswith(kind)
    )


def carried(town: Town, owed: Owed) -> tuple[str, set[str]]:
    """Return the text of the notification, and what may be answered from it."""
    send = Send(owed, town.state.alarms[owed.alarm], {}, "en", "East")
    made = msgspec.json.decode(payload(send, lambda use: f"<{use}>", ""))
    rights = {name for name, value in made["varde"].items() if value == f"<{name}>"}
    return made["notification"]["body"], rights


@pytest.fixture
async def asked(town: Town, kari: Browser, olas: Phone) -> str:
    """An alarm whose owner Kari needs help; Ola's locked phone is called for that."""
    alarm = await town.press()
    assert (await kari.act(alarm, "accept"))[0] == 200
    assert (await kari.act(alarm, "need_help"))[0] == 200
    return alarm


async def test_who_is_called_to_help_is_told_so_and_can_answer(town: Town, asked: str) -> None:
    body, rights = carried(town, pushed_to(town, "ola", "push"))
    assert rights == {"receipt", "accept", "refuse", "seen"}
    assert body == "East · One more is needed"


async def test_yes_joins_and_the_owner_stays(town: Town, asked: str, olas: Phone) -> None:
    token = olas.sealed("accept", pushed_to(town, "ola", "push").page.send)
    assert (await olas.use(token))[0] == 200
    assert town.state.alarms[asked].helpers == ("ola",)
    assert phase(town, asked)[1] == "kari"


async def test_no_looks_on_for_somebody_else(town: Town, asked: str, olas: Phone) -> None:
    token = olas.sealed("refuse", pushed_to(town, "ola", "push").page.send)
    assert (await olas.use(token))[0] == 200
    said = [r.fact for r in town.journal.read(0) if isinstance(r.fact, HelpDeclined)]
    assert [(one.alarm, one.person) for one in said] == [(asked, "ola")]


async def test_a_handover_that_comes_by_a_second_way_can_be_answered(
    town: Town, kari: Browser, olas: Phone
) -> None:
    """The first way has failed, and that is why this one is used: it asks the same."""
    alarm = await town.press()
    await kari.act(alarm, "accept")
    assert (await kari.act(alarm, "hand_over", to_person="ola"))[0] == 200
    first = pushed_to(town, "ola", "push")
    await town.take(
        SendEnded(
            alarm=alarm,
            send=first.page.send,
            person="ola",
            channel="push-1",
            delivered=False,
            code="http-500",
        )
    )
    second = pushed_to(town, "ola", "sms")
    body, rights = carried(town, second)
    assert rights == {"receipt", "accept", "refuse", "seen"}
    assert body == "East · A colleague asks you to take it over"
    assert (await olas.use(olas.sealed("accept", second.page.send)))[0] == 200
    assert phase(town, alarm)[1] == "ola"
