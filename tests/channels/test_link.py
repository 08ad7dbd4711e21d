"""The page behind the link of an SMS: GET changes nothing, a tapped POST answers, once."""

import pytest

from hub.rights.short import link_token
from routing.facts import ConfigurationRemoved
from routing.inputs import Configure
from routing.instant import HOUR, MINUTE
from routing.proofs.command import ReachAction, ReachCommand
from tests.channels.rig import NUMBERS, Rig


async def show(rig: Rig, address: str) -> tuple[int, str]:
    async with rig.http.get(address) as answer:
        return answer.status, await answer.text()


async def tap(rig: Rig, address: str, said: str | bytes) -> tuple[int, str]:
    body = f"answer={said}".encode() if isinstance(said, str) else said
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    async with rig.http.post(address, data=body, headers=kind) as answer:
        return answer.status, await answer.text()


async def test_the_page_asks_and_looking_at_it_changes_nothing(rig: Rig) -> None:
    alarm = await rig.town.press()
    before = rig.town.state.seq
    for _ in range(2):
        status, html = await show(rig, rig.link(rig.send_of(alarm, "kari")))
    assert status == 200
    assert "Kan du ta alarmen?" in html
    assert "Alarmknapp trykket, Øst" in html
    assert "Kari Fjell" in html
    assert rig.town.state.seq == before
    assert rig.town.heard == []


async def test_it_names_neither_resident_nor_home(rig: Rig) -> None:
    alarm = await rig.town.press()
    link = rig.link(rig.send_of(alarm, "kari"))
    for _, html in (await show(rig, link), await tap(rig, link, "yes"), await show(rig, link)):
        for private in ("Olga", "Prøveveien", "Nøkkelboks", "999 00 001", "r-1"):
            assert private not in html, private


async def test_a_tap_takes_the_alarm_and_again_is_the_same(rig: Rig) -> None:
    alarm = await rig.town.press()
    link = rig.link(rig.send_of(alarm, "kari"))
    for _ in range(2):
        status, html = await tap(rig, link, "yes")
        assert status == 200
        assert "Den er din: Alarmknapp trykket, Øst." in html
    assert rig.town.state.alarms[alarm].owner == "kari"
    assert len({command.id for _, command in rig.town.heard}) == 1
    _, html = await show(rig, link)
    assert 'name="answer"' not in html
    assert "Den er din: Alarmknapp trykket, Øst." in html
    assert f'href="/alarms/{alarm}"' in html


async def test_a_tap_on_no(rig: Rig) -> None:
    alarm = await rig.town.press()
    status, html = await tap(rig, rig.link(rig.send_of(alarm, "ola")), "no")
    assert status == 200
    assert "Andre blir spurde" in html, "Ola reads nynorsk"
    assert rig.town.state.alarms[alarm].refused == ("ola",)


async def test_who_comes_second_is_told_who_was_first(rig: Rig) -> None:
    alarm = await rig.town.press()
    late = rig.link(rig.send_of(alarm, "kari"))
    await rig.says(NUMBERS["ola"], f"1 {rig.code(alarm, 'ola')}")
    _, html = await show(rig, late)
    assert "Allerede tatt av Ola Strand" in html, "before a tap too"
    assert 'name="answer"' not in html
    status, html = await tap(rig, late, "yes")
    assert status == 409
    assert "Allerede tatt av Ola Strand" in html
    assert rig.town.state.alarms[alarm].owner == "ola"


async def test_the_buttons_of_ntfy_answer_in_json(rig: Rig) -> None:
    alarm = await rig.town.press()
    link = rig.link(rig.send_of(alarm, "kari"))
    async with rig.http.post(link, json={"answer": "yes"}) as answer:
        assert answer.status == 200
        assert (await answer.json())["state"] == "done"
    assert rig.town.state.alarms[alarm].owner == "kari"


