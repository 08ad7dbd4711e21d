"""The push channel: what a phone reads, what the service learns, and whom it reaches."""

import asyncio

import pytest

from hub.directory.file import DirectoryFile
from hub.directory.handsets import Handsets
from hub.directory.port import DirectoryBroken
from hub.directory.subscriptions import Subscription, Subscriptions
from hub.notifier.channel import Attempt, Result
from hub.rights.seal import Right, open_seal
from routing.instant import HOUR
from tests.notifier.push_rig import RIGHTS, Rig
from tests.notifier.sends import ALARM, NOW, again, send_of


async def test_a_phone_reads_what_it_is_sent(rig: Rig) -> None:
    browser = rig.subscribe("phone")
    attempt = await rig.push.attempt(send_of())
    assert attempt.result is Result.TAKEN
    (got,) = rig.service.got
    read = browser.read(got.body)
    assert read["notification"]["title"] == "Alarmknapp trykket"
    assert read["notification"]["navigate"] == "https://varde.fjordby.example/alarms/fjordby-a1"
    right = open_seal(RIGHTS, read["varde"]["accept"])
    assert right == Right("accept", "fjordby-a1:1.0:kari:push-1", "kari", "phone", NOW + HOUR)


async def test_the_headers_say_how_hard_to_try_and_nothing_of_the_alarm(rig: Rig) -> None:
    rig.subscribe("phone")
    await rig.push.attempt(send_of())
    headers = rig.service.got[0].headers
    assert headers["TTL"] == "120"
    assert headers["Urgency"] == "high"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Authorization"].startswith("vapid t=")
    topic = headers["Topic"]
    assert 1 <= len(topic) <= 32
    assert topic.replace("-", "a").replace("_", "a").isalnum()
    assert ALARM.id not in str(headers)
    assert "kari" not in str(headers)
    assert {"Cookie", "Referer"}.isdisjoint(headers)


async def test_phones_called_to_the_same_alarm_have_nothing_in_common(rig: Rig) -> None:
    rig.subscribe("one")
    rig.subscribe("two", "ola")
    await rig.push.attempt(send_of())
    await rig.push.attempt(send_of(person="ola"))
    one, two = rig.service.got
    assert one.headers["Topic"] != two.headers["Topic"]
    assert len(one.body) == len(two.body)
    assert one.body != two.body


async def test_a_later_message_about_the_alarm_replaces_the_one_that_waits(rig: Rig) -> None:
    rig.subscribe("phone")
    first = send_of()
    await rig.push.attempt(first)
    await rig.push.attempt(again(first, 2))
    topics = [one.headers["Topic"] for one in rig.service.got]
    assert topics[0] == topics[1]


async def test_all_phones_of_the_person_are_pushed_to_and_nobody_elses(rig: Rig) -> None:
    rig.subscribe("one")
    rig.subscribe("two")
    rig.subscribe("others", "ola")
    assert (await rig.push.attempt(send_of())).result is Result.TAKEN
    assert sorted(one.box for one in rig.service.got) == ["one", "two"]


async def test_nobody_to_push_to(rig: Rig) -> None:
    attempt = await rig.push.attempt(send_of())
    assert attempt == Attempt(Result.FAILED, "no-subscription")
    assert rig.lost == []


async def test_while_another_phone_is_there_nothing_is_lost(rig: Rig) -> None:
    rig.subscribe("dead")
    rig.subscribe("good")
    rig.service.answer("dead", 410)
    assert (await rig.push.attempt(send_of())).result is Result.TAKEN
    assert rig.live() == ["good"]
    assert rig.lost == []


async def test_a_phone_that_subscribed_anew_meanwhile_is_not_written_off(rig: Rig) -> None:
    rig.subscribe("phone")
    rig.service.answer("phone", 410)
    rig.service.silent.add("phone")
    trying = asyncio.ensure_future(rig.push.attempt(send_of()))
    await rig.service.news.wait()
    rig.subscribe("phone", endpoint=rig.service.endpoint("new"))
    rig.service._over.set()
    assert (await trying).code == "http-410"
    assert rig.live() == ["phone"]
    assert rig.lost == []


