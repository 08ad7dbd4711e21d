"""The Nuki codec: one message of a lock in, events out; a command in, a message to the lock out.

Every topic is one level, retained by the lock, so a level speaks when it changes. `lockActionEvent`
and `commandResponse` are edges. The first comes *before* the lock moves, so it says only who turns
it; what the lock has done is its next `state`. There is no dedupe key: ids derive from the message
and the time of receipt, and the same octets on an unchanged level give the same ids again.
"""

from collections.abc import Iterator, Sequence

from adapters.fit import fit
from adapters.levels import Levels, Redeliveries, Seen, is_history
from adapters.lock_commands import LockCommands, UnderWay
from adapters.nuki import codes
from adapters.nuki.config import NukiConfig
from adapters.nuki.read import NUMBERS, WORDS, Beginning, beginning, number, word
from adapters.nuki.tell import PROTOCOL, Message, Saying, event
from adapters.nuki.topics import command_topic, read_topic
from adapters.recent import Bounded
from adapters.session import Emit, Publish, TopicOutput
from routing.event import Event
from routing.instant import Instant
from routing.kinds import Kind
from routing.to_device import DeviceAction, DeviceCommand, ToDevice

_CRITICAL = {
    "batteryCritical": None,
    "keypadBatteryCritical": "keypad",
    "doorsensorBatteryCritical": "doorsensor",
}


