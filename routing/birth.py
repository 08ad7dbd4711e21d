"""What a newborn alarm needs beside its chain: a physical check, or word that nobody is near."""

from routing import facts
from routing.alarm import raised
from routing.chain import Draft
from routing.check import after_soothing
from routing.instant import Instant
from routing.reach import look_ahead
from routing.state import State


def after_births(state: State, decided: list[facts.AnyFact], at: Instant) -> list[facts.AnyFact]:
    """Return what was decided, and what the alarms born in it need at once."""
    births = [fact for fact in decided if isinstance(fact, facts.AlarmRaised)]
    more = [fact for birth in births for fact in _of(state, birth, decided, at)]
    return decided + more if more else decided


def _of(
    state: State, birth: facts.AlarmRaised, decided: list[facts.AnyFact], at: Instant
) -> list[facts.AnyFact]:
    draft = Draft(raised(birth, at), at)
    for fact in decided:
        if isinstance(fact, facts.AlarmFact) and fact.alarm == birth.alarm and fact is not birth:
            draft.add(fact)
    known = len(draft.decided)
    after_soothing(state, draft)
    look_ahead(state.registry, draft)
    return draft.decided[known:]
