"""Transmissions that come again or late, states, ports, profiles, gateways, the network's log."""

import pytest

from adapters.lorawan import LorawanConfig, LorawanSession
from routing.instant import HOUR, MINUTE, to_rfc3339
from routing.kinds import Kind
from tests.adapters.lorawan.network import EUI, Network

OPEN, CLOSED, PRESS = "030001", "030000", "ff2e01"


def test_a_state_speaks_when_it_changes_and_is_a_sign_of_life_else() -> None:
    network = Network()
    assert [network.told(octets) for octets in (OPEN, OPEN, CLOSED, OPEN)] == [
        [("door.opened", "door=open")],
        [("device.alive", "door=open")],
        [("door.closed", "door=closed")],
        [("door.opened", "door=open")],
    ]


def test_a_transmission_that_comes_again_is_the_same_events() -> None:
    network = Network("ws101")
    first = network.up(PRESS, deduplicationId="x")
    assert network.up(PRESS, deduplicationId="x", rxInfo=[{"rssi": -100}]) == first
    (other,) = network.up(PRESS, deduplicationId="y")
    network.at += 10 * MINUTE
    (late,) = network.up(PRESS, deduplicationId="x")
    assert len({first[0].id, other.id, late.id}) == 3


def test_a_door_that_opened_is_told_again_to_a_broker_that_asks_again() -> None:
    network = Network()
    (opened,) = network.up(OPEN, deduplicationId="x")
    assert network.up(OPEN, deduplicationId="x") == [opened]
    assert opened.type is Kind.DOOR_OPENED


def test_the_things_stack_counts_from_a_zero_that_is_left_out() -> None:
    network = Network("ws101", server="things-stack")
    first = network.things(PRESS)
    assert network.things(PRESS, f_cnt=0) == first
    others = [network.things(PRESS, f_cnt=1), network.things(PRESS, session="s2")]
    assert len({first[0].id, *(events[0].id for events in others)}) == 3
    assert {first[0].subject, *(events[0].subject for events in others)} == {f"lorawan:{EUI}"}


def test_presses_that_nothing_tells_apart_are_all_told() -> None:
    network = Network("ws101")
    first, second = (network.up(PRESS, deduplicationId=None, time=None)[0] for _ in range(2))
    assert first.id != second.id


def test_several_things_in_a_frame_are_all_told() -> None:
    network = Network()
    (alive,) = network.up("01750a040000", deduplicationId="low")[:1]
    assert alive.type is Kind.BATTERY_LOW
    told = network.told("017564030001040001")
    assert told == [
        ("door.opened", "door=open"),
        ("tamper.detected", "tamper=uninstalled"),
        ("battery.ok", "battery=100"),
    ]


def test_help_stays_when_a_frame_says_too_much() -> None:
    told = Network("ws101").told("ff0bff" * 30 + PRESS)
    assert len(told) == 17
    assert told[-2:] == [("help.pressed", "button=short"), ("code.unknown", "left out=15")]


@pytest.mark.parametrize(
    ("percents", "told"),
    [
        ([16], [["device.alive"]]),
        ([15, 16, 25, 26], [["battery.low"], ["device.alive"], ["device.alive"], ["battery.ok"]]),
        ([255], [["device.alive"]]),
    ],
)
def test_a_battery_is_low_at_its_mark_and_well_ten_above(
    percents: list[int], told: list[list[str]]
) -> None:
    network = Network()
    assert [[kind for kind, _ in network.told(f"0175{pct:02x}")] for pct in percents] == told


def test_what_the_network_kept_for_long_is_history() -> None:
    network = Network("ws101")
    sent_at = to_rfc3339(network.at - 11 * MINUTE)
    (late,) = network.up(PRESS, time=sent_at)
    (lately,) = network.up(PRESS, time=to_rfc3339(network.at - 9 * MINUTE))
    assert (late.type, late.history, late.time) == (Kind.HELP_PRESSED, True, sent_at)
    assert lately.history is False


def test_a_device_without_a_profile_is_visible_with_its_octets() -> None:
    (event,) = Network().up(OPEN, device="00000000000000aa")
    assert (event.type, event.data.code, event.data.raw) == (
        Kind.CODE_UNKNOWN,
        "no profile",
        OPEN,
    )
    assert "profile" in (event.data.note or "")


@pytest.mark.parametrize(
    ("info", "kind"),
    [
        ({"deviceProfileName": "Milesight WS301 EU868"}, "door.opened"),
        ({"deviceProfileName": "ours", "tags": {"profile": "vs340"}}, "motion.detected"),
        ({"deviceProfileName": "ours"}, "motion.detected"),
        ({"deviceProfileName": "WS301 or WS101"}, "code.unknown"),
        ({}, "code.unknown"),
    ],
)
def test_a_profile_is_what_the_network_server_names(info: dict[str, object], kind: str) -> None:
    config = {"id": "lora", "server": "chirpstack", "profiles": {"ours": "vs340"}}
    network = Network()
    network.session = LorawanSession(LorawanConfig.model_validate(config))
    events = network.up(OPEN, deviceInfo={"devEui": EUI, **info})
    assert [str(event.type) for event in events] == [kind]


def test_another_port_is_not_read_and_is_visible() -> None:
    assert Network("ws101").told(PRESS, fPort=2) == [("code.unknown", "port=2")]
    assert Network("ws101").told("", fPort=0) == [("device.alive", None)]


