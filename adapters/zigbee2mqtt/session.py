"""The Zigbee2MQTT codec: one message of the gateway in, events out.

Levels (contact, smoke, lock state, availability) speak when they change; an edge (`action`) each
time it arrives, and as history when it is retained. A message that says nothing else is a sign of
life with battery and link quality. There is no dedupe key, so ids derive from the message and the
time of receipt. Codes and `users` are never read, kept or hashed. Locks can be told to open.
"""

from collections.abc import Iterator, Mapping, Sequence

from adapters.fit import Json, code_text
from adapters.levels import Levels, Redeliveries, Seen, is_history
from adapters.lock_commands import LockCommands
from adapters.session import Emit, TopicOutput
from adapters.zigbee2mqtt import locks
from adapters.zigbee2mqtt.attributes import (
    ACTIVITY,
    LEVELS,
    LOCK_COMMAND_STATES,
    LOCK_STATES,
    Level,
    action_kind,
)
from adapters.zigbee2mqtt.config import Zigbee2mqttConfig
from adapters.zigbee2mqtt.payloads import ONLINE, availability, json_object
from adapters.zigbee2mqtt.tell import (
    PROTOCOL,
    Message,
    Saying,
    event,
    lock_saying,
    unknown,
    unreadable,
)
from adapters.zigbee2mqtt.topics import BRIDGE, Availability, read_topic
from adapters.zigbee2mqtt.words import words_of
from routing.event import Event
from routing.instant import Instant
from routing.kinds import Kind
from routing.to_device import DeviceCommand, ToDevice


