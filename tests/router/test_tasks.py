"""Tasks through the router: read on the command topic, decided, paged, and noted."""

import json

import msgspec
import pytest

from hub.journal.port import Document
from hub.notifier.channel import Send
from hub.notifier.webhook import payload
from hub.router.parse import NotOurs, Parsed, command
from routing.instant import HOUR
from routing.kinds import Severity
from routing.reasons import Reason, ReasonCode
from routing.tasks.command import NewTask, TaskCommand
from routing.tasks.facts import TaskCommandEnded, TaskMade
from routing.tasks.life import TaskAction, TaskKind, TaskOutcome
from tests.router.labs import Lab
from tests.routing.story import START

MAKE = {
    "about": "task",
    "id": "c-one",
    "person": "lea",
    "action": "make",
    "made_at": START,
    "new": {"kind": "visit", "resident": "rolf", "start": START, "end": START + HOUR},
}


def test_a_command_about_a_task_is_read_beside_those_about_alarms() -> None:
    assert command(json.dumps(MAKE).encode()) == Parsed(
        TaskCommand(
            id="c-one",
            person="lea",
            action=TaskAction.MAKE,
            made_at=START,
            new=NewTask(kind=TaskKind.VISIT, resident="rolf", start=START, end=START + HOUR),
        )
    )


@pytest.mark.parametrize(
    "change",
    [
        {"about": "weather"},
        {"action": "dance"},
        {"more": 1},
        {"outcome": "fine"},
        {"new": {"kind": "visit", "start": START, "end": START, "people": 0}},
        {"new": {"kind": "visit", "start": START}},
    ],
)
def test_what_is_no_command_about_a_task_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(NotOurs, match="not a command of the web process: "):
        command(json.dumps({**MAKE, **change}).encode())


def test_a_task_is_made_offered_done_and_its_note_kept() -> None:
    lab = Lab()
    lab.take(command(json.dumps(MAKE).encode()).task)
    batch = lab.committed()
    made = next(fact for fact in batch.facts if isinstance(fact, TaskMade))
    assert [one.page.person for one in batch.owed[made.task]] == ["anna", "berit"]
    done = TaskCommand(
        id="c-two",
        task=made.task,
        person="anna",
        action=TaskAction.DONE,
        made_at=START,
        outcome=TaskOutcome.DONE,
        note="Alt i orden",
    )
    lab.take(done)
    batch = lab.committed()
    assert isinstance(batch.facts[-1], TaskCommandEnded)
    assert batch.documents == [Document("note", "c-two", b"Alt i orden")]
    assert batch.owed == {made.task: []}


def test_a_page_about_a_task_says_what_and_when_and_of_whom_nothing() -> None:
    lab = Lab()
    lab.take(command(json.dumps(MAKE).encode()).task)
    batch = lab.committed()
    ((task, owed),) = batch.owed.items()
    send = Send(owed[0], lab.engine.state.book.tasks[task], {})
    why = Reason(ReasonCode.ON_DUTY, {"team": "home"})
    assert json.loads(payload(send)) == {
        "type": "task.paged",
        "id": f"{task}:n1:anna:webhook-1",
        "task": task,
        "person": "anna",
        "kind": "visit",
        "severity": Severity.MEDIUM,
        "phase": "offered",
        "people": 1,
        "owners": 0,
        "start": "2026-11-23T08:00:00Z",
        "end": "2026-11-23T09:00:00Z",
        "why": msgspec.to_builtins(why),
    }
