"""The whole chain at the real hub: push, SMS, a ringing call, each when the configuration says
so."""

import asyncio
import time
from pathlib import Path

import pytest

from simulators.crew import code_in
from simulators.verdict import verdict_of
from tests.simulators.reach_town import (
    NUMBERS,
    PUSH_RECEIPT_S,
    PUSH_SEEN_S,
    SMS_RECEIPT_S,
    SMS_SEEN_S,
    TOPIC,
    ReachTown,
    reach_town,
)
from tests.simulators.until import PATIENCE_S, until

pytestmark = [pytest.mark.broker, pytest.mark.timeout(240)]
LATE_S = 10.0
"""How late a step may be on a machine that has other work. Why it came, the journal says."""
NUMBER = NUMBERS["anna"]


class Watch:
    """Seconds since a press."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def s(self) -> float:
        return time.monotonic() - self._began

    def on_time(self, due_s: float) -> bool:
        """Whether it is no sooner than due, and hardly later."""
        return due_s - 0.05 <= self.s <= due_s + LATE_S


async def shown(town: ReachTown) -> dict[str, object]:
    """Return Anna's newest notification when there is one."""
    await until(lambda: town.crew.shown("anna")["notifications"] != [])
    return dict(town.crew.shown("anna")["notifications"][0])


async def texted(town: ReachTown) -> dict[str, str]:
    """Return Anna's newest SMS when there is one."""
    await until(lambda: town.crew.shown("anna")["sms"] != [])
    return dict(town.crew.shown("anna")["sms"][0])


async def test_a_locked_phone_takes_an_alarm_by_the_button_of_its_push(tmp_path: Path) -> None:
    async with reach_town(tmp_path) as town:
        await town.press()
        one = await shown(town)
        assert await town.crew.use("anna", str(one["send"]), "accept") == "done"
        assert (await town.taken("anna"))["phase"] == "accepted"
        # Taken within the waits: nobody is texted or rung.
        await asyncio.sleep(PUSH_RECEIPT_S + PUSH_SEEN_S + 0.5)
        assert town.passed_on() == []
        assert town.crew.sms.sent == []
        assert town.crew.voice.calls == []


async def test_no_receipt_then_sms_no_answer_then_a_call_and_a_key_takes_it(
    tmp_path: Path,
) -> None:
    async with reach_town(tmp_path) as town:
        await town.crew.set_coverage("anna", on=False)
        watch = Watch()
        await town.press()
        sms = await texted(town)
        assert watch.on_time(PUSH_RECEIPT_S)
        assert sms["code"]
        assert town.crew.shown("anna")["notifications"] == []
        await until(lambda: town.crew.voice.call_at(NUMBER) is not None)
        assert watch.on_time(PUSH_RECEIPT_S + SMS_SEEN_S)
        assert town.passed_on() == [("sms-2", "no_receipt"), ("voice-3", "not_seen")]
        town.crew.telephone("anna", "answer")
        town.crew.telephone("anna", "1")
        assert (await town.taken("anna"))["phase"] == "accepted"


async def test_a_receipt_that_nobody_sees_is_followed_by_an_sms_and_the_page_takes_it(
    tmp_path: Path,
) -> None:
    async with reach_town(tmp_path) as town:
        phone = town.crew.pockets["anna"].phone
        assert phone is not None
        watch = Watch()
        await town.press()
        await shown(town)
        await texted(town)
        assert watch.on_time(PUSH_SEEN_S)
        assert town.passed_on() == [("sms-2", "not_seen")]
        await phone.unlock()
        alarm = await phone.page.sees(
            lambda one: bool(one["calls_me"]), "nothing calls Anna", PATIENCE_S
        )
        await phone.act(alarm, "accept")
        assert (await town.taken("anna"))["phase"] == "accepted"


