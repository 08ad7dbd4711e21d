"""Receipts and commands about being reached: from the command topic to sends that are owed."""

from collections.abc import Sequence

import pytest

from hub.router.engine import Engine
from hub.router.parse import NotOurs, command
from hub.router.work import Batch, Task, Work
from routing.coverage import LOOK_EVERY
from routing.duty import Need
from routing.facts import ConfigurationRemoved, ConfigurationSet
from routing.inputs import Configure, Receipt
from routing.instant import SECOND, Instant
from routing.kinds import Lane
from routing.municipality import Person, Role
from routing.presence import Presence
from routing.proofs.command import ReachAction, ReachCommand
from routing.state import State
from tests.routing.story import START, on_duty, town


def test_a_receipt_is_read() -> None:
    body = b'{"about":"receipt","send":"a:r1.s0:anna:push-1","delivered":true,"code":"receipt"}'
    parsed = command(body)
    assert parsed.task == Receipt(send="a:r1.s0:anna:push-1", delivered=True, code="receipt")
    assert parsed.event is None, "nobody waits for it"


def test_a_command_about_being_reached_is_read() -> None:
    parsed = command(
        b'{"about":"reach","id":"c1","person":"anna","action":"end","made_at":7,"knowing":true}'
    )
    assert parsed.task == ReachCommand(
        id="c1", person="anna", action=ReachAction.END, made_at=7, knowing=True
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"about":"receipt","send":"a"}',
        b'{"about":"receipt","send":"a","delivered":"yes","code":"x"}',
        b'{"about":"receipt","send":"a","delivered":true,"code":"' + b"x" * 41 + b'"}',
        b'{"about":"receipt","send":"a","delivered":true,"code":"x","person":"anna"}',
        b'{"about":"reach","id":"c1","person":"anna","action":"fly","made_at":7}',
        b'{"about":"reach","id":"c1","person":"anna","action":"end"}',
        b'{"about":"reach","id":"c1","person":"anna","action":"end","made_at":7,"team":7}',
        b'{"about":"else"}',
    ],
)
def test_what_no_part_of_ours_wrote_is_refused(body: bytes) -> None:
    with pytest.raises(NotOurs, match="not a command of the web process: "):
        command(body)


class Router:
    """The engine, turn by turn."""

    def __init__(self, *more: Need) -> None:
        self.at: Instant = START
        self.engine = Engine(State(), Presence(), lambda event: f"simby-{event[:12]}")
        changes = [ConfigurationSet(item=item, author="test") for item in town(*more)]
        self.do(Configure(changes))

    def do(self, task: Task) -> Batch:
        self.engine.take(Work(task, Lane.HELP))
        batch = self.engine.turn(self.at)
        assert batch is not None
        return batch

    def say(self, person: str, action: str, **more: object) -> Batch:
        body = {"id": f"c-{self.at}", "made_at": self.at, **more}
        return self.do(ReachCommand(person=person, action=ReachAction(action), **body))  # type: ignore[arg-type]


def channels(batch: Batch) -> dict[str, Sequence[str]]:
    return {about: [one.page.channel for one in owed] for about, owed in batch.owed.items()}


def test_the_notifier_is_told_of_a_test_and_of_its_end() -> None:
    router = Router()
    assert channels(router.say("anna", "test", id="c1")) == {"test-c1": ["webhook-1"]}
    send = "test-c1:t:anna:webhook-1"
    received = router.do(Receipt(send=send, delivered=True, code="receipt"))
    assert channels(received) == {"test-c1": []}
    router.at += SECOND
    assert channels(router.say("anna", "answer", test="test-c1")) == {"test-c1": []}


def test_the_notifier_is_told_of_a_test_that_a_new_address_has_ended() -> None:
    router = Router()
    router.say("anna", "test", id="c1")
    moved = Person(id="anna", roles=(Role.STAFF,), teams=("home",), channels=("sms-1",))
    batch = router.do(Configure([ConfigurationSet(item=moved, author="test")]))
    assert channels(batch) == {"test-c1": []}
    router.say("anna", "test", id="c2")
    removed = ConfigurationRemoved(section="person", id="anna", author="test")
    assert channels(router.do(Configure([removed]))) == {"test-c2": []}


def test_a_gap_that_somebody_leaves_behind_is_told_at_once() -> None:
    router = Router(Need(id="someone", team="home"))
    router.do(Configure([ConfigurationSet(item=on_duty("anna"), author="test")]))
    router.at += SECOND
    assert router.at < START + LOOK_EVERY
    batch = router.say("anna", "end", knowing=True)
    assert "duty.gap" in [str(getattr(fact, "kind", "")) for fact in batch.facts]
