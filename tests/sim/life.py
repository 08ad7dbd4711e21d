"""Devices that press until they are answered, and people who answer, refuse, forget or arrive
late."""

from collections.abc import Callable
from dataclasses import dataclass, field

from adapters.session import Outcome
from hub.router.work import Work
from routing.alarm import Alarm
from routing.event import derive_id
from routing.facts import EventRecorded
from routing.inputs import Command, Receipt
from routing.instant import HOUR, SECOND, Instant
from routing.kinds import KINDS, Kind, Lane
from routing.lifecycle import Action, OutcomeCode, Phase, Speech
from routing.proofs.command import ReachCommand
from routing.state import Owed
from tests.sim.broker import Broker, Message
from tests.sim.fold import Fold
from tests.sim.town import STORM_DEVICES, storm_subject, subject
from tests.sim.world import World

HELP_KINDS = (Kind.HELP_PRESSED, Kind.HELP_PRESSED, Kind.FALL_DETECTED, Kind.SMOKE_DETECTED)
OTHER_KINDS = (
    Kind.DOOR_OPENED,
    Kind.BATTERY_LOW,
    Kind.MAINS_LOST,
    Kind.HELP_CANCELLED,
    Kind.ZONE_LEFT,
    Kind.CODE_UNKNOWN,
    Kind.FRAME_UNDECODABLE,
)
POSITIONED = frozenset({Kind.HELP_PRESSED, Kind.ZONE_LEFT})
"""Kinds that bring a position."""
HOLDS: Instant = 8 * HOUR
"""How long a simulated device goes on sending; far longer than any outage here."""


@dataclass(slots=True)
class Press:
    """One line of the device log, kept outside the hub: what was pressed, and what it was told."""

    event: EventRecorded
    pressed_at: Instant
    confirmed_at: Instant | None = None
    heard: list[Instant] = field(default_factory=list)
    """When the hub's process took it in, each time."""


class Devices:
    """Presses through the day, sent again until confirmed."""

    def __init__(self, world: World, broker: Broker, town: str) -> None:
        self._world, self._broker, self._town = world, broker, town
        self.log: dict[str, Press] = {}

    def plan(self, alarms: int, within: Instant) -> None:
        """Spread presses over the day; some are repeated or cancelled by the same device."""
        draw = self._world.random
        for number in range(alarms):
            at, device = draw.randrange(within), draw.randrange(13)
            kind = draw.choice(HELP_KINDS if draw.random() < 0.75 else OTHER_KINDS)
            self._world.after(at, self._press, number, device, kind)
            if draw.random() < 0.2:
                again = draw.choice(
                    (kind, Kind.HELP_PRESSED, Kind.FALL_DETECTED, Kind.HELP_CANCELLED)
                )
                self._world.after(at + 25 * SECOND, self._press, number, device, again)

    def plan_storm(self, within: Instant) -> None:
        """A power cut: every device of one zone tells of it, most of them tell of its end."""
        draw = self._world.random
        at = draw.randrange(within)
        for number in range(STORM_DEVICES):
            device = storm_subject(number)
            self._world.after(
                at + self._world.between_s(0, 20), self._tell, device, Kind.MAINS_LOST
            )
            if draw.random() < 0.7:
                back = at + self._world.between_s(1800, 7200)
                self._world.after(back, self._tell, device, Kind.MAINS_RESTORED)

    def _press(self, number: int, device: int, kind: Kind) -> None:
        self._tell(subject(device), kind, number)

    def _tell(self, subject: str, kind: Kind, number: int = 0) -> None:
        event = EventRecorded(
            event=derive_id(self._town, subject, number, kind, self._world.now),
            kind=kind,
            subject=subject,
            received_at=self._world.now,
            occurred_at=self._world.random.choice((None, 0, self._world.now + 3 * HOUR)),
            adapter="scaip",
        )
        self.log[event.event] = Press(event, self._world.now)
        self._world.tell("{} {} {} {}".format, self._town, subject, kind, event.event[:8])
        self._send(event.event)

    def _send(self, event_id: str) -> None:
        press = self.log[event_id]
        if press.confirmed_at is not None or self._world.now - press.pressed_at > HOLDS:
            return
        self._broker.publish(self._town, press.event)
        self._world.after(self._world.between_s(5, 20), self._send, event_id)

    def confirmed(self, event_id: str, outcome: Outcome) -> None:
        """The hub's answer, which may be lost on its way to the device."""
        press = self.log.get(event_id)
        if press and outcome is not Outcome.FAILED and not self._world.chance(0.1):
            press.confirmed_at = press.confirmed_at or self._world.now


