"""`varde decode PROTOCOL`: read one payload the way an adapter would, and print JSON lines."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from adapters.decoded import Decoded
from adapters.protocol import Payload, Protocol, Topic, Wire
from adapters.protocols import PROTOCOLS
from routing.instant import Instant, from_rfc3339

_HELP = """\
Prints one JSON object a line: {"event": ...} for each event, {"reply": {"hex"|"text": ...}} for
what the device gets once the events are durable, {"error": ...} where the payload is at fault.
Exit code 1 when there is an error, else 0. A frame of pure chatter prints no event.

The protocols of MQTT need --topic. webhook reads the JSON body; its signature is in the headers and
so is not checked. osmand reads a body, or a request that begins with its line. Without --mapping,
webhook uses the dispenser example and generic the example for care/{device}/state. Without --at the
time of receipt is now, and a tracker's clock is not judged. lorawan reads a sensor's octets alone
where --topic is a profile's name (ws301). --explain says in words what a mapping found and left.
"""

_HEX_AND_SPACE = frozenset(b"0123456789abcdefABCDEFx \t\r\n")


class CommandLineError(Exception):
    """The command line asks for something that cannot be done; the text says what to change."""


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "decode",
        help="read a device's payload and print the events and the reply",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("protocol", choices=sorted(PROTOCOLS))
    parser.add_argument("file", nargs="?", metavar="FILE", help="payload; - or nothing is stdin")
    parser.add_argument("--hex", help="payload as hex; spaces, newlines and 0x are passed over")
    parser.add_argument("--text", help="payload as text")
    parser.add_argument("--topic", help="MQTT topic of the payload")
    parser.add_argument("--retained", action="store_true", help="the broker had kept the message")
    parser.add_argument("--mapping", metavar="FILE", help="YAML or JSON mapping")
    parser.add_argument(
        "--explain", action="store_true", help="first say in words what the mapping found and left"
    )
    parser.add_argument("--key", metavar="HEX", help="key of an encrypted payload")
    parser.add_argument("--at", metavar="RFC3339", help="when the payload arrived")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what the payload says; 1 when it is at fault, 2 when the command line is."""
    try:
        at = time.time_ns() // 1000 if args.at is None else _instant(args.at)
        protocol = PROTOCOLS[args.protocol]
        given = _given(protocol, at, args)
        decoded = protocol.decode(given)
        explained = _explained(protocol, given) if args.explain else []
    except CommandLineError as error:
        print(f"varde decode: {error}", file=sys.stderr)
        return 2
    for line in (*explained, *_lines(decoded)):
        print(line)
    return 0 if decoded.error is None else 1


def _explained(protocol: Protocol, given: Payload) -> Sequence[str]:
    if protocol.explain is None:
        raise CommandLineError(f"--explain is for what a mapping reads; {protocol.name} has none")
    return protocol.explain(given)


def _lines(decoded: Decoded) -> list[str]:
    lines = [f'{{"event": {event.to_json().decode()}}}' for event in decoded.events]
    if decoded.reply is not None:
        reply = (
            {"hex": decoded.reply.hex()}
            if decoded.binary
            else {"text": decoded.reply.decode("utf-8", "replace")}
        )
        lines.append(json.dumps({"reply": reply}, ensure_ascii=False))
    if decoded.error is not None:
        lines.append(json.dumps({"error": decoded.error}, ensure_ascii=False))
    return lines


def _payload(args: argparse.Namespace) -> bytes:
    given = [way for way in (args.file, args.hex, args.text) if way is not None]
    if len(given) > 1:
        raise CommandLineError("give one of FILE, --hex and --text")
    if args.hex is not None:
        return _from_hex(args.hex)
    if args.text is not None:
        return str(args.text).encode("utf-8", "surrogateescape")
    if args.file in (None, "-"):
        return sys.stdin.buffer.read()
    return _read(args.file)


def _from_hex(text: str) -> bytes:
    digits = "".join(text.split())
    try:
        return bytes.fromhex(digits.removeprefix("0x"))
    except ValueError:
        raise CommandLineError(
            f"{text.strip()[:40]!r} is not hex: two digits 0-9 or a-f for each octet"
        ) from None


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandLineError(f"{path}: {error.strerror}") from error


def _instant(text: str) -> Instant:
    try:
        return from_rfc3339(text)
    except ValueError as error:
        raise CommandLineError(f"--at: {error}") from error


def _given(protocol: Protocol, at: Instant, args: argparse.Namespace) -> Payload:
    octets = _payload(args)
    if isinstance(protocol, Wire) and protocol.binary:
        octets = _binary(octets, protocol.name, args)
    return Payload(
        octets,
        at,
        topic=_topic(args) if isinstance(protocol, Topic) else "",
        retained=args.retained,
        mapping=None if protocol.mapping is None else _mapping(protocol.mapping, args),
        judge_clock=args.at is not None,
        key=args.key,
    )


def _binary(octets: bytes, name: str, args: argparse.Namespace) -> bytes:
    """A file of hex digits is as welcome as one of octets: no frame consists of hex digits."""
    if args.text is not None and set(octets) - _HEX_AND_SPACE:
        raise CommandLineError(
            f"{name} frames are octets, not text: give them with --hex, or as a FILE of octets"
        )
    if octets.strip() and not set(octets) - _HEX_AND_SPACE:
        return _from_hex(octets.decode("ascii"))
    return octets


def _topic(args: argparse.Namespace) -> str:
    if not args.topic:
        raise CommandLineError(f"{args.protocol} needs --topic, the MQTT topic of the payload")
    topic = str(args.topic)
    if set(topic) & set("+#\0") or (args.protocol == "zigbee2mqtt" and topic.startswith("/")):
        raise CommandLineError(f"--topic {topic!r} is not the topic of a message")
    return topic


def _mapping(model: type[Any], args: argparse.Namespace) -> Any:
    if args.mapping is None:
        return None
    try:
        values = YAML(typ="safe", pure=True).load(_read(args.mapping))
        return model.model_validate(values)
    except (YAMLError, ValidationError) as error:
        raise CommandLineError(f"{args.mapping}: {error}") from error
