"""Calls of phones: who is believed, what is told, and under which event ids."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.osmand import OsmandConfig, OsmandSession
from adapters.session import Accepted, Answer, Call
from routing.event import Event
from routing.instant import HOUR, MINUTE
from routing.kinds import Kind
from tests.adapters.payloads import AT

KEY = "a-key-of-the-listener"
SOS = {"id": "100042", "timestamp": "1795348800", "lat": "59.9", "lon": "10.7", "alarm": "sos"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}


def session() -> OsmandSession:
    return OsmandSession(OsmandConfig(id="phones"), KEY)


def told(phones: OsmandSession, call: Call, at: int = AT) -> list[Event]:
    accepted = phones.request(call, at)
    assert isinstance(accepted, Accepted)
    assert accepted.answer == Answer(200, "received")
    return list(accepted.events)


def get(fields: dict[str, str]) -> Call:
    return Call({}, b"", "GET", KEY, urlencode(fields))


def post(document: object) -> Call:
    return Call(JSON, json.dumps(document).encode(), "POST", KEY)


def kinds(events: list[Event]) -> list[str]:
    return [str(event.type) for event in events]


@pytest.mark.parametrize(
    "call",
    [
        get(SOS),
        Call({}, b"", "POST", KEY, urlencode(SOS)),
        Call(FORM, urlencode(SOS).encode(), "POST", KEY),
        Call({}, urlencode(SOS).encode(), "POST", KEY),
        post(
            {
                "device_id": "100042",
                "location": {
                    "timestamp": "2026-11-22T12:00:00Z",
                    "coords": {"latitude": 59.9, "longitude": 10.7},
                    "extras": {"alarm": "sos"},
                },
            }
        ),
    ],
    ids=["GET", "POST with a query", "form", "form without a type", "JSON"],
)
def test_a_press_is_the_same_in_every_form(call: Call) -> None:
    press, where = told(session(), call)
    assert (press.type, press.subject, press.time) == (
        Kind.HELP_PRESSED,
        "osmand:100042",
        "2026-11-22T12:00:00Z",
    )
    assert where.type is Kind.POSITION_REPORTED
    assert where.data.position is not None
    assert (where.data.position.lat, where.data.position.lon) == (59.9, 10.7)


@pytest.mark.parametrize("path", ["", "other", KEY[:-1], f"{KEY}/", "nøkkel"])
def test_without_the_key_nothing_is_here(path: str) -> None:
    answer = session().request(Call({}, b"", "GET", path, urlencode(SOS)), AT)
    assert answer == Answer(404, "no such webhook; check the address")


def test_a_key_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="osmand-phones has 5 characters; use 16 or more"):
        OsmandSession(OsmandConfig(id="phones"), "short")


def test_a_call_that_is_repeated_is_the_same_events() -> None:
    phones = session()
    first, again = told(phones, get(SOS)), told(phones, get(SOS), AT + 9 * MINUTE)
    assert [event.id for event in first] == [event.id for event in again]
    another = told(phones, get({**SOS, "timestamp": "1795348801"}))
    assert not {event.id for event in first} & {event.id for event in another}


def test_reports_without_a_time_are_each_their_own() -> None:
    phones = session()
    calls = [told(phones, get({"id": "1", "alarm": "sos"}), AT + n) for n in range(2)]
    assert calls[0][0].id != calls[1][0].id


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("sos", "help.pressed"),
        ("SOS", "help.pressed"),
        ("general", "help.automatic"),
        ("fallDown", "fall.detected"),
        ("geofenceExit", "zone.left"),
        ("geofenceEnter", "zone.entered"),
        ("lowBattery", "battery.low"),
        ("removing", "tamper.detected"),
        ("overspeed", "code.unknown"),
    ],
)
def test_an_alarm_word_says_its_kind(word: str, kind: str) -> None:
    (event,) = told(session(), get({"id": "1", "alarm": word, "timestamp": "1795348800"}))
    assert (str(event.type), event.data.code) == (kind, f"alarm={word}")


def test_texts_of_people_do_not_travel() -> None:
    report = {
        "device_id": "1",
        "location": {
            "timestamp": "2026-11-22T12:00:00Z",
            "geofence": {"identifier": "Hjemme hos Kari", "action": "Kari drar"},
            "extras": {"alarm": "Ring til Kari"},
        },
    }
    events = told(session(), post(report))
    assert kinds(events) == ["code.unknown", "code.unknown"]
    assert not any(b"Kari" in event.to_json() for event in events)


@pytest.mark.parametrize(("action", "kind"), [("ENTER", "zone.entered"), ("EXIT", "zone.left")])
def test_a_zone_of_the_phone_is_told(action: str, kind: str) -> None:
    location = {"timestamp": "2026-11-22T12:00:00Z", "geofence": {"action": action}}
    assert kinds(told(session(), post({"device_id": "1", "location": location}))) == [kind]


def test_minus_one_means_unknown() -> None:
    coords = {"latitude": 1, "longitude": 2, "speed": -1, "heading": -1, "accuracy": -1}
    location = {"coords": coords, "battery": {"level": -1}}
    (event,) = told(session(), post({"device_id": "1", "location": location}))
    assert event.data.battery_pct is None
    assert event.data.position is not None
    assert event.data.position.model_dump(exclude_none=True) == {"lat": 1.0, "lon": 2.0}


def test_what_was_kept_is_history_and_an_old_press_too() -> None:
    events = told(session(), get({**SOS, "timestamp": "1795345200"}))
    assert [(str(event.type), event.history) for event in events] == [
        ("help.pressed", True),
        ("position.reported", True),
    ]


@pytest.mark.parametrize("time", ["1795356000", "1000"])
def test_a_clock_that_cannot_be_right_is_a_fault_and_the_press_is_news(time: str) -> None:
    events = told(session(), get({**SOS, "timestamp": time}))
    assert kinds(events) == ["help.pressed", "clock.wrong", "position.reported"]
    assert not events[0].history


@pytest.mark.parametrize("time", ["soon", "999999999999999", "0001-01-01T00:00:00+10:00"])
def test_a_time_that_is_none_costs_only_the_time(time: str) -> None:
    events = told(session(), get({**SOS, "timestamp": time}))
    assert kinds(events) == ["help.pressed", "frame.undecodable", "position.reported"]


def test_a_press_of_nobody_rings_and_is_visible() -> None:
    events = told(session(), get({"alarm": "sos"}))
    assert kinds(events) == ["help.pressed", "frame.undecodable"]
    assert {event.subject for event in events} == {"osmand:unknown"}


@pytest.mark.parametrize("body", [b"{", b"[]", b"[1]", b"{}", b'{"device_id": {}}'])
def test_what_cannot_be_read_is_visible_and_kept(body: bytes) -> None:
    (event,) = told(session(), Call(JSON, body, "POST", KEY))
    assert event.type is Kind.FRAME_UNDECODABLE
    assert event.data.raw == body.hex()


def test_the_address_says_who_it_is_where_the_body_does_not() -> None:
    call = Call(JSON, b'{"location": {}}', "POST", KEY, "id=7")
    assert [event.subject for event in told(session(), call)] == ["osmand:7"]


def test_too_many_reports_and_fields_are_bounded_and_visible() -> None:
    reports: list[Any] = [{"device_id": str(n), "location": {}} for n in range(150)]
    events = told(session(), post(reports))
    assert kinds(events) == ["device.alive"] * 100 + ["frame.undecodable"]
    many = Call({}, b"", "GET", KEY, "&".join(f"a{n}=1" for n in range(200)))
    assert kinds(told(session(), many)) == ["frame.undecodable"]


def test_many_alarms_in_a_report_are_bounded() -> None:
    words = ",".join(f"w{n}" for n in range(60))
    events = told(session(), get({"id": "1", "alarm": f"{words},sos"}))
    assert len(events) == 33
    assert "help.pressed" in kinds(events)


JSON_NAMES = (
    "device_id",
    "location",
    "coords",
    "latitude",
    "longitude",
    "timestamp",
    "battery",
    "level",
    "extras",
    "alarm",
    "geofence",
    "action",
    "speed",
    "heading",
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(JSON_NAMES),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(json_values)
def test_any_json_gives_events_that_hold(document: object) -> None:
    events = told(session(), Call(JSON, json.dumps(document).encode(), "POST", KEY))
    assert events
    assert all(event.to_json() for event in events)


@given(st.binary(max_size=200), st.text(max_size=80))
def test_any_call_gives_events_that_hold(body: bytes, query: str) -> None:
    events = told(session(), Call({}, body, "POST", KEY, query), AT + HOUR)
    assert events
    assert all(event.to_json() for event in events)


@given(
    st.dictionaries(
        st.sampled_from([*SOS, "location", "speed", "bearing", "batt", "valid", "accuracy"]),
        st.text(max_size=20) | st.integers().map(str) | st.floats().map(str),
    )
)
def test_any_fields_give_events_that_hold(fields: dict[str, str]) -> None:
    events = told(session(), Call({}, b"", "GET", KEY, urlencode(fields, errors="replace")))
    assert events
    assert all(event.to_json() for event in events)
