"""The conversation: receipt, confirmation, hold, busy, resend, update, fragments, both styles."""

import pytest

from adapters.scaip import DeviceSettings, ReplyStyle, Speech
from adapters.session import Outcome, Send
from routing.kinds import Kind
from tests.adapters.scaip.unit import (
    ALARM,
    SECOND,
    T0,
    UDP,
    events,
    kinds,
    make,
    mrq,
    mrs,
    press,
    response_to,
    sends,
    sip,
    starts,
)

DIALECT = "<scaip><cid>+1</cid><dty>4</dty><stc>10</stc><ref>d1</ref></scaip>"


def test_a_press_is_accepted_then_answered_by_a_new_message_after_the_commit() -> None:
    session = make()
    outputs = session.receive(UDP, sip(), T0)
    assert starts(outputs) == ["SIP/2.0 202 Accepted"]
    assert mrs(outputs) == []
    (event,) = events(outputs)
    assert (event.type, event.subject) == (Kind.HELP_PRESSED, "scaip:10149471")
    assert event.source == "/adapters/scaip/scaip"

    answer = session.confirm(event.id, Outcome.DURABLE, T0 + SECOND)
    assert starts(answer) == ["MESSAGE sip:10149471@192.0.2.10:5070 SIP/2.0"]
    assert mrs(answer) == ["<mrs><ref>1193308443</ref><snu>0</snu><mre>0</mre></mrs>"]
    text = sends(answer)[0].decode()
    assert "\r\nFrom: <sip:arc@example.org>;tag=" in text
    assert "\r\nTo: <sip:10149471@example.org>\r\n" in text
    assert "\r\nContent-Type: application/scaip+xml\r\n" in text
    assert "\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK" in text


def test_the_response_names_what_was_seen_of_the_sender() -> None:
    (sent,) = sends(make().receive("udp:198.51.100.7:61000", sip(), T0))
    via = next(line for line in sent.decode().split("\r\n") if line.startswith("Via:"))
    assert "received=198.51.100.7" in via
    assert "rport=61000" in via


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome.DURABLE, "<snu>0</snu><mre>0</mre>"),
        (Outcome.BUSY, "<snu>6</snu>"),
        (Outcome.FAILED, "<snu>5</snu>"),
    ],
)
def test_outcomes(outcome: Outcome, said: str) -> None:
    session = make()
    (event,) = events(session.receive(UDP, sip(), T0))
    assert mrs(session.confirm(event.id, outcome, T0)) == [
        f"<mrs><ref>1193308443</ref>{said}</mrs>"
    ]
    assert session.confirm(event.id, Outcome.DURABLE, T0) == []


def test_hold_in_time_then_a_late_confirmation_answers_the_resend_at_once() -> None:
    session = make()
    (event,) = events(session.receive(UDP, sip(branch="z9hG4bK1"), T0))
    assert session.next_due() == T0 + 4 * SECOND
    assert session.due(T0 + 4 * SECOND - 1) == []
    held = session.due(T0 + 4 * SECOND)
    assert mrs(held) == ["<mrs><ref>1193308443</ref><snu>4</snu></mrs>"]
    session.receive(UDP, response_to(sends(held)[0]), T0 + 4 * SECOND)

    assert session.confirm(event.id, Outcome.DURABLE, T0 + 6 * SECOND) == []
    resent = session.receive(UDP, sip(branch="z9hG4bK2", cseq=2), T0 + 12 * SECOND)
    assert events(resent) == []
    assert mrs(resent) == ["<mrs><ref>1193308443</ref><snu>0</snu><mre>0</mre></mrs>"]


def test_a_resend_that_nobody_confirmed_is_emitted_again_as_the_same_press() -> None:
    session = make()
    (first,) = events(session.receive(UDP, sip(branch="z9hG4bK1"), T0))
    meanwhile = session.receive(UDP, sip(branch="z9hG4bK2"), T0 + 2 * SECOND)
    assert events(meanwhile) == []
    session.due(T0 + 6 * SECOND)
    (again,) = events(session.receive(UDP, sip(branch="z9hG4bK3"), T0 + 20 * SECOND))
    assert (again.id, again.receivedat) == (first.id, first.receivedat)


