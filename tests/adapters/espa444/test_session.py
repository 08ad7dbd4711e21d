"""The conversation with a control station: what is answered, when, and under which event ids."""

from collections.abc import Sequence

import pytest

from adapters.espa444 import Espa444Config, Espa444Session
from adapters.session import Emit, Outcome, Output, Send, ToldWire
from routing.event import Event
from routing.instant import MINUTE, SECOND, Instant
from routing.kinds import Kind
from routing.lifecycle import Phase
from routing.to_device import AlarmProgress
from tests.adapters.espa444.blocks import AT, CALL, RESET, SELECT, block

PEER = "tcp:127.0.0.1:40112#1"
ACK, NAK, EOT = "06", "15", "04"


def session(**said: object) -> Espa444Session:
    line = Espa444Session(Espa444Config.model_validate({"id": "ward", **said}))
    line.due(AT)
    line.opened(PEER, AT)
    line.receive(PEER, b"\x00", AT)  # the sign of life of this minute
    return line


def events(outputs: Sequence[Output]) -> list[Event]:
    return [output.event for output in outputs if isinstance(output, Emit)]


def kinds(outputs: Sequence[Output]) -> list[str]:
    return [str(event.type) for event in events(outputs)]


def sent(outputs: Sequence[Output]) -> list[str]:
    return [output.data.hex() for output in outputs if isinstance(output, Send)]


def durable(line: Espa444Session, outputs: Sequence[Output], at: Instant = AT) -> list[str]:
    answers = [line.confirm(event.id, Outcome.DURABLE, at) for event in events(outputs)]
    return [octets for answer in answers for octets in sent(answer)]


def test_a_block_is_acknowledged_only_after_it_is_durable() -> None:
    line = session()
    assert sent(line.receive(PEER, SELECT, AT)) == [ACK]
    outputs = line.receive(PEER, CALL, AT)
    assert (kinds(outputs), sent(outputs)) == (["call.raised"], [])
    assert durable(line, outputs) == [ACK]


def test_without_a_durable_event_the_block_is_refused_before_the_station_gives_up() -> None:
    line = session()
    (event,) = events(line.receive(PEER, CALL, AT))
    assert line.confirm(event.id, Outcome.FAILED, AT) == []
    assert sent(line.due(AT + 13 * SECOND)) == []
    assert sent(line.due(AT + 14 * SECOND)) == [NAK]
    assert line.confirm(event.id, Outcome.DURABLE, AT + 15 * SECOND) == []


def test_a_call_that_reaches_nobody_is_refused_at_once() -> None:
    line = session()
    (event,) = events(line.receive(PEER, CALL, AT))
    assert sent(line.confirm(event.id, Outcome.BUSY, AT)) == [NAK]


@pytest.mark.parametrize("octets", [SELECT, b"2\x05"], ids=["select", "poll"])
def test_a_late_answer_is_never_taken_for_the_answer_to_what_follows(octets: bytes) -> None:
    line = session()
    outputs = line.receive(PEER, CALL, AT)
    line.receive(PEER, octets, AT + SECOND)
    assert durable(line, outputs) == []


def test_a_block_repeated_after_a_lost_answer_is_one_call() -> None:
    line = session()
    first = line.receive(PEER, CALL, AT)
    durable(line, first)
    again = line.receive(PEER, CALL, AT + 59 * SECOND)
    assert [event.id for event in events(again)][-1] == events(first)[0].id
    assert durable(line, again) == [ACK]
    later = events(line.receive(PEER, CALL, AT + 61 * SECOND))
    assert later[-1].id != events(first)[0].id


def test_a_block_that_was_never_acknowledged_stays_one_call_for_as_long_as_it_comes() -> None:
    line = session()
    ids = {
        event.id
        for second in range(0, 300, 30)
        for event in events(line.receive(PEER, CALL, AT + second * SECOND))
        if event.type is Kind.CALL_RAISED
    }
    assert len(ids) == 1


def test_after_a_reset_the_same_block_is_a_new_call() -> None:
    line = session()
    first = line.receive(PEER, CALL, AT)
    durable(line, first)
    (reset,) = events(line.receive(PEER, RESET, AT + 5 * SECOND))
    assert reset.type is Kind.CALL_CLEARED
    assert reset.subject == events(first)[0].subject == "espa444:ward/0815"
    (second,) = events(line.receive(PEER, CALL, AT + 9 * SECOND))
    assert second.id != events(first)[0].id