async def test_a_slow_service_holds_no_other_phone_back(rig: Rig) -> None:
    rig.subscribe("slow")
    rig.subscribe("quick")
    rig.service.silent.add("slow")
    trying = asyncio.ensure_future(rig.push.attempt(send_of()))
    async with asyncio.timeout(30):
        while len(rig.service.got) < 2:
            rig.service.news.clear()
            await rig.service.news.wait()
    assert not trying.done()
    trying.cancel()


async def test_where_one_phone_has_it_only_the_other_is_tried_again(rig: Rig) -> None:
    rig.subscribe("good")
    rig.subscribe("later")
    for _ in range(5):
        rig.service.answer("later", 503)
    send = send_of()
    results = [(await rig.push.attempt(send)).result for _ in range(3)]
    assert results == [Result.AGAIN, Result.AGAIN, Result.TAKEN]
    assert len(rig.service.to("good")) == 1
    assert len(rig.service.to("later")) == 3


async def test_a_key_that_was_changed_makes_old_subscriptions_dead(rig: Rig) -> None:
    rig.subscribe("phone")
    (old,) = rig.subscriptions.live("kari")
    rig.subscriptions.put(
        Subscription(
            old.handset, old.person, old.endpoint, old.p256dh, old.auth, "another", old.made_at
        )
    )
    assert await rig.push.attempt(send_of()) == Attempt(Result.FAILED, "vapid-changed")
    assert rig.lost == [("kari", "push-1", "vapid-changed")]
    assert rig.service.got == []


async def test_an_endpoint_inside_is_never_posted_to(rig: Rig) -> None:
    rig.subscribe("phone", endpoint="https://10.0.0.1/push")
    assert await rig.push.attempt(send_of()) == Attempt(Result.FAILED, "endpoint-refused")
    assert rig.lost == [("kari", "push-1", "endpoint-refused")]


async def test_a_revoked_handset_is_not_pushed_to(rig: Rig) -> None:
    file = DirectoryFile(rig.folder / "directory.sqlite")
    handsets = Handsets(file, "fjordby")
    handset, _ = handsets.taken_by("kari", None, "Pixel", NOW)
    rig.subscribe(handset.id)
    handsets.revoke(handset.id, NOW)
    assert (await rig.push.attempt(send_of())).code == "no-subscription"
    assert rig.service.got == []
    file.close()


async def test_a_directory_that_cannot_be_read_stops_nothing_else(rig: Rig) -> None:
    def broken() -> Subscriptions:
        raise DirectoryBroken("of these tests")

    rig.push._subscriptions = broken
    assert await rig.push.attempt(send_of()) == Attempt(Result.AGAIN, "no-directory")


async def test_many_at_once_to_one_service_all_arrive(rig: Rig) -> None:
    for number in range(60):
        rig.subscribe(f"h{number}", f"p{number}")
    attempts = await asyncio.gather(
        *(rig.push.attempt(send_of(person=f"p{number}")) for number in range(60))
    )
    assert {one.result for one in attempts} == {Result.TAKEN}
    assert len(rig.service.got) == 60


async def test_what_all_phones_have_had_goes_out_again_when_it_is_asked_for(rig: Rig) -> None:
    rig.subscribe("one")
    rig.subscribe("two")
    for _ in range(2):
        assert (await rig.push.attempt(send_of())).result is Result.TAKEN
    assert sorted(one.box for one in rig.service.got) == ["one", "one", "two", "two"]


async def test_a_phone_that_leaves_between_two_tries_is_no_reason_to_fail(rig: Rig) -> None:
    rig.subscribe("good")
    rig.subscribe("later")
    rig.service.answer("later", 503)
    assert (await rig.push.attempt(send_of())).result is Result.AGAIN
    rig.subscriptions.end("later", NOW, "unsubscribed")
    assert (await rig.push.attempt(send_of())).result is Result.TAKEN
    assert len(rig.service.to("good")) == 1


async def test_a_directory_that_cannot_be_written_keeps_nobody_from_being_called(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> bool:
        raise DirectoryBroken("of these tests")

    rig.subscribe("dead")
    rig.subscribe("good")
    rig.service.answer("dead", 410)
    monkeypatch.setattr(rig.subscriptions, "end", broken)
    assert (await rig.push.attempt(send_of())).result is Result.TAKEN
    assert rig.lost == []
