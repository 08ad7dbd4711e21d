"""The story of one alarm, from the journal alone."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from hub.explain.steps import Step, Steps
from hub.history import past
from hub.history.sqlite import History
from hub.history.subject import subject
from hub.journal.port import JournalReader, Record
from hub.telling.names import Names
from hub.telling.words import Words
from hub.text import Catalogue
from routing.alarm import Alarm
from routing.chain import policy_for
from routing.evolve import evolve
from routing.facts import AlarmRaised
from routing.instant import Instant
from routing.kinds import Category
from routing.lifecycle import Phase
from routing.nearest import place_of
from routing.state import Registry, State
from routing.tasks.facts import TaskMade
from routing.tasks.value import Task

LATEST = 10
"""So many alarms are named to somebody who asks for one that there is not."""


class NoSuchAlarm(LookupError):
    """The journal has no alarm of that id; `latest` are those raised last, newest first."""

    def __init__(self, alarm: str, latest: Sequence[str]) -> None:
        super().__init__(alarm)
        self.latest = tuple(latest)


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """Which policy an alarm was given, and why that one."""

    policy: str | None
    version: str
    """Content hash: the alarm keeps this version for life."""
    by: str
    """`resident`, `unit`, `municipality` (each perhaps with `_time`), `default`, or `then` where
    the configuration has changed since."""
    text: str


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """The story of an alarm or a task in one reader's language. People are named, the resident is
    told by id."""

    about: Literal["alarm", "task"]
    id: str
    kind: str
    kind_text: str
    resident: str | None
    subject: str | None
    phase: str
    phase_text: str
    owner: str | None
    severity_text: str
    people_needed: int
    """How many must go, or do it, together; 1 for a duty, which is at no address."""
    chosen: Chosen
    steps: list[Step]


def explain(
    journal: JournalReader, alarm: str, text: Catalogue, history: History | None = None
) -> Story:
    """Return the story of an alarm or a task, open, closed or long archived. NoSuchAlarm.

    Removed when the journal has been cut and there is no history that goes on to it.
    """
    state, found = State(), list[Record]()
    by = "default"
    last = None
    for record in past.about(journal, history, alarm):
        fact = record.fact
        if subject(fact) == alarm and isinstance(fact, AlarmRaised | TaskMade):
            by = _chosen_by(state.registry, fact, record.recorded_at)
        evolve(state, record)
        if subject(fact) == alarm:
            found.append(record)
            last = state.alarms.get(alarm) or state.book.tasks.get(alarm) or last
    if last is None:
        raise NoSuchAlarm(alarm, past.latest(journal, history, LATEST))
    words = Words(text, Names(journal), state.registry)
    if isinstance(last, Task):
        return tell_task(last, found, by, words)
    return tell(last, found, by, words)


def tell(alarm: Alarm, records: Sequence[Record], by: str, words: Words) -> Story:
    """Return the story that an alarm's records tell; `by` is why its policy was chosen."""
    text, looking = words.text, alarm.phase is Phase.LOOKING
    return Story(
        about="alarm",
        id=alarm.id,
        kind=alarm.kind,
        kind_text=text(f"kind.{alarm.kind}"),
        resident=alarm.resident,
        subject=alarm.subject,
        phase=alarm.phase,
        phase_text=text(f"phase.{alarm.phase}"),
        owner=None if alarm.owner is None or looking else words.person(alarm.owner),
        severity_text=text(f"severity.{alarm.severity.name.lower()}"),
        people_needed=alarm.people_needed,
        chosen=chosen(words.registry, _birth(records).policy, by, text),
        steps=Steps(words, sends=True).of(records),
    )


def tell_live(alarm: Alarm, records: Sequence[Record], words: Words) -> Story:
    """Return the story of an alarm in memory. Why its policy was chosen is told by the present
    configuration where that still chooses it, else only that it was chosen then."""
    birth, registry = _birth(records), words.registry
    at = alarm.raised_at
    now = policy_for(registry, birth.category, birth.resident, birth.unit, at)
    by = place_of(registry, birth.category, birth.resident, birth.unit, at)
    return tell(alarm, records, by if now == birth.policy else "then", words)


def tell_live_task(task: Task, records: Sequence[Record], words: Words) -> Story:
    """Return the story of a task in memory."""
    registry = words.registry
    now = policy_for(registry, Category.TASK, task.resident, task.unit, task.made_at)
    by = place_of(registry, Category.TASK, task.resident, task.unit, task.made_at)
    return tell_task(task, records, by if now == task.policy else "then", words)


def tell_task(task: Task, records: Sequence[Record], by: str, words: Words) -> Story:
    """Return the story that a task's records tell."""
    text = words.text
    return Story(
        about="task",
        id=task.id,
        kind=task.kind,
        kind_text=text(f"task.kind.{task.kind}"),
        resident=task.resident,
        subject=task.subject,
        phase=task.phase,
        phase_text=text(f"task.phase.{task.phase}"),
        owner=words.people(task.owners) if task.owners else None,
        severity_text=text(f"severity.{task.severity.name.lower()}"),
        people_needed=task.people if task.duty is None else 1,
        chosen=chosen(words.registry, task.policy, by, text),
        steps=Steps(words, sends=True).of(records),
    )


def _chosen_by(registry: Registry, birth: AlarmRaised | TaskMade, at: Instant) -> str:
    """Return by what the policy of what is born was chosen, in the configuration of then."""
    category = birth.category if isinstance(birth, AlarmRaised) else Category.TASK
    return place_of(registry, category, birth.resident, birth.unit, at)


def chosen(registry: Registry, version: str, by: str, text: Catalogue) -> Chosen:
    """Return the choice in words."""
    policy = registry.versions.get(version)
    name = text("explain.no_policy") if policy is None else policy.id
    return Chosen(
        policy=None if policy is None else policy.id,
        version=version,
        by=by,
        text=text(f"explain.by.{by}", policy=name),
    )


def _birth(records: Sequence[Record]) -> AlarmRaised:
    return next(r.fact for r in records if isinstance(r.fact, AlarmRaised))
