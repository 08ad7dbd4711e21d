"""Messages of phones with OwnTracks: what is told, and what only updates state."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.owntracks import OwntracksConfig, OwntracksSession
from routing.event import Event
from routing.instant import HOUR, MINUTE
from routing.kinds import Kind
from tests.adapters.payloads import AT

PHONE = "owntracks/kari/phone"
NOW_S = 1_795_348_800
HERE = {"_type": "location", "lat": 59.91, "lon": 10.75, "tst": NOW_S, "t": "p"}
GONE = {"_type": "lwt", "tst": NOW_S - 7200}


def session(manual: str = "position") -> OwntracksSession:
    return OwntracksSession(OwntracksConfig.model_validate({"id": "phones", "manual": manual}))


def told(
    phones: OwntracksSession,
    payload: object,
    *,
    topic: str = PHONE,
    retained: bool = False,
    at: int = AT,
) -> list[Event]:
    octets = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return list(phones.message(topic, octets, retained, at))


def kinds(events: list[Event]) -> list[str]:
    return [str(event.type) for event in events]


def test_it_listens_below_its_topic() -> None:
    phones = OwntracksSession(OwntracksConfig(id="phones", base_topic="care/phones"))
    assert phones.subscriptions() == ("care/phones/#",)
    (event,) = told(phones, HERE, topic="care/phones/kari/phone")
    assert event.subject == "owntracks:kari/phone"
    assert told(phones, HERE) == []


def test_a_redelivered_message_is_the_same_event() -> None:
    phones = session()
    left = {"_type": "transition", "event": "leave", "tst": NOW_S}
    first, again = (told(phones, left, at=AT + n * MINUTE)[0] for n in (0, 9))
    assert (first.type, first.id) == (Kind.ZONE_LEFT, again.id)
    later = told(phones, {**left, "tst": NOW_S + 60}, at=AT + MINUTE)[0]
    assert later.id != first.id


def test_a_button_press_is_a_position_or_help_as_configured() -> None:
    by_hand = {**HERE, "t": "u"}
    (position,) = told(session(), by_hand)
    assert (position.type, position.data.code) == (Kind.POSITION_REPORTED, "t=u")
    press, _ = told(session("help"), by_hand)
    assert (press.type, press.data.code) == (Kind.HELP_PRESSED, "t=u")
    assert kinds(told(session("help"), HERE)) == ["position.reported"]


def test_a_last_will_is_told_once_and_what_comes_next_restores() -> None:
    phones = session()
    assert kinds(told(phones, HERE)) == ["position.reported"]
    (lost,) = told(phones, GONE)
    assert (lost.type, lost.time, lost.history) == (Kind.LINK_LOST, None, False)
    assert told(phones, GONE) == []
    assert kinds(told(phones, HERE, at=AT + MINUTE)) == ["link.restored", "position.reported"]
    assert kinds(told(phones, GONE, at=AT + 2 * MINUTE)) == ["link.lost"]


def test_a_retained_message_is_history_and_no_sign_of_life() -> None:
    phones = session()
    assert [event.history for event in told(phones, GONE, retained=True)] == [True]
    assert kinds(told(phones, HERE, retained=True)) == ["position.reported"]
    assert told(phones, HERE, retained=True)[0].history
    assert kinds(told(phones, HERE)) == ["link.restored", "position.reported"]


def test_a_retained_last_will_of_a_phone_that_was_there_is_news() -> None:
    phones = session()
    told(phones, HERE)
    assert [event.history for event in told(phones, GONE, retained=True)] == [False]


def test_an_old_transition_and_an_old_press_are_history() -> None:
    left = {"_type": "transition", "event": "leave", "tst": NOW_S - 3600}
    assert [event.history for event in told(session(), left)] == [True]
    old = {**HERE, "t": "u", "tst": NOW_S - 3600}
    assert [event.history for event in told(session("help"), old)] == [True, True]


def test_a_retained_press_rings_as_an_old_one_for_a_day_at_most() -> None:
    pressed = {**HERE, "t": "u"}
    day = told(session("help"), pressed, retained=True, at=AT + 23 * HOUR)
    assert [(str(event.type), event.history) for event in day] == [
        ("help.pressed", True),
        ("position.reported", True),
    ]
    later = told(session("help"), pressed, retained=True, at=AT + 25 * HOUR)
    assert kinds(later) == ["position.reported"]


def test_what_is_retained_and_cannot_be_read_is_history() -> None:
    payloads = (b"{", {"_type": "encrypted"}, {"_type": "else"})
    events = [told(session(), payload, retained=True) for payload in payloads]
    assert [[event.history for event in some] for some in events] == [[True]] * 3


def test_a_press_with_a_stale_fix_is_news_and_only_the_place_is_old() -> None:
    stale = {**HERE, "t": "u", "tst": NOW_S - 3600, "created_at": NOW_S}
    press, place = told(session("help"), stale)
    assert (press.type, press.history, press.time) == (
        Kind.HELP_PRESSED,
        False,
        "2026-11-22T12:00:00Z",
    )
    assert (place.history, place.data.duration_s) == (True, 3600.0)


def test_a_clock_that_is_ahead_is_a_fault() -> None:
    events = told(session(), {**HERE, "tst": NOW_S + 7200})
    assert kinds(events) == ["clock.wrong", "position.reported"]


def test_encrypted_messages_are_visible_once_an_hour_and_signs_of_life() -> None:
    phones = session()
    payloads = [{"_type": "encrypted", "data": f"AAEC{n}"} for n in range(3)]
    whens = (AT, AT + MINUTE, AT + HOUR)
    both = zip(payloads, whens, strict=True)
    assert [kinds(told(phones, one, at=at)) for one, at in both] == [
        ["frame.undecodable"],
        ["device.alive"],
        ["frame.undecodable"],
    ]


@pytest.mark.parametrize("below", ["cmd", "waypoint", "waypoints", "info", "dump", "status"])
def test_what_is_below_a_phone_is_passed_over(below: str) -> None:
    assert told(session(), HERE, topic=f"{PHONE}/{below}") == []


@pytest.mark.parametrize("topic", ["owntracks", "owntracks/kari", "owntracks//phone", "a/b/c"])
def test_a_topic_without_a_phone_is_passed_over(topic: str) -> None:
    assert told(session(), HERE, topic=topic) == []


def test_names_of_places_and_people_do_not_travel() -> None:
    phones = session()
    payloads = [
        {**HERE, "inregions": ["Hos Kari"], "SSID": "Hos Kari", "tid": "Hos Kari"},
        {"_type": "transition", "event": "Hos Kari", "desc": "Hos Kari", "rid": "Hos Kari"},
        {"_type": "Hos Kari"},
        {**HERE, "t": "Hos Kari"},
    ]
    events = [event for payload in payloads for event in told(phones, payload)]
    assert len(events) == 5
    assert not any(b"Hos Kari" in event.to_json() for event in events)


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"{", "frame.undecodable"),
        (b"[]", "frame.undecodable"),
        ({"_type": "location"}, "frame.undecodable"),
        ({**HERE, "lat": 91}, "frame.undecodable"),
        ({}, "code.unknown"),
        ({"_type": ["location"]}, "code.unknown"),
        ({"_type": "transition", "event": "dwell"}, "code.unknown"),
    ],
)
def test_what_cannot_be_read_is_visible(payload: object, kind: str) -> None:
    assert kinds(told(session(), payload)) == [kind]


@pytest.mark.parametrize(
    ("trigger", "kinds_"),
    [
        ("9", ["battery.low"]),
        ("e", ["mains.lost"]),
        ("E", ["mains.restored"]),
        ("s", ["code.unknown"]),
        ("Q", ["code.unknown"]),
        ("c", []),
        ("b", []),
        ("v", []),
    ],
)
def test_a_trigger_says_its_kind(trigger: str, kinds_: list[str]) -> None:
    assert kinds(told(session(), {**HERE, "t": trigger})) == [*kinds_, "position.reported"]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
messages = st.dictionaries(
    st.sampled_from(["lat", "lon", "tst", "created_at", "t", "event", "rid", "batt", "vel", "cog"]),
    values,
)
types = st.sampled_from(["location", "transition", "lwt", "encrypted", "waypoint"]) | values


@given(messages, types, st.booleans())
def test_any_message_gives_events_that_hold(
    message: dict[str, object], kind: object, retained: bool
) -> None:
    octets = json.dumps({**HERE, **message, "_type": kind}).encode()
    events = told(session("help"), octets, retained=retained)
    assert events or kind == "waypoint"
    assert all(event.to_json() for event in events)


@given(st.binary(max_size=80), st.text(max_size=30))
def test_any_octets_on_any_topic_are_survived(octets: bytes, topic: str) -> None:
    phones = session()
    events = told(phones, octets) + told(phones, octets, topic=topic)
    assert all(event.to_json() for event in events)