def test_a_wrong_check_character_is_refused_and_told_only_when_it_does_not_come_again() -> None:
    line = session()
    wrong = CALL[:-1] + bytes((CALL[-1] ^ 1,))
    outputs = line.receive(PEER, wrong, AT)
    assert (sent(outputs), kinds(outputs)) == ([NAK], [])
    assert kinds(line.receive(PEER, CALL, AT + SECOND)) == ["call.raised"]
    assert kinds(line.due(AT + 16 * SECOND)) == []
    line.receive(PEER, wrong, AT + 20 * SECOND)
    (told,) = events(line.due(AT + 35 * SECOND))
    assert (told.type, told.data.raw) == (Kind.FRAME_UNDECODABLE, wrong.hex())


def test_three_wrong_check_characters_in_a_row_are_told_at_once() -> None:
    line = session()
    wrong = CALL[:-1] + bytes((CALL[-1] ^ 1,))
    told = [kinds(line.receive(PEER, wrong, AT + n * SECOND)) for n in range(3)]
    assert told == [[], [], ["frame.undecodable"]]


def test_what_is_for_another_station_is_not_ours() -> None:
    line = session()
    assert line.receive(PEER, b"1\x053\x05" + CALL, AT) == []
    assert sent(line.receive(PEER, b"\x04" + SELECT, AT + SECOND)) == [ACK]
    assert kinds(line.receive(PEER, CALL, AT + SECOND)) == ["call.raised"]


def test_a_selection_that_takes_too_long_is_a_poll() -> None:
    line = session()
    assert line.receive(PEER, b"1\x05", AT) == []
    assert sent(line.receive(PEER, b"2\x05", AT + 2_600_000)) == [EOT]


def test_our_address_and_that_of_the_control_station_are_configured() -> None:
    line = session(control="7", station="31")
    assert sent(line.receive(PEER, b"7\x0531\x05", AT)) == [ACK]
    assert sent(line.receive(PEER, b"31\x05", AT)) == [EOT]
    assert sent(line.receive(PEER, b"2\x05", AT)) == []


@pytest.mark.parametrize(
    ("charset", "octets", "text"),
    [
        ("latin-1", "Bad på".encode("latin-1"), "Bad på"),
        ("norwegian", b"[ \\ ] { | }", "Æ Ø Å æ ø å"),
        ("swedish", b"[ \\ ] { | }", "Ä Ö Å ä ö å"),
        ("swedish-names", b"@ ^ ` ~", "É Ü é ü"),
        ("german", b"[ \\ ] { | } ~ @", "Ä Ö Ü ä ö ü ß §"),
        ("ascii", b"Rom {1}", "Rom {1}"),
    ],
)
def test_texts_of_seven_bits_have_national_letters(charset: str, octets: bytes, text: str) -> None:
    line = session(charset=charset)
    (event,) = events(line.receive(PEER, block((1, "12"), (2, octets)), AT))
    assert event.data.note == text


def test_parity_bits_that_a_converter_passes_on_are_stripped() -> None:
    line = session(strip_parity=True)
    even = bytes(o | (o.bit_count() % 2 << 7) for o in SELECT + CALL)
    assert even != SELECT + CALL
    outputs = line.receive(PEER, even, AT)
    assert (sent(outputs), kinds(outputs)) == ([ACK], ["call.raised"])


@pytest.mark.parametrize(
    ("text", "priority", "kind", "level"),
    [
        ("Rom 12", "1", "call.raised", "emergency"),
        ("Rom 12", "2", "call.raised", "assistance"),
        ("Rom 12", "3", "call.raised", "call"),
        ("Assistanse rom 12", "3", "call.raised", "assistance"),
        ("TILSTEDE rom 12", "3", "presence.entered", None),
        ("Tilstede av rom 12", "3", "presence.left", None),
    ],
)
def test_texts_and_priorities_say_what_is_meant(
    text: str, priority: str, kind: str, level: str | None
) -> None:
    texts = [
        {"contains": "assistanse", "means": "assistance"},
        {"contains": "tilstede av", "means": "presence_left"},
        {"contains": "tilstede", "means": "presence"},
    ]
    line = session(texts=texts, room_in_text="rom")
    (event,) = events(line.receive(PEER, block((1, "900"), (2, text), (6, priority)), AT))
    assert (str(event.type), event.data.level) == (kind, level)
    assert event.subject == "espa444:ward/12"


