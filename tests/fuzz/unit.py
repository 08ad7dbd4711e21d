"""One piece of the work: so many frames through one session, from one seed."""

import traceback
from dataclasses import dataclass
from random import Random
from time import thread_time, thread_time_ns
from typing import Any

from adapters.protocol import Topic, Wire
from adapters.protocols import PROTOCOLS
from routing.instant import SECOND, from_rfc3339
from tests.fuzz.kept import kept_octets
from tests.fuzz.messages import RequestDrive, TopicDrive
from tests.fuzz.sites import session_of
from tests.fuzz.tally import Tally, Violation
from tests.fuzz.wires import WireDrive

BEGIN = from_rfc3339("2026-11-22T12:00:00Z")
MOST_MS = 1_000.0
"""Of one core for one frame, however hostile."""
MOST_KEPT_KIB = 96 * 1024
"""What a session may hold: its memories are bounded by number, and so by size."""
WEIGH_EVERY = 25_000


@dataclass(frozen=True, slots=True)
class Unit:
    """What to do. The same unit does the same."""

    protocol: str
    seed: int
    frames: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a session did what none may do."""

    unit: Unit
    frame: int
    octets: str
    """Hex of the frame."""
    why: str


def run(unit: Unit) -> tuple[Unit, Tally, Failure | None]:
    """Do the unit; a failure ends it."""
    tally, began = Tally(), thread_time()
    random = Random(f"{unit.protocol} {unit.seed}")
    session = session_of(unit.protocol, unit.seed)
    drive = _drive(unit.protocol, session, random, tally)
    failure, at = None, BEGIN
    try:
        for _ in range(unit.frames):
            at += random.randrange(2 * SECOND)
            _step(drive, at, tally)
            if tally.frames % WEIGH_EVERY == 0:
                _weigh(session, tally)
        drive.finish(at)
        _weigh(session, tally)
    except Exception:  # noqa: BLE001  # Whatever a session raises is what is looked for.
        failure = Failure(unit, tally.frames, drive.last.octets.hex(), traceback.format_exc())
    tally.seconds = thread_time() - began
    return unit, tally, failure


def _drive(protocol: str, session: Any, random: Random, tally: Tally) -> Any:
    shape = PROTOCOLS[protocol]
    if isinstance(shape, Wire):
        return WireDrive(protocol, session, random, tally)
    if isinstance(shape, Topic):
        return TopicDrive(protocol, session, random, tally)
    return RequestDrive(protocol, session, random, tally)


def _step(drive: Any, at: int, tally: Tally) -> None:
    began = thread_time_ns()
    drive.step(at)
    tally.frames += 1
    took_ms = (thread_time_ns() - began) / 1e6
    tally.slowest_ms = max(tally.slowest_ms, took_ms)
    if took_ms > MOST_MS:
        raise Violation(f"one frame took {took_ms:.0f} ms")


def _weigh(session: object, tally: Tally) -> None:
    tally.kept_kib = max(tally.kept_kib, kept_octets(session) // 1024)
    if tally.kept_kib > MOST_KEPT_KIB:
        raise Violation(f"the session holds {tally.kept_kib} KiB")
