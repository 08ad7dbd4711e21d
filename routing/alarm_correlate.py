"""The fold of what correlation decides about an alarm."""

from functools import singledispatch

from msgspec.structs import replace

from routing import facts_correlate as facts
from routing.alarm_value import SILENT, Alarm, calls
from routing.fact_base import AlarmFact
from routing.instant import Instant
from routing.kinds import KINDS, KindClass
from routing.lifecycle import Phase


@singledispatch
def apply(fact: AlarmFact, alarm: Alarm, recorded_at: Instant) -> Alarm:
    """Return the alarm after the fact. Facts that only tell history leave it as it is."""
    return alarm


@apply.register
def _(fact: facts.AlarmMarked, alarm: Alarm, recorded_at: Instant) -> Alarm:
    others = tuple(mark for mark in alarm.marks if mark is not fact.mark)
    return replace(alarm, marks=(*others, fact.mark) if fact.present else others)


@apply.register
def _(fact: facts.AlarmLowered, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(alarm, severity=min(alarm.severity, fact.severity))


@apply.register
def _(fact: facts.AlarmSettled, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(
        alarm,
        phase=Phase.CLOSED,
        outcome=fact.outcome,
        closed_at=recorded_at,
        due_at=None,
        **SILENT,
    )


@apply.register
def _(fact: facts.IncidentJoined, alarm: Alarm, recorded_at: Instant) -> Alarm:
    joins = KINDS[fact.kind].kind_class is KindClass.ALARM
    known = not joins or fact.kind in alarm.kinds
    return replace(
        alarm,
        activations=alarm.activations + 1 if joins else alarm.activations,
        kinds=alarm.kinds if known else (*alarm.kinds, fact.kind),
        **calls(alarm, fact.pages),
    )
