"""The AsyncAPI document against the code, and against payloads written by hand."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pydantic
import pytest
from ruamel.yaml import YAML

from adapters.bridge.hub_link import Confirm
from adapters.session import Outcome
from hub.asyncapi import to_yaml
from hub.router.parse import ConfigureMessage
from routing import topics
from routing.event import Event
from routing.inputs import Command
from routing.kinds import KINDS, Kind, Lane

ADDRESSES = {
    "eventHelp": "varde/v1/{municipality}/event/help/{adapter}",
    "eventTelemetry": "varde/v1/{municipality}/event/telemetry/{adapter}",
    "confirm": "varde/v1/{municipality}/confirm/{adapter}/{event}",
    "command": "varde/v1/{municipality}/command",
    "configure": "varde/v1/{municipality}/configure",
    "replay": "varde/v1/{municipality}/replay",
    "device": "varde/v1/{municipality}/device/{adapter}",
}
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "0123456789abcdef0123456789abcdef",
    "source": "/adapters/scaip/scaip",
    "type": "help.pressed",
    "subject": "scaip:26317",
    "time": "2026-11-22T08:15:00Z",
    "datacontenttype": "application/json",
    "receivedat": "2026-11-22T08:15:00.25Z",
    "traceparent": "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01",
    "history": False,
    "data": {"code": "0010", "battery_pct": 80, "position": {"lat": 60.1, "lon": 5.2}},
}
COMMAND: dict[str, Any] = {
    "id": "c1",
    "alarm": "a1",
    "person": "kari",
    "action": "accept",
    "seen_phase": "looking",
    "made_at": 1_700_000_000_000_000,
}
CONFIGURE: dict[str, Any] = {
    "id": "x1",
    "author": "file",
    "changes": [
        {
            "fact": "configuration.set",
            "item": {"item": "team", "id": "east", "unit": "north"},
            "author": "file",
        }
    ],
    "documents": [{"kind": "note", "id": "n1", "body": None}],
}


@pytest.fixture(scope="module")
def text(root: Path) -> str:
    return (root / "docs" / "asyncapi.yaml").read_text()


@pytest.fixture(scope="module")
def document(text: str) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(text)
    return loaded


def accepts(document: dict[str, Any], message: str, payload: object) -> bool:
    """Whether the document's schema of the message takes the payload."""
    schema = {**document["components"]["messages"][message]["payload"], **document}
    jsonschema.Draft202012Validator.check_schema(document["components"]["schemas"]["Event"])
    return jsonschema.Draft202012Validator(schema).is_valid(payload)


def test_the_file_is_what_the_code_says(text: str) -> None:
    assert text == to_yaml(), "run `python -m hub.asyncapi` and look at what changed"


def test_a_kind_that_changes_its_lane_is_noticed(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = KINDS[Kind.FALL_DETECTED]._replace(lane=Lane.TELEMETRY)
    monkeypatch.setitem(KINDS, Kind.FALL_DETECTED, moved)
    assert text != to_yaml()


def test_a_field_that_is_added_is_noticed(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Wider(Confirm, frozen=True):
        more: int = 0

    Wider.__name__ = "Confirm"
    monkeypatch.setattr("hub.asyncapi.Confirm", Wider)
    assert text != to_yaml()


def test_addresses(document: dict[str, Any]) -> None:
    assert {name: one["address"] for name, one in document["channels"].items()} == ADDRESSES
    for one in document["channels"].values():
        assert set(re.findall(r"\{(\w+)\}", one["address"])) == set(one["parameters"])


@pytest.mark.parametrize(
    ("channel", "topic"),
    [
        ("eventHelp", topics.event("nordvik", Lane.HELP, "scaip")),
        ("eventTelemetry", topics.event("nordvik", Lane.TELEMETRY, "gps")),
        ("confirm", topics.confirm("nordvik", "scaip", EVENT["id"])),
        ("command", topics.command("nordvik")),
        ("configure", topics.configure("nordvik")),
        ("replay", topics.replay("nordvik")),
    ],
)
def test_the_code_uses_the_addresses(document: dict[str, Any], channel: str, topic: str) -> None:
    address = document["channels"][channel]["address"]
    assert re.fullmatch(re.sub(r"\{\w+\}", "[a-z0-9-]+", address), topic)


def test_every_kind_is_on_one_lane(document: dict[str, Any]) -> None:
    messages = document["components"]["messages"]
    lanes = [
        messages[name]["payload"]["allOf"][1]["properties"]["type"]["enum"]
        for name in ("eventHelp", "eventTelemetry")
    ]
    assert sorted(lanes[0] + lanes[1]) == sorted(kind.value for kind in Kind)
    assert {"help.pressed", "fall.detected", "smoke.detected"} <= set(lanes[0])
    assert document["components"]["schemas"]["Kind"]["enum"] == [kind.value for kind in Kind]


def test_an_event_by_hand(document: dict[str, Any]) -> None:
    assert Event.parse(msgspec.json.encode(EVENT)).type is Kind.HELP_PRESSED
    assert accepts(document, "eventHelp", EVENT)
    assert not accepts(document, "eventTelemetry", EVENT)
    assert accepts(document, "eventTelemetry", EVENT | {"type": "battery.low"})


@pytest.mark.parametrize(
    "change",
    [
        {"type": "help.imagined"},
        {"id": "1"},
        {"specversion": "0.3"},
        {"more": 1},
        {"data": {"more": 1}},
        {"data": {"position": {"lat": 91, "lon": 0}}},
        {"subject": ""},
    ],
)
def test_document_and_code_refuse_the_same_events(
    document: dict[str, Any], change: dict[str, Any]
) -> None:
    wrong = EVENT | change
    assert not accepts(document, "eventHelp", wrong)
    with pytest.raises(pydantic.ValidationError):
        Event.parse(msgspec.json.encode(wrong))


@pytest.mark.parametrize(
    ("message", "kind", "right", "wrong"),
    [
        ("command", Command, COMMAND, COMMAND | {"action": "dance"}),
        ("command", Command, COMMAND, COMMAND | {"more": 1}),
        ("configure", ConfigureMessage, CONFIGURE, CONFIGURE | {"changes": [{"fact": "other"}]}),
        ("configure", ConfigureMessage, CONFIGURE, CONFIGURE | {"more": 1}),
        ("confirm", Confirm, {"outcome": "durable"}, {"outcome": "perhaps"}),
        ("confirm", Confirm, {"outcome": "busy"}, {}),
    ],
)
def test_messages_by_hand(
    document: dict[str, Any], message: str, kind: type, right: object, wrong: object
) -> None:
    msgspec.json.decode(msgspec.json.encode(right), type=kind)
    assert accepts(document, message, right)
    assert not accepts(document, message, wrong)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(wrong), type=kind)


def test_what_the_hub_confirms_with(document: dict[str, Any]) -> None:
    for outcome in Outcome:
        said = msgspec.json.decode(msgspec.json.encode({"outcome": outcome}))
        assert accepts(document, "confirm", said)


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for one in node:
            yield from references(one)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = set(references(document))
    assert len(found) > 20
    for reference in found:
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        assert node
