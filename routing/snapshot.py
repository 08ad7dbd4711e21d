"""State as a value that can be kept in a checkpoint and taken up again, indexes rebuilt."""

from collections import deque

import msgspec

from routing.alarm import Alarm
from routing.evolve import put_alarm, put_item, version_of
from routing.facts import CommandEnded
from routing.instant import Instant
from routing.lifecycle import Phase
from routing.municipality import SECTIONS, AnyItem, Policy
from routing.presence import Presence
from routing.state import State

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


def take_presence(presence: Presence, at: Instant) -> bytes:
    """Return presence as JSON with the instant it was taken."""
    kept = (at, presence.heard, presence.silent, presence.unknown)
    return msgspec.json.encode(kept)


def restore_presence(body: bytes) -> tuple[Presence, Instant]:
    """Return presence and the instant it was taken."""
    Kept = tuple[Instant, dict[str, Instant], dict[str, Instant], dict[str, Instant]]
    at, heard, silent, unknown = msgspec.json.decode(body, type=Kept)
    return Presence(heard=heard, silent=silent, unknown=unknown), at
