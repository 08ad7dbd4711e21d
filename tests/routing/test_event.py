"""The canonical event: its exact JSON, what it refuses, and ids that never change."""

import json

import pytest
from pydantic import ValidationError

from routing.event import Event, EventData, Position, derive_id, make_event
from routing.instant import from_rfc3339, to_rfc3339
from routing.kinds import Kind

ID = "0123456789abcdef0123456789abcdef"
FULL = {
    "specversion": "1.0",
    "id": ID,
    "source": "/adapters/ev07b/gps",
    "type": "fall.detected",
    "subject": "ev07b:863921000000000",
    "time": "2026-11-22T07:15:00.250000Z",
    "datacontenttype": "application/json",
    "receivedat": "2026-11-22T07:15:01Z",
    "sequence": "17",
    "traceparent": f"00-{ID}-0000000000000001-01",
    "history": True,
    "data": {
        "code": "0x02",
        "caller": ["+4790000000"],
        "battery_pct": 81.0,
        "position": {"lat": 59.9, "lon": 10.7, "accuracy_m": 12.0},
    },
}
EVENT = make_event(
    Kind.FALL_DETECTED,
    id=ID,
    source="/adapters/ev07b/gps",
    subject="ev07b:863921000000000",
    received_at=1_795_331_701_000_000,
    occurred_at=1_795_331_700_250_000,
    sequence="17",
    history=True,
    data=EventData(
        code="0x02",
        caller=("+4790000000",),
        battery_pct=81,
        position=Position(lat=59.9, lon=10.7, accuracy_m=12),
    ),
)


def changed(**attributes: object) -> bytes:
    kept = {**FULL, **attributes}
    return json.dumps({k: v for k, v in kept.items() if v is not ...}).encode()


def test_the_golden_json_is_what_is_written() -> None:
    written = json.loads(EVENT.to_json())
    assert written.pop("traceparent").startswith(f"00-{ID}-")
    expected = {name: value for name, value in FULL.items() if name != "traceparent"}
    assert written == expected


def test_the_golden_json_is_read() -> None:
    read = Event.parse(changed())
    assert read.occurred_at == 1_795_331_700_250_000
    assert read.received_at == 1_795_331_701_000_000
    assert read.model_copy(update={"traceparent": EVENT.traceparent}) == EVENT


def test_absent_optional_attributes_are_left_out() -> None:
    bare = make_event(Kind.DEVICE_ALIVE, id=ID, source="/adapters/scaip/scaip", subject="scaip:1",
                      received_at=0)  # fmt: skip
    written = json.loads(bare.to_json())
    assert set(written) == {
        "specversion", "id", "source", "type", "subject", "datacontenttype", "receivedat",
        "traceparent", "history", "data",
    }  # fmt: skip
    assert Event.parse(bare.to_json()) == bare


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("specversion", "0.3"),
        ("id", "not-hex"),
        ("id", ID.upper()),
        ("id", ...),
        ("source", "adapters/scaip"),
        ("source", "/adapters/Bad Name"),
        ("type", "help.shouted"),
        ("subject", ""),
        ("subject", "x" * 201),
        ("time", "yesterday"),
        ("time", "2026-11-22T07:15:00"),
        ("receivedat", ...),
        ("receivedat", "2026-11-22"),
        ("traceparent", "00-00-00-00"),
        ("sequence", "1" * 33),
        ("history", "perhaps"),
        ("unheard", 1),
        ("data", {"unheard": 1}),
        ("data", {"position": {"lat": 91, "lon": 0}}),
        ("data", {"position": {"lat": float("nan"), "lon": 0}}),
        ("data", {"battery_pct": 101}),
        ("data", {"raw": "0" * 8193}),
    ],
)
def test_bad_attributes_are_refused_by_name(attribute: str, value: object) -> None:
    with pytest.raises(ValidationError) as raised:
        Event.parse(changed(**{attribute: value}))
    assert any(attribute in error["loc"] for error in raised.value.errors())


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"x"', b"1" * 5000])
def test_what_is_no_event_is_refused(payload: bytes) -> None:
    with pytest.raises(ValidationError):
        Event.parse(payload)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        # b2sum -l 128 of the parts, joined by octet 1f
        (("a",), "27c35e6e9373877f29e562464e46497e"),
        (("scaip", "26317", 7), "e1c4470e5f47edde7b2ff4b4f1ec3a77"),
        (("scaip", "26317", None), "a83ea756178266a458152a212b5cf37c"),
        (("dør",), "6b99021f15f3ede5cd4326e832e9a45a"),
    ],
)
def test_a_derived_id_never_changes(parts: tuple[object, ...], expected: str) -> None:
    assert derive_id(*parts) == expected


def test_the_parts_do_not_run_together() -> None:
    assert derive_id("ab", "c") != derive_id("a", "bc")


@pytest.mark.parametrize(
    ("text", "instant", "written"),
    [
        ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
        ("1970-01-01T01:00:00+01:00", 0, "1970-01-01T00:00:00Z"),
        ("1969-12-31T23:59:59Z", -1_000_000, "1969-12-31T23:59:59Z"),
        ("2026-11-22T08:15:00.25+01:00", 1_795_331_700_250_000, "2026-11-22T07:15:00.250000Z"),
        ("2026-10-25T02:30:00+02:00", 1_792_888_200_000_000, "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30:00+01:00", 1_792_891_800_000_000, "2026-10-25T01:30:00Z"),
    ],
)
def test_instants_are_utc_microseconds(text: str, instant: int, written: str) -> None:
    assert from_rfc3339(text) == instant
    assert to_rfc3339(instant) == written
