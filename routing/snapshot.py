"""State as a value that can be kept in a checkpoint and taken up again, indexes rebuilt."""

from collections import deque

import msgspec

from routing.alarm import Alarm
from routing.correlate.activity import Activity
from routing.correlate.memory import Memory
from routing.evolve import put_alarm, put_item, soothe
from routing.facts import CommandEnded
from routing.instant import Instant
from routing.lifecycle import Phase
from routing.municipality import SECTIONS, AnyItem, Policy
from routing.presence import Presence
from routing.state import State
from routing.tasks.book import KeptTasks
from routing.tasks.fold import take_up_tasks
from routing.version import version_of
from routing.watch import Watch

FORMAT = 1


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


def take(state: State) -> bytes:
    """Return the state as JSON."""
    registry = state.registry
    return msgspec.json.encode(
        Snapshot(
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
            memory=state.memory,
            book=state.book.keep(),
        )
    )


def restore(body: bytes) -> State | None:
    """Return the state of a snapshot; None for another format, which means: replay instead."""
    raw = msgspec.json.decode(body)
    if raw.get("format") != FORMAT:
        return None
    kept = msgspec.convert(raw, Snapshot)
    state = State(seq=kept.seq, recorded_at=kept.recorded_at)
    for item in kept.items:
        put_item(state.registry, item)
    state.registry.versions.update({version_of(policy): policy for policy in kept.versions})
    state.registry.private.update({(s, i): digest for s, i, digest in kept.private})
    _restore_alarms(state, kept)
    state.events = {event for _, event in kept.events}
    state.event_times = deque(kept.events)
    state.watches.take_up(kept.watches)
    state.memory = kept.memory
    take_up_tasks(state, kept.book)
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
