"""State as a value that can be kept in a checkpoint and taken up again, indexes rebuilt.

A snapshot is lines of JSON: everything but the alarms, then the alarms, some in each line. So it
can be encoded piece by piece while the state it was taken of goes on.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import msgspec

from routing.alarm import Alarm
from routing.correlate.activity import Activity
from routing.correlate.memory import Memory
from routing.evolve import put_alarm, soothe
from routing.facts import CommandEnded
from routing.instant import Instant
from routing.lifecycle import Phase
from routing.locks.book import KeptLocks
from routing.locks.book import take_up as take_up_locks
from routing.municipality import SECTIONS, AnyItem, Policy
from routing.presence import Presence
from routing.proofs.book import KeptProofs
from routing.proofs.book import take_up as take_up_proofs
from routing.proofs.fold import take_up_tests
from routing.registry_fold import put_item
from routing.state import State
from routing.tasks.book import KeptTasks
from routing.tasks.fold import take_up_tasks
from routing.version import version_of
from routing.watch import Watch

FORMAT = 1
"""A new one comes with a way to read the one before: the facts behind it may have been removed."""
ALARMS = 200
"""In a line: encoded in well under a millisecond."""


class Snapshot(msgspec.Struct, frozen=True):
    """Everything that cannot be derived, at one sequence number."""

    format: int
    seq: int
    recorded_at: Instant
    items: tuple[AnyItem, ...]
    versions: tuple[Policy, ...]
    private: tuple[tuple[str, str, str], ...]
    alarms: tuple[Alarm, ...]
    closed: tuple[tuple[Instant, str], ...]
    events: tuple[tuple[Instant, str], ...]
    commands: tuple[tuple[Instant, CommandEnded], ...]
    watches: tuple[Watch, ...] = ()
    memory: Memory = msgspec.field(default_factory=Memory)
    book: KeptTasks = KeptTasks()
    locks: KeptLocks = KeptLocks()
    proofs: KeptProofs = KeptProofs()


def take(state: State) -> bytes:
    """Return the state as lines of JSON."""
    return b"\n".join(pieces(freeze(state)))


def freeze(state: State) -> Snapshot:
    """Return the state as it is now; what comes later does not change it. Copies references only,
    10 ms for 100,000 alarms."""
    registry = state.registry
    return Snapshot(
        format=FORMAT,
        seq=state.seq,
        recorded_at=state.recorded_at,
        items=tuple(i for section in SECTIONS for i in registry.items(section).values()),
        versions=tuple(registry.versions.values()),
        private=tuple((s, i, digest) for (s, i), digest in registry.private.items()),
        alarms=tuple(state.alarms.values()),
        closed=tuple(state.closed),
        events=tuple(state.event_times),
        commands=tuple((at, state.commands[c]) for at, c in state.command_times),
        watches=state.watches.every(),
        memory=_copy(state.memory),
        book=state.book.keep(),
        locks=state.locks.keep(),
        proofs=state.proofs.keep(),
    )


def _copy(memory: Memory) -> Memory:
    plain = {name: dict(getattr(memory, name)) for name in Memory.__dataclass_fields__}
    incidents = {
        id: replace(incident, members=dict(incident.members))
        for id, incident in memory.incidents.items()
    }
    return Memory(**{**plain, "incidents": incidents})


def pieces(frozen: Snapshot) -> Iterator[bytes]:
    """Yield the lines of a snapshot."""
    alarms = frozen.alarms
    yield msgspec.json.encode(msgspec.structs.replace(frozen, alarms=()))
    for first in range(0, len(alarms), ALARMS):
        yield msgspec.json.encode(alarms[first : first + ALARMS])


def restore(body: bytes) -> State | None:
    """Return the state of a snapshot; None for another format, which means: replay instead."""
    head, *lines = body.split(b"\n")
    raw = msgspec.json.decode(head)
    if raw.get("format") != FORMAT:
        return None
    kept = msgspec.convert(raw, Snapshot)
    alarms = [alarm for line in lines for alarm in msgspec.json.decode(line, type=list[Alarm])]
    kept = msgspec.structs.replace(kept, alarms=(*kept.alarms, *alarms))
    state = State(seq=kept.seq, recorded_at=kept.recorded_at)
    for item in kept.items:
        put_item(state.registry, item)
    state.registry.versions.update({version_of(policy): policy for policy in kept.versions})
    state.registry.private.update({(s, i): digest for s, i, digest in kept.private})
    state.registry.proofs = take_up_proofs(kept.proofs)
    _restore_alarms(state, kept)
    state.events = {event for _, event in kept.events}
    state.event_times = deque(kept.events)
    state.watches.take_up(kept.watches)
    state.memory = kept.memory
    take_up_tasks(state, kept.book)
    state.locks = take_up_locks(kept.locks)
    take_up_tests(state)
    state.commands = {ended.command: ended for _, ended in kept.commands}
    state.command_times = deque((at, ended.command) for at, ended in kept.commands)
    return state


def _restore_alarms(state: State, kept: Snapshot) -> None:
    for alarm in kept.alarms:
        if alarm.phase is Phase.CLOSED:
            state.alarms[alarm.id] = alarm
        else:
            put_alarm(state, None, alarm)
    state.closed = deque(kept.closed)
    for _, alarm_id in state.closed:
        soothe(state, state.alarms[alarm_id])


class Kept(msgspec.Struct, array_like=True):
    """Presence in a checkpoint; what an older one lacks is empty."""

    at: Instant
    heard: dict[str, Instant]
    silent: dict[str, Instant]
    unknown: dict[str, Instant]
    moved: dict[str, Instant] = {}
    told: dict[str, Instant] = {}


def take_presence(presence: Presence, at: Instant) -> bytes:
    """Return presence as JSON with the instant it was taken."""
    activity = presence.activity
    kept = Kept(
        at, presence.heard, presence.silent, presence.unknown, activity.moved, activity.told
    )
    return msgspec.json.encode(kept)


def restore_presence(body: bytes) -> tuple[Presence, Instant]:
    """Return presence and the instant it was taken."""
    kept = msgspec.json.decode(body, type=Kept)
    activity = Activity(moved=kept.moved, told=kept.told)
    presence = Presence(
        heard=kept.heard, silent=kept.silent, unknown=kept.unknown, activity=activity
    )
    return presence, kept.at
