"""Replies by SMS, as they come in from a gateway: whose, to what, and what is said back."""

import logging

import pytest

from hub.notifier.it_notice import Trouble
from routing.instant import HOUR, MINUTE
from routing.lifecycle import Phase
from routing.proofs.command import ReachAction, ReachCommand
from tests.channels.rig import NUMBERS, Rig

KARI, OLA = NUMBERS["kari"], NUMBERS["ola"]
UNCLEAR = "Varde forstod ikke svaret. Svar 1 og koden for ja, 2 og koden for nei."


async def test_one_and_the_code_takes_the_alarm_and_the_person_is_told(rig: Rig) -> None:
    alarm = await rig.town.press()
    assert await rig.says(KARI, f"1 {rig.code(alarm, 'kari')}") == 200
    assert rig.town.state.alarms[alarm].owner == "kari"
    assert rig.said() == ["Den er din: Alarmknapp trykket, Øst. Navn og adresse står i Varde."]
    assert rig.stub.got == []


async def test_two_and_the_code_says_no(rig: Rig) -> None:
    alarm = await rig.town.press()
    assert await rig.says(KARI, f"2{rig.code(alarm, 'kari')}") == 200
    assert rig.town.state.alarms[alarm].refused == ("kari",)
    assert rig.said() == ["Notert at du ikke kan: Alarmknapp trykket, Øst. Andre blir spurt."]


@pytest.mark.parametrize("number", ["+4790000001", "4790000001", "004790000001", "90000001"])
async def test_a_number_is_known_however_the_gateway_writes_it(rig: Rig, number: str) -> None:
    alarm = await rig.town.press()
    await rig.says(number, f"ja {rig.code(alarm, 'kari')}")
    assert rig.town.state.alarms[alarm].owner == "kari"


async def test_one_alone_is_enough_where_one_alarm_waits(rig: Rig) -> None:
    alarm = await rig.town.press()
    await rig.says(KARI, " 1 ")
    assert rig.town.state.alarms[alarm].owner == "kari"


async def test_one_alone_takes_nothing_where_two_wait(rig: Rig) -> None:
    first = await rig.town.press()
    other = await rig.press_elsewhere()
    await rig.says(KARI, "1")
    assert {rig.town.state.alarms[id].phase for id in (first, other)} == {Phase.LOOKING}
    assert rig.said() == [
        "Flere varsler venter på svar. Svar 1 eller 2 og koden fra meldingen du mener."
    ]
    await rig.says(KARI, f"1 {rig.code(other, 'kari')}")
    assert rig.town.state.alarms[other].owner == "kari"
    assert rig.town.state.alarms[first].owner is None


async def test_one_alone_told_again_takes_nothing_else(rig: Rig) -> None:
    """A gateway whose answer was lost tells it again; another alarm waits by then."""
    first = await rig.town.press()
    await rig.says(KARI, "1")
    other = await rig.press_elsewhere()
    await rig.says(KARI, "1")
    assert rig.town.state.alarms[first].owner == "kari"
    assert rig.town.state.alarms[other].owner is None
    assert rig.said()[-1].startswith("Flere varsler venter på svar.")
    await rig.says(KARI, f"1 {rig.code(other, 'kari')}")
    assert rig.town.state.alarms[other].owner == "kari"


async def test_one_alone_told_again_reaches_a_router_that_was_away(rig: Rig) -> None:
    alarm = await rig.town.press()
    rig.town.deaf = True
    assert await rig.says(KARI, "1") == 503
    rig.town.deaf = False
    assert await rig.says(KARI, "1") == 200
    assert rig.town.state.alarms[alarm].owner == "kari"


async def test_one_alone_takes_nothing_where_nothing_waits(rig: Rig) -> None:
    await rig.says(KARI, "1")
    assert rig.said() == ["Ingenting venter på svar fra deg nå."]
    assert [one.why for one in rig.hooks.kept.newest()] == ["nothing"]


async def test_who_comes_second_is_told_who_was_first(rig: Rig) -> None:
    alarm = await rig.town.press()
    codes = {who: rig.code(alarm, who) for who in ("kari", "ola")}
    await rig.says(OLA, f"1 {codes['ola']}")
    rig.said()
    await rig.says(KARI, f"1 {codes['kari']}")
    assert rig.town.state.alarms[alarm].owner == "ola"
    assert rig.said() == ["Allerede tatt av Ola Strand 13:00 (Alarmknapp trykket, Øst)."]


async def test_the_same_reply_twice_is_one_command_and_two_answers(rig: Rig) -> None:
    alarm = await rig.town.press()
    code = rig.code(alarm, "kari")
    for _ in range(2):
        await rig.says(KARI, f"1 {code}")
    assert len({command.id for _, command in rig.town.heard}) == 1
    assert len(set(rig.said())) == 1


async def test_no_after_yes_does_not_give_the_alarm_away(rig: Rig) -> None:
    alarm = await rig.town.press()
    code = rig.code(alarm, "kari")
    await rig.says(KARI, f"1 {code}")
    rig.said()
    await rig.says(KARI, f"2 {code}")
    assert rig.town.state.alarms[alarm].owner == "kari"
    (said,) = rig.said()
    assert said.startswith("Du har allerede denne alarmen")


async def test_an_old_yes_does_not_say_that_it_is_still_mine(rig: Rig) -> None:
    alarm = await rig.town.press()
    code = rig.code(alarm, "kari")
    await rig.says(KARI, f"1 {code}")
    await rig.lease_lapses(alarm)
    rig.said()
    await rig.says(KARI, f"1 {code}")
    assert rig.town.state.alarms[alarm].owner != "kari"
    (said,) = rig.said()
    assert said.startswith("Dette har endret seg siden du svarte")