@dataclass(slots=True)
class Phones:
    """What has rung on phones, and what their owners do about it."""

    world: World
    broker: Broker
    town: str
    durable: Fold
    """What the web process sees."""
    given: set[str] = field(default_factory=set)
    """Every command: the log that is kept outside the hub."""
    rang: dict[str, int] = field(default_factory=dict)
    """Send id to how often it arrived: the log that is kept outside the hub."""
    rang_at: dict[str, Instant] = field(default_factory=dict)
    """Send id to when it arrived first."""
    _shown: set[str] = field(default_factory=set)
    _promised: set[tuple[str, Instant | None]] = field(default_factory=set)
    """Acceptances whose owner has made up their mind what to do next."""

    def ring(self, one: Owed) -> None:
        """A page arrives. The phone shows an id once, however often it comes."""
        send = one.page.send
        self.rang[send] = self.rang.get(send, 0) + 1
        self.rang_at.setdefault(send, self.world.now)
        if send not in self._shown:
            self._shown.add(send)
            if one.alarm in self.durable.state.alarms:
                self._react(one.alarm, one.page.person)

    def look(self, person: str) -> None:
        """A person looks at the live page."""
        for alarm in self.durable.open_alarms():
            if alarm.phase is Phase.LOOKING and person in alarm.called:
                self._react(alarm.id, person)
            if alarm.owner == person:
                self._go_on(alarm)

    def _react(self, alarm: str, person: str) -> None:
        draw = self.world.random.random() if self.world.faults else 0.0
        yes, no = self._answers(alarm, person)
        if draw < 0.5:
            delay = self.world.between_s(2, 100)
            self.world.after(delay, self._command, alarm, person, yes)
        elif draw < 0.7:
            delay = self.world.between_s(2, 60)
            self.world.after(delay, self._command, alarm, person, no)

    def _answers(self, alarm: str, person: str) -> tuple[Action, Action]:
        """Return what yes and no are for this person now: to the alarm, a handover, or helping."""
        known = self.durable.state.alarms.get(alarm)
        if known is not None and known.handover is not None and person in known.handover.to:
            return Action.TAKE_OVER, Action.DECLINE
        if known is not None and known.help is not None and person in known.help.to:
            return Action.JOIN, Action.DECLINE
        return Action.ACCEPT, Action.REFUSE

    def _go_on(self, alarm: Alarm) -> None:
        if (alarm.id, alarm.owner_since) in self._promised or alarm.owner is None:
            return
        self._promised.add((alarm.id, alarm.owner_since))
        if self.world.chance(0.1):
            return  # forgets it: the lease must lapse
        for share, action in (
            (0.15, Action.HAND_OVER),
            (0.15, Action.NEED_HELP),
            (0.1, Action.SPEAK),
            (0.05, Action.CALL_FOR_HELP),
        ):
            if self.world.chance(share):
                delay = self.world.between_s(5, 600)
                self.world.after(delay, self._command, alarm.id, alarm.owner, action)
        if self.world.chance(0.1):
            delay = self.world.between_s(1600, 4000)
            self.world.after(delay, self._command, alarm.id, alarm.owner, Action.REOPEN)
        for delay_s, action in (
            (60, Action.ON_THE_WAY),
            (900, Action.ARRIVE),
            (1500, Action.CLOSE),
        ):
            delay = self.world.between_s(delay_s, delay_s * 1.5)
            self.world.after(delay, self._command, alarm.id, alarm.owner, action)

    def _command(self, alarm: str, person: str, action: Action) -> None:
        seen = self.durable.state.alarms.get(alarm)
        taken = seen is None or seen.phase is not Phase.LOOKING
        if action in {Action.ACCEPT, Action.REFUSE} and taken and self.world.chance(0.8):
            return  # the phone shows that somebody has it
        command = Command(
            id=f"{self.town}-c{len(self.given)}",
            alarm=alarm,
            person=person,
            action=action,
            seen_phase=seen.phase if seen else Phase.LOOKING,
            made_at=self.world.now,
            outcome=OutcomeCode.NO_NEED if action is Action.CLOSE else None,
            to_team="centre" if action is Action.HAND_OVER else None,
            speech=Speech.SILENT if action is Action.SPEAK else None,
        )
        self.given.add(command.id)
        self._try(command, 1)

    def _try(self, command: Command, number: int) -> None:
        state = self.durable.state
        if command.id in state.commands:
            alarm = state.alarms.get(command.alarm)
            if alarm is not None and alarm.owner == command.person:
                self._go_on(alarm)
            return
        if number > 6:
            return
        self.broker.publish(self.town, command)
        self.world.after(self.world.between_s(3, 8), self._try, command, number + 1)


def to_work(
    broker: Broker,
    confirm: Callable[[str, Outcome], None],
    message: Message,
    connection: int,
) -> Work:
    """Return the engine's work for a message; its effects are the acknowledgement and the
    confirm."""
    payload = message.payload
    assert isinstance(payload, EventRecorded | Command | ReachCommand | Receipt)

    def done(outcome: Outcome) -> None:
        broker.ack(message, connection)
        if isinstance(payload, EventRecorded):
            confirm(payload.event, outcome)

    if not isinstance(payload, EventRecorded):
        return Work(payload, Lane.HELP, done=done)
    position = b"{}" if payload.kind in POSITIONED else None
    return Work(payload, KINDS[payload.kind].lane, position=position, done=done)
