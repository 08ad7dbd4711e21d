"""A person with a phone, against a stub of the hub's web."""

import asyncio

import pytest

from simulators.colleague import Colleague, PhoneProblem
from tests.simulators.stub_hub import StubHub


async def test_a_story_from_looking_to_closed() -> None:
    async with StubHub().served() as hub:
        nora = Colleague(hub.web)
        await nora.sign_in("ABCD-EFGH")
        waiting = asyncio.create_task(nora.sees(lambda a: a["kind"] == "help.pressed", "no", 2))
        hub.raise_alarm("help.pressed", "help")
        alarm = await waiting
        await nora.act(alarm, "accept")
        alarm = await nora.sees(lambda a: a["phase"] == "accepted", "not accepted", 2)
        await nora.act(alarm, "close", outcome="talk")
        assert (await nora.sees(lambda a: a["phase"] == "closed", "not closed", 2))["id"] == "a1"
        assert (await nora.detail("a1"))["phase"] == "closed"
        await nora.sign_off()
        assert [(c["action"], c["seen_phase"], c.get("outcome")) for c in hub.commands] == [
            ("accept", "looking", None),
            ("close", "accepted", "talk"),
        ]
        assert hub.commands[0]["id"] != hub.commands[1]["id"]


async def test_what_was_there_before_is_seen_too() -> None:
    hub = StubHub()
    hub.raise_alarm("door.opened", "door")
    async with hub.served():
        nora = Colleague(hub.web)
        await nora.sign_in("ABCD-EFGH")
        assert set(nora.alarms) == {"a1"}
        await nora.sign_off()


async def test_an_unconfirmed_command_is_sent_again_with_its_id() -> None:
    async with StubHub().served() as hub:
        answers = iter([202, 202, 200])
        hub.answer = lambda command: next(answers)
        hub.raise_alarm("help.pressed", "help")
        nora = Colleague(hub.web)
        await nora.sign_in("ABCD-EFGH")
        await nora.act(nora.alarms["a1"], "accept")
        await nora.sign_off()
        assert len(hub.commands) == 3
        assert len({command["id"] for command in hub.commands}) == 1


@pytest.mark.parametrize(
    ("status", "said"), [(409, "accept was answered 409"), (202, "accept was not confirmed")]
)
async def test_a_command_that_fails_is_named(status: int, said: str) -> None:
    async with StubHub().served() as hub:
        hub.answer = lambda command: status
        hub.raise_alarm("help.pressed", "help")
        nora = Colleague(hub.web)
        await nora.sign_in("ABCD-EFGH")
        with pytest.raises(PhoneProblem, match=said):
            await nora.act(nora.alarms["a1"], "accept")
        await nora.sign_off()


async def test_a_wrong_code_is_named() -> None:
    async with StubHub().served() as hub:
        nora = Colleague(hub.web)
        with pytest.raises(PhoneProblem, match="sign-in was answered 401"):
            await nora.sign_in("AAAA-AAAA")
        await nora.sign_off()


async def test_an_alarm_that_does_not_come_is_named() -> None:
    async with StubHub().served() as hub:
        nora = Colleague(hub.web)
        await nora.sign_in("ABCD-EFGH")
        with pytest.raises(PhoneProblem, match=r"no smoke on the page within 0\.05 s"):
            await nora.sees(lambda a: a["category"] == "fire", "no smoke on the page", 0.05)
        await nora.sign_off()


async def test_a_stream_that_lost_its_place_fetches_the_list() -> None:
    async with StubHub().served() as hub:
        nora = Colleague(hub.web)
        await nora.sign_in("ABCD-EFGH")
        hub.alarms["a9"] = {"id": "a9", "phase": "looking", "kind": "k", "category": "fire"}
        hub.forget()
        assert (await nora.sees(lambda a: a["category"] == "fire", "no fire", 2))["id"] == "a9"
        await nora.sign_off()
