"""What else is to be done at a resident's: shown on the alarm, so that one journey serves both."""

import msgspec

from hub.telling.words import Words
from routing.alarm import Alarm
from routing.state import State
from routing.tasks.life import TaskPhase

MOST = 5
"""More than is done on the way; the list of tasks has them all."""


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """A task of the resident's."""

    id: str
    text: str
    """Its kind, its state and when it is to be done."""
    overdue: bool


def errands(state: State, alarm: Alarm, words: Words) -> list[Errand]:
    """Return the resident's live tasks, the overdue and the next first."""
    if alarm.resident is None:
        return []
    found = [t for t in state.book.tasks.values() if t.live and t.resident == alarm.resident]
    found.sort(key=lambda task: (task.phase is not TaskPhase.OVERDUE, task.end))
    return [
        Errand(
            id=task.id,
            text=" · ".join(
                (
                    words.text(f"task.kind.{task.kind}"),
                    words.text(f"task.phase.{task.phase}"),
                    words.window(task.start, task.end),
                )
            ),
            overdue=task.phase is TaskPhase.OVERDUE,
        )
        for task in found[:MOST]
    ]
