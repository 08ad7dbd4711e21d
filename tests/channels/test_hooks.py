"""Callbacks of gateways: delivery reports and keys; forged, repeated, late and broken ones."""

import asyncio
import base64
import json
from typing import Any

import pytest

from hub.notifier.it_notice import Trouble
from hub.web.gateways.sends import Sent, SentCalls
from routing.event import derive_id
from routing.instant import HOUR, SECOND
from tests.channels.rig import NUMBERS, SECRET, Rig
from tests.web.town import PENDANT

REPORT = "/hooks/sms/report"
KEY = "/hooks/tale/key"


async def by_voice(rig: Rig) -> tuple[str, str]:
    """Press, let the SMS fail, and return alarm and call of Kari by voice."""
    alarm = await rig.town.press()
    ours = rig.reference(rig.send_of(alarm, "kari"))
    await rig.call(REPORT, {"id": "x", "reference": ours, "status": "failed"})
    return alarm, rig.send_of(alarm, "kari", "voice-2")


@pytest.mark.parametrize(
    ("status", "delivered"), [("delivered", True), ("failed", False), ("expired", False)]
)
async def test_a_report_is_the_receipt_of_its_send(rig: Rig, status: str, delivered: bool) -> None:
    alarm = await rig.town.press()
    send = rig.send_of(alarm, "kari")
    said = {"id": "gw-1", "reference": rig.reference(send), "status": status}
    assert await rig.call(REPORT, said) == (200, "")
    (receipt,) = rig.town.receipts
    assert (receipt.send, receipt.delivered) == (send, delivered)
    assert (send in rig.town.state.alarms[alarm].delivered) is delivered


