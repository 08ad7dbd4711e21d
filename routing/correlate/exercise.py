"""Exercises give way: the moment a real alarm pages somebody, the exercise that calls or occupies
that person is over; and one that would call somebody whom a real alarm has, is over at once."""

from collections.abc import Iterator, Sequence, Set

from routing import facts
from routing import facts_correlate as own
from routing.alarm import Alarm
from routing.lifecycle import OPEN, OutcomeCode
from routing.marks import Mark
from routing.reasons import ReasonCode, because
from routing.state import State


def yielding(state: State, decided: Sequence[facts.AnyFact]) -> Iterator[own.AlarmSettled]:
    """Yield the end of each exercise that stands in the way of what was decided. Costs as much as
    there are exercises, mostly none; an exercise that calls looks through the open alarms."""
    begun = {fact.alarm for fact in _marked(decided) if fact.mark is Mark.EXERCISE and fact.present}
    exercises = [*state.memory.exercises, *begun]
    if not exercises:
        return
    ended = {fact.alarm for fact in decided if isinstance(fact, facts.AlarmClosed)}
    wanted = _paged(decided, but=set(exercises))
    for name in exercises:
        if name in ended:
            continue
        called = _paged([fact for fact in decided if _about(fact) == name])
        needed = wanted | (_held_by_real(state) if called else set())
        if (called | _people_of(state.alarms.get(name))) & needed:
            why = because(ReasonCode.EXERCISE_YIELDS)
            yield own.AlarmSettled(alarm=name, outcome=OutcomeCode.TEST, reason=why)


def _marked(decided: Sequence[facts.AnyFact]) -> Iterator[own.AlarmMarked]:
    return (fact for fact in decided if isinstance(fact, own.AlarmMarked))


def _about(fact: facts.AnyFact) -> str | None:
    return fact.alarm if isinstance(fact, facts.AlarmFact) else None


def _paged(decided: Sequence[facts.AnyFact], but: Set[str] = frozenset()) -> set[str]:
    """Return whom the facts page, those about some alarms left out."""
    found: set[str] = set()
    for fact in decided:
        if isinstance(fact, facts.AlarmFact) and fact.alarm not in but:
            pages: Sequence[facts.Page] = getattr(fact, "pages", ())
            found.update(page.person for page in pages)
    return found


def _held_by_real(state: State) -> set[str]:
    """Return whom open alarms that are no exercise call or occupy."""
    real = (alarm for alarm in state.alarms.values() if Mark.EXERCISE not in alarm.marks)
    return {person for alarm in real for person in _people_of(alarm)}


def _people_of(alarm: Alarm | None) -> set[str]:
    if alarm is None or alarm.phase not in OPEN:
        return set()
    return {*alarm.calling, *alarm.helpers, *((alarm.owner,) if alarm.owner else ())}
