"""Whom a fact is filed under in history."""

from routing.facts import AlarmFact, AnyFact, CommandEnded, ConfigurationRemoved, ConfigurationSet
from routing.tasks.facts import TaskCommandEnded, TaskFact

CONFIGURATION = ""
"""All configuration is filed under this: it says why a policy was chosen then."""


def subject(fact: AnyFact) -> str | None:
    """Return the alarm or task that a fact is about, or `CONFIGURATION`; None for the rest, which
    no story is told of."""
    if isinstance(fact, TaskFact | TaskCommandEnded):
        return fact.task
    if isinstance(fact, AlarmFact | CommandEnded):
        return fact.alarm
    return CONFIGURATION if isinstance(fact, ConfigurationSet | ConfigurationRemoved) else None
