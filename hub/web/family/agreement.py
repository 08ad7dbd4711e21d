"""What relatives have said: yes, no or nothing yet, and that they are away."""

from routing.instant import Instant
from routing.local import at_text
from routing.roster import where
from routing.state import State


def answer(state: State, person: str, resident: str) -> bool | None:
    """Return whether the relative wants to be called; None: not answered yet."""
    said = state.proofs.agreed.get((person, resident))
    return None if said is None else said.agreed


def away_until(state: State, person: str, at: Instant) -> Instant | None:
    """Return when the person is back; None: not away now."""
    here = where(state.registry)
    spans = (
        (at_text(here, absence.from_local), at_text(here, absence.to_local))
        for absence in state.registry.absences.values()
        if absence.person == person
    )
    return max((until for since, until in spans if since <= at < until), default=None)
