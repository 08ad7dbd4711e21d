"""The conversation with a nurse-call system: logins, answers, and what panels hear unasked."""

import struct
from collections.abc import Mapping, Sequence
from itertools import count

import pytest

from adapters.espax import EspaXConfig, EspaXSession
from adapters.session import Close, Emit, Keep, Outcome, Output, Send, ToldWire
from routing.event import Event
from routing.instant import MINUTE, SECOND
from routing.kinds import Kind
from routing.lifecycle import Phase
from routing.to_device import AlarmProgress
from tests.adapters.espax.frames import AT, frame, login, request, said, start, stop

PEER, OTHER = "tcp:127.0.0.1:40112#1", "tcp:127.0.0.1:40113#2"
PASSWORDS = {"panel": "correct horse", "broken": None}


def session(kept: Mapping[str, str] | None = None, **more: object) -> EspaXSession:
    numbers = count(1)
    config = EspaXConfig.model_validate({"id": "ward", **more})
    line = EspaXSession(config, PASSWORDS, lambda: f"S{next(numbers)}", kept or {})
    line.due(AT)
    return line


def logged_in(kept: Mapping[str, str] | None = None, **more: object) -> EspaXSession:
    line = session(kept, **more)
    line.opened(PEER, AT)
    assert heard(line.receive(PEER, login(), AT)) == ["RSP.LOGIN 200"]
    return line


def events(outputs: Sequence[Output]) -> list[Event]:
    return [output.event for output in outputs if isinstance(output, Emit)]


def kinds(outputs: Sequence[Output]) -> list[str]:
    return [str(event.type) for event in events(outputs)]


def heard(outputs: Sequence[Output]) -> list[str]:
    return said(b"".join(output.data for output in outputs if isinstance(output, Send)))


def durable(line: EspaXSession, outputs: Sequence[Output]) -> list[Output]:
    told = [one for one in events(outputs) if one.type is not Kind.DEVICE_ALIVE]
    return [out for event in told for out in line.confirm(event.id, Outcome.DURABLE, AT)]


def called(line: EspaXSession, octets: bytes) -> Event:
    outputs = line.receive(PEER, octets, AT)
    durable(line, outputs)
    return events(outputs)[-1]


def progress(event: Event, phase: Phase) -> AlarmProgress:
    return AlarmProgress(event=event.id, subject=event.subject, phase=phase)


def test_a_call_is_confirmed_only_after_it_is_durable() -> None:
    line = logged_in()
    outputs = line.receive(PEER, start(), AT)
    assert (kinds(outputs), heard(outputs)) == (["call.raised"], [])
    assert events(outputs)[0].subject == "espax:ward/W2/12"
    assert heard(durable(line, outputs)) == ["RSP.P-START 200", "IND.P-STARTED"]


@pytest.mark.parametrize(
    ("outcome", "answer"),
    [(Outcome.BUSY, "RSP.P-START 503"), (Outcome.FAILED, "RSP.P-START 500")],
)
def test_without_a_durable_event_the_call_is_never_confirmed(outcome: Outcome, answer: str) -> None:
    line = logged_in()
    (event,) = events(line.receive(PEER, start(), AT))
    outputs = [*line.confirm(event.id, outcome, AT), *line.due(AT + 8 * SECOND)]
    assert heard(outputs) == [answer]
    assert line.confirm(event.id, Outcome.DURABLE, AT + 9 * SECOND) == []


def test_a_call_sent_again_is_a_duplicate_once_it_is_durable_and_the_same_event_before() -> None:
    line = logged_in()
    first = line.receive(PEER, start(), AT)
    again = line.receive(PEER, start(), AT)
    assert events(first)[0].id == events(again)[0].id
    answers = heard(line.confirm(events(first)[0].id, Outcome.DURABLE, AT))
    assert answers == ["RSP.P-START 200", "IND.P-STARTED"] * 2
    repeated = line.receive(PEER, start(), AT)
    assert (kinds(repeated), heard(repeated)) == ([], ["RSP.P-START 450"])


def test_a_call_of_half_an_hour_ago_with_the_same_reference_is_a_new_one() -> None:
    line = logged_in()
    first = called(line, start())
    line.receive(PEER, stop(), AT)
    durable(line, line.receive(PEER, stop(), AT))
    later = events(line.receive(PEER, start(), AT + 31 * MINUTE))[-1]
    assert later.id != first.id


@pytest.mark.parametrize(
    ("user", "password"),
    [("Panel", "wrong"), ("Panel", ""), ("Nobody", "correct horse"), ("broken", ""), ("", "")],
)
def test_a_wrong_login_is_refused(user: str, password: str) -> None:
    line = session()
    assert heard(line.receive(PEER, login(user, password), AT)) == ["RSP.LOGIN 403"]
    assert heard(line.receive(PEER, request("HEARTBEAT"), AT)) == ["RSP.HEARTBEAT 407"]


