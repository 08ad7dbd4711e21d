"""(h) How fast frames are read, by protocol, on one core: the codec alone (octets to what they
mean), and with its events: sockets through a listener's session, events confirmed; messages and
calls as `varde decode` reads them, each in a session of its own.

The frames are the known payloads of tests/data that can be read. Time moves on by an hour a round,
so that no frame counts as one that was sent again.
"""

from collections.abc import Callable, Mapping
from functools import partial
from time import process_time
from typing import Any

from adapters.ev07b.alarms import meanings as ev07b_meanings
from adapters.ev07b.content import parse_content as ev07b_content
from adapters.ev07b.frame import Frame as Ev07bFrame
from adapters.ev07b.frame import FrameReader as Ev07bReader
from adapters.gt06.alarms import meanings as gt06_meanings
from adapters.gt06.frame import Frame as Gt06Frame
from adapters.gt06.frame import FrameReader as Gt06Reader
from adapters.gt06.layouts import parse_content as gt06_content
from adapters.protocol import Payload, Wire
from adapters.protocols import PROTOCOLS
from adapters.session import Emit, Outcome, Output
from adapters.teltonika.frame import Data as TeltonikaData
from adapters.teltonika.frame import FrameReader as TeltonikaReader
from adapters.teltonika.meanings import meanings as teltonika_meanings
from adapters.teltonika.records import parse_records
from routing.instant import HOUR, Instant, from_rfc3339
from tests.bench.figures import show, spread
from tests.fuzz.repair import REPAIRS
from tests.fuzz.sites import session_of
from tests.vectors.known import Known, known

SECONDS = 0.3
GOAL = 20_000
BEGIN = from_rfc3339("2026-11-22T12:00:00Z")
_STREAM, _DATAGRAM = "tcp:192.0.2.7:40112#1", "udp:192.0.2.7:5060"
Read = Callable[[Known, Instant], object]


def _ev07b() -> Read:
    reader = Ev07bReader()

    def read(row: Known, _at: Instant) -> object:
        frames = [piece for piece in reader.feed(row.octets) if isinstance(piece, Ev07bFrame)]
        contents = [ev07b_content(frame.content) for frame in frames]
        return [ev07b_meanings(alarm.bits) for content in contents for alarm in content.alarms]

    return read


def _gt06() -> Read:
    reader = Gt06Reader()

    def read(row: Known, _at: Instant) -> object:
        frames = [piece for piece in reader.feed(row.octets) if isinstance(piece, Gt06Frame)]
        return [gt06_meanings(frame, gt06_content(frame)) for frame in frames]

    return read


def _teltonika() -> Read:
    reader = TeltonikaReader()

    def read(row: Known, _at: Instant) -> object:
        frames = [piece for piece in reader.feed(row.octets) if isinstance(piece, TeltonikaData)]
        records = [record for frame in frames for record in parse_records(frame.content).records]
        return [teltonika_meanings(record) for record in records]

    return read


_CODECS: Mapping[str, Callable[[], Read]] = {
    "ev07b": _ev07b,
    "gt06": _gt06,
    "teltonika": _teltonika,
}
"""The binary protocols, for which the goal counts."""


def measure(runs: int) -> None:
    """Measure and print the table."""
    rows = []
    for name in PROTOCOLS:
        payloads = [row for row in known(name) if _is_readable(row)]
        codec = _CODECS.get(name)
        alone = "" if codec is None else _rate(codec, payloads, runs)
        told = _rate(partial(_whole, name), payloads, runs)
        rows.append((name, len(payloads), alone, told))
    head = ("protocol", "payloads", "codec, frames/s", "with events, frames/s")
    show(f"decode, one core (goal for binary codecs: {GOAL:,}/s); median of {runs}", head, rows)


def _is_readable(row: Known) -> bool:
    kinds = {event["kind"] for event in row.events or ()}
    return bool(kinds) and "frame.undecodable" not in kinds


def _rate(make: Callable[[], Read], payloads: list[Known], runs: int) -> str:
    return spread([_once(make(), payloads) for _ in range(runs)], 0) if payloads else ""


def _once(read: Read, payloads: list[Known]) -> float:
    began, at, frames = process_time(), BEGIN, 0
    while process_time() - began < SECONDS:
        at += HOUR
        for row in payloads:
            read(row, at)
        frames += len(payloads)
    return frames / (process_time() - began)


def _whole(name: str) -> Read:
    """Return what a listener does with a frame, from its octets until its events are confirmed."""
    protocol = PROTOCOLS[name]
    if not isinstance(protocol, Wire):
        return lambda row, at: protocol.decode(
            Payload(row.octets, at, topic=row.topic, retained=row.retained, judge_clock=False)
        )
    session: Any = session_of(name, 0)
    whole = REPAIRS[name] if name == "scaip" else bytes
    peer = _STREAM if protocol.udp is None else _DATAGRAM
    return lambda row, at: _conversed(session, peer, whole(row.octets), at)


def _conversed(session: Any, peer: str, octets: bytes, at: Instant) -> object:
    due = session.next_due()
    if due is not None and due <= at:
        session.due(at)
    outputs: list[Output] = [*session.receive(peer, octets, at)]
    for output in outputs:
        if isinstance(output, Emit):
            session.confirm(output.event.id, Outcome.DURABLE, at)
    return outputs