async def test_a_colleague_s_code_is_not_mine(rig: Rig) -> None:
    alarm = await rig.town.press()
    await rig.says(KARI, f"1 {rig.code(alarm, 'ola')}")
    assert rig.town.state.alarms[alarm].owner is None
    assert rig.said() == [
        "Koden passer ikke til noe som venter på svar fra deg. "
        "Svar 1 eller 2 og koden fra meldingen."
    ]
    (kept,) = rig.hooks.kept.newest()
    assert (kept.why, kept.person) == ("unknown-code", "kari")


async def test_a_code_is_too_old_after_twelve_hours(rig: Rig) -> None:
    alarm = await rig.town.press()
    code = rig.code(alarm, "kari")
    rig.town.now += 12 * HOUR + MINUTE
    await rig.says(KARI, f"1 {code}")
    assert rig.town.heard == []
    assert rig.said()[0].startswith("Koden passer ikke")


async def test_an_unknown_number_is_kept_counted_and_never_answered_or_logged(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    alarm = await rig.town.press()
    with caplog.at_level(logging.DEBUG, logger="hub"):
        assert await rig.says("+4799999999", f"1 {rig.code(alarm, 'kari')} hjelp meg") == 200
    assert rig.town.state.alarms[alarm].owner is None
    (kept,) = rig.hooks.kept.newest()
    assert (kept.number, kept.why, kept.person) == ("+4799999999", "unknown-number", None)
    assert kept.text.endswith("hjelp meg")
    assert rig.told == [(Trouble.REPLIES_UNKNOWN, "sms")]
    assert rig.said() == []
    assert "99999999" not in caplog.text
    assert "hjelp meg" not in caplog.text
    assert "unknown-number" in caplog.text


@pytest.mark.parametrize("number", ["", "Telenor", "+", "++47", "0", "9" * 40, "+4790000001x1"])
async def test_a_sender_that_is_no_number_is_kept(rig: Rig, number: str) -> None:
    assert await rig.says(number, "1") == 200
    assert [one.why for one in rig.hooks.kept.newest()] == ["unknown-number"]


@pytest.mark.parametrize("name", ["X4790000001", "Kari4790000001", "4790000001a", "+47 9000000l1"])
async def test_a_name_with_somebodys_digits_is_not_theirs(rig: Rig, name: str) -> None:
    """Whoever sends by a bulk service chooses the name that is shown."""
    alarm = await rig.town.press()
    assert await rig.says(name, "1") == 200
    assert rig.town.state.alarms[alarm].owner is None
    assert [one.why for one in rig.hooks.kept.newest()] == ["unknown-number"]


async def test_what_cannot_be_understood_is_kept_and_asked_about_three_times_an_hour(
    rig: Rig,
) -> None:
    for _ in range(5):
        await rig.says(KARI, "Jeg kjører. Ringer deg senere.")
    assert rig.said() == [UNCLEAR] * 3, "two machines must not answer each other for ever"
    assert [one.why for one in rig.hooks.kept.newest()] == ["unclear"] * 5
    rig.town.now += HOUR
    await rig.says(KARI, "hei")
    assert rig.said() == [UNCLEAR]


async def test_answers_stand_in_the_person_s_own_language(rig: Rig) -> None:
    await rig.says(OLA, "hallo")
    assert rig.said() == ["Varde forstod ikkje svaret. Svar 1 og koden for ja, 2 og koden for nei."]


async def test_a_gateway_that_may_not_answer_is_silent(rig: Rig) -> None:
    alarm = await rig.town.press()
    await rig.says(KARI, f"1 {rig.code(alarm, 'kari')}", gateway="quiet")
    assert rig.town.state.alarms[alarm].owner == "kari"
    assert rig.said() == []


async def test_without_the_router_the_gateway_is_asked_to_tell_it_again(rig: Rig) -> None:
    alarm = await rig.town.press()
    rig.town.deaf = True
    assert await rig.says(KARI, f"1 {rig.code(alarm, 'kari')}") == 503
    assert rig.said() == ["Svaret er ikke bekreftet. Prøv igjen om litt, eller ring vakten."]
    rig.town.deaf = False
    assert await rig.says(KARI, f"1 {rig.code(alarm, 'kari')}") == 200
    assert rig.town.state.alarms[alarm].owner == "kari"


async def test_a_test_is_passed_by_its_reply(rig: Rig) -> None:
    await rig.town.take(
        ReachCommand(
            id="test0001", person="kari", action=ReachAction.TEST, made_at=rig.town.now,
            channel="sms-1",
        )
    )  # fmt: skip
    (test,) = rig.town.state.proofs.tests.values()
    await rig.says(KARI, "1")
    assert rig.town.state.proofs.of("kari", "sms-1").proven_at == rig.town.now
    assert test.id not in rig.town.state.proofs.tests
    assert rig.said() == ["Takk. Denne veien når deg."]


async def test_a_relative_is_not_told_which_of_the_staff_has_it(rig: Rig) -> None:
    alarm = await rig.press_with_relative()
    await rig.says(OLA, f"1 {rig.code(alarm, 'ola')}")
    rig.said()
    await rig.says(NUMBERS["rune"], f"1 {rig.code(alarm, 'rune')}")
    (said,) = rig.said()
    assert said == "Noen har allerede tatt den: Alarmknapp trykket, Øst."