def test_a_call_without_login_is_refused_and_rings_and_a_presence_does_not_count() -> None:
    texts = [{"contains": "presence", "means": "presence"}]
    line = session(texts=texts)
    outputs = line.receive(PEER, start(CP_TEXTMSG="Help"), AT)
    assert heard(outputs) == ["RSP.P-START 407"]
    rung = events(outputs)[-1]
    assert (rung.type, rung.data.note) == (Kind.CALL_RAISED, "not logged in: Help")
    outputs = line.receive(PEER, start("ref-2", CP_TEXTMSG="Presence"), AT)
    assert (kinds(outputs), heard(outputs)) == ([], ["RSP.P-START 407"])
    line.receive(PEER, login(), AT)
    (same,) = events(line.receive(PEER, start(CP_TEXTMSG="Help"), AT))
    assert same.id == rung.id


def test_a_closed_network_may_ask_for_no_login() -> None:
    line = session(require_login=False)
    assert heard(line.receive(PEER, request("HEARTBEAT"), AT)) == ["RSP.HEARTBEAT 200"]
    outputs = line.receive(PEER, start(), AT)
    assert heard(durable(line, outputs)) == ["RSP.P-START 200", "IND.P-STARTED"]


@pytest.mark.parametrize("name", ["S-CONDITION", "HEARTBEAT"])
def test_a_condition_and_a_heartbeat_are_answered(name: str) -> None:
    assert heard(logged_in().receive(PEER, request(name), AT)) == [f"RSP.{name} 200"]


def test_the_answer_carries_the_number_of_its_request_and_the_session() -> None:
    line = session()
    (answer,) = [o for o in line.receive(PEER, login(), AT) if isinstance(o, Send)]
    assert struct.unpack(">I", answer.data[6:10]) == (1,)
    assert b'sessionID="S1"' in answer.data
    assert b'invokeID="1"' in answer.data


def test_a_stop_is_told_beside_the_call_and_ends_the_process() -> None:
    line = logged_in()
    called(line, start())
    outputs = line.receive(PEER, stop(), AT)
    assert (kinds(outputs), heard(outputs)) == (["call.cleared"], [])
    assert events(outputs)[0].subject == "espax:ward/W2/12"
    assert heard(durable(line, outputs)) == ["RSP.P-STOP 200", "IND.P-ENDED Client"]


def test_presence_lasts_until_its_process_is_stopped() -> None:
    line = logged_in(texts=[{"contains": "presence", "means": "presence"}])
    assert called(line, start(CP_TEXTMSG="Presence")).type is Kind.PRESENCE_ENTERED
    assert called(line, stop()).type is Kind.PRESENCE_LEFT


def test_a_stop_of_an_unknown_call_is_visible() -> None:
    (event,) = events(logged_in().receive(PEER, stop("strange"), AT))
    assert (event.type, event.subject) == (Kind.CALL_CLEARED, "espax:ward")
    assert "not known here" in (event.data.note or "")


def test_an_acceptance_and_a_close_go_back_to_the_panel() -> None:
    line = logged_in()
    assert isinstance(line, ToldWire)
    event = called(line, start())
    assert heard(line.told(progress(event, Phase.LOOKING), AT)) == []
    accepted = line.told(progress(event, Phase.ACCEPTED), AT)
    assert heard(accepted) == ["IND.P-EVENT Accepted"]
    assert heard(line.told(progress(event, Phase.ON_THE_WAY), AT)) == []
    assert heard(line.told(progress(event, Phase.LOOKING), AT)) == ["IND.P-EVENT Waiting"]
    ended = line.told(progress(event, Phase.CLOSED), AT)
    assert heard(ended) == ["IND.P-ENDED Processed"]
    assert line.told(progress(event, Phase.CLOSED), AT) == []


def test_every_call_of_the_room_hears_of_its_one_alarm() -> None:
    line = logged_in()
    event = called(line, start())
    called(line, start("ref-2", prio="Emergency"))
    called(line, start("ref-3", room="14"))
    told = line.told(progress(event, Phase.ACCEPTED), AT)
    assert heard(told) == ["IND.P-EVENT Accepted"] * 2


def test_a_call_of_another_room_that_joined_hears_of_the_alarm_by_its_own_event() -> None:
    line = logged_in()
    first, second = called(line, start()), called(line, start("ref-2", room="14"))
    for event in (first, second):
        assert heard(line.told(progress(event, Phase.CLOSED), AT)) == ["IND.P-ENDED Processed"]


