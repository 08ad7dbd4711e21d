"""What people say about being reached: tests they answer or forget, duties they end and take up
again, phones they lose; and receipts that come from outside, late or not at all."""

from dataclasses import dataclass, field
from typing import Any

from routing.inputs import Receipt
from routing.instant import SECOND, Instant
from routing.proofs.command import ReachAction, ReachCommand
from routing.proofs.duty import proven
from routing.state import Owed
from tests.sim.broker import Broker
from tests.sim.fold import Fold
from tests.sim.town import CHANNELS
from tests.sim.world import World

TESTS_OF_EACH = 3
SHIFT_WORKERS = ("day-1", "day-2", "night-1", "night-2")


@dataclass(slots=True)
class Reaching:
    """One municipality's people, and the services that carry their channels."""

    world: World
    broker: Broker
    town: str
    durable: Fold
    """What the web process sees."""
    given: set[str]
    """Every command: the log that is kept outside the hub."""
    answered: dict[str, Instant] = field(default_factory=dict)
    """Test to when its person first answered it: a log outside the hub too."""

    def plan(self, within: Instant) -> None:
        """Spread tests, ends and beginnings of duty and lost phones over the day."""
        draw = self.world.random
        for person, channels in CHANNELS.items():
            for _ in range(TESTS_OF_EACH if channels else 0):
                channel = draw.choice(channels)
                self._at(draw.randrange(within), person, ReachAction.TEST, channel=channel)
        for person in SHIFT_WORKERS:
            at = draw.randrange(within)
            knowing = draw.random() < 0.5
            self._at(at, person, ReachAction.END, knowing=knowing)
            self.world.after(at + self.world.between_s(600, 9000), self._begin, person)
        for _ in range(3):
            person = draw.choice([who for who, channels in CHANNELS.items() if channels])
            at = draw.randrange(within)
            self._at(at, person, ReachAction.PHONE_LOST)
            if "push-1" in CHANNELS[person]:
                back = at + self.world.between_s(300, 7200)
                self._at(back, person, ReachAction.SUBSCRIBED, channel="push-1")

    def _at(self, delay: Instant, person: str, action: ReachAction, **more: Any) -> None:
        self.world.after(delay, self._say, person, action, more)

    def _begin(self, person: str) -> None:
        """The page offers it to whom something has been proven lately."""
        if proven(self.durable.state, person, self.world.now):
            until = self.world.now + self.world.between_s(3600, 8 * 3600)
            more = {"team": "home", "until": until}
            self._say(person, ReachAction.BEGIN, more)

    def _say(self, person: str, action: ReachAction, more: dict[str, Any]) -> None:
        command = ReachCommand(
            id=f"{self.town}-reach-{len(self.given)}",
            person=person,
            action=action,
            made_at=self.world.now,
            **more,
        )
        self.given.add(command.id)
        self._try(command, 1)

    def _try(self, command: ReachCommand, number: int) -> None:
        if command.id in self.durable.state.proofs.commands or number > 6:
            return
        self.broker.publish(self.town, command)
        self.world.after(self.world.between_s(3, 8), self._try, command, number + 1)

    def ring(self, one: Owed) -> None:
        """A test arrives at its phone: most answer, some of them too late."""
        if self.world.random.random() < 0.7:
            delay = self.world.between_s(2, 150)
            self.world.after(delay, self._answer, one.page.person, one.alarm)

    def _answer(self, person: str, test: str) -> None:
        self.answered.setdefault(test, self.world.now)
        self._say(person, ReachAction.ANSWER, {"test": test})

    def carry(self, one: Owed) -> None:
        """A service has taken the send; its receipt comes by itself, late, twice or never."""
        if self.world.chance(0.25):
            return
        delivered = not self.world.chance(0.15)
        receipt = Receipt(
            send=one.page.send,
            delivered=delivered,
            code="receipt" if delivered else "dlr-failed",
        )
        delay = self.world.between_s(0.1, 20)
        self.world.after(delay, self.broker.publish, self.town, receipt)
        if self.world.chance(0.2):
            again = delay + 5 * SECOND
            self.world.after(again, self.broker.publish, self.town, receipt)
