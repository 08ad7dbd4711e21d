"""The pendant against stub alarm receivers that speak SIP by hand."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from simulators.devicelog import DeviceLog
from simulators.faults import Faults
from simulators.pendant import Pendant, UnitTimes
from simulators.sip.client import Receiver, SipTimers
from simulators.sip.digest import Credentials
from tests.simulators.stub_arc import (
    Answers,
    Arc,
    final,
    header,
    mrs,
    new_message,
    ref_of,
    tcp_arc,
    udp_arc,
)
from tests.simulators.until import until

QUICK = UnitTimes(
    answer_wait_s=1.0,
    hold_min_s=0.01,
    hold_max_s=0.03,
    again_wait_s=0.01,
    give_up_s=5.0,
    sip=SipTimers(t1_s=0.02, t2_s=0.08),
)
WHO = Credentials("26317", "sim-secret")


@asynccontextmanager
async def pendant(
    *receivers: Receiver, seed: int = 1, faults: Faults | None = None, times: UnitTimes = QUICK
) -> AsyncIterator[tuple[Pendant, DeviceLog]]:
    log = DeviceLog()
    unit = Pendant(WHO, receivers, seed=seed, log=log, faults=faults or Faults(), times=times)
    try:
        yield unit, log
    finally:
        await unit.stop()


def to(arc: Arc, transport: str = "udp") -> Receiver:
    return Receiver("127.0.0.1", arc.port, transport)


async def test_the_answer_may_be_a_new_message_over_udp() -> None:
    async with udp_arc(lambda text: [final(text, "202 Accepted"), new_message(text, 0)]) as arc:
        async with pendant(to(arc)) as (unit, log):
            answer = await unit.press()
            assert answer.accepted
            assert answer.detail == "snu 0"
            assert [entry.what for entry in log.entries] == ["sent", "answered"]
        assert "<dty>0003</dty>" in arc.messages[0]
        assert "<stc>0010</stc>" in arc.messages[0]
        assert header(arc.messages[0], "Content-Type") == "application/scaip+xml"


async def test_the_new_message_may_overtake_the_202_and_is_answered_once_more_when_repeated() -> (
    None
):
    def twice_before(text: str) -> list[str]:
        return [new_message(text, 0), new_message(text, 0), final(text, "202 Accepted")]

    async with udp_arc(twice_before) as arc, pendant(to(arc)) as (unit, log):
        assert (await unit.press()).accepted
        await until(lambda: sum(text.startswith("SIP/2.0 200") for text in arc.heard) == 2)
        assert not [entry for entry in log.entries if entry.action == "late"]


async def test_the_answer_may_be_in_the_body_of_the_200_over_tcp() -> None:
    def in_body(text: str) -> list[str]:
        return [final(text, body=mrs(text, 0, "<mre>1</mre><tnu>gsm:+4700000000</tnu>"))]

    async with tcp_arc(in_body) as arc, pendant(to(arc, "tcp")) as (unit, log):
        assert (await unit.fall()).accepted
        assert ("voice", "gsm:+4700000000") in [(e.what, e.detail) for e in log.entries]
        assert "<dty>0005</dty>" in arc.messages[0]
        assert "SIP/2.0/TCP" in arc.messages[0]


async def test_hold_makes_the_unit_send_the_same_request_again() -> None:
    statuses = iter([4, 4, 0])

    def hold_twice(text: str) -> list[str]:
        return [final(text, body=mrs(text, next(statuses)))]

    async with udp_arc(hold_twice) as arc, pendant(to(arc)) as (unit, log):
        assert (await unit.press()).accepted
        assert len({ref_of(text) for text in arc.messages}) == 1
        assert [e.what for e in log.entries] == [
            "sent",
            "hold",
            "resent",
            "hold",
            "resent",
            "answered",
        ]


async def test_a_refused_request_is_not_sent_again() -> None:
    refusing = udp_arc(lambda text: [final(text, body=mrs(text, 7))])
    async with refusing as arc, pendant(to(arc)) as (unit, _):
        answer = await unit.press()
        assert (answer.accepted, answer.detail) == (False, "snu 7")
        assert len(arc.messages) == 1


@pytest.mark.parametrize(
    "first",
    [
        lambda text: [final(text, body=mrs(text, 6))],
        lambda text: [final(text, "503 Service Unavailable")],
        lambda text: [],
    ],
    ids=["busy", "503", "silent"],
)
async def test_the_second_receiver_is_tried(first: Answers) -> None:
    async with (
        udp_arc(first) as busy,
        udp_arc(lambda t: [final(t, body=mrs(t, 0))]) as second,
        pendant(to(busy), to(second)) as (unit, _),
    ):
        assert (await unit.press()).accepted
        assert ref_of(busy.messages[0]) == ref_of(second.messages[0])


async def test_a_receiver_that_is_not_there_is_passed_over() -> None:
    async with tcp_arc(lambda t: [final(t, body=mrs(t, 0))]) as arc:
        gone = Receiver("127.0.0.1", 1, "tcp")
        async with pendant(gone, to(arc, "tcp")) as (unit, _):
            assert (await unit.press()).accepted


async def test_nobody_answers_and_the_unit_says_so() -> None:
    times = UnitTimes(answer_wait_s=0.05, again_wait_s=0.01, give_up_s=0.2, sip=QUICK.sip)
    async with udp_arc(lambda text: []) as arc, pendant(to(arc), times=times) as (unit, log):
        answer = await unit.press()
        assert not answer.accepted
        assert log.entries[-1].what == "unanswered"


async def test_udp_is_retransmitted_octet_by_octet() -> None:
    heard: list[str] = []

    def third_time(text: str) -> list[str]:
        heard.append(text)
        return [final(text, body=mrs(text, 0))] if len(heard) == 3 else []

    async with udp_arc(third_time) as arc, pendant(to(arc)) as (unit, log):
        assert (await unit.press()).accepted
        assert len(set(arc.messages[:3])) == 1
        assert [entry.what for entry in log.entries] == ["sent", "answered"]


@pytest.mark.parametrize("status", [401, 407])
async def test_a_challenge_is_answered_and_the_nonce_used_on(status: int) -> None:
    header = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
    challenge = f'{header}: Digest realm="hub", nonce="n1", algorithm=SHA-256, qop="auth"\r\n'

    def guarded(text: str) -> list[str]:
        if "uthorization: Digest" in text:
            return [final(text, body=mrs(text, 0))]
        return [final(text, f"{status} Unauthorized", extra=challenge)]

    async with udp_arc(guarded) as arc, pendant(to(arc)) as (unit, _):
        assert (await unit.press()).accepted
        assert (await unit.press()).accepted
        counts = [re.findall(r"nc=(\d+)", text) for text in arc.messages]
        assert counts == [[], ["00000001"], ["00000002"]]
        assert "sim-secret" not in "".join(arc.heard)


async def test_the_unit_registers_with_its_contact_and_beats() -> None:
    async with udp_arc(lambda t: [final(t, body=mrs(t, 0, "<hbi>5</hbi>"))]) as arc:
        async with pendant(to(arc)) as (unit, log):
            await unit.start()
            await until(lambda: "answered" in [e.what for e in log.entries])
        register = arc.heard[0]
        assert register.startswith(f"REGISTER sip:127.0.0.1:{arc.port} SIP/2.0")
        assert re.fullmatch(
            r"<sip:26317@127\.0\.0\.1:\d+;transport=udp>", header(register, "Contact")
        )
        assert "<mty>PI</mty>" in arc.messages[0]


async def test_one_seed_gives_one_conversation() -> None:
    told = []
    for _ in range(2):
        async with udp_arc(lambda t: [final(t, body=mrs(t, 0))]) as arc:
            async with pendant(to(arc), seed=7) as (unit, _):
                await unit.press()
                await unit.battery_low()
            text = "".join(arc.messages).replace(str(arc.port), "ARC")
            told.append(re.sub(r"127\.0\.0\.1:\d+", "UNIT", text))
    assert told[0] == told[1]


async def test_lost_and_repeated_and_reordered_messages_end_in_an_answer() -> None:
    faults = Faults(
        repeat=0.5, delay=0.5, reorder=0.3, lose_answer=0.5, delay_max_s=0.02, hold_s=0.03
    )
    async with (
        udp_arc(lambda t: [final(t, "202 Accepted"), new_message(t, 0)]) as arc,
        pendant(to(arc), seed=3, faults=faults) as (unit, _),
    ):
        answers = await asyncio.gather(*(unit.press() for _ in range(8)))
        assert all(answer.accepted for answer in answers)
        assert len({ref_of(text) for text in arc.messages}) == 8
        assert len(arc.messages) > 8
