"""Answers that somebody wants to use up, that come from an earlier life, or that hardly anybody can
read: the person's own answer still counts, and nothing is lost."""

import json
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from hub.web.gateways.read import Content, read
from hub.web.gateways.reply import Replies
from hub.web.gateways.sends import SentCalls
from routing.event import derive_id
from routing.instant import MINUTE
from tests.channels.rig import NUMBERS, SECRET, Rig
from tests.web.town import Browser

KARI = NUMBERS["kari"]


def reborn(rig: Rig) -> Replies:
    """Return what hears replies after the web process has been killed and started again."""
    fresh = type(rig.hooks.bare)(5_000)
    hooks = replace(rig.hooks, bare=fresh)
    site = rig.town.site
    return Replies(
        site, hooks, SentCalls(site.live, site.rights_key, site.clock, site.calls), rig.hooks.people
    )


@pytest.mark.parametrize("yes", [True, False])
async def test_a_colleague_who_knows_the_alarm_cannot_use_up_anothers_answer(
    rig: Rig, yes: bool
) -> None:
    """The alarm's id stands in the address of its page, and a send's id is made of it."""
    alarm = await rig.town.press()
    guessed = derive_id("short", rig.send_of(alarm, "kari"), yes)
    async with Browser(rig.town, rig.url) as ola:
        await ola.sign_in("ola")
        body = {"id": guessed, "action": "see", "seen_phase": "looking"}
        status, _ = await ola.post(f"/api/alarms/{alarm}/commands", body)
        assert status == 200
    said = f"{1 if yes else 2} {rig.code(alarm, 'kari')}"
    assert await rig.says(KARI, said) == 200
    found = rig.town.state.alarms[alarm]
    assert (found.owner, found.refused) == (("kari", ()) if yes else (None, ("kari",)))


async def test_one_alone_told_again_after_a_restart_takes_nothing_else(rig: Rig) -> None:
    first = await rig.town.press()
    await rig.says(KARI, "1")
    assert rig.town.state.alarms[first].owner == "kari"
    other = await rig.press_elsewhere()
    rig.town.now += 59 * MINUTE
    told = Content({"from": KARI, "text": "1"}, {})
    assert await reborn(rig).take("sms", told)
    assert rig.town.state.alarms[other].owner is None
    assert rig.said()[-1].startswith("Flere varsler venter på svar.")


async def test_one_alone_is_enough_again_once_the_answer_before_is_old(rig: Rig) -> None:
    await rig.town.press()
    await rig.says(KARI, "1")
    rig.town.now += 61 * MINUTE
    other = await rig.press_elsewhere()
    assert await reborn(rig).take("sms", Content({"from": KARI, "text": "1"}, {}))
    assert rig.town.state.alarms[other].owner == "kari"


async def test_a_long_reply_in_an_address_is_heard(rig: Rig) -> None:
    """A GET has the whole SMS in its address, and a letter of ours takes six signs there."""
    alarm = await rig.town.press()
    said = f"1 {rig.code(alarm, 'kari')} " + "så fort jeg får låst døra på øya " * 12
    url = f"{rig.url}/hooks/path/reply/{SECRET}"
    async with rig.http.get(url, params={"from": KARI, "text": said}) as answer:
        assert answer.status == 200
    assert rig.town.state.alarms[alarm].owner == "kari"


@pytest.mark.parametrize(
    "end",
    [r"\ud83d", r"\udc4d", r"\u0000", "p\xe5 vei"],
    ids=["half a sign", "the other half", "zero", "latin-1"],
)
async def test_a_reply_with_signs_that_are_none_is_still_an_answer(rig: Rig, end: str) -> None:
    """A gateway that joins the parts of a long SMS may cut a sign in two, or speak Latin-1."""
    alarm = await rig.town.press()
    said = f'{{"from": "{KARI}", "text": "1 {rig.code(alarm, "kari")} {end}"}}'
    raw = said.encode("latin-1")
    assert (await rig.call("/hooks/sms/reply", raw))[0] == 200
    assert rig.town.state.alarms[alarm].owner == "kari"


async def test_a_reply_that_nobody_can_read_is_kept_for_a_lead(rig: Rig) -> None:
    assert (await rig.call("/hooks/sms/reply", b'{"from": "+4790000001", "text": "1 48'))[0] == 400
    (kept,) = rig.hooks.kept.newest()
    assert (kept.number, kept.person, kept.why) == ("", None, "unclear")
    assert kept.text == '{"from": "+4790000001", "text": "1 48'


async def test_unreadable_callbacks_without_end_push_no_kept_reply_out(rig: Rig) -> None:
    await rig.says("+4799999999", "hvem er dette?")
    for _ in range(60):
        await rig.call("/hooks/sms/reply", b"{")
    kept = rig.hooks.kept.newest()
    assert kept[-1].text == "hvem er dette?"
    assert len(kept) == 1 + 20


async def test_of_a_reply_longer_than_any_the_beginning_is_kept(rig: Rig) -> None:
    await rig.says(KARI, "hei " * 1_000)
    (kept,) = rig.hooks.kept.newest()
    assert kept.text.startswith("hei hei ")


async def test_an_address_in_latin_1_is_heard(rig: Rig) -> None:
    alarm = await rig.town.press()
    said = f"from=4790000001&text=1+{rig.code(alarm, 'kari')}+p%E5+vei"
    url = URL(f"{rig.url}/hooks/path/reply/{quote(SECRET)}?{said}", encoded=True)
    async with rig.http.get(url) as answer:
        assert answer.status == 200
    assert rig.town.state.alarms[alarm].owner == "kari"


TEXTS = st.one_of(
    st.text(max_size=40).map(lambda text: json.dumps({"text": text}).encode()),
    st.binary(max_size=40).map(lambda octets: b'{"text": "' + octets + b'"}'),
    st.lists(st.sampled_from(["\\ud83d", "\\udc4d", "\\u0000", "1", " "]), max_size=9).map(
        lambda signs: f'{{"text": "{"".join(signs)}"}}'.encode()
    ),
    st.binary(max_size=40).map(lambda octets: b"text=" + octets + b"&" * 200),
)


@given(TEXTS, st.sampled_from(["application/json", "application/x-www-form-urlencoded"]))
def test_whatever_comes_is_read_to_text_that_can_be_kept_or_not_at_all(
    body: bytes, kind: str
) -> None:
    found = read(kind, body, "")
    said = None if found is None else found.at("text")
    assert said is None or said.encode("utf-8")[:0] == b""
