"""Devices that press until they are answered, and people who answer, refuse, forget or arrive
late."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from adapters.session import Outcome
from hub.router.work import Work
from routing.alarm import Alarm
from routing.event import derive_id
from routing.facts import CommandEnded, EventRecorded
from routing.inputs import Command
from routing.instant import HOUR, SECOND, Instant
from routing.kinds import Kind, Lane
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.state import Owed, State
from tests.sim.broker import Broker, Message
from tests.sim.town import subject
from tests.sim.world import World

HELP_KINDS = (Kind.HELP_PRESSED, Kind.HELP_PRESSED, Kind.FALL_DETECTED, Kind.SMOKE_DETECTED)
OTHER_KINDS = (Kind.DOOR_OPENED, Kind.BATTERY_LOW, Kind.MAINS_LOST, Kind.HELP_CANCELLED)
HOLDS: Instant = 8 * HOUR
"""How long a simulated device goes on sending; far longer than any outage here."""


@dataclass(slots=True)
class Press:
    """One line of the device log, kept outside the hub: what was pressed, and what it was told."""

    event: EventRecorded
    pressed_at: Instant
    confirmed_at: Instant | None = None


class Devices:
    """Presses through the day, sent again until confirmed."""

    def __init__(self, world: World, broker: Broker) -> None:
        self._world, self._broker = world, broker
        self.log: dict[str, Press] = {}

    def plan(self, alarms: int, within: Instant) -> None:
        """Spread presses over the day; some are repeated or cancelled by the same device."""
        draw = self._world.random
        for number in range(alarms):
            at, device = draw.randrange(within), draw.randrange(13)
            kind = draw.choice(HELP_KINDS if draw.random() < 0.75 else OTHER_KINDS)
            self._world.after(at, partial(self._press, number, device, kind))
            if draw.random() < 0.2:
                again = draw.choice((kind, Kind.FALL_DETECTED, Kind.HELP_CANCELLED))
                self._world.after(at + 25 * SECOND, partial(self._press, number, device, again))

    def _press(self, number: int, device: int, kind: Kind) -> None:
        event = EventRecorded(
            event=derive_id(number, self._world.now),
            kind=kind,
            subject=subject(device),
            received_at=self._world.now,
            occurred_at=self._world.random.choice((None, 0, self._world.now + 3 * HOUR)),
            adapter="scaip",
        )
        self.log[event.event] = Press(event, self._world.now)
        self._world.tell(f"{event.subject} {event.kind} {event.event[:8]}")
        self._send(event.event)

    def _send(self, event_id: str) -> None:
        press = self.log[event_id]
        if press.confirmed_at is not None or self._world.now - press.pressed_at > HOLDS:
            return
        self._broker.publish(press.event)
        self._world.after(self._world.between_s(5, 20), partial(self._send, event_id))

    def confirmed(self, event_id: str, outcome: Outcome) -> None:
        """The hub's answer, which may be lost on its way to the device."""
        if outcome is not Outcome.FAILED and not self._world.chance(0.1):
            press = self.log[event_id]
            press.confirmed_at = press.confirmed_at or self._world.now


@dataclass(slots=True)
class Phones:
    """What has rung on phones, and what their owners do about it."""

    world: World
    broker: Broker
    state: Callable[[], State | None]
    """What the web process sees: the state of the durable journal, None while it is away."""
    rang: dict[str, int] = field(default_factory=dict)
    """Send id to how often it arrived: the log that is kept outside the hub."""
    _shown: set[str] = field(default_factory=set)
    _promised: set[tuple[str, Instant | None]] = field(default_factory=set)
    """Acceptances whose owner has made up their mind what to do next."""
    _commands: int = 0

    def ring(self, one: Owed) -> None:
        """A page arrives. The phone shows an id once, however often it comes."""
        send = one.page.send
        self.rang[send] = self.rang.get(send, 0) + 1
        if send not in self._shown:
            self._shown.add(send)
            self._react(one.alarm, one.page.person)

    def look(self, person: str) -> None:
        """A person looks at the live page."""
        state = self.state()
        for alarm in list(state.alarms.values()) if state else ():
            if alarm.phase is Phase.LOOKING and person in alarm.called:
                self._react(alarm.id, person)
            if alarm.owner == person:
                self._go_on(alarm)

    def _react(self, alarm: str, person: str) -> None:
        draw = self.world.random.random() if self.world.faults else 0.0
        if draw < 0.5:
            delay = self.world.between_s(2, 100)
            self.world.after(delay, partial(self._command, alarm, person, Action.ACCEPT))
        elif draw < 0.7:
            delay = self.world.between_s(2, 60)
            self.world.after(delay, partial(self._command, alarm, person, Action.REFUSE))

    def _go_on(self, alarm: Alarm) -> None:
        if (alarm.id, alarm.owner_since) in self._promised or alarm.owner is None:
            return
        self._promised.add((alarm.id, alarm.owner_since))
        if self.world.chance(0.1):
            return  # forgets it: the lease must lapse
        for delay_s, action in (
            (60, Action.ON_THE_WAY),
            (900, Action.ARRIVE),
            (1500, Action.CLOSE),
        ):
            delay = self.world.between_s(delay_s, delay_s * 1.5)
            self.world.after(delay, partial(self._command, alarm.id, alarm.owner, action))

    def _command(self, alarm: str, person: str, action: Action) -> None:
        state = self.state()
        seen = state.alarms.get(alarm) if state else None
        self._commands += 1
        command = Command(
            id=f"c{self._commands}",
            alarm=alarm,
            person=person,
            action=action,
            seen_phase=seen.phase if seen else Phase.LOOKING,
            made_at=self.world.now,
            outcome=OutcomeCode.NO_NEED if action is Action.CLOSE else None,
        )
        self._try(command, 1)

    def _try(self, command: Command, number: int) -> None:
        state = self.state()
        ended: CommandEnded | None = state.commands.get(command.id) if state else None
        if ended is not None:
            alarm = state.alarms.get(command.alarm) if state else None
            if alarm is not None and alarm.owner == command.person:
                self._go_on(alarm)
            return
        if number > 6:
            return
        self.broker.publish(command)
        self.world.after(self.world.between_s(3, 8), partial(self._try, command, number + 1))


def to_work(broker: Broker, confirm: Callable[[str, Outcome], None], message: Message) -> Work:
    """Return the engine's work for a message; its effects are the acknowledgement and the
    confirm."""
    payload = message.payload
    assert isinstance(payload, EventRecorded | Command)

    def done(outcome: Outcome) -> None:
        broker.ack(message)
        if isinstance(payload, EventRecorded):
            confirm(payload.event, outcome)

    return Work(payload, Lane.HELP, done=done)