def test_an_acceptance_that_is_told_before_the_call_is_confirmed_is_not_lost() -> None:
    line = logged_in()
    outputs = line.receive(PEER, start(), AT)
    assert line.told(progress(events(outputs)[-1], Phase.ACCEPTED), AT) == []
    answers = heard(durable(line, outputs))
    assert answers == ["RSP.P-START 200", "IND.P-STARTED", "IND.P-EVENT Accepted"]


def test_what_a_panel_missed_it_hears_at_its_next_login() -> None:
    line = logged_in()
    event = called(line, start())
    line.closed(PEER, AT)
    assert line.told(progress(event, Phase.ACCEPTED), AT) == []
    assert heard(line.receive(OTHER, login(), AT)) == ["RSP.LOGIN 200", "IND.P-EVENT Accepted"]


def test_an_end_that_was_lost_with_its_connection_is_told_at_the_next_login() -> None:
    line = logged_in()
    event = called(line, start())
    assert heard(line.told(progress(event, Phase.CLOSED), AT)) == ["IND.P-ENDED Processed"]
    again = heard(line.receive(OTHER, login(), AT + MINUTE))
    assert again == ["RSP.LOGIN 200", "IND.P-ENDED Processed"]
    assert heard(line.receive(PEER, login(), AT + 11 * MINUTE)) == ["RSP.LOGIN 200"]


def test_a_restarted_adapter_still_knows_whose_call_it_was() -> None:
    line = logged_in()
    outputs = line.receive(PEER, start(), AT)
    (event,) = events(outputs)
    kept = {o.key: o.value for o in durable(line, outputs) if isinstance(o, Keep) and o.value}
    new = logged_in(kept)
    assert heard(new.told(progress(event, Phase.ACCEPTED), AT)) == ["IND.P-EVENT Accepted"]
    assert heard(new.receive(PEER, start(), AT)) == ["RSP.P-START 450"]


def test_a_logout_ends_the_connection() -> None:
    outputs = logged_in().receive(PEER, request("LOGOUT"), AT)
    assert heard(outputs) == ["RSP.LOGOUT 200"]
    assert outputs[-1] == Close(PEER)


@pytest.mark.parametrize(
    "octets", [b"XX", b"GET / HTTP/1.1\r\n", b"EX\xff\xff\xff\xff\0\0\0\0", b"EX\0\0\0\2\0\0\0\0"]
)
def test_a_bad_header_is_visible_and_ends_the_connection(octets: bytes) -> None:
    line = logged_in()
    outputs = line.receive(PEER, octets, AT)
    assert (kinds(outputs), heard(outputs)) == (["frame.undecodable"], ["IND.ERROR 600"])
    assert outputs[-1] == Close(PEER)
    assert line.receive(PEER, start(), AT) == []


def test_a_request_that_nobody_knows_is_visible() -> None:
    outputs = logged_in().receive(PEER, request("DANCE"), AT)
    assert (kinds(outputs), heard(outputs)) == (["frame.undecodable"], ["IND.ERROR 602"])


def test_a_flood_of_unreadable_frames_is_told_once_a_minute_with_its_number() -> None:
    line = logged_in()
    told = [kinds(line.receive(PEER, frame("<"), AT + SECOND)) for _ in range(50)]
    assert [one for one in told if one] == [["frame.undecodable"]]
    held = [e for e in events(line.due(AT + 62 * SECOND)) if e.type is Kind.FRAME_UNDECODABLE]
    assert "49 more" in (held[0].data.note or "")


def test_several_calls_in_a_frame_are_all_told() -> None:
    one = '<REQ.P-START invokeID="{0}"><CP-CALLINGNO>{0}</CP-CALLINGNO></REQ.P-START>'
    line = logged_in()
    outputs = line.receive(PEER, frame(f"<ESPA-X>{one.format(7)}{one.format(8)}</ESPA-X>"), AT)
    assert [event.subject for event in events(outputs)] == ["espax:ward/7", "espax:ward/8"]


def test_half_a_frame_is_given_up() -> None:
    line = logged_in()
    line.receive(PEER, start()[:40], AT)
    outputs = line.due(AT + 30 * SECOND)
    assert (kinds(outputs), outputs[-1]) == (["frame.undecodable"], Close(PEER))


def test_a_line_without_heartbeats_is_dead() -> None:
    line = logged_in()
    assert kinds(line.due(AT + 120 * SECOND)) == ["link.lost"]
    line.receive(PEER, request("HEARTBEAT"), AT + 130 * SECOND)
    assert kinds(line.due(AT + 131 * SECOND)) == []
