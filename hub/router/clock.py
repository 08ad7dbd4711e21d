"""The clock: wall time for what is recorded, and a watch on it by the monotonic clock."""

import asyncio
import time
from collections.abc import Callable

from hub.router.work import Work
from routing.event import derive_id
from routing.facts import EventRecorded
from routing.instant import SECOND, Instant
from routing.kinds import Kind, Lane

JUMP: Instant = 5 * SECOND
"""A larger step of the wall clock against the monotonic clock is a technical event."""
LOOK_EVERY_S = 1.0
SUBJECT = "hub:clock"


def now() -> Instant:
    """Return the wall clock's instant."""
    return time.time_ns() // 1000


def monotonic() -> Instant:
    """Return the monotonic clock's instant."""
    return time.monotonic_ns() // 1000


def steady() -> Instant:
    """Return the instant of a clock that nobody sets and that goes on while the machine sleeps
    (Linux CLOCK_BOOTTIME, clock_gettime(2)); elsewhere that of the monotonic clock."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(clock) // 1000


def jumped(wall_before: Instant, mono_before: Instant, wall: Instant, mono: Instant) -> bool:
    """Whether the wall clock has moved otherwise than time has passed."""
    return abs((wall - wall_before) - (mono - mono_before)) > JUMP


async def watch(take: Callable[[Work], None]) -> None:
    """Report every jump of the wall clock, for ever."""
    wall, mono = now(), monotonic()
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        wall_now, mono_now = now(), monotonic()
        if jumped(wall, mono, wall_now, mono_now):
            take(Work(jump_event(wall_now), Lane.TELEMETRY))
        wall, mono = wall_now, mono_now


def jump_event(at: Instant) -> EventRecorded:
    """Return the technical event that a jump is."""
    return EventRecorded(
        event=derive_id(SUBJECT, at),
        kind=Kind.CLOCK_WRONG,
        subject=SUBJECT,
        received_at=at,
        adapter="hub",
    )
