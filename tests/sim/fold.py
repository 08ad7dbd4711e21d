"""The fold of what is durable, record by record from the first one on, with nothing skipped.

It is what the web process knows, it is what live memory must be equal to, and it counts which
inputs met an alarm in which phase.
"""

from collections import Counter

from hub.journal.port import Record
from routing import facts
from routing.alarm import Alarm
from routing.evolve import evolve
from routing.lifecycle import Phase
from routing.state import State

Pairs = Counter[tuple[str, str]]


class Fold:
    """Replay that is kept up as the journal grows."""

    def __init__(self) -> None:
        self.state = State()
        self.pairs: Pairs = Counter()
        """(phase of the alarm, kind of fact or what became of a command) seen."""
        self._open: dict[str, None] = {}

    def take(self, record: Record) -> None:
        """Fold one more record."""
        fact = record.fact
        alarm = self.state.alarms.get(getattr(fact, "alarm", ""))
        if alarm is not None and (met := _what(fact)) is not None:
            self.pairs[alarm.phase, met] += 1
        evolve(self.state, record)
        if isinstance(fact, (facts.AlarmRaised, facts.AlarmReopened)):
            self._open[fact.alarm] = None
        elif alarm is not None and self.state.alarms.get(alarm.id, alarm).phase is Phase.CLOSED:
            self._open.pop(alarm.id, None)

    def open_alarms(self) -> list[Alarm]:
        """Return the alarms that are not closed, oldest first."""
        return [self.state.alarms[alarm] for alarm in self._open]


def _what(fact: facts.AnyFact) -> str | None:
    if isinstance(fact, facts.AlarmFact):
        return str(fact.__struct_config__.tag)
    if isinstance(fact, facts.CommandEnded):
        return f"{fact.action} {'refused' if fact.refused else 'done'}"
    return None
