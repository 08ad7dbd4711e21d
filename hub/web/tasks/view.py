"""Tasks as one reader may see them, and what that reader may do with each."""

import msgspec

from hub.telling.words import Words
from hub.web.alarms.locks import LockView, lock_view
from hub.web.homes.viewing import link_of
from hub.web.live import Live
from hub.web.session import Reader
from routing.instant import Instant, to_rfc3339
from routing.locks.act import locks_of
from routing.state import State
from routing.tasks.act import act
from routing.tasks.command import TaskCommand
from routing.tasks.facts import TaskCommandEnded
from routing.tasks.life import TaskAction, TaskOutcome, TaskPhase
from routing.tasks.value import Task

MOST = 500
"""More tasks than anybody reads; how many there are beyond them is told."""
MOST_OVER = 50
_PROBE = "probe"
_OFFERED = (
    TaskAction.ACCEPT,
    TaskAction.REFUSE,
    TaskAction.DONE,
    TaskAction.GIVE_BACK,
    TaskAction.CANCEL,
)
_DOORS = (TaskAction.UNLOCK, TaskAction.LOCK)


class TaskView(msgspec.Struct, frozen=True, kw_only=True):
    """One task. Instants are RFC 3339 in UTC."""

    id: str
    kind: str
    kind_text: str
    phase: str
    phase_text: str
    severity: str
    resident: str | None
    resident_name: str | None
    address: str | None
    unit_name: str | None
    subject: str | None
    alarm: str | None
    competence: str | None
    people: int
    owner_names: list[str]
    start: str
    end: str
    window_text: str
    """The window by the municipality's clock."""
    overdue: bool
    mine: bool
    my_team: bool
    """Of a zone of the reader's teams, made by the reader, or one the reader has been asked for."""
    asks_me: bool
    outcome_text: str | None
    ended_at: str | None
    actions: list[str]
    locks: list[str]
    """Which doors the reader can have opened or locked from here."""
    lock_names: list[str]
    lock: LockView | None
    """How the last command to a lock stands."""


class TaskList(msgspec.Struct, frozen=True):
    """What a list shows."""

    tasks: list[TaskView]
    more: int


class Tasks:
    """Makes views of tasks for one reader at one instant."""

    def __init__(self, live: Live, reader: Reader, words: Words, at: Instant) -> None:
        self._live, self._reader, self._words = live, reader, words
        self._at = max(at, live.state.recorded_at)
        self._units = _units(live.state, reader.person)

    def listed(self) -> TaskList:
        """Return what is to be done, the overdue and the next first, then what is over. However
        many there are, the reader's own are among them."""
        every = sorted(self._live.state.book.tasks.values(), key=_urgency)
        live = sorted((t for t in every if t.live), key=self._nearness)[:MOST]
        over = [t for t in every if not t.live][:MOST_OVER]
        shown = [self.task(task) for task in sorted((*live, *over), key=_urgency)]
        return TaskList(shown, len(every) - len(shown))

    def _nearness(self, task: Task) -> int:
        """0 for the reader's own, 1 for what the reader is asked to take, 2 for the others."""
        if self._reader.person in task.owners:
            return 0
        return 1 if self._asks(task) else 2

    def task(self, task: Task) -> TaskView:
        """Return one task."""
        words, reader = self._words, self._reader
        resident = task.resident if reader.may_read_residents else None
        home = words.names.card("resident", resident)
        locks = self._locks(task)
        return TaskView(
            id=task.id,
            kind=task.kind,
            kind_text=words.text(f"task.kind.{task.kind}"),
            phase=task.phase,
            phase_text=words.text(f"task.phase.{task.phase}"),
            severity=task.severity.name.lower(),
            resident=resident,
            resident_name=None if resident is None else home.name or resident,
            address=home.address,
            unit_name=None if task.unit is None else words.names.name("unit", task.unit),
            subject=task.subject,
            alarm=task.alarm,
            competence=task.competence,
            people=task.people,
            owner_names=[words.person(person) for person in task.owners],
            start=to_rfc3339(task.start),
            end=to_rfc3339(task.end),
            window_text=words.window(task.start, task.end),
            overdue=task.phase is TaskPhase.OVERDUE,
            mine=reader.person in task.owners,
            my_team=self._of_my_team(task),
            asks_me=self._asks(task),
            outcome_text=_outcome(task, words),
            ended_at=None if task.ended_at is None else to_rfc3339(task.ended_at),
            actions=[
                *(str(action) for action in _OFFERED if self._may(task, action)),
                *(str(action) for action in _DOORS if locks),
                *([str(TaskAction.VIEW)] if self._may_look(task) else ()),
            ],
            locks=locks,
            lock_names=[words.names.name("device", lock) for lock in locks],
            lock=lock_view(self._live.state, task.id, words, notes=reader.may_read_residents),
        )

    def _locks(self, task: Task) -> list[str]:
        if task.resident is None or self._reader.person not in task.owners:
            return []
        found = (device.id for device in locks_of(self._live.state, task.resident))
        return [one for one in found if self._may(task, TaskAction.UNLOCK, one)]

    def _may_look(self, task: Task) -> bool:
        if not self._may(task, TaskAction.VIEW):
            return False
        return link_of(self._live.state.registry, self._words.names, task.resident) is not None

    def _asks(self, task: Task) -> bool:
        person = self._reader.person
        has_answered = person in task.refused or person in task.owners
        return task.live and person in task.calling and not has_answered

    def _of_my_team(self, task: Task) -> bool:
        mine = self._reader.person in {task.maker, *task.owners}
        return task.unit in self._units or mine or self._asks(task)

    def _may(self, task: Task, action: TaskAction, device: str | None = None) -> bool:
        """Whether the core would carry the action out; a second no is none."""
        person = self._reader.person
        if not self._reader.may_act or (action is TaskAction.REFUSE and person in task.refused):
            return False
        outcome = TaskOutcome.DONE if action is TaskAction.DONE else None
        probe = TaskCommand(
            id=_PROBE,
            person=person,
            action=action,
            made_at=self._at,
            task=task.id,
            outcome=outcome,
            device=device,
        )
        *_, ended = act(self._live.state, probe, self._at, str)
        return isinstance(ended, TaskCommandEnded) and ended.refused is None


def _outcome(task: Task, words: Words) -> str | None:
    return None if task.outcome is None else words.text(f"task.outcome.{task.outcome}")


def _units(state: State, person: str) -> frozenset[str]:
    known = state.registry.people.get(person)
    teams = () if known is None else known.teams
    found = (state.registry.teams.get(team) for team in teams)
    return frozenset(team.unit for team in found if team is not None and team.unit is not None)


def _urgency(task: Task) -> tuple[bool, bool, Instant]:
    """Lowest first: live, overdue, soon; of what is over the latest."""
    when = task.end if task.live else -(task.ended_at or 0)
    return (not task.live, task.phase is not TaskPhase.OVERDUE, when)
