"""From MQTT to work: free text and positions are parted from the fact, and nothing is dropped."""

import json

import msgspec
import pytest

from hub.journal.port import Document
from hub.router.parse import NotOurs, command, configure, event
from hub.router.work import Sample
from routing.event import EventData, Position, make_event
from routing.facts import ConfigurationRemoved, ConfigurationSet, EventRecorded
from routing.inputs import Command, Configure
from routing.kinds import Kind
from routing.lifecycle import Action, Phase
from routing.municipality import Team

AT = 1_795_331_701_000_000
ID = "0123456789abcdef0123456789abcdef"
DATA = EventData(
    code="0010",
    note="call Berit",
    location_text="bathroom",
    caller=("+4790000000",),
    battery_pct=80,
    position=Position(lat=59.9, lon=10.7),
)
WHERE = b'{"lat":59.9,"lon":10.7,"at":"2026-11-22T07:15:00.999999Z"}'
"""With the instant at which it was received, which is one microsecond before AT."""


def wire(kind: Kind, data: EventData | None = None) -> bytes:
    source, subject = "/adapters/scaip/scaip", "scaip:1"
    made = make_event(kind, id=ID, source=source, subject=subject, received_at=AT - 1, data=data)
    return made.to_json()


def test_an_event_is_parted_into_fact_document_and_position() -> None:
    parsed = event("scaip", wire(Kind.HELP_PRESSED, DATA), AT)
    assert parsed.task == EventRecorded(
        event=ID,
        kind=Kind.HELP_PRESSED,
        subject="scaip:1",
        received_at=AT - 1,
        code="0010",
        adapter="scaip",
    )
    (document,) = parsed.documents
    assert (document.kind, document.id) == ("event", ID)
    assert document.body is not None
    assert json.loads(document.body) == {
        "note": "call Berit",
        "location_text": "bathroom",
        "caller": ["+4790000000"],
    }
    assert parsed.position == WHERE
    assert parsed.event == ID


def test_the_fact_of_an_event_holds_nothing_personal() -> None:
    parsed = event("scaip", wire(Kind.HELP_PRESSED, DATA), AT)
    stored = msgspec.json.encode(parsed.task).decode()
    for word in ("Berit", "bathroom", "+4790000000", "59.9", "10.7"):
        assert word not in stored


def test_an_event_without_private_data_brings_no_document() -> None:
    assert event("scaip", wire(Kind.HELP_PRESSED), AT).documents == ()
    bare = event("scaip", wire(Kind.BATTERY_LOW, EventData(battery_pct=5, code="1")), AT)
    assert bare.documents == ()


def test_a_sample_is_no_fact_and_is_confirmed_all_the_same() -> None:
    parsed = event("gps", wire(Kind.POSITION_REPORTED, DATA), AT)
    assert parsed.task == Sample("scaip:1", Kind.POSITION_REPORTED)
    assert (parsed.documents, parsed.position) == ((), WHERE)
    assert parsed.event == ID


BAD = [
    b"",
    b"{",
    b"null",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    wire(Kind.HELP_PRESSED).replace(b"help.pressed", b"help.shouted"),
    wire(Kind.HELP_PRESSED).replace(b"0123", b"XYZ!", 1),
    wire(Kind.HELP_PRESSED)[:-7],
    wire(Kind.HELP_PRESSED).replace(b'"data":{', b'"data":{"unheard":1,'),
]


@pytest.mark.parametrize("payload", BAD, ids=range(len(BAD)))
def test_what_cannot_be_read_becomes_a_technical_event_with_its_octets(payload: bytes) -> None:
    parsed = event("scaip", payload, AT)
    told = parsed.task
    assert isinstance(told, EventRecorded)
    assert (told.kind, told.subject, told.received_at) == (
        Kind.FRAME_UNDECODABLE,
        "adapter:scaip",
        AT,
    )
    assert parsed.documents == (Document("frame", told.event, payload[:8192]),)
    assert parsed.event is None
    assert event("scaip", payload, AT + 5).task.event == told.event  # type: ignore[union-attr]


COMMAND = {
    "id": "c1",
    "alarm": "simby-1",
    "person": "anna",
    "action": "accept",
    "seen_phase": "looking",
    "made_at": AT,
}


