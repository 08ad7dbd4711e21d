"""Whatever comes, nothing raises, every event holds, and nothing of a sensor is silent."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.lorawan.config import Profile
from routing.event import Event
from routing.kinds import Kind
from tests.adapters.lorawan.network import EUI, Network

VALID = [
    bytes.fromhex(octets)
    for octets in (
        "017510ff2e01",
        "01755c030000040001",
        "03f801001000200004f901000100",
        "06fb0100000100",
        "20ce80f1ff6a0300000100",
        "05fa0100020003000400",
        "f851010203040506",
    )
]
profiles = st.sampled_from([profile.value for profile in Profile])
mutated = st.tuples(
    st.sampled_from(VALID), st.integers(0, 30), st.integers(0, 255), st.binary(max_size=6)
).map(lambda one: bytes([*one[0][: one[1]], one[2], *one[0][one[1] + 1 :], *one[3]]))


@given(profiles, st.binary(min_size=1, max_size=60) | mutated)
def test_any_octets_of_a_sensor_are_survived_and_never_silent(profile: str, octets: bytes) -> None:
    events = Network(profile).up(octets.hex())
    assert events
    for event in events:
        assert Event.parse(event.to_json()) == event


@given(st.sampled_from(VALID), st.data())
def test_a_press_is_heard_whatever_follows_it(junk: bytes, data: st.DataObject) -> None:
    tail = data.draw(st.binary(max_size=20))
    events = Network("ws101").up("ff2e01" + junk[:3].hex() + tail.hex())
    assert Kind.HELP_PRESSED in {event.type for event in events}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    (
        *("deduplicationId", "time", "deviceInfo", "fPort", "data", "rxInfo", "level", "code"),
        *("batteryLevel", "acknowledged", "location", "state", "end_device_ids", "received_at"),
        *("uplink_message", "join_accept", "location_solved"),
    )
)
bodies = st.dictionaries(names, values | st.dictionaries(names, values, max_size=4))
events_of = st.sampled_from(["up", "join", "log", "status", "ack", "location", "other"])


@given(events_of, bodies, st.booleans())
def test_any_json_of_chirpstack_is_survived(
    name: str, body: dict[str, object], retained: bool
) -> None:
    topic = f"application/x/device/{EUI}/event/{name}"
    for event in Network().send(topic, body, retained=retained):
        assert Event.parse(event.to_json()) == event


@given(st.sampled_from(["up", "join", "location/solved", "down/ack"]), bodies)
def test_any_json_of_the_things_stack_is_survived(name: str, body: dict[str, object]) -> None:
    for event in Network(server="things-stack").send(f"v3/a@t/devices/d/{name}", body):
        assert Event.parse(event.to_json()) == event


@given(st.text(max_size=60), st.binary(max_size=80))
def test_any_message_is_survived(topic: str, payload: bytes) -> None:
    for server in ("chirpstack", "things-stack"):
        for name in (topic, f"eu868/gateway/{topic}/state/conn"):
            for event in Network(server=server).send(name, payload):
                assert Event.parse(event.to_json()) == event
