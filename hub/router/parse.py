"""From an MQTT message to work for the engine: parsed once, here, into types.

Nothing is dropped. What an adapter published and cannot be read becomes `frame.undecodable` of that
adapter, with its octets in a document. Free text and positions are parted from the fact and go into
documents.
"""

import re
from collections.abc import Mapping
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from pydantic import ValidationError

from adapters.protocols import PROTOCOLS
from hub.journal.port import Document
from hub.kept_frames.wish import ReplayWish
from hub.router.work import Sample, Task
from routing.event import Event, EventData, derive_id
from routing.facts import ConfigurationRemoved, ConfigurationSet, EventRecorded
from routing.inputs import Command, Configure, Receipt
from routing.instant import Instant, to_rfc3339
from routing.kinds import Kind, KindClass
from routing.locks.book import KINDS as LOCKS
from routing.municipality import Municipality
from routing.proofs.command import ReachCommand
from routing.tasks.command import TaskCommand

RAW_KEPT = 8192
"""Octets kept of a message nobody can read."""
PRIVATE = ("location_text", "note", "caller", "raw", "reference", "part", "location_code")
"""Fields of an event's data that are kept in its document."""
SAFE_DIGITS = 18
"""Decimal digits that fit into 64 bits."""
COMMAND_ID = re.compile(r"[0-9a-f]{32}")
"""As `routing.locks` makes the ids of commands to devices."""
TOLD = frozenset(name for name, protocol in PROTOCOLS.items() if protocol.told)
"""Protocols whose devices can be told something."""
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)
"""What msgspec raises for octets that are not the JSON it was asked to read."""


class ConfigureMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """JSON on the configure topic."""

    id: str
    author: str
    changes: tuple[ConfigurationSet | ConfigurationRemoved, ...]
    documents: tuple["DocumentMessage", ...] = ()


class DocumentMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One document of a configuration change; `body` None erases it."""

    kind: str
    id: str
    body: str | None


class _About(msgspec.Struct):
    """The part of a command that says which sort it is."""

    about: Literal["alarm", "task", "reach", "receipt"] = "alarm"


_COMMANDS: Mapping[str, type[Command | TaskCommand | ReachCommand | Receipt]] = {
    "alarm": Command,
    "task": TaskCommand,
    "reach": ReachCommand,
    "receipt": Receipt,
}


class Parsed(msgspec.Struct, frozen=True):
    """A task, the documents it brought, its position if it has one, and the id to confirm."""

    task: Task
    documents: tuple[Document, ...] = ()
    position: bytes | None = None
    event: str | None = None
    heard: Event | None = None
    """The event as its adapter published it."""


class NotOurs(ValueError):
    """A command or configuration change that no part of Varde wrote; the message says what is
    wrong."""


def event(adapter: str, payload: bytes, at: Instant) -> Parsed:
    """Read a canonical event as its adapter published it."""
    try:
        heard = Event.parse(payload)
    except ValidationError:
        return _unreadable(adapter, payload, at)
    where = _where(heard)
    if heard.treatment.kind_class is KindClass.SAMPLE:
        return Parsed(Sample(heard.subject, heard.type), (), where, heard.id, heard)
    return Parsed(_recorded(adapter, heard), _documents(heard), where, heard.id, heard)


def _where(heard: Event) -> bytes | None:
    """Return the position with the instant at which it was received: an old one must look old."""
    if heard.data.position is None:
        return None
    place = heard.data.position.model_dump(mode="json", exclude_none=True)
    return msgspec.json.encode({**place, "at": to_rfc3339(heard.received_at)})


def _recorded(adapter: str, heard: Event) -> EventRecorded:
    return EventRecorded(
        event=heard.id,
        kind=heard.type,
        subject=heard.subject,
        received_at=heard.received_at,
        occurred_at=heard.occurred_at,
        history=heard.history,
        code=_code(heard),
        sequence=_number(heard.sequence),
        adapter=adapter,
        told=heard.source.split("/")[2] in TOLD,
        answers=_answers(heard),
        level=heard.data.level,
    )


def _answers(heard: Event) -> str | None:
    """Return the id of the command that the event of a lock answers. Other references are the
    maker's own and stay in the event's document."""
    reference = heard.data.reference or ""
    ours = heard.type in LOCKS and COMMAND_ID.fullmatch(reference)
    return reference if ours else None


def _number(sequence: str | None) -> int | None:
    """Return the sequence number where it is one; other orders are not ours to compare."""
    if sequence is None or not sequence.isascii() or not sequence.isdecimal():
        return None
    return int(sequence) if len(sequence) <= SAFE_DIGITS else None


def _code(heard: Event) -> str | None:
    """Return the protocol's code. One that nobody knows may be any text, so the fact tells only
    whether two are the same; the text itself is in the event's document."""
    code = heard.data.code
    if code is None or heard.type is not Kind.CODE_UNKNOWN:
        return code
    return f"unknown:{derive_id(code)[:12]}"


def _documents(heard: Event) -> tuple[Document, ...]:
    if heard.data == EventData():
        return ()
    kept = {*PRIVATE, "code"} if heard.type is Kind.CODE_UNKNOWN else set(PRIVATE)
    body = heard.data.model_dump_json(include=kept, exclude_defaults=True)
    return () if body == "{}" else (Document("event", heard.id, body.encode()),)


def _unreadable(adapter: str, payload: bytes, at: Instant) -> Parsed:
    event_id = derive_id("unreadable", adapter, payload.hex())
    told = EventRecorded(
        event=event_id,
        kind=Kind.FRAME_UNDECODABLE,
        subject=f"adapter:{adapter}",
        received_at=at,
        adapter=adapter,
    )
    return Parsed(told, (Document("frame", event_id, payload[:RAW_KEPT]),))


def command(payload: bytes) -> Parsed:
    """Read a command; NotOurs when it is none."""
    try:
        about = msgspec.json.decode(payload, type=_About).about
        return Parsed(msgspec.json.decode(payload, type=_COMMANDS[about]))
    except UNREADABLE as error:
        raise NotOurs(f"not a command of the web process: {error}") from error


def configure(payload: bytes) -> Parsed:
    """Read a configuration change; NotOurs when it is none."""
    try:
        message = msgspec.json.decode(payload, type=ConfigureMessage)
    except UNREADABLE as error:
        raise NotOurs(f"not a configuration change of varde apply: {error}") from error
    for change in message.changes:
        if isinstance(change, ConfigurationSet) and isinstance(change.item, Municipality):
            _check_timezone(change.item.timezone)
    documents = tuple(
        Document(d.kind, d.id, None if d.body is None else d.body.encode())
        for d in message.documents
    )
    return Parsed(Configure(message.changes), documents)


def replay(payload: bytes) -> ReplayWish:
    """Read a request to replay kept frames; NotOurs when it is none."""
    try:
        return msgspec.json.decode(payload, type=ReplayWish)
    except UNREADABLE as error:
        raise NotOurs(f"not a request to replay: {error}") from error


def _check_timezone(name: str) -> None:
    """Refuse a zone that this machine does not know: every later decision would stumble over it."""
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:
        raise NotOurs(f"{name!r} is no time zone known here") from error