def test_a_command_is_read() -> None:
    parsed = command(json.dumps(COMMAND).encode())
    assert parsed.task == Command(
        id="c1",
        alarm="simby-1",
        person="anna",
        action=Action.ACCEPT,
        seen_phase=Phase.LOOKING,
        made_at=AT,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"action": "explode"},
        {"seen_phase": "nowhere"},
        {"outcome": "fine"},
        {"unheard": 1},
        {"made_at": "now"},
        {"arrive_within_s": 0},
        {"arrive_within_s": -5},
        {"arrive_within_s": 86_401},
        {"arrive_within_s": 10**40},
    ],
    ids=str,
)
def test_what_is_no_command_is_refused_with_the_reason(change: dict[str, object]) -> None:
    with pytest.raises(NotOurs, match="not a command of the web process: "):
        command(json.dumps({**COMMAND, **change}).encode())


@pytest.mark.parametrize(
    "payload",
    [b"", b"\xff", b"[]", b'{"id":"\xff\xfe"}', b'{"id":"\\ud800"}', b"[" * 100_000],
    ids=range(6),
)
def test_octets_that_are_no_json_are_refused(payload: bytes) -> None:
    with pytest.raises(NotOurs):
        command(payload)
    with pytest.raises(NotOurs):
        configure(payload)


def test_a_configuration_change_is_read_with_its_documents() -> None:
    message = {
        "id": "x",
        "author": "file",
        "changes": [
            {
                "fact": "configuration.set",
                "item": {"item": "team", "id": "home"},
                "private": "d1",
                "author": "file",
            },
            {
                "fact": "configuration.removed",
                "section": "team",
                "id": "old",
                "author": "file",
            },
        ],
        "documents": [
            {"kind": "team", "id": "home", "body": "{}"},
            {"kind": "team", "id": "old", "body": None},
        ],
    }
    parsed = configure(json.dumps(message).encode())
    assert parsed.task == Configure(
        (
            ConfigurationSet(item=Team(id="home"), private="d1", author="file"),
            ConfigurationRemoved(section="team", id="old", author="file"),
        )
    )
    assert parsed.documents == (Document("team", "home", b"{}"), Document("team", "old", None))


@pytest.mark.parametrize("payload", [b"", b"{}", b'{"id":1}', b"\xff"])
def test_what_is_no_configuration_change_is_refused(payload: bytes) -> None:
    with pytest.raises(NotOurs, match="not a configuration change"):
        configure(payload)


@pytest.mark.parametrize("zone", ["Europe/Olso", "", "../etc/passwd", "Europe"])
def test_a_time_zone_that_nobody_knows_never_reaches_the_core(zone: str) -> None:
    item = {"item": "municipality", "id": "m", "timezone": zone, "default_policy": "p"}
    changes = [{"fact": "configuration.set", "item": item, "author": "file"}]
    message = {"id": "x", "author": "file", "changes": changes}
    with pytest.raises(NotOurs, match="no time zone known here"):
        configure(json.dumps(message).encode())


def test_the_text_of_a_code_nobody_knows_stays_out_of_the_fact() -> None:
    said = "Astrid Eksempel fell 59.91,10.75"
    parsed = event("webhook", wire(Kind.CODE_UNKNOWN, EventData(code=said)), AT)
    assert isinstance(parsed.task, EventRecorded)
    assert parsed.task.code == "unknown:ba699d49b9f5"
    assert [json.loads(d.body or b"") for d in parsed.documents] == [{"code": said}]
    known = event("scaip", wire(Kind.HELP_PRESSED, EventData(code="stc=10")), AT)
    assert isinstance(known.task, EventRecorded)
    assert known.task.code == "stc=10"


@pytest.mark.parametrize(
    ("kind", "reference", "answers"),
    [
        (Kind.LOCK_UNLOCKED, "c" * 32, "c" * 32),
        (Kind.LOCK_FAILED, "c" * 32, "c" * 32),
        (Kind.LOCK_UNLOCKED, "user=3", None),
        (Kind.LOCK_UNLOCKED, "C" * 32, None),
        (Kind.HELP_PRESSED, "c" * 32, None),
    ],
)
def test_only_the_id_of_a_command_enters_the_fact_of_a_lock(
    kind: Kind, reference: str, answers: str | None
) -> None:
    task = event("front", wire(kind, EventData(reference=reference)), 0).task
    assert isinstance(task, EventRecorded)
    assert task.answers == answers


@pytest.mark.parametrize(
    ("protocol", "told"), [("nuki", True), ("zigbee2mqtt", True), ("scaip", False), ("x", False)]
)
def test_the_fact_says_whether_its_adapter_can_tell_its_devices_something(
    protocol: str, told: bool
) -> None:
    made = make_event(
        Kind.LOCK_LOCKED,
        id="0" * 32,
        source=f"/adapters/{protocol}/front",
        subject=f"{protocol}:1",
        received_at=0,
    )
    task = event("front", made.to_json(), 0).task
    assert isinstance(task, EventRecorded)
    assert (task.told, task.adapter) == (told, "front")
