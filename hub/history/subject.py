"""Whom a fact is filed under in history."""

from routing.facts import AlarmFact, AnyFact, CommandEnded, ConfigurationRemoved, ConfigurationSet
from routing.proofs.facts import AnyProofFact
from routing.tasks.facts import TaskCommandEnded, TaskFact

CONFIGURATION = ""
"""All configuration is filed under this: it says why a policy was chosen then."""


def person(id: str) -> str:
    """Return what is filed under a person by; the id of no alarm or task has a colon."""
    return f"person:{id}"


def subject(fact: AnyFact) -> str | None:
    """Return the alarm or task that a fact is about, the `person` of one about reaching somebody,
    or `CONFIGURATION`; None for the rest, which no story is told of."""
    if isinstance(fact, TaskFact | TaskCommandEnded):
        return fact.task
    if isinstance(fact, AlarmFact | CommandEnded):
        return fact.alarm
    if isinstance(fact, AnyProofFact):
        return person(fact.person)
    return CONFIGURATION if isinstance(fact, ConfigurationSet | ConfigurationRemoved) else None
