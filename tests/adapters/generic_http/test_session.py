"""Unsigned JSON over HTTP: the token, repeats, lists, and bodies that are wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.generic_http import GenericHttpConfig, GenericHttpSession
from adapters.session import Accepted, Answer, Call
from routing.event import Event
from routing.instant import MINUTE
from routing.kinds import Kind

AT = 1_800_000_000_000_000
TOKEN = "a-token-of-twenty-four-octets"
CONFIG = GenericHttpConfig.model_validate(
    {
        "id": "gate",
        "mapping": {
            "each": "sensors",
            "device": "id",
            "part": "$.gateway",
            "rules": [
                {"when": {"leak": True}, "kind": "water.detected"},
                {"when": {"battery": {"below": 15}}, "kind": "battery.low"},
            ],
            "otherwise": "device.alive",
        },
    }
)


def call(body: object, *, token: str = f"Bearer {TOKEN}", key: str | None = None) -> Call:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"authorization": token} | ({} if key is None else {"idempotency-key": key})
    return Call(headers, octets)


def session() -> GenericHttpSession:
    return GenericHttpSession(CONFIG, TOKEN)


def events_of(answer: Accepted | Answer) -> list[Event]:
    assert isinstance(answer, Accepted)
    return list(answer.events)


LEAK = {"gateway": "kitchen", "sensors": [{"id": "s1", "leak": True, "battery": 9}, {"id": "s2"}]}


def test_a_believed_body_is_events_and_their_answer() -> None:
    accepted = session().request(call(LEAK), AT)
    assert isinstance(accepted, Accepted)
    assert [(str(e.type), e.subject, e.data.part) for e in accepted.events] == [
        ("water.detected", "generic-http:s1", "kitchen"),
        ("battery.low", "generic-http:s1", "kitchen"),
        ("device.alive", "generic-http:s2", "kitchen"),
    ]
    assert accepted.answer == Answer(200, "received")
    assert {e.source for e in accepted.events} == {"/adapters/generic-http/gate"}


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer é"]
)
def test_without_the_right_token_nothing_happens(token: str) -> None:
    answer = session().request(call(LEAK, token=token), AT)
    assert isinstance(answer, Answer)
    assert answer.status == 401
    assert TOKEN not in answer.text


def test_a_short_token_is_refused() -> None:
    with pytest.raises(ValueError, match="token of gate is short"):
        GenericHttpSession(CONFIG, "short")


def test_a_repeated_key_is_the_same_event_and_none_is_merged() -> None:
    one = session()
    ids = [
        events_of(one.request(call(LEAK, key=key), AT + offset))[0].id
        for key, offset in [("k", 0), ("k", MINUTE), ("l", MINUTE), (None, 1), (None, 2)]
    ]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 4
    (late, *_) = events_of(one.request(call(LEAK, key="k"), AT + 10 * MINUTE))
    assert late.id not in ids


@pytest.mark.parametrize("body", [b"{", b"\xff", {"sensors": 7}, {"sensors": []}, {}, [], 4])
def test_a_believed_body_that_cannot_be_read_is_visible(body: object) -> None:
    (event,) = events_of(session().request(call(body), AT))
    assert (event.type, event.subject) == (Kind.FRAME_UNDECODABLE, "generic-http:unknown")


def test_a_list_that_is_too_long_is_to_be_sent_in_parts() -> None:
    answer = session().request(call({"sensors": [{"id": "s"}] * 101}), AT)
    assert isinstance(answer, Accepted)
    assert answer.answer.status == 413
    assert [event.type for event in answer.events] == [Kind.FRAME_UNDECODABLE]


def test_a_body_that_is_too_long_is_refused() -> None:
    answer = session().request(call(b" " * (256 * 1024 + 1)), AT)
    assert isinstance(answer, Answer)
    assert answer.status == 413


@given(st.binary(max_size=200))
def test_any_believed_octets_give_events_that_hold(body: bytes) -> None:
    events = events_of(session().request(call(body), AT))
    assert events
    for event in events:
        assert Event.parse(event.to_json()) == event
