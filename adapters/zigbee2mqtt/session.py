"""The Zigbee2MQTT codec: one message of the gateway in, events out.

Levels (contact, smoke, lock state, availability) speak when they change; an edge (`action`) each
time it arrives, and as history when it is retained. A message that says nothing else is a sign of
life with battery and link quality. There is no dedupe key, so ids derive from the message and the
time of receipt. `pin_code` and `users` are never read, kept or hashed.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.fit import Json, code_text, fit, number, percent, raw_hex, read_json, subject
from adapters.levels import Levels, Redeliveries, Seen, is_history
from adapters.zigbee2mqtt.attributes import (
    LEVELS,
    LOCK_COMMAND_STATES,
    LOCK_STATES,
    Level,
    action_kind,
)
from adapters.zigbee2mqtt.config import Zigbee2mqttConfig
from adapters.zigbee2mqtt.topics import BRIDGE, Availability, read_topic
from routing.event import Event, EventData, derive_id, make_event
from routing.instant import Instant
from routing.kinds import Kind

PROTOCOL = "zigbee2mqtt"
_SECRET = (b"pin_code", b'"users"')
_ONLINE = {"online": Kind.LINK_RESTORED, "offline": Kind.LINK_LOST}


@dataclass(frozen=True, slots=True)
class _Message:
    device: str
    payload: bytes
    retained: bool
    at: Instant
    state: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class _Saying:
    kind: Kind
    code: str | None = None
    part: str | None = None
    reference: str | None = None
    note: str | None = None
    history: bool = False


class Zigbee2mqttSession:
    """The `TopicSession` of one gateway."""

    def __init__(self, config: Zigbee2mqttConfig) -> None:
        self._config = config
        self._levels = Levels()
        self._redeliveries = Redeliveries()

    def subscriptions(self) -> Sequence[str]:
        return (f"{self._config.base_topic}/#",)

    def message(self, topic: str, payload: bytes, retained: bool, at: Instant) -> Sequence[Event]:
        about = read_topic(self._config.base_topic, topic)
        if about is None or not payload:
            return ()
        if isinstance(about, Availability):
            state: Mapping[str, Json] | None = _availability(payload)
        else:
            state = _object(payload)
        message = _Message(about.device, payload, retained, at, state or {})
        if state is None:
            return (self._event(message, _unreadable(payload)),)
        speaks = self._reachable if isinstance(about, Availability) else self._levels_of
        changes = self._levels.changes(about.device)
        levels = self._redeliveries.again(topic, payload, changes, at)
        repeated = levels is not None
        if levels is None:
            levels = tuple(self._event(message, saying) for saying in speaks(message))
            changes = self._levels.changes(about.device)
            self._redeliveries.remember(topic, payload, changes, at, levels)
        if isinstance(about, Availability):
            return levels
        edges = tuple(self._event(message, saying) for saying in self._edges(message, levels))
        alive = self._alive(message) if repeated or not levels else ()
        return (*levels, *(edges or alive))

    def _reachable(self, message: _Message) -> Iterator[_Saying]:
        """Gateway or device online or offline. While the gateway is down its devices are part of
        that one fault, and what is known of them stays as it was."""
        word = code_text(message.state.get("state"))
        kind = _ONLINE.get(word)
        if kind is None:
            yield _Saying(Kind.CODE_UNKNOWN, code=f"state={word}")
            return
        gateway = message.device == BRIDGE
        if not gateway and self._levels.known(BRIDGE, "availability") == "offline":
            return
        seen = self._levels.observe(message.device, "availability", word)
        if seen is Seen.SAME or (seen is Seen.FIRST and word == "online"):
            return
        history = not gateway and is_history(kind, seen, retained=message.retained)
        yield _Saying(kind, code=f"availability={word}", history=history)

    def _levels_of(self, message: _Message) -> Iterator[_Saying]:
        for name, level in LEVELS.items():
            value = message.state.get(name)
            if isinstance(value, bool):
                yield from self._level(message, name, level, value)
            elif value is not None:
                yield _unknown(name, value)
        yield from self._lock(message)

    def _level(self, message: _Message, name: str, level: Level, value: bool) -> Iterator[_Saying]:
        seen = self._levels.observe(message.device, name, value)
        kind = level.true if value else level.false
        quiet = seen is Seen.FIRST and not value and level.false_only_after_true
        if kind is not None and seen is not Seen.SAME and not quiet:
            history = is_history(kind, seen, retained=message.retained)
            yield _Saying(kind, code=f"{name}={str(value).lower()}", history=history)

    def _lock(self, message: _Message) -> Iterator[_Saying]:
        state = message.state.get("lock_state")
        if state is None:
            state = LOCK_COMMAND_STATES.get(str(message.state.get("state")))
        if state is None:
            return
        kind = LOCK_STATES.get(str(state))
        if kind is None:
            yield _unknown("lock_state", state)
            return
        seen = self._levels.observe(message.device, "lock_state", state)
        if seen is not Seen.SAME:
            history = is_history(kind, seen, retained=message.retained)
            yield _lock_saying(message, kind, f"lock_state={state}", history)

    def _edges(self, message: _Message, levels: Sequence[Event]) -> Iterator[_Saying]:
        action = message.state.get("action")
        if isinstance(action, str) and action:
            kind = action_kind(self._config, action)
            told = any(event.type is kind and kind.startswith("lock.") for event in levels)
            if kind != "ignore" and not told:
                yield _lock_saying(message, kind, f"action={action}", message.retained)
        elif action:
            yield _unknown("action", action)
        if message.state.get("occupancy") is True:
            yield _Saying(Kind.MOTION_DETECTED, code="occupancy=true", history=message.retained)

    def _alive(self, message: _Message) -> tuple[Event, ...]:
        """A sign of life; a retained message is none, nor is the empty `action` that old versions
        send after every press."""
        empty_action = "action" in message.state and not message.state["action"]
        if message.retained or empty_action:
            return ()
        return (self._event(message, _Saying(Kind.DEVICE_ALIVE)),)

    def _event(self, message: _Message, saying: _Saying) -> Event:
        name = subject(PROTOCOL, message.device)
        secret = any(word in message.payload for word in _SECRET)
        digest = "" if secret else hashlib.blake2b(message.payload, digest_size=16).hexdigest()
        undecodable = saying.kind is Kind.FRAME_UNDECODABLE
        return make_event(
            saying.kind,
            id=derive_id(PROTOCOL, name, digest, message.at, saying.kind, saying.code),
            source=f"/adapters/{PROTOCOL}/{self._config.id}",
            subject=name,
            received_at=message.at,
            history=saying.history,
            data=EventData(
                code=None if saying.code is None else fit(saying.code, 64),
                part=saying.part,
                reference=saying.reference,
                note=saying.note,
                battery_pct=percent(message.state.get("battery")),
                link_quality=number(message.state.get("linkquality")),
                raw=raw_hex(message.payload) if undecodable and not secret else None,
            ),
        )


def _object(payload: bytes) -> Mapping[str, Json] | None:
    try:
        value = read_json(payload)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _availability(payload: bytes) -> Mapping[str, Json] | None:
    """Read `online`, or `{"state": "online"}` as newer versions send it."""
    if payload.decode("utf-8", "replace") in _ONLINE:
        return {"state": payload.decode()}
    return _object(payload)


def _unreadable(payload: bytes) -> _Saying:
    what = "not a JSON object"
    try:
        read_json(payload)
    except ValueError as error:
        what = f"not JSON: {error}"
    return _Saying(Kind.FRAME_UNDECODABLE, note=fit(f"the payload is {what}", 200))


def _unknown(name: str, value: Json) -> _Saying:
    return _Saying(Kind.CODE_UNKNOWN, code=f"{name}={code_text(value)}")


def _lock_saying(message: _Message, kind: Kind, code: str, history: bool) -> _Saying:
    """A lock tells by what it was turned, and which of its users did it."""
    source, user = message.state.get("action_source_name"), message.state.get("action_user")
    return _Saying(
        kind,
        code=code,
        part=fit(source, 64) if isinstance(source, str) else None,
        reference=f"user={user}" if type(user) is int and 0 <= user < 1 << 32 else None,
        history=history,
    )
