"""The conversation: who gets which answer, when, and under which event ids."""

import pytest

from adapters.session import Close, Outcome
from routing.instant import HOUR, MINUTE, SECOND
from tests.adapters.sia_dc09.frames import (
    AT,
    NOW,
    TCP,
    UDP,
    events,
    framed,
    kinds,
    plain,
    sent,
    session,
)

MEDICAL = plain("|Nri1/MA001")
MEDICAL_ACK = b'\nD1600012"ACK"0003L0#1234[]\r'


@pytest.mark.parametrize("peer", [UDP, TCP])
def test_a_press_is_answered_only_after_it_is_durable(peer: str) -> None:
    panel = session()
    outputs = panel.receive(peer, MEDICAL, AT)
    (press,) = events(outputs)
    assert (str(press.type), press.subject) == ("help.pressed", "sia-dc09:1234")
    assert (press.time, press.sequence) == ("2026-11-22T12:00:00Z", "0003")
    assert (press.data.code, press.data.part, press.data.location_code) == ("MA", "001", "1")
    assert sent(outputs) == []
    assert sent(panel.confirm(press.id, Outcome.DURABLE, AT)) == [MEDICAL_ACK]
    assert sent(panel.confirm(press.id, Outcome.DURABLE, AT)) == []


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.FAILED])
def test_without_a_durable_event_the_panel_hears_nothing(outcome: Outcome) -> None:
    panel = session()
    (press,) = events(panel.receive(UDP, MEDICAL, AT))
    assert sent(panel.confirm(press.id, outcome, AT)) == []
    assert sent(panel.confirm(press.id, Outcome.DURABLE, AT)) == []


def test_a_confirmation_that_comes_too_late_is_silence() -> None:
    panel = session(answer_within_s=15)
    (press,) = events(panel.receive(UDP, MEDICAL, AT))
    assert panel.next_due() == AT + 15 * SECOND
    assert panel.due(AT + 15 * SECOND) == []
    assert panel.next_due() is None
    assert sent(panel.confirm(press.id, Outcome.DURABLE, AT + 16 * SECOND)) == []


def test_several_codes_in_a_frame_are_all_told_and_all_waited_for() -> None:
    panel = session()
    frame = plain("|Nri1/YT001/FA002/MA003^Bath^")
    told = events(panel.receive(UDP, frame, AT))
    assert [str(event.type) for event in told] == ["battery.low", "smoke.detected", "help.pressed"]
    assert len({event.id for event in told}) == 3
    assert "Bath" in str(told[2].data.note)
    for event in told[:-1]:
        assert sent(panel.confirm(event.id, Outcome.DURABLE, AT)) == []
    assert len(sent(panel.confirm(told[-1].id, Outcome.DURABLE, AT))) == 1


def test_of_too_many_codes_help_is_told_and_the_rest_counted() -> None:
    data = "|Nri1/" + "/".join(f"YT{zone:03}" for zone in range(60)) + "/MA061"
    told = events(session().receive(UDP, plain(data), AT))
    assert len(told) == 33
    assert "help.pressed" in [str(event.type) for event in told]
    assert (str(told[-1].type), told[-1].data.code) == ("code.unknown", "29 more in one frame")


def test_a_cancel_is_told_beside_the_press() -> None:
    panel = session()
    assert kinds(panel.receive(UDP, MEDICAL, AT)) == ["help.pressed"]
    assert kinds(panel.receive(UDP, plain("|Nri1/MR001", sequence="0004"), AT)) == [
        "help.cancelled"
    ]


def test_a_resend_keeps_its_id_over_transports_and_with_a_new_time() -> None:
    panel = session()
    (first,) = events(panel.receive(UDP, MEDICAL, AT))
    (moved,) = events(panel.receive(TCP, MEDICAL, AT + MINUTE))
    later = plain("|Nri1/MA001", after="_12:02:00,11-22-2026")
    (stamped,) = events(panel.receive(UDP, later, AT + 2 * MINUTE))
    assert first.id == moved.id == stamped.id
    assert len(sent(panel.confirm(first.id, Outcome.DURABLE, AT + 2 * MINUTE))) == 1


def test_another_sequence_account_content_or_time_of_day_is_a_new_press() -> None:
    panel = session()
    frames = [
        MEDICAL,
        plain("|Nri1/MA001", sequence="0004"),
        plain("|Nri1/MA001", account="1235"),
        plain("|Nri1/MA002"),
    ]
    ids = [events(panel.receive(UDP, frame, AT))[0].id for frame in frames]
    (later,) = events(panel.receive(UDP, MEDICAL, AT + 5 * MINUTE))
    assert len({*ids, later.id}) == 5


def test_under_sequence_zero_another_time_is_another_press() -> None:
    panel = session()
    frames = [plain("|Nri1/MA001", sequence="0000", after=f"_12:00:0{n},11-22-2026") for n in "011"]
    first, second, again = (events(panel.receive(UDP, frame, AT))[0].id for frame in frames)
    assert first != second == again