class Zigbee2mqttSession:
    """The `TopicSession` of one gateway."""

    def __init__(self, config: Zigbee2mqttConfig) -> None:
        self._config = config
        self._levels = Levels()
        self._redeliveries = Redeliveries()
        self._commands = LockCommands()

    def subscriptions(self) -> Sequence[str]:
        return (f"{self._config.base_topic}/#",)

    def message(self, topic: str, payload: bytes, retained: bool, at: Instant) -> Sequence[Event]:
        if topic == f"{self._config.base_topic}/{locks.LOG_TOPIC}":
            return self._not_reached(payload, at)
        about = read_topic(self._config.base_topic, topic)
        if about is None or not payload:
            return ()
        if isinstance(about, Availability):
            state: Mapping[str, Json] | None = availability(payload)
        else:
            state = json_object(payload)
        message = Message(about.device, payload, retained, at, state or {})
        if state is None:
            return (event(self._config.id, message, unreadable(payload)),)
        speaks = self._reachable if isinstance(about, Availability) else self._levels_of
        changes = self._levels.changes(about.device)
        levels = self._redeliveries.again(topic, payload, changes, at)
        if self._commands.under_way(about.device, at) is not None:
            levels = None
        repeated = levels is not None
        if levels is None:
            levels = tuple(event(self._config.id, message, saying) for saying in speaks(message))
            changes = self._levels.changes(about.device)
            self._redeliveries.remember(topic, payload, changes, at, levels)
        if isinstance(about, Availability):
            return levels
        edges = tuple(
            event(self._config.id, message, saying) for saying in self._edges(message, levels)
        )
        alive = self._alive(message) if repeated or not levels else ()
        return (*levels, *(edges or alive))

    def _reachable(self, message: Message) -> Iterator[Saying]:
        """Gateway or device online or offline. While the gateway is down its devices are part of
        that one fault, and what is known of them stays as it was."""
        word = code_text(message.state.get("state"))
        kind = ONLINE.get(word)
        if kind is None:
            yield Saying(Kind.CODE_UNKNOWN, code=f"state={word}")
            return
        gateway = message.device == BRIDGE
        if not gateway and self._levels.known(BRIDGE, "availability") == "offline":
            return
        seen = self._levels.observe(message.device, "availability", word)
        if seen is Seen.SAME or (seen is Seen.FIRST and word == "online"):
            return
        history = not gateway and is_history(kind, seen, retained=message.retained)
        yield Saying(kind, code=f"availability={word}", history=history)

    def _levels_of(self, message: Message) -> Iterator[Saying]:
        for name, level in LEVELS.items():
            value = message.state.get(name)
            if isinstance(value, bool):
                yield from self._level(message, name, level, value)
            elif value is not None:
                yield unknown(name, value)
        yield from words_of(self._levels, message)
        yield from self._lock(message)

    def _level(self, message: Message, name: str, level: Level, value: bool) -> Iterator[Saying]:
        seen = self._levels.observe(message.device, name, value)
        kind = level.true if value else level.false
        quiet = seen is Seen.FIRST and not value and level.false_only_after_true
        if kind is not None and seen is not Seen.SAME and not quiet:
            history = is_history(kind, seen, retained=message.retained)
            yield Saying(kind, code=f"{name}={str(value).lower()}", history=history)

    def _lock(self, message: Message) -> Iterator[Saying]:
        state = message.state.get("lock_state")
        if state is None:
            state = LOCK_COMMAND_STATES.get(str(message.state.get("state")))
        if state is None:
            return
        kind = LOCK_STATES.get(str(state))
        if kind is None:
            yield unknown("lock_state", state)
            return
        seen = self._levels.observe(message.device, "lock_state", state)
        ours = self._ended(message, kind, seen)
        if ours is not None:
            yield Saying(kind, f"lock_state={state}", "command", ours)
        elif seen is not Seen.SAME:
            history = is_history(kind, seen, retained=message.retained)
            yield lock_saying(message, kind, f"lock_state={state}", history)

    def _ended(self, message: Message, kind: Kind, seen: Seen) -> str | None:
        """Return the id of the command that the lock's state ends."""
        ours = self._commands.under_way(message.device, message.at)
        if ours is None or locks.by_another(message.state):
            return None
        changed = seen is Seen.CHANGED
        if (message.retained and not changed) or not locks.ends(ours, kind, changed=changed):
            return None
        self._commands.end(message.device)
        return ours.command.id

    def _ended_by(self, message: Message, kind: Kind) -> str | None:
        """As `_ended`, of an action."""
        of_lock = kind in {Kind.LOCK_FAILED, Kind.LOCK_LOCKED, Kind.LOCK_UNLOCKED}
        return (
            self._ended(message, kind, Seen.CHANGED) if of_lock and not message.retained else None
        )

    def told(self, message: ToDevice, at: Instant) -> Sequence[TopicOutput]:
        if not isinstance(message, DeviceCommand) or self._commands.known(message):
            return ()
        device = message.subject.removeprefix(f"{PROTOCOL}:")
        hindered = self._commands.hindered(device, message, at)
        hindered = hindered or locks.unreachable(self._levels, device)
        publish = locks.told(self._config.base_topic, device, message)
        if hindered is not None or publish is None:
            code = hindered or "command=no_such_lock"
            return (Emit(self._failed(device, message.id, code, at)),)
        self._commands.begin(device, message, at)
        return (publish,)

    def _not_reached(self, payload: bytes, at: Instant) -> tuple[Event, ...]:
        device = locks.could_not_reach(payload)
        ours = None if device is None else self._commands.under_way(device, at)
        if device is None or ours is None:
            return ()
        self._commands.end(device)
        return (self._failed(device, ours.command.id, "command=not_reached", at),)

    def _failed(self, device: str, command: str, code: str, at: Instant) -> Event:
        message = Message(device, command.encode(), retained=False, at=at, state={})
        return event(self._config.id, message, Saying(Kind.LOCK_FAILED, code, reference=command))

    def _edges(self, message: Message, levels: Sequence[Event]) -> Iterator[Saying]:
        action = message.state.get("action")
        if isinstance(action, str) and action:
            kind = action_kind(self._config, action)
            told = any(event.type is kind and kind.startswith("lock.") for event in levels)
            if kind != "ignore" and not told:
                ours = self._ended_by(message, kind)
                if ours is not None:
                    yield Saying(kind, f"action={action}", "command", ours)
                else:
                    yield lock_saying(message, kind, f"action={action}", message.retained)
        elif action:
            yield unknown("action", action)
        for name in ACTIVITY:
            if message.state.get(name) is True:
                yield Saying(Kind.MOTION_DETECTED, code=f"{name}=true", history=message.retained)
                return

    def _alive(self, message: Message) -> tuple[Event, ...]:
        """A sign of life; a retained message is none, nor is the empty `action` that old versions
        send after every press."""
        empty_action = "action" in message.state and not message.state["action"]
        if message.retained or empty_action:
            return ()
        return (event(self._config.id, message, Saying(Kind.DEVICE_ALIVE)),)