async def test_a_report_that_overtakes_the_journal_waits_for_it(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway has answered before the web process has read of the call."""
    looked, find = asyncio.Event(), SentCalls.by_reference

    def by_reference(calls: SentCalls, said: str) -> Sent | None:
        looked.set()
        return find(calls, said)

    monkeypatch.setattr(SentCalls, "by_reference", by_reference)
    coming = derive_id(PENDANT, rig.town.now + SECOND)[:12]
    send = f"fjordby-{coming}:r1.s0:kari:sms-1"
    said = {"reference": rig.reference(send), "status": "delivered"}
    early = asyncio.create_task(rig.call(REPORT, said))
    await looked.wait()
    alarm = await rig.town.press()
    assert rig.send_of(alarm, "kari") == send
    assert await early == (200, "")
    assert rig.town.state.alarms[alarm].delivered == (send,)


async def test_a_failed_sms_is_followed_by_the_call_at_once(rig: Rig) -> None:
    alarm, call = await by_voice(rig)
    assert call in rig.town.state.owed
    assert rig.town.state.alarms[alarm].owner is None


async def test_a_report_that_says_neither_is_only_noted(rig: Rig) -> None:
    alarm = await rig.town.press()
    ours = rig.reference(rig.send_of(alarm, "kari"))
    for status in ("queued", "", "DELIVERED?"):
        assert await rig.call(REPORT, {"reference": ours, "status": status}) == (200, "")
    assert rig.town.receipts == []


async def test_the_same_report_twice_ends_the_send_once(rig: Rig) -> None:
    alarm = await rig.town.press()
    send = rig.send_of(alarm, "kari")
    said = {"reference": rig.reference(send), "status": "delivered"}
    for _ in range(3):
        assert (await rig.call(REPORT, said))[0] == 200
    assert rig.town.state.alarms[alarm].delivered == (send,)
    late = {**said, "status": "failed"}
    assert (await rig.call(REPORT, late))[0] == 200
    assert rig.town.state.alarms[alarm].failed == ()


@pytest.mark.parametrize("said", ["", "x", "x" * 22, "ø" * 22, "A" * 5_000, 7, None, {}, [1]])
async def test_a_wrong_reference_names_nothing(rig: Rig, said: Any) -> None:
    await rig.town.press()
    assert (await rig.call(REPORT, {"reference": said, "status": "delivered"}))[0] == 200
    assert (await rig.call(KEY, {"reference": said, "key": "1"}))[0] == 404
    assert rig.town.receipts == []
    assert rig.town.heard == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b"null", b"7", b"[" * 5_000])
async def test_a_body_that_cannot_be_read_does_nothing(rig: Rig, body: bytes) -> None:
    status, _ = await rig.call(REPORT, body)
    assert status == (200 if body in {b"", b"[]"} else 400)
    assert rig.town.receipts == []


async def test_a_forged_callback_does_nothing_and_many_are_told(rig: Rig) -> None:
    alarm = await rig.town.press()
    ours = rig.reference(rig.send_of(alarm, "kari"))
    said = {"reference": ours, "status": "delivered"}
    for _ in range(21):
        assert await rig.call(REPORT, said, secret="guessed") == (401, "")
    assert rig.town.receipts == []
    assert rig.told == [(Trouble.HOOK_REFUSED, "sms")]


async def test_a_changed_body_or_another_time_is_not_signed(rig: Rig) -> None:
    alarm = await rig.town.press()
    ours = rig.reference(rig.send_of(alarm, "kari"))
    said = json.dumps({"reference": ours, "status": "failed"}).encode()
    headers = rig.signed(said)
    changed = said.replace(b"failed", b"expired")
    assert (await rig.call(REPORT, changed, headers=headers))[0] == 401
    later = {**headers, "X-Varde-Timestamp": str(int(headers["X-Varde-Timestamp"]) + 1)}
    assert (await rig.call(REPORT, said, headers=later))[0] == 401
    assert (await rig.call(REPORT, said, headers=headers))[0] == 200


@pytest.mark.parametrize(("ago_s", "status"), [(299, 200), (301, 401), (-299, 200), (-301, 401)])
async def test_an_old_callback_cannot_be_sent_again(rig: Rig, ago_s: int, status: int) -> None:
    alarm = await rig.town.press()
    said = {"reference": rig.reference(rig.send_of(alarm, "kari")), "status": "delivered"}
    assert (await rig.call(REPORT, said, ago_s=ago_s))[0] == status


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Varde-Signature": "", "X-Varde-Timestamp": ""},
        {"X-Varde-Signature": "sha256=" + "0" * 64, "X-Varde-Timestamp": "9" * 400},
        {"X-Varde-Signature": "sha256=ø", "X-Varde-Timestamp": "-1"},
        {"Authorization": f"Bearer {SECRET}"},
    ],
)
async def test_without_a_sound_signature_nothing_is_heard(
    rig: Rig, headers: dict[str, str]
) -> None:
    body = {"reference": "x" * 22, "status": "delivered"}
    kind = {"Content-Type": "application/json"}
    assert (await rig.call(REPORT, body, headers={**kind, **headers}))[0] == 401


async def test_a_gateway_that_nobody_has_configured_is_no_different_from_a_wrong_signature(
    rig: Rig,
) -> None:
    body = {"reference": "x" * 22, "status": "delivered"}
    assert await rig.call("/hooks/other/report", body) == (401, "")


async def test_what_a_gateway_of_the_other_kind_does_is_not_there(rig: Rig) -> None:
    for path in ("/hooks/sms/key", "/hooks/tale/reply", "/hooks/sms/other"):
        assert (await rig.call(path, {"reference": "x" * 22}))[0] == 404


async def test_a_secret_address(rig: Rig) -> None:
    alarm = await rig.town.press()
    ours = rig.reference(rig.send_of(alarm, "kari"))
    form = f"reference={ours}&status=delivered".encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    at = "/hooks/path/report"
    assert (await rig.call(f"{at}/guessed", form, headers=kind))[0] == 401
    assert (await rig.call(at, form, headers=kind))[0] == 401
    assert (await rig.call(f"{at}/{SECRET.replace(' ', '%20')}", form, headers=kind))[0] == 200
    assert len(rig.town.receipts) == 1


async def test_several_reports_at_once_are_all_heard(rig: Rig) -> None:
    """As Puzzel's SMS gateway sends them (its documentation, sections/interfaces/rest.md)."""
    alarm = await rig.town.press()
    sends = [rig.send_of(alarm, who) for who in ("kari", "ola")]
    reports = [
        {"messageid": "6y03", "customermessagereference": rig.reference(send), "statuscode": code}
        for send, code in zip(sends, (0, 4), strict=True)
    ]
    unknown = {"messageid": "x", "customermessagereference": None, "statuscode": 0}
    kind = {"Content-Type": "application/json", "X-Api-Key": SECRET}
    body = {"dr": [unknown, *reports]}
    assert (await rig.call("/hooks/many/report", body, headers=kind))[0] == 200
    assert [(one.send, one.delivered) for one in rig.town.receipts] == [
        (sends[0], True),
        (sends[1], False),
    ]
    wrong = {**kind, "X-Api-Key": "guessed"}
    assert (await rig.call("/hooks/many/report", body, headers=wrong))[0] == 401


async def test_several_replies_at_once_and_a_keyword_before_each(rig: Rig) -> None:
    alarm = await rig.town.press()
    said = {
        "mo": [
            {"originator": NUMBERS["ola"], "content": f"varde 2 {rig.code(alarm, 'ola')}"},
            {"originator": NUMBERS["kari"], "content": f"VARDE 1 {rig.code(alarm, 'kari')}"},
        ]
    }
    kind = {"Content-Type": "application/json", "X-Api-Key": SECRET}
    assert (await rig.call("/hooks/many/reply", said, headers=kind))[0] == 200
    assert rig.town.state.alarms[alarm].owner == "kari"
    assert len(rig.said()) == 2


@pytest.mark.parametrize("body", [{}, {"mo": {}}, {"mo": "x"}, []])
async def test_a_list_that_is_not_there_is_told(rig: Rig, body: Any) -> None:
    kind = {"Content-Type": "application/json", "X-Api-Key": SECRET}
    assert (await rig.call("/hooks/many/reply", body, headers=kind))[0] == 400


async def test_a_get_with_the_reference_in_its_address(rig: Rig) -> None:
    alarm = await rig.town.press()
    ours = rig.reference(rig.send_of(alarm, "kari"))
    url = f"{rig.url}/hooks/path/report/{SECRET}"
    async with rig.http.get(url, params={"reference": ours, "status": "delivered"}) as answer:
        assert answer.status == 200
    assert len(rig.town.receipts) == 1


async def test_a_get_is_never_proven_by_a_signature(rig: Rig) -> None:
    async with rig.http.get(rig.url + REPORT, headers=rig.signed(b"")) as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    ("user", "password", "status"),
    [("gw", SECRET, 200), ("gw", "wrong", 401), ("other", SECRET, 401), ("", "", 401)],
)
async def test_a_password(rig: Rig, user: str, password: str, status: int) -> None:
    alarm = await rig.town.press()
    body = {"reference": rig.reference(rig.send_of(alarm, "kari")), "status": "delivered"}
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {pair}"}
    assert (await rig.call("/hooks/basic/report", body, headers=headers))[0] == status


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!", "Basic /w==", "Bearer x"])
async def test_what_is_no_password_is_refused(rig: Rig, header: str) -> None:
    headers = {"Content-Type": "application/json", "Authorization": header}
    assert (await rig.call("/hooks/basic/report", {}, headers=headers))[0] == 401


