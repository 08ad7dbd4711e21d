"""Exercises give way: the moment a real alarm pages somebody, the exercise that calls or occupies
that person is over."""

from collections.abc import Iterator, Sequence

from routing import facts
from routing import facts_correlate as own
from routing.lifecycle import OPEN, OutcomeCode
from routing.reasons import ReasonCode, because
from routing.state import State


def yielding(state: State, decided: Sequence[facts.AnyFact]) -> Iterator[own.AlarmSettled]:
    """Yield the end of each exercise that stands in the way of what was decided. Costs as much as
    there are exercises, mostly none."""
    exercises = state.memory.exercises
    if not exercises:
        return
    real = {
        page.person
        for fact in decided
        if isinstance(fact, facts.AlarmFact) and fact.alarm not in exercises
        for page in _pages(fact)
    }
    ended = {fact.alarm for fact in decided if isinstance(fact, facts.AlarmClosed)}
    for name in exercises:
        alarm = state.alarms[name]
        busy = {*alarm.calling, *alarm.helpers, alarm.owner}
        if alarm.phase in OPEN and name not in ended and busy & real:
            why = because(ReasonCode.EXERCISE_YIELDS)
            yield own.AlarmSettled(alarm=name, outcome=OutcomeCode.TEST, reason=why)


def _pages(fact: facts.AlarmFact) -> Sequence[facts.Page]:
    found: Sequence[facts.Page] = getattr(fact, "pages", ())
    return found
