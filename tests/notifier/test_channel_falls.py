"""A channel that falls over what nobody thought of keeps no place, and its send has an end: the
next channel of its person follows at once."""

import asyncio
import logging

import pytest
from msgspec.structs import replace as changed

from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.notifier import PLACES, Notifier
from hub.notifier.push_answer import judged
from routing.facts import SendEnded
from routing.state import Owed
from tests.notifier.sends import send_of

WHOM = "call +4790000001 at Prøveveien 7"


class Falls:
    """Falls over its first sends, and takes the others."""

    def __init__(self, times: int) -> None:
        self._left = times
        self.asked: list[str] = []

    async def attempt(self, send: Send) -> Attempt:
        self.asked.append(send.owed.page.send)
        if self._left:
            self._left -= 1
            raise LookupError(WHOM)
        return Attempt(Result.DELIVERED, "http-200")


def describe(owed: Owed) -> Send:
    return Send(owed, send_of().alarm, {})


def owed(number: int) -> Owed:
    one = send_of().owed
    return Owed(one.alarm, changed(one.page, send=f"{one.alarm}:r1.s{number}:kari:push-1"))


async def test_a_send_over_which_its_channel_falls_has_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ended: asyncio.Queue[SendEnded] = asyncio.Queue()
    notifier = Notifier({"push": Falls(PLACES)}, describe, ended.put_nowait, lambda: 0.5)
    sends = [owed(number) for number in range(PLACES + 1)]
    with caplog.at_level(logging.ERROR):
        notifier.settle("a", sends)
        async with asyncio.timeout(5):
            found = [await ended.get() for _ in sends]
    assert [one.delivered for one in found].count(False) == PLACES
    assert {one.code for one in found if not one.delivered} == {"fault"}
    assert notifier.under_way() == 0
    assert "LookupError" in caplog.text
    assert "test_channel_falls.py" in caplog.text, "where it fell is told"
    assert WHOM not in caplog.text
    await notifier.close()


@pytest.mark.parametrize(
    "header",
    [
        "Wed, 21 Oct 2015 07:28:00 +9999999999999",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Sat, 01 Jan 0001 00:00:00 +2359",
        "-5",
        "9" * 5_000,
        "Mon, 1 Jan 2026 25:61:61 GMT",
        "\x00",
    ],
)
def test_no_retry_after_makes_us_fall(header: str) -> None:
    answer = judged(503, header, 1_800_000_000_000_000)
    assert answer.attempt.result is Result.AGAIN
