"""From a POST to events and an answer."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mapping import Mapping
from adapters.session import Accepted, Answer, Call
from adapters.webhook import WebhookConfig, WebhookSession, decode
from adapters.webhook.config import DISPENSER_EXAMPLE
from routing.event import Event
from routing.instant import HOUR, SECOND, from_rfc3339
from routing.kinds import Kind

KEY = b"a made-up key of 32 octets......"
AT = from_rfc3339("2026-11-22T08:00:00Z")
MISSED = {"measurement": "medicine_not_taken", "person_id": "p-17", "device_type": "brand"}
REQUESTS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "data" / "webhook.json").read_text()
)["requests"]


def session(mapping: Mapping = DISPENSER_EXAMPLE) -> WebhookSession:
    return WebhookSession(WebhookConfig(id="dispenser", mapping=mapping), [KEY])


def post(
    webhook: WebhookSession, payload: object, message_id: str = "msg_1", at: int = AT
) -> Accepted | Answer:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    seconds = str(at // SECOND)
    mac = hmac.new(KEY, f"{message_id}.{seconds}.".encode() + body, hashlib.sha256).digest()
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
    }
    return webhook.request(Call(headers, body), at)


def events(answer: Accepted | Answer) -> list[Event]:
    assert isinstance(answer, Accepted)
    assert answer.answer == Answer(200, "received")
    return list(answer.events)


@pytest.mark.parametrize("row", REQUESTS, ids=lambda row: row["desc"])
def test_a_known_datapoint_says_what_its_description_says(row: dict[str, Any]) -> None:
    (event,) = events(post(session(), row["payload"]))
    assert (str(event.type), event.subject) == (row["kind"], "webhook:<id>")
    decoded = decode(json.dumps(row["payload"]).encode(), AT)
    assert [str(event.type) for event in decoded.events] == [row["kind"]]
    assert (decoded.reply, decoded.binary, decoded.error) == (b"received", False, None)


def test_an_unsigned_post_is_refused_and_no_event() -> None:
    answer = session().request(Call({}, json.dumps(MISSED).encode()), AT)
    assert isinstance(answer, Answer)
    assert answer.status == 401


def test_a_signed_post_to_another_address_is_refused() -> None:
    answer = session().request(Call({}, b"{}", path="other"), AT)
    assert isinstance(answer, Answer)
    assert answer.status == 404


def test_a_body_over_the_limit_is_refused() -> None:
    answer = session().request(Call({}, b" " * (256 * 1024 + 1)), AT)
    assert isinstance(answer, Answer)
    assert answer.status == 413


def test_a_replayed_message_id_is_the_same_event_and_confirmed_again() -> None:
    webhook = session()
    (first,) = events(post(webhook, MISSED))
    (again,) = events(post(webhook, MISSED, at=AT + 60 * SECOND))
    (other,) = events(post(webhook, MISSED, message_id="msg_2"))
    (late,) = events(post(webhook, MISSED, at=AT + HOUR))
    assert first.id == again.id
    assert len({first.id, other.id, late.id}) == 3


def test_a_repeated_transaction_id_is_the_same_event_under_any_message_id() -> None:
    webhook = session()
    (first,) = events(post(webhook, {**MISSED, "transaction_id": "42"}))
    (again,) = events(post(webhook, {**MISSED, "transaction_id": 42}, message_id="msg_2"))
    (other,) = events(post(webhook, {**MISSED, "transaction_id": "43"}, message_id="msg_3"))
    assert first.id == again.id != other.id
    assert first.data.reference == "42"


def test_a_late_taken_has_the_transaction_of_its_dose_and_its_own_id() -> None:
    webhook = session()
    (missed,) = events(post(webhook, {**MISSED, "transaction_id": "42"}))
    taken = {**MISSED, "measurement": "medicine_taken", "transaction_id": "42"}
    (event,) = events(post(webhook, taken, message_id="msg_2"))
    assert (event.type, event.id != missed.id) == (Kind.MEDICATION_TAKEN, True)


def test_an_unknown_value_is_an_unknown_code_of_that_device() -> None:
    (event,) = events(post(session(), {**MISSED, "measurement": "lid_jammed"}))
    assert (event.type, event.subject) == (Kind.CODE_UNKNOWN, "webhook:p-17")
    assert event.data.code == "measurement=lid_jammed"


@pytest.mark.parametrize(
    "body", [b"not json", b"{}", b"[]", b"7", b'{"person_id":{}}', b"\xff", b"[" * 9000]
)
def test_a_believed_body_that_cannot_be_read_is_a_visible_event(body: bytes) -> None:
    (event,) = events(post(session(), body))
    assert (event.type, event.subject) == (Kind.FRAME_UNDECODABLE, "webhook:unknown")
    assert event.data.raw == body[:4096].hex()


def test_a_list_carries_several_datapoints() -> None:
    told = events(post(session(), [MISSED, {**MISSED, "person_id": "p-18"}, {"x": 1}]))
    assert [(str(event.type), event.subject) for event in told] == [
        ("medication.missed", "webhook:p-17"),
        ("medication.missed", "webhook:p-18"),
        ("frame.undecodable", "webhook:unknown"),
    ]


def test_a_list_of_more_than_a_hundred_is_visible_and_to_be_sent_in_parts() -> None:
    rows = [{**MISSED, "person_id": f"p-{n}"} for n in range(101)]
    assert len(events(post(session(), rows[:100]))) == 100
    answer = post(session(), rows)
    assert isinstance(answer, Accepted)
    assert answer.answer.status == 413
    assert [str(event.type) for event in answer.events] == ["frame.undecodable"]


def test_without_a_secret_there_is_no_session() -> None:
    with pytest.raises(ValueError, match="no secret"):
        WebhookSession(WebhookConfig(id="dispenser", mapping=DISPENSER_EXAMPLE), [])


def test_a_mapping_without_a_device_is_refused() -> None:
    with pytest.raises(ValueError, match=r"mapping\.device is missing"):
        WebhookConfig(id="dispenser", mapping=Mapping(kind=Kind.MEDICATION_MISSED))


@given(st.binary(max_size=300))
def test_any_believed_octets_give_events(body: bytes) -> None:
    for event in events(post(session(), body)):
        assert Event.parse(event.to_json()) == event