async def test_a_dead_push_service_is_followed_by_an_sms_and_a_reply_takes_it(
    tmp_path: Path,
) -> None:
    async with reach_town(tmp_path) as town:
        await town.crew.set_down("push", down=True)
        watch = Watch()
        await town.press()
        sms = await texted(town)
        assert watch.s <= PUSH_RECEIPT_S + LATE_S
        town.crew.reply("anna", sms["id"], "1")
        assert (await town.taken("anna"))["phase"] == "accepted"
        answers = town.crew.sms.handset(NUMBER).inbox
        await until(lambda: len(answers) == 2)


async def test_without_a_phone_or_gateways_the_call_comes_at_once(tmp_path: Path) -> None:
    async with reach_town(tmp_path, with_phone=()) as town:
        await town.crew.set_down("sms", down=True)
        watch = Watch()
        await town.press()
        await until(lambda: town.crew.voice.call_at(NUMBER) is not None)
        # No subscription fails at once; a gateway that is away is tried until its wait is over.
        assert watch.s <= SMS_RECEIPT_S + LATE_S


async def test_a_reply_from_an_unknown_number_takes_nothing(tmp_path: Path) -> None:
    async with reach_town(tmp_path, with_phone=()) as town:
        await town.press()
        sms = await texted(town)
        town.crew.sms.handset("+4799999999")
        assert town.crew.sms.reply("+4799999999", f"1 {sms['code']}")
        await until(lambda: len(town.crew.sms.called_back) >= 2)
        assert town.crew.sms.handset("+4799999999").inbox == []
        assert len(town.open) == 1


async def test_whatever_the_push_service_answers_an_sms_comes_in_time(tmp_path: Path) -> None:
    """404 and 410 end the subscription, so they stand last; a new one is pushed to again."""
    answers = ["400", "403", "413", "429", "500", "503", "never", "404"]
    async with reach_town(tmp_path) as town:
        phone = town.crew.pockets["anna"].phone
        assert phone is not None
        inbox = town.crew.sms.handset(NUMBER).inbox
        for home, answer in enumerate(answers):
            town.crew.push.verdict = verdict_of(answer, 1)
            before, watch = len(inbox), Watch()
            await town.press(home)
            await until(lambda before=before: len(inbox) > before)  # type: ignore[misc]
            assert watch.s <= PUSH_RECEIPT_S + LATE_S, answer
        town.crew.push.verdict = None
        await phone.subscribe()
        await phone.set_coverage(on=False)
        await phone.set_coverage(on=True)
        await town.press(len(answers))
        await phone.shows(PATIENCE_S, lambda one: "accept" in one.rights)


async def test_a_reply_that_comes_twice_takes_it_once_and_a_later_one_hears_who_has_it(
    tmp_path: Path,
) -> None:
    async with reach_town(tmp_path, called=("anna", "berit"), with_phone=()) as town:
        town.crew.sms.habits.repeat = True
        await town.press()
        sms = await texted(town)
        town.crew.reply("anna", sms["id"], "1")
        assert (await town.taken("anna"))["phase"] == "accepted"
        berit = town.crew.sms.handset(NUMBERS["berit"]).inbox
        await until(lambda: len(berit) == 1)
        town.crew.sms.habits.repeat = False
        town.crew.sms.reply(NUMBERS["berit"], f"1 {code_in(berit[0].text)}")
        await until(lambda: len(berit) == 2)
        assert "Anna" in berit[1].text
        assert [one["owner"] for one in town.lead.alarms.values()] == ["anna"]


async def test_ntfy_shows_it_without_names_and_its_first_button_takes_it(tmp_path: Path) -> None:
    async with reach_town(tmp_path, called=("carl",), with_phone=()) as town:
        await town.press()
        kept = town.crew.ntfy.kept
        await until(lambda: TOPIC in kept)
        (message,) = kept[TOPIC]
        assert message["priority"] == 5
        assert "Beboer" not in str(message)
        assert (await town.crew.ntfy.tap(message, 0))[0] == 200
        assert (await town.taken("carl"))["phase"] == "accepted"