def test_two_resends_waiting_for_one_event_are_both_answered() -> None:
    session = make()
    (event,) = events(session.receive(UDP, sip(branch="z9hG4bK1"), T0))
    session.receive(UDP, sip(branch="z9hG4bK2"), T0 + SECOND)
    assert len(mrs(session.confirm(event.id, Outcome.DURABLE, T0 + 2 * SECOND))) == 2


def test_after_half_an_hour_the_same_reference_is_a_new_press() -> None:
    session = make()
    first = press(session, T0, branch="1")
    second = press(session, T0 + 1_800 * SECOND, branch="2")
    assert first != second


def test_a_reset_reuses_the_reference_and_is_its_own_event() -> None:
    session = make()
    first = press(session, body=mrq(stc="10"), branch="1")
    (reset,) = events(session.receive(UDP, sip(mrq(stc="10", mty="RE"), branch="z9hG4bK2"), T0))
    assert reset.type is Kind.HELP_CANCELLED
    assert reset.id != first


def test_an_update_keeps_the_press_and_rings_nothing_new() -> None:
    session = make()
    first = press(session, body=mrq(stc="10"), branch="1")
    update = mrq(stc="10", mty="IN", lco="012")
    (event,) = events(session.receive(UDP, sip(update, branch="z9hG4bK2"), T0 + SECOND))
    assert (event.id, event.type) == (first, Kind.HELP_PRESSED)
    assert event.data.location_code == "012"


def test_an_update_of_nothing_known_is_a_press() -> None:
    outputs = make().receive(UDP, sip(mrq(stc="10", mty="IN")), T0)
    assert kinds(outputs) == ["help.pressed"]


def test_an_update_to_cancelled_is_not_taken_for_the_press() -> None:
    session = make()
    first = press(session, body=mrq(stc="10"), branch="1")
    update = sip(mrq(stc="19", mty="IN"), branch="z9hG4bK2")
    (event,) = events(session.receive(UDP, update, T0))
    assert (event.type, event.id != first) == (Kind.HELP_CANCELLED, True)


@pytest.mark.parametrize("rest", [{}, {"stc": "10"}])
def test_fragments_ring_on_the_first_and_join_later(rest: dict[str, str]) -> None:
    session = make()
    first = press(session, body=mrq(stc="10", ame="1"), branch="1")
    part = mrq(ame="0", ite="more", **rest)
    outputs = session.receive(UDP, sip(part, branch="z9hG4bK2"), T0 + SECOND)
    (event,) = events(outputs)
    assert (event.id, event.type) == (first, Kind.HELP_PRESSED)
    assert mrs(session.confirm(first, Outcome.DURABLE, T0 + SECOND)) == [
        "<mrs><ref>A1</ref><snu>0</snu><mre>0</mre></mrs>"
    ]


