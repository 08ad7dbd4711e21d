"""Retransmission in both directions, by a simulated clock."""

import pytest

from adapters.scaip import Limits
from adapters.session import Outcome, Send
from tests.adapters.scaip.unit import (
    SECOND,
    T0,
    TCP,
    UDP,
    events,
    kinds,
    make,
    mrq,
    mrs,
    response_to,
    sends,
    sip,
    starts,
)


def test_a_retransmission_gets_the_same_response_and_no_event() -> None:
    session = make()
    first = session.receive(UDP, sip(), T0)
    again = session.receive(UDP, sip(), T0 + SECOND // 2)
    assert sends(again) == sends(first)
    assert events(again) == []


def test_after_timer_j_the_same_request_is_a_resend() -> None:
    session = make()
    (first,) = events(session.receive(UDP, sip(), T0))
    session.due(T0 + 4 * SECOND)
    assert kinds(session.receive(UDP, sip(), T0 + 35 * SECOND)) == []
    later = session.receive(UDP, sip(), T0 + 36 * SECOND)
    assert starts(later) == ["SIP/2.0 202 Accepted"]
    assert [event.id for event in events(later)] == [first.id]


def test_a_constant_branch_never_hides_a_new_alarm() -> None:
    session = make()
    session.receive(UDP, sip(mrq(ref="A1", stc="10")), T0)
    outputs = session.receive(UDP, sip(mrq(ref="A2", stc="10")), T0 + SECOND)
    assert kinds(outputs) == ["help.pressed"]


def test_the_same_branch_of_another_device_is_another_request() -> None:
    session = make()
    session.receive(UDP, sip(), T0)
    other = session.receive("udp:192.0.2.11:5070", sip(mrq(cid="2")), T0)
    assert kinds(other) == ["help.pressed"]


def _answer_at(session_peer: str) -> tuple[object, bytes, list[float]]:
    session = make()
    if session_peer == TCP:
        session.opened(TCP, T0)
    outputs = session.receive(session_peer, sip(transport=session_peer[:3].upper()), T0)
    (event,) = events(outputs)
    (sent,) = sends(session.confirm(event.id, Outcome.DURABLE, T0))
    times = []
    while (due := session.next_due()) is not None:
        repeated = session.due(due)
        assert all(isinstance(output, Send) and output.data == sent for output in repeated)
        times += [(due - T0) / SECOND for _ in repeated]
    return session, sent, times


def test_timer_e_and_f_on_udp() -> None:
    *_, times = _answer_at(UDP)
    assert times == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]


def test_nothing_is_repeated_on_tcp() -> None:
    *_, times = _answer_at(TCP)
    assert times == []


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "404 Not Found", "503 No"])
def test_a_final_response_ends_the_repeats(status: str) -> None:
    session = make()
    (event,) = events(session.receive(UDP, sip(), T0))
    (sent,) = sends(session.confirm(event.id, Outcome.DURABLE, T0))
    assert session.next_due() == T0 + SECOND // 2
    assert session.receive(UDP, response_to(sent, status), T0 + 1) == []
    assert session.next_due() is None


def test_a_provisional_response_slows_them_down() -> None:
    session = make()
    (event,) = events(session.receive(UDP, sip(), T0))
    (sent,) = sends(session.confirm(event.id, Outcome.DURABLE, T0))
    session.receive(UDP, response_to(sent, "100 Trying"), T0 + 1)
    assert len(session.due(T0 + SECOND // 2)) == 1
    assert session.next_due() == T0 + SECOND // 2 + 4 * SECOND


def test_a_response_to_nothing_is_ignored() -> None:
    assert make().receive(UDP, response_to(sip()), T0) == []


def test_a_forgotten_transaction_is_a_resend_of_the_same_event() -> None:
    session = make(limits=Limits(transactions=1))
    (first,) = events(session.receive(UDP, sip(mrq(ref="A1", stc="10"), branch="z9hG4bK1"), T0))
    session.confirm(first.id, Outcome.DURABLE, T0)
    session.receive(UDP, sip(mrq(ref="A2", stc="10"), branch="z9hG4bK2"), T0)
    again = session.receive(UDP, sip(mrq(ref="A1", stc="10"), branch="z9hG4bK1"), T0 + 1)
    assert events(again) == []
    assert mrs(again) == ["<mrs><ref>A1</ref><snu>0</snu><mre>0</mre></mrs>"]


def test_the_answer_to_a_closed_connection_waits_for_the_resend() -> None:
    session = make()
    session.opened(TCP, T0)
    (event,) = events(session.receive(TCP, sip(transport="TCP"), T0))
    session.closed(TCP, T0)
    assert session.confirm(event.id, Outcome.DURABLE, T0) == []
    again = "tcp:192.0.2.10:40113#2"
    session.opened(again, T0)
    outputs = session.receive(again, sip(transport="TCP"), T0 + SECOND)
    assert events(outputs) == []
    assert mrs(outputs) == ["<mrs><ref>1193308443</ref><snu>0</snu><mre>0</mre></mrs>"]