def test_configuration_says_what_a_press_means() -> None:
    network = Network("ws101", kinds={"button=double": "ignore", "button=long": "door.ajar"})
    assert [network.told(octets) for octets in ("ff2e03", "ff2e02", "ff2e01")] == [
        [("device.alive", "button=double")],
        [("door.ajar", "button=long")],
        [("help.pressed", "button=short")],
    ]


def test_an_unknown_channel_is_visible_and_hides_nothing_before_it() -> None:
    network = Network("ws101")
    pressed, unknown = network.up("017532ff2e01aabbccdd")
    assert (pressed.type, pressed.data.battery_pct) == (Kind.HELP_PRESSED, 50)
    assert (unknown.type, unknown.data.code, unknown.data.raw) == (
        Kind.CODE_UNKNOWN,
        "channel=aabb",
        "aabbccdd",
    )
    assert network.told("ff2e") == [("code.unknown", "channel=ff2e")]
    assert network.told("ff2e04") == [("code.unknown", "button=4")]


def test_answers_to_settings_are_passed_over() -> None:
    assert Network("ws101").told("ff03b004fe1001ff2e01") == [("help.pressed", "button=short")]
    told = Network("vs373").told("f851010203040506" + "00" + "f9520102030301000000000000")
    assert told[-1] == ("code.unknown", "channel=0301")


@pytest.mark.parametrize(
    "online", [b'{"state":"ONLINE"}', b"\x10\x01\x1a\x02gw", b"\x1a\x02gw\x10\x01"]
)
@pytest.mark.parametrize(
    "offline", [b'{"gatewayId":"gw"}', b"\x1a\x02gw", b"\x0a\x01\x07\x1a\x02gw"]
)
def test_a_gateway_that_goes_is_one_fault(online: bytes, offline: bytes) -> None:
    network = Network()
    topic = "eu868/gateway/gw/state/conn"
    told = [network.send(topic, payload) for payload in (online, offline, offline, online)]
    assert [[str(event.type) for event in events] for events in told] == [
        [],
        ["link.lost"],
        [],
        ["link.restored"],
    ]
    assert {event.subject for events in told for event in events} == {"lorawan:gateway/gw"}


@pytest.mark.parametrize("payload", [b"\xff\xff\xff", b"[1]", b"\x1a\x09gw"])
def test_a_gateway_that_speaks_otherwise_is_visible(payload: bytes) -> None:
    (event,) = Network().send("eu868/gateway/gw/state/conn", payload)
    assert event.type is Kind.FRAME_UNDECODABLE


@pytest.mark.parametrize(
    ("level", "code", "kinds"),
    [
        ("ERROR", "OTAA", ["device.fault"]),
        ("WARNING", "UPLINK_F_CNT_RESET", ["device.fault"]),
        ("ERROR", "SOMETHING_NEW", ["device.fault"]),
        ("WARNING", "SOMETHING_NEW", ["code.unknown"]),
        ("WARNING", "UPLINK_F_CNT_RETRANSMISSION", []),
        ("ERROR", "UPLINK_CODEC", []),
        ("INFO", "OTAA", []),
    ],
)
def test_the_networks_log_is_a_fault_and_no_sign_of_life(
    level: str, code: str, kinds: list[str]
) -> None:
    body = {"deviceInfo": {"devEui": EUI}, "level": level, "code": code}
    events = Network().send(f"application/x/device/{EUI}/event/log", body)
    assert [str(event.type) for event in events] == kinds


def test_wrong_frames_without_end_are_one_fault_an_hour() -> None:
    network = Network()
    topic, body = f"application/x/device/{EUI}/event/log", {"level": "ERROR", "code": "UPLINK_MIC"}
    told = [network.send(topic, {**body, "time": number}) for number in range(50)]
    assert [len(events) for events in told] == [1] + [0] * 49
    network.at += HOUR
    assert len(network.send(topic, {**body, "time": 51})) == 1


@pytest.mark.parametrize(
    ("about", "kinds"),
    [
        ("down/ack", ["device.alive"]),
        ("down/queued", []),
        ("down/failed", []),
        ("service/data", []),
        ("location/solved", ["position.reported"]),
        ("join", ["link.restored"]),
    ],
)
def test_what_the_things_stack_says_of_a_device(about: str, kinds: list[str]) -> None:
    body = {
        "end_device_ids": {"device_id": "dor-1"},
        "received_at": "2026-11-22T08:00:00Z",
    }
    if about == "location/solved":
        body["location_solved"] = {"location": {"latitude": 60.1, "longitude": 5.2}}
    events = Network(server="things-stack").send(f"v3/app1@ttn/devices/dor-1/{about}", body)
    assert [str(event.type) for event in events] == kinds
    assert {event.subject for event in events} <= {"lorawan:dor-1"}


@pytest.mark.parametrize("payload", [b"{", b"[1]", b"\x0a\x10", b'{"data":"%%"}'])
def test_a_message_that_cannot_be_read_is_visible(payload: bytes) -> None:
    (event,) = Network().send(f"application/x/device/{EUI}/event/up", payload)
    assert (event.type, event.data.raw) == (Kind.FRAME_UNDECODABLE, payload.hex())
    assert event.subject == f"lorawan:{EUI}"


def test_what_is_subscribed_to() -> None:
    chirpstack = LorawanConfig(id="a", server="chirpstack", application="ab12")
    assert LorawanSession(chirpstack).subscriptions() == (
        "application/ab12/device/+/event/+",
        "eu868/gateway/+/state/conn",
    )
    things = LorawanConfig(id="a", server="things-stack", application="app1@ttn")
    assert LorawanSession(things).subscriptions() == ("v3/app1@ttn/devices/+/#",)