@pytest.mark.parametrize("said", ["", "maybe", "YES", b"", b"\xff", b"answer=yes%00", b"a=" * 9])
async def test_another_answer_is_none(rig: Rig, said: str | bytes) -> None:
    alarm = await rig.town.press()
    status, html = await tap(rig, rig.link(rig.send_of(alarm, "kari")), said)
    assert status == 400
    assert 'name="answer"' in html
    assert rig.town.heard == []


@pytest.mark.parametrize("body", ["[]", "{", '{"answer": true}', '{"answer": ["yes"]}', "null"])
async def test_json_that_says_nothing_is_no_answer(rig: Rig, body: str) -> None:
    alarm = await rig.town.press()
    kind = {"Content-Type": "application/json"}
    link = rig.link(rig.send_of(alarm, "kari"))
    async with rig.http.post(link, data=body, headers=kind) as answer:
        assert answer.status == 400
    assert rig.town.heard == []


async def test_a_forged_or_broken_link_is_told_to_be_none(rig: Rig) -> None:
    alarm = await rig.town.press()
    token = link_token(b"another key of 32 octets........", rig.send_of(alarm, "kari"))
    for wrong in (token, "x", "x" * 22, "x" * 300, "%C3%B8" * 22, rig.reference(alarm)):
        status, html = await tap(rig, f"{rig.url}/l/{wrong}", "yes")
        assert status == 404
        assert "</form>" not in html
    assert rig.town.heard == []


async def test_a_link_is_gone_after_twelve_hours(rig: Rig) -> None:
    alarm = await rig.town.press()
    link = rig.link(rig.send_of(alarm, "kari"))
    rig.town.now += 12 * HOUR + MINUTE
    assert (await tap(rig, link, "yes"))[0] == 404
    assert rig.town.heard == []


async def test_what_a_gateway_knows_opens_no_page(rig: Rig) -> None:
    alarm = await rig.town.press()
    ours = rig.reference(rig.send_of(alarm, "kari"))
    assert (await show(rig, f"{rig.url}/l/{ours}"))[0] == 404


async def test_without_the_router_it_can_be_tapped_again(rig: Rig) -> None:
    alarm = await rig.town.press()
    link = rig.link(rig.send_of(alarm, "kari"))
    rig.town.deaf = True
    status, html = await tap(rig, link, "yes")
    assert status == 202
    assert 'name="answer"' in html
    rig.town.deaf = False
    assert (await tap(rig, link, "yes"))[0] == 200


async def test_a_test_is_answered_by_one_button(rig: Rig) -> None:
    await rig.town.take(
        ReachCommand(
            id="test0001",
            person="kari",
            action=ReachAction.TEST,
            made_at=rig.town.now,
            channel="ntfy-3",
        )
    )
    ((send, _),) = [(p.send, p) for t in rig.town.state.proofs.tests.values() for p in t.pages]
    _, html = await show(rig, rig.link(send))
    assert html.count('name="answer"') == 1
    status, html = await tap(rig, rig.link(send), "yes")
    assert (status, "Denne veien når deg" in html) == (200, True)
    assert rig.town.state.proofs.of("kari", "ntfy-3").proven_at == rig.town.now


async def test_a_call_by_voice_has_no_page(rig: Rig) -> None:
    alarm = await rig.town.press()
    ours = rig.reference(rig.send_of(alarm, "kari"))
    await rig.call("/hooks/sms/report", {"reference": ours, "status": "failed"})
    assert (await show(rig, rig.link(rig.send_of(alarm, "kari", "voice-2"))))[0] == 404


async def test_the_link_of_somebody_who_has_left_is_gone(rig: Rig) -> None:
    """It would still tell what rings where, and which colleague has it."""
    town, alarm = rig.town, await rig.town.press()
    link = rig.link(rig.send_of(alarm, "kari"))
    assert (await show(rig, link))[0] == 200
    left = ConfigurationRemoved(section="person", id="kari", author="test")
    await town.take(Configure(changes=(left,)))
    while town.live.cursor < town.state.seq:
        await town.live.news(town.live.cursor, timeout_s=60)
    for status, html in (await show(rig, link), await tap(rig, link, "yes")):
        assert status == 404
        assert "Alarmknapp" not in html
    assert town.heard == []