class NukiSession:
    """The `TopicSession` of the locks on one broker; it can be told (`ToldTopics`)."""

    def __init__(self, config: NukiConfig) -> None:
        self._config = config
        self._levels = Levels()
        self._redeliveries = Redeliveries()
        self._commands = LockCommands()
        self._began: Bounded[str, Beginning] = Bounded()
        """What each lock said last that it was about to do."""

    def subscriptions(self) -> Sequence[str]:
        return (f"{self._config.base_topic}/#",)

    def message(self, topic: str, payload: bytes, retained: bool, at: Instant) -> Sequence[Event]:
        about = read_topic(self._config.base_topic, topic)
        if about is None or not payload:
            return ()
        message = Message(about.device, about.what, payload, retained, at)
        changes = self._levels.changes(about.device)
        again = self._redeliveries.again(topic, payload, changes, at)
        if again is not None and self._commands.under_way(about.device, at) is None:
            return again
        events = tuple(event(self._config.id, message, saying) for saying in self._sayings(message))
        levels = tuple(one for one in events if one.type is not Kind.DEVICE_ALIVE)
        if about.what not in {"lockActionEvent", "commandResponse"}:
            changes = self._levels.changes(about.device)
            self._redeliveries.remember(topic, payload, changes, at, levels)
        return events

    def told(self, message: ToDevice, at: Instant) -> Sequence[TopicOutput]:
        if not isinstance(message, DeviceCommand) or self._commands.known(message):
            return ()
        device = message.subject.removeprefix(f"{PROTOCOL}:")
        topic = command_topic(self._config.base_topic, device)
        hindered = self._commands.hindered(device, message, at)
        if self._levels.known(device, "connected") is False:
            hindered = hindered or "connected=false"
        if hindered is not None or topic is None:
            why = hindered or "command=no_such_lock"
            return (Emit(self._refused(device, message, why, at)),)
        self._commands.begin(device, message, at)
        self._began.pop(device, None)
        return (Publish(topic, str(self._action(message)).encode(), qos=0),)

    def _action(self, command: DeviceCommand) -> int:
        if command.action is DeviceAction.LOCK:
            return codes.LOCK
        return codes.UNLATCH if self._config.opens_by == "unlatch" else codes.UNLOCK

    def _refused(self, device: str, command: DeviceCommand, why: str, at: Instant) -> Event:
        message = Message(device, "told", command.id.encode(), retained=False, at=at)
        saying = Saying(Kind.LOCK_FAILED, why, reference=command.id)
        return event(self._config.id, message, saying)

    # -- what a message says -----------------------------------------------------------------------

    def _sayings(self, message: Message) -> Iterator[Saying]:
        what = message.what
        if what == "lockActionEvent":
            yield from self._begins(message)
        elif what in NUMBERS:
            value = number(message.payload)
            yield from self._unreadable(message) if value is None else self._number(message, value)
        elif what in WORDS:
            said = word(message.payload)
            yield from self._unreadable(message) if said is None else self._word(message, said)

    def _number(self, message: Message, value: int) -> Iterator[Saying]:
        match message.what:
            case "state":
                yield from self._state(message, value)
            case "doorsensorState":
                kind = codes.DOORS.get(value, Kind.CODE_UNKNOWN)
                yield from self._level(message, value, kind, part="doorsensor")
            case "commandResponse":
                yield from self._response(message, value)
            case _:
                yield from self._alive(message, battery_pct=value if value <= 100 else None)

    def _state(self, message: Message, state: int) -> Iterator[Saying]:
        kind = codes.STATES.get(state, Kind.CODE_UNKNOWN)
        before = self._levels.known(message.device, "state")
        news = not message.retained or before not in {None, state}
        ours = self._answer(message, state) if news else None
        if ours is not None and kind is not None:
            self._commands.end(message.device)
            self._levels.observe(message.device, "state", state)
            yield Saying(kind, f"state={state}", reference=ours.command.id, part=self._by(message))
        elif kind is Kind.LOCK_UNLOCKED and before in codes.UNLOCKED:
            self._levels.observe(message.device, "state", state)
            yield from self._alive(message)
        else:
            who = self._began.pop(message.device, None) if kind is not None else None
            user = f"user={who.user}" if who is not None and who.user else None
            part = None if who is None else who.by
            yield from self._level(message, state, kind, part=part, reference=user)

    def _answer(self, message: Message, state: int) -> UnderWay | None:
        """Return the command whose end the state is; None where it may be somebody else's."""
        ours = self._commands.under_way(message.device, message.at)
        if ours is None or ours.by_another:
            return None
        if state == codes.BLOCKED:
            return ours
        if not ours.unlocks:
            return ours if state == codes.LOCKED else None
        if self._config.opens_by == "unlatch" and state != codes.UNLATCHED:
            pulled = self._levels.known(message.device, "state") == codes.UNLATCHING
            return ours if pulled and state in codes.UNLOCKED else None
        return ours if state in codes.UNLOCKED else None

    def _by(self, message: Message) -> str:
        self._began.pop(message.device, None)
        return "command"

    def _response(self, message: Message, response: int) -> Iterator[Saying]:
        code = f"commandResponse={response}"
        ours = self._commands.under_way(message.device, message.at)
        if message.retained:
            return
        if response == codes.ACCEPTED:
            state = self._levels.known(message.device, "state")
            done = ours is not None and not ours.by_another and self._stands(ours, state)
            if ours is not None and done:
                self._commands.end(message.device)
                kind = Kind.LOCK_UNLOCKED if ours.unlocks else Kind.LOCK_LOCKED
                yield Saying(kind, code, reference=ours.command.id, part="command")
            else:
                yield from self._alive(message, code=code)
            return
        if ours is not None:
            self._commands.end(message.device)
        yield Saying(Kind.LOCK_FAILED, code, reference=None if ours is None else ours.command.id)

    def _stands(self, ours: UnderWay, state: object) -> bool:
        """Say whether the lock stood so already: then it does not move, and tells no state."""
        if not ours.unlocks:
            return state == codes.LOCKED
        return state in codes.UNLOCKED and self._config.opens_by == "unlock"

    def _begins(self, message: Message) -> Iterator[Saying]:
        begins = beginning(message.payload)
        if begins is None:
            yield from self._unreadable(message)
        elif begins.action not in codes.ACTIONS:
            yield Saying(Kind.CODE_UNKNOWN, begins.code, history=message.retained)
        else:
            if not message.retained and begins.action not in codes.NOTHING_DONE:
                self._began.put(message.device, begins)
                ours = self._commands.under_way(message.device, message.at)
                if ours is not None:
                    ours.by_another = not self._is_ours(ours, begins)
            yield from self._alive(message, code=begins.code)

    def _is_ours(self, ours: UnderWay, begins: Beginning) -> bool:
        same = begins.action == self._action(ours.command)
        return same and begins.trigger in codes.PERHAPS_OURS

    def _word(self, message: Message, said: bool) -> Iterator[Saying]:
        seen = self._levels.observe(message.device, message.what, said)
        if message.what == "connected":
            kind = Kind.LINK_RESTORED if said else Kind.LINK_LOST
            quiet = said and seen is Seen.FIRST
        else:
            kind = Kind.BATTERY_LOW if said else Kind.BATTERY_OK
            quiet = not said and seen is Seen.FIRST
        if quiet or seen is Seen.SAME:
            # That a lock is gone is the broker's word, and no sign of life.
            if said or message.what != "connected":
                yield from self._alive(message)
            return
        code = f"{message.what}={str(said).lower()}"
        history = is_history(kind, seen, retained=message.retained)
        yield Saying(kind, code, part=_CRITICAL.get(message.what), history=history)

    def _level(
        self,
        message: Message,
        value: int,
        kind: Kind | None,
        *,
        part: str | None = None,
        reference: str | None = None,
    ) -> Iterator[Saying]:
        seen = self._levels.observe(message.device, message.what, value)
        if kind is None or seen is Seen.SAME:
            yield from self._alive(message)
            return
        history = is_history(kind, seen, retained=message.retained)
        code = f"{message.what}={value}"
        yield Saying(kind, code, part=part, reference=reference, history=history)

    def _alive(
        self, message: Message, *, code: str | None = None, battery_pct: float | None = None
    ) -> Iterator[Saying]:
        if not message.retained:
            yield Saying(Kind.DEVICE_ALIVE, code, battery_pct=battery_pct)

    def _unreadable(self, message: Message) -> Iterator[Saying]:
        note = fit(f"{message.what}: not what this topic carries", 200)
        yield Saying(Kind.FRAME_UNDECODABLE, note=note)