def test_a_silent_line_is_dead_and_comes_back() -> None:
    line = session()
    assert kinds(line.due(AT + 119 * SECOND)) == []
    (lost,) = events(line.due(AT + 120 * SECOND))
    assert (lost.type, lost.subject) == (Kind.LINK_LOST, "espa444:ward")
    assert line.next_due() is None
    assert kinds(line.receive(PEER, b"2\x05", AT + 5 * MINUTE)) == ["device.alive", "link.restored"]


def test_a_line_that_never_speaks_is_dead_too() -> None:
    line = Espa444Session(Espa444Config(id="ward"))
    assert line.next_due() == 0
    assert list(line.due(AT)) == []
    assert kinds(line.due(AT + 120 * SECOND)) == ["link.lost"]


def test_a_line_that_is_closed_for_ten_seconds_is_dead_and_reopening_in_time_is_nothing() -> None:
    line = session()
    line.closed(PEER, AT + SECOND)
    line.opened("serial:ward#2", AT + 5 * SECOND)
    assert kinds(line.due(AT + 12 * SECOND)) == []
    line.closed("serial:ward#2", AT + 20 * SECOND)
    (lost,) = events(line.due(AT + 30 * SECOND))
    assert "cable" in (lost.data.note or "")


def test_signs_of_life_are_told_once_a_minute() -> None:
    line = session()
    told = [kinds(line.receive(PEER, b"2\x05", AT + n * 10 * SECOND)) for n in range(1, 13)]
    assert [n for n, one in enumerate(told, 1) if one] == [6, 12]


def test_half_a_block_is_given_up_and_refused() -> None:
    line = session()
    assert line.receive(PEER, CALL[:9], AT) == []
    outputs = line.due(AT + 15 * SECOND)
    assert (sent(outputs), kinds(outputs)) == ([NAK], ["frame.undecodable"])
    assert kinds(line.receive(PEER, CALL, AT + 16 * SECOND)) == ["call.raised"]


def test_a_block_behind_noise_and_behind_half_a_block_is_heard() -> None:
    line = session()
    outputs = line.receive(PEER, b"%&!" + CALL[:9] + CALL, AT)
    assert kinds(outputs) == ["frame.undecodable", "call.raised"]


def test_an_acceptance_goes_back_at_the_next_poll() -> None:
    line = session(status_back=True)
    assert isinstance(line, ToldWire)
    (event,) = events(line.receive(PEER, CALL, AT))
    line.confirm(event.id, Outcome.DURABLE, AT)
    told = AlarmProgress(event=event.id, subject=event.subject, phase=Phase.ACCEPTED)
    assert line.told(told, AT) == ()
    assert sent(line.receive(PEER, b"2\x05", AT)) == [b"1\x05".hex()]
    assert sent(line.receive(PEER, b"\x06", AT)) == [block((1, "0815"), (7, "6"), header="2").hex()]
    assert sent(line.receive(PEER, b"\x06", AT)) == [EOT]
    assert sent(line.receive(PEER, b"2\x05", AT)) == [EOT]


def test_a_status_that_is_refused_is_told_three_times_and_no_more() -> None:
    line = session(status_back=True)
    told = AlarmProgress(event="e" * 32, subject="espa444:ward/12", phase=Phase.CLOSED)
    line.told(told, AT)
    for _ in range(3):
        assert sent(line.receive(PEER, b"2\x05", AT)) == [b"1\x05".hex()]
        line.receive(PEER, b"\x06", AT)
        assert sent(line.receive(PEER, b"\x15", AT)) == [EOT]
    assert sent(line.receive(PEER, b"2\x05", AT)) == [EOT]


def test_nothing_goes_back_where_it_is_not_wanted() -> None:
    line = session()
    told = AlarmProgress(event="e" * 32, subject="espa444:ward/12", phase=Phase.ACCEPTED)
    line.told(told, AT)
    assert sent(line.receive(PEER, b"2\x05", AT)) == [EOT]