def test_every_link_test_is_a_sign_of_life_of_its_own() -> None:
    panel = session()
    null = plain("", id="NULL", sequence="0000", after="")
    (first,) = events(panel.receive(UDP, null, AT))
    (second,) = events(panel.receive(UDP, null, AT + 30 * SECOND))
    assert str(first.type) == "device.alive"
    assert first.id != second.id
    (ack,) = sent(panel.confirm(second.id, Outcome.DURABLE, AT + 30 * SECOND))
    assert ack == framed(b'"ACK"0000L0#1234[]')


def test_an_unknown_code_is_visible_and_refused_once_durable() -> None:
    panel = session()
    (unknown,) = events(panel.receive(UDP, plain("|Nri1/QQ001"), AT))
    assert (str(unknown.type), unknown.data.code) == ("code.unknown", "QQ")
    assert sent(panel.confirm(unknown.id, Outcome.DURABLE, AT)) == [framed(b'"DUH"0003L0#1234[]')]


def test_an_unknown_code_beside_a_known_one_is_visible_and_accepted() -> None:
    panel = session()
    told = events(panel.receive(UDP, plain("|Nri1/QQ001/MA002"), AT))
    assert [str(event.type) for event in told] == ["code.unknown", "help.pressed"]
    panel.confirm(told[0].id, Outcome.DURABLE, AT)
    (ack,) = sent(panel.confirm(told[1].id, Outcome.DURABLE, AT))
    assert ack == MEDICAL_ACK


def test_an_unknown_code_is_told_once_a_day_and_again_in_the_same_frame() -> None:
    panel = session()
    frame = plain("|Nri1/QQ001", after="")
    assert kinds(panel.receive(UDP, frame, AT)) == ["code.unknown"]
    assert kinds(panel.receive(UDP, frame, AT + SECOND)) == ["code.unknown"]
    other = panel.receive(UDP, plain("|Nri1/QQ001", sequence="0009", after=""), AT + HOUR)
    assert kinds(other) == []
    assert sent(other) == [framed(b'"DUH"0009L0#1234[]')]


def test_a_format_that_is_not_read_is_visible_and_refused() -> None:
    panel = session()
    (unknown,) = events(panel.receive(UDP, plain("|18140 1", id="ADM-41E"), AT))
    assert (str(unknown.type), unknown.data.code) == ("code.unknown", "id=ADM-41E")
    assert sent(panel.confirm(unknown.id, Outcome.DURABLE, AT)) == [framed(b'"DUH"0003L0#1234[]')]


def test_a_frame_without_a_code_is_visible_and_refused() -> None:
    panel = session()
    (bad,) = events(panel.receive(UDP, plain("|"), AT))
    assert (str(bad.type), bad.data.note) == ("frame.undecodable", "no event code in the data")
    assert sent(panel.confirm(bad.id, Outcome.DURABLE, AT)) == [framed(b'"DUH"0003L0#1234[]')]


def test_a_call_for_help_with_a_wrong_checksum_rings_and_is_not_answered() -> None:
    panel = session()
    wrong = MEDICAL.replace(b"MA001", b"MA002")
    outputs = panel.receive(UDP, wrong, AT)
    assert kinds(outputs) == ["help.pressed", "frame.undecodable"]
    press, bad = events(outputs)
    assert "checksum" in str(press.data.note)
    assert bad.data.raw == wrong.rstrip(b"\r").hex()
    for event in (press, bad):
        assert sent(panel.confirm(event.id, Outcome.DURABLE, AT)) == []


def test_a_wrong_checksum_never_takes_the_id_of_the_true_frame() -> None:
    panel = session()
    forged = b"\n0000" + MEDICAL[5:]
    (press, _) = events(panel.receive(UDP, forged, AT))
    (true,) = events(panel.receive(UDP, MEDICAL, AT))
    assert press.id != true.id


def test_a_plain_frame_with_a_wrong_clock_is_told_and_the_clock_once_an_hour() -> None:
    panel = session()
    stamps = ["_13:00:00,11-22-2026", "_13:00:05,11-22-2026"]
    frames = [plain("|Nri1/MA001", sequence=f"000{n}", after=s) for n, s in enumerate(stamps, 1)]
    first = panel.receive(UDP, frames[0], AT)
    assert kinds(first) == ["help.pressed", "clock.wrong"]
    assert events(first)[1].data.duration_s == 3600
    assert kinds(panel.receive(UDP, frames[1], AT)) == ["help.pressed"]
    for event in events(first):
        answers = sent(panel.confirm(event.id, Outcome.DURABLE, AT))
    assert answers == [framed(b'"ACK"0001L0#1234[]')]


def test_an_old_event_is_history_with_its_time() -> None:
    frame = plain("|Ori1/MA001", after="[H08:15:00,11-20-2026]" + NOW)
    (old,) = events(session().receive(UDP, frame, AT))
    assert (str(old.type), old.history, old.time) == ("help.pressed", True, "2026-11-20T08:15:00Z")


