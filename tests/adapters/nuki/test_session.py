"""Levels, who turned the lock, and what octets cannot do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.nuki import NukiConfig, NukiSession
from routing.event import Event
from routing.instant import HOUR, SECOND

AT = 1_800_000_000_000_000
LOCK = "2BB28570"


class Lock:
    """A session with a clock of its own, which moves a second with each message."""

    def __init__(self, **config: object) -> None:
        self.session = NukiSession(NukiConfig.model_validate({"id": "front", **config}))
        self.at = AT

    def send(self, what: str, payload: str | bytes, *, retained: bool = False) -> list[Event]:
        self.at += SECOND
        octets = payload if isinstance(payload, bytes) else payload.encode()
        return list(self.session.message(f"nuki/{LOCK}/{what}", octets, retained, self.at))

    def kinds(self, what: str, payload: str, *, retained: bool = False) -> list[str]:
        return [str(event.type) for event in self.send(what, payload, retained=retained)]


def test_a_state_speaks_when_it_changes_and_is_otherwise_a_sign_of_life() -> None:
    lock = Lock()
    told = [lock.kinds("state", state) for state in "124432231"]
    assert told == [
        ["lock.locked"],
        ["device.alive"],
        ["device.alive"],
        ["device.alive"],
        ["lock.unlocked"],
        ["device.alive"],
        ["device.alive"],
        ["lock.unlocked"],
        ["lock.locked"],
    ]


def test_an_open_door_whose_latch_falls_back_is_not_opened_twice() -> None:
    lock = Lock()
    assert [lock.kinds("state", state) for state in "153"] == [
        ["lock.locked"],
        ["lock.unlocked"],
        ["device.alive"],
    ]


@pytest.mark.parametrize("what", ["state", "doorsensorState", "connected", "batteryCritical"])
def test_what_the_broker_kept_is_no_news_at_first_sight_and_no_sign_of_life(what: str) -> None:
    value = {"state": "1", "doorsensorState": "3"}.get(what, "true")
    lock = Lock()
    first = lock.send(what, value, retained=True)
    assert all(event.history for event in first)
    assert lock.kinds(what, value, retained=True) in ([], [str(event.type) for event in first])


def test_a_kept_state_that_differs_from_the_known_one_is_news() -> None:
    lock = Lock()
    lock.send("state", "1")
    (event,) = lock.send("state", "3", retained=True)
    assert (event.type, event.history) == ("lock.unlocked", False)


def test_the_last_will_and_the_way_back() -> None:
    lock = Lock()
    steps = ["true", "false", "false", "true"]
    told = [lock.kinds("connected", step) for step in steps]
    assert told[0] == ["device.alive"]
    assert told[1] == ["link.lost"]
    assert told[3] == ["link.restored"]


def test_what_is_begun_says_by_whom_the_next_state_was_brought_about() -> None:
    lock = Lock()
    lock.send("state", "1")
    assert lock.kinds("lockActionEvent", "1,2,4711,0,0") == ["device.alive"]
    lock.send("state", "2")
    (event,) = lock.send("state", "3")
    assert (event.data.part, event.data.reference) == ("button", "user=4711")
    (event,) = lock.send("state", "1")
    assert (event.data.part, event.data.reference) == (None, None)


def test_a_press_of_the_button_that_does_nothing_brings_nothing_about() -> None:
    lock = Lock()
    lock.send("state", "1")
    lock.send("lockActionEvent", "90,2,0,0,2")
    (event,) = lock.send("state", "3")
    assert event.data.part is None


def test_a_keypads_code_number_is_never_told() -> None:
    events = Lock().send("lockActionEvent", "1,3,12,98765,0")
    assert "98765" not in "".join(event.to_json().decode() for event in events)


def test_the_same_octets_on_an_unchanged_lock_are_the_same_event() -> None:
    lock = Lock()
    (first,) = lock.send("state", "3")
    (again,) = lock.send("state", "3")
    assert again == first
    lock.at += HOUR
    assert lock.kinds("state", "3") == ["device.alive"]


def test_other_topics_are_not_ours() -> None:
    session = Lock().session
    for topic in ("nuki/state", "nuki/kitchen/state", "zigbee/2BB28570/state", f"nuki/{LOCK}"):
        assert session.message(topic, b"3", False, AT) == ()


def test_a_base_topic_with_slashes_and_an_id_in_small_letters() -> None:
    session = NukiSession(NukiConfig(id="front", base_topic="home/nuki"))
    (event,) = session.message("home/nuki/2bb28570/state", b"3", False, AT)
    assert (event.subject, event.source) == ("nuki:2BB28570", "/adapters/nuki/front")


NUMBERED = ["state", "doorsensorState", "batteryChargeState", "commandResponse"]
WHATS = st.sampled_from(
    [*NUMBERED, "connected", "batteryCritical", "lockActionEvent", "unheard/of"]
)


@given(st.lists(st.tuples(WHATS, st.binary(max_size=40), st.booleans()), max_size=8))
def test_any_octets_are_survived(messages: list[tuple[str, bytes, bool]]) -> None:
    lock = Lock()
    for what, payload, retained in messages:
        for event in lock.send(what, payload, retained=retained):
            assert Event.parse(event.to_json()) == event


@given(st.lists(st.tuples(WHATS, st.integers(-1, 300), st.booleans()), max_size=20))
def test_any_numbers_are_survived_and_never_silent(said: list[tuple[str, int, bool]]) -> None:
    lock = Lock()
    for what, number, retained in said:
        events = lock.send(what, str(number), retained=retained)
        if not retained and what != "unheard/of" and (what, number) != ("connected", 0):
            assert events
