"""The AsyncAPI 3.0 document of Varde's topics, made from the code: `python -m hub.asyncapi`.

It writes `docs/asyncapi.yaml` anew; a test holds the file against the code. Addresses come from
`routing.topics`, schemas from the types that the processes read and write, and each lane's kinds
from the kinds table. It tells the router's side: what it receives, and what it sends.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML

from adapters.bridge.hub_link import Confirm
from hub.kept_frames.wish import ReplayWish
from hub.router.parse import ConfigureMessage
from routing import topics
from routing.event import CONTENT_TYPE, Event
from routing.inputs import Command, Receipt
from routing.kinds import KINDS, Lane
from routing.proofs.command import ReachCommand
from routing.tasks.command import TaskCommand
from routing.to_device import AlarmProgress, DeviceCommand

FILE = Path(__file__).resolve().parent.parent / "docs" / "asyncapi.yaml"
_HEAD = "# Made from the code by `python -m hub.asyncapi`; change the code, not this file.\n"
_JSON = "application/json"
_SCHEMAS = "#/components/schemas"
Yaml = dict[str, Any]
"""Part of a YAML document; only ever written out."""

_PARAMETERS = {
    "municipality": "The municipality's id; nothing crosses from one to another.",
    "adapter": "The listener's id from the configuration, such as `scaip`.",
    "event": "The event's id: 32 lower-case hexadecimal digits.",
}
_COMMANDS = (Command, TaskCommand, ReachCommand, Receipt)
_M, _A, _E = ("{" + name + "}" for name in _PARAMETERS)


def document() -> Yaml:
    """Return the document as plain mappings and lists."""
    return {
        "asyncapi": "3.0.0",
        "info": _INFO,
        "defaultContentType": _JSON,
        "servers": {"broker": _BROKER},
        "channels": _channels(),
        "operations": _operations(),
        "components": {
            "messages": _messages(),
            "schemas": _schemas(),
            "securitySchemes": {"login": {"type": "userPassword"}},
        },
    }


def to_yaml() -> str:
    """Return the text of `docs/asyncapi.yaml`."""
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 1000
    yaml.representer.ignore_aliases = lambda _: True
    text = io.StringIO()
    yaml.dump(document(), text)
    return _HEAD + text.getvalue()


_INFO: Yaml = {
    "title": "Varde",
    "version": "1",
    "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
    "description": (
        "What happens between adapters, router and web process of one municipality, over MQTT "
        "3.1.1. Only adapters may write events, only the router confirms, and only the web process "
        "writes commands; the broker's access list holds them to it."
    ),
}
_BROKER: Yaml = {
    "host": "localhost:1883",
    "protocol": "mqtt",
    "protocolVersion": "3.1.1",
    "description": "The embedded broker, or any other that speaks MQTT 3.1.1.",
    "security": [{"$ref": "#/components/securitySchemes/login"}],
}


def _channels() -> Yaml:
    return {
        "eventHelp": _channel(
            topics.event(_M, Lane.HELP, _A),
            "eventHelp",
            "Canonical events that never queue behind telemetry.",
        ),
        "eventTelemetry": _channel(
            topics.event(_M, Lane.TELEMETRY, _A), "eventTelemetry", "All other canonical events."
        ),
        "confirm": _channel(
            topics.confirm(_M, _A, _E),
            "confirm",
            "What became of an event, after the commit. Until it has come, no device is told that "
            "its event was received.",
        ),
        "command": _channel(
            topics.command(_M),
            "command",
            "What a person did, with the state the person saw; and receipts of sends, which come "
            "from outside.",
        ),
        "configure": _channel(
            topics.configure(_M), "configure", "A checked change of the configuration."
        ),
        "replay": _channel(
            topics.replay(_M),
            "replay",
            "A request to treat again what was kept of an unknown device.",
        ),
        "device": _channel(
            topics.device(_M, _A),
            "device",
            "What a device is to do, by an id and an end after which it is not begun; and how far "
            "an alarm has come that the adapter's event has raised. May come twice.",
        ),
    }


def _channel(address: str, message: str, description: str) -> Yaml:
    named = {
        name: {"description": text}
        for name, text in _PARAMETERS.items()
        if "{" + name + "}" in address
    }
    return {
        "address": address,
        "description": description,
        "parameters": named,
        "messages": {message: {"$ref": f"#/components/messages/{message}"}},
    }


def _operations() -> Yaml:
    return {
        "hearHelp": _operation("receive", "eventHelp", qos=1),
        "hearTelemetry": _operation("receive", "eventTelemetry", qos=1),
        "confirm": _operation("send", "confirm", qos=0),
        "hearCommand": _operation("receive", "command", qos=1),
        "hearConfigure": _operation("receive", "configure", qos=1),
        "hearReplay": _operation("receive", "replay", qos=1),
        "tellDevice": _operation("send", "device", qos=1),
    }


def _operation(action: str, channel: str, *, qos: int) -> Yaml:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "bindings": {"mqtt": {"qos": qos, "retain": False, "bindingVersion": "0.2.0"}},
    }


def _messages() -> Yaml:
    return {
        "eventHelp": _message(CONTENT_TYPE, _event_of(Lane.HELP)),
        "eventTelemetry": _message(CONTENT_TYPE, _event_of(Lane.TELEMETRY)),
        "confirm": _message(_JSON, {"$ref": f"{_SCHEMAS}/Confirm"}),
        "command": _message(
            _JSON, {"anyOf": [{"$ref": f"{_SCHEMAS}/{one.__name__}"} for one in _COMMANDS]}
        ),
        "configure": _message(_JSON, {"$ref": f"{_SCHEMAS}/ConfigureMessage"}),
        "replay": _message(_JSON, {"$ref": f"{_SCHEMAS}/ReplayWish"}),
        "device": _message(
            _JSON,
            {
                "anyOf": [
                    {"$ref": f"{_SCHEMAS}/{one}"} for one in ("DeviceCommand", "AlarmProgress")
                ]
            },
        ),
    }


def _message(content_type: str, payload: Mapping[str, object]) -> Yaml:
    return {"contentType": content_type, "payload": payload}


def _event_of(lane: Lane) -> Yaml:
    kinds = [kind.value for kind, treatment in KINDS.items() if treatment.lane is lane]
    return {"allOf": [{"$ref": f"{_SCHEMAS}/Event"}, {"properties": {"type": {"enum": kinds}}}]}


def _schemas() -> Yaml:
    event = Event.model_json_schema(ref_template=f"{_SCHEMAS}/{{model}}")
    found: Yaml = {**event.pop("$defs"), "Event": event}
    _, others = msgspec.json.schema_components(
        (Confirm, *_COMMANDS, ConfigureMessage, ReplayWish, DeviceCommand, AlarmProgress),
        ref_template=f"{_SCHEMAS}/{{name}}",
    )
    for name, schema in others.items():
        # A type that both libraries describe, such as Kind, is described once.
        found.setdefault(name, schema)
    return {name: _flowing(schema) for name, schema in sorted(found.items())}


def _flowing(node: Any) -> Any:
    """Return the schema with each description on one line, however its docstring is wrapped."""
    if isinstance(node, dict):
        return {
            key: " ".join(value.split()) if isinstance(value, str) else _flowing(value)
            for key, value in node.items()
        }
    return [_flowing(one) for one in node] if isinstance(node, list) else node


if __name__ == "__main__":
    FILE.write_text(to_yaml())