def test_extended_data_is_carried() -> None:
    extended = "[X010E45.0][Y59N30.0][LBad][M001122334455][IVann på golvet]"
    (event,) = events(session().receive(UDP, plain("|Nri1/WA007", after=extended + NOW), AT))
    assert event.data.position is not None
    assert (event.data.position.lat, event.data.position.lon) == pytest.approx((59.5, 10.75))
    assert event.data.location_text == "Bad"
    assert event.data.note == "water alarm; Vann på golvet"


def test_a_stream_is_cut_anywhere() -> None:
    panel = session()
    stream = MEDICAL + plain("|Nri1/FA001", sequence="0004") + b"\r\n"
    told = [kind for at in stream for kind in kinds(panel.receive(TCP, bytes([at]), AT))]
    assert told == ["help.pressed", "smoke.detected"]


def test_a_cut_frame_becomes_visible_after_a_while_and_what_follows_is_heard() -> None:
    panel = session()
    assert panel.receive(TCP, MEDICAL[:30], AT) == []
    assert panel.next_due() == AT + 5 * SECOND
    assert kinds(panel.due(AT + 5 * SECOND)) == ["frame.undecodable"]
    assert kinds(panel.receive(TCP, MEDICAL, AT + 6 * SECOND)) == ["help.pressed"]


def test_a_whole_frame_behind_a_cut_one_is_heard_at_once() -> None:
    outputs = session().receive(TCP, MEDICAL[:30] + MEDICAL, AT)
    assert kinds(outputs) == ["frame.undecodable", "help.pressed"]


def test_a_cut_frame_at_the_end_of_a_connection_is_visible() -> None:
    panel = session()
    panel.opened(TCP, AT)
    panel.receive(TCP, b"\n" + MEDICAL[1:20], AT)
    assert kinds(panel.closed(TCP, AT)) == ["frame.undecodable"]
    assert panel.closed(TCP, AT) == []


def test_an_older_panel_writes_its_checksum_as_octets_and_is_answered_so() -> None:
    panel = session()
    binary = b"\n" + bytes.fromhex("14D2") + MEDICAL[5:]
    (press,) = events(panel.receive(TCP, binary, AT))
    (ack,) = sent(panel.confirm(press.id, Outcome.DURABLE, AT))
    assert ack == b"\n" + bytes.fromhex("D160") + MEDICAL_ACK[5:]


def test_unreadable_octets_are_told_at_once_and_then_counted() -> None:
    panel = session()
    assert kinds(panel.receive(UDP, b"GET / HTTP/1.1", AT)) == ["frame.undecodable"]
    for number in range(1, 11):
        assert panel.receive(UDP, b"noise %d" % number, AT + number * SECOND) == []
    (rest,) = events(panel.due(AT + MINUTE))
    assert "10 more like it" in str(rest.data.note)
    assert panel.next_due() is None
    assert kinds(panel.receive(UDP, b"noise", AT + 2 * MINUTE)) == ["frame.undecodable"]


def test_noise_of_one_sender_hides_neither_another_account_nor_a_press() -> None:
    panel = session()
    panel.receive(UDP, b"noise", AT)
    sealed = framed(b'"*SIA-DCS"0001L0#77AA[' + b"00" * 32)
    assert kinds(panel.receive(UDP, sealed, AT)) == ["frame.undecodable"]
    assert kinds(panel.receive("udp:10.0.0.9:1", b"noise", AT)) == ["frame.undecodable"]
    assert kinds(panel.receive(UDP, MEDICAL, AT)) == ["help.pressed"]


def test_one_address_with_very_many_accounts_is_counted_as_one_sender() -> None:
    panel = session()
    told = 0
    for account in range(1000, 1200):
        sealed = framed(b'"*SIA-DCS"0001L0#%d[' % account + b"00" * 32)
        told += len(events(panel.receive(UDP, sealed, AT)))
    assert told == 33
    (rest,) = events(panel.due(AT + MINUTE))
    assert "167 more like it" in str(rest.data.note)


def test_a_stream_of_garbage_is_closed_and_told() -> None:
    panel = session()
    panel.opened(TCP, AT)
    told, closed = [], False
    for _ in range(8):
        outputs = panel.receive(TCP, b"\xaa" * 8_000, AT)
        told += kinds(outputs)
        closed = closed or Close(TCP) in outputs
    assert told == ["frame.undecodable"]
    assert closed


def test_answers_that_wait_are_bounded_and_the_oldest_is_silence() -> None:
    panel = session()
    ids = [
        events(panel.receive(UDP, plain("|Nri1/MA001", sequence=f"{n:04}"), AT))[0].id
        for n in range(1, 4_099)
    ]
    answers = [len(sent(panel.confirm(event_id, Outcome.DURABLE, AT))) for event_id in ids]
    assert answers == [0, 0, *[1] * 4_096]
