"""Through which number one speaks with the resident, as the step of an event's alarm says."""

from routing.alarm import Alarm
from routing.correlate.heard import source_of
from routing.facts import EventRecorded
from routing.state import State
from routing.trouble import trouble


def open_alarm_of(state: State, event: EventRecorded) -> Alarm | None:
    """Return the open alarm that an event has raised or joined, also long ago."""
    resident = source_of(state.registry, event.subject).resident
    known = state.open_by_trouble.get(trouble(event.kind, resident, event.subject))
    return None if known is None else state.alarms[known]


def number_of(state: State, event: EventRecorded) -> str | None:
    """Return the number's id in the present step of the event's alarm; None where it names none."""
    alarm = open_alarm_of(state, event)
    return None if alarm is None else alarm.number