async def test_key_one_takes_the_alarm_and_the_call_is_told_so(rig: Rig) -> None:
    alarm, call = await by_voice(rig)
    status, said = await rig.call(KEY, {"id": "c", "reference": rig.reference(call), "key": "1"})
    assert (status, said["language"]) == (200, "nb")
    assert said["say"].startswith("Den er din: Alarmknapp trykket")
    assert rig.town.state.alarms[alarm].owner == "kari"


async def test_key_two_says_no_and_the_key_is_the_call_s_receipt(rig: Rig) -> None:
    alarm, call = await by_voice(rig)
    await rig.call(KEY, {"reference": rig.reference(call), "key": "2"})
    assert "kari" in rig.town.state.alarms[alarm].refused
    assert (rig.town.receipts[-1].send, rig.town.receipts[-1].delivered) == (call, True)


@pytest.mark.parametrize("key", ["3", "", "#", "11", None, 9])
async def test_another_key_changes_nothing_and_is_told_what_to_press(rig: Rig, key: Any) -> None:
    alarm, call = await by_voice(rig)
    status, said = await rig.call(KEY, {"reference": rig.reference(call), "key": key})
    assert (status, said["say"]) == (200, "Trykk 1 for ja eller 2 for nei.")
    assert rig.town.state.alarms[alarm].owner is None
    assert rig.town.heard == []


async def test_a_key_when_a_colleague_was_first_is_told_who(rig: Rig) -> None:
    alarm, call = await by_voice(rig)
    await rig.says(NUMBERS["ola"], f"1 {rig.code(alarm, 'ola')}")
    _, said = await rig.call(KEY, {"reference": rig.reference(call), "key": "1"})
    assert said["say"].startswith("Allerede tatt av Ola Strand")


@pytest.mark.parametrize(
    ("status", "delivered"), [("answered", True), ("busy", False), ("no-answer", False)]
)
async def test_only_an_answered_call_has_arrived(rig: Rig, status: str, delivered: bool) -> None:
    _, call = await by_voice(rig)
    said = {"reference": rig.reference(call), "status": status}
    assert (await rig.call("/hooks/tale/report", said))[0] == 200
    assert rig.town.receipts[-1].delivered is delivered
    for early in ("ringing", "ended"):
        await rig.call("/hooks/tale/report", {**said, "status": early})
    assert len(rig.town.receipts) == 2


async def test_a_report_a_day_late_is_heard_and_changes_nothing(rig: Rig) -> None:
    alarm = await rig.town.press()
    send = rig.send_of(alarm, "kari")
    await rig.says(NUMBERS["kari"], f"1 {rig.code(alarm, 'kari')}")
    rig.town.now += 20 * HOUR
    before = rig.town.state.seq
    said = {"reference": rig.reference(send), "status": "failed"}
    assert (await rig.call(REPORT, said))[0] == 200
    assert rig.town.state.seq == before


async def test_without_the_broker_the_gateway_is_asked_to_tell_it_again(rig: Rig) -> None:
    alarm = await rig.town.press()
    rig.town.connected = False
    said = {"reference": rig.reference(rig.send_of(alarm, "kari")), "status": "delivered"}
    assert (await rig.call(REPORT, said))[0] == 503