def test_the_dialect_is_answered_in_the_200_that_waited() -> None:
    session = make()
    request = sip(DIALECT, content_type="application/xml")
    outputs = session.receive(UDP, request, T0)
    assert sends(outputs) == []
    assert session.receive(UDP, request, T0 + SECOND // 2) == []
    (event,) = events(outputs)
    answer = session.confirm(event.id, Outcome.DURABLE, T0 + SECOND)
    assert starts(answer) == ["SIP/2.0 200 OK"]
    assert mrs(answer) == ["<mrs><ref>d1</ref><snu>0</snu><mre>0</mre></mrs>"]
    assert session.receive(UDP, request, T0 + 2 * SECOND) == answer


def test_the_waiting_200_becomes_hold_in_time() -> None:
    session = make()
    session.receive(UDP, sip(DIALECT), T0)
    late = session.due(T0 + 4 * SECOND)
    assert starts(late) == ["SIP/2.0 200 OK"]
    assert mrs(late) == ["<mrs><ref>d1</ref><snu>4</snu></mrs>"]
    assert session.next_due() is None


def test_the_style_is_a_setting_of_the_device() -> None:
    body = make(devices={"10149471": DeviceSettings(reply_style=ReplyStyle.BODY)})
    assert sends(body.receive(UDP, sip(), T0)) == []
    message = make(reply_style=ReplyStyle.MESSAGE)
    assert starts(message.receive(UDP, sip(DIALECT), T0)) == ["SIP/2.0 202 Accepted"]


def test_speech_goes_with_a_confirmed_alarm_only() -> None:
    session = make(speech=Speech(mode=1, callback=62, number="gsm:+4720000000"))
    (event,) = events(session.receive(UDP, sip(), T0))
    assert mrs(session.confirm(event.id, Outcome.DURABLE, T0)) == [
        "<mrs><ref>1193308443</ref><snu>0</snu>"
        "<mre>1</mre><cre>62</cre><tnu>gsm:+4720000000</tnu></mrs>"
    ]
    (alive,) = events(session.receive(UDP, sip(mrq(mty="PI"), branch="z9hG4bK2"), T0))
    assert mrs(session.confirm(alive.id, Outcome.DURABLE, T0)) == [
        "<mrs><ref>A1</ref><snu>0</snu></mrs>"
    ]


@pytest.mark.parametrize(("hbo", "tail"), [("001", "<hbi>5</hbi>"), ("0", ""), ("2", "")])
def test_the_heartbeat_interval_is_set_where_it_may_be(hbo: str, tail: str) -> None:
    session = make()
    (event,) = events(session.receive(UDP, sip(mrq(mty="PI", hbo=hbo)), T0))
    assert event.type is Kind.DEVICE_ALIVE
    assert mrs(session.confirm(event.id, Outcome.DURABLE, T0)) == [
        f"<mrs><ref>A1</ref><snu>0</snu>{tail}</mrs>"
    ]


def test_every_heartbeat_is_a_sign_of_life_even_with_one_reference() -> None:
    session = make()
    ids = {press(session, T0 + n, body=mrq(mty="PI"), branch=str(n)) for n in range(3)}
    assert len(ids) == 3


def test_wrong_bodies_are_answered_without_waiting_and_never_positively() -> None:
    session = make()
    outputs = session.receive(UDP, sip("<mrq><ref>E1</ref><cid>1</cid></mrq>"), T0)
    assert kinds(outputs) == ["frame.undecodable"]
    assert starts(outputs)[0] == "SIP/2.0 202 Accepted"
    assert mrs(outputs) == ["<mrs><ref>E1</ref><snu>7</snu></mrs>"]
    assert events(outputs)[0].subject == "scaip:1"


def test_a_body_that_is_not_xml_is_refused_and_visible() -> None:
    outputs = make().receive(UDP, sip("hello", content_type="text/plain"), T0)
    assert starts(outputs) == ["SIP/2.0 415 Unsupported Media Type"]
    assert kinds(outputs) == ["frame.undecodable"]


def test_the_frame_with_two_statuses_waits_for_both() -> None:
    session = make()
    body = mrq(stc="10").replace("</mrq>", "<stc>16</stc></mrq>")
    first, second = events(session.receive(UDP, sip(body), T0))
    assert session.confirm(first.id, Outcome.BUSY, T0) == []
    assert mrs(session.confirm(second.id, Outcome.DURABLE, T0)) == [
        "<mrs><ref>A1</ref><snu>6</snu></mrs>"
    ]


def test_a_restarted_session_knows_the_press_again() -> None:
    (before,) = events(make().receive(UDP, sip(), T0))
    (after,) = events(make().receive(UDP, sip(branch="z9hG4bK9"), T0 + 10 * SECOND))
    assert before.id == after.id


def test_too_many_waiting_answers_leave_as_hold() -> None:
    from adapters.scaip import Limits

    session = make(limits=Limits(waiting=1))
    session.receive(UDP, sip(mrq(ref="A1"), branch="z9hG4bK1"), T0)
    outputs = session.receive(UDP, sip(mrq(ref="A2"), branch="z9hG4bK2"), T0)
    assert mrs(outputs) == ["<mrs><ref>A1</ref><snu>4</snu></mrs>"]
    assert kinds(outputs) == ["help.pressed"]


def test_unknown_confirmations_are_ignored() -> None:
    assert make().confirm("0" * 32, Outcome.DURABLE, T0) == []


def test_without_rport_the_response_goes_to_the_port_of_the_via() -> None:
    plain = sip(ALARM).replace(b";rport", b"")
    (sent,) = [o for o in make().receive("udp:192.0.2.10:61000", plain, T0) if isinstance(o, Send)]
    assert sent.peer == "udp:192.0.2.10:5070"
    (sent,) = [
        o for o in make().receive("udp:198.51.100.7:61000", plain, T0) if isinstance(o, Send)
    ]
    assert sent.peer == "udp:198.51.100.7:61000"
