"""One alarm as a value, and the fold of its facts: `apply(alarm, fact, recorded_at) -> alarm`."""

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from msgspec.structs import replace

from routing import alarm_correlate, alarm_life, alarm_value, call, facts
from routing.alarm_value import SILENT, calls, calls_anew, quiet
from routing.by_class import ByClass, registered
from routing.instant import SECOND, Instant
from routing.lifecycle import Phase
from routing.reasons import ReasonCode

LIVE_PAGE = alarm_value.LIVE_PAGE
Alarm = alarm_value.Alarm
MOST_JOINED = 256
"""Devices whose listeners hear of one alarm; those that rang longest ago are forgotten."""


def raised(fact: facts.AlarmRaised, recorded_at: Instant) -> Alarm:
    """Return the alarm at its birth."""
    return Alarm(
        id=fact.alarm,
        kind=fact.kind,
        category=fact.category,
        severity=fact.severity,
        subject=fact.subject,
        device=fact.device,
        resident=fact.resident,
        unit=fact.unit,
        policy=fact.policy,
        raised_at=recorded_at,
        received_at=fact.received_at,
        history=fact.history,
        kinds=(fact.kind,),
        beside=fact.beside,
        people_needed=fact.people_needed,
        event=fact.event,
        adapter=fact.adapter,
        about=fact.about,
    )


def apply(fact: facts.AlarmFact, alarm: Alarm, recorded_at: Instant) -> Alarm:
    """Return the alarm after the fact. Facts that only tell history leave it as it is."""
    return _APPLY[type(fact)](fact, alarm, recorded_at)


@singledispatch
def _apply(fact: facts.AlarmFact, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return alarm


def _applied(kind: type) -> Callable[[Any, Alarm, Instant], Alarm]:
    every = (_apply, alarm_life.apply, alarm_correlate.apply)
    found = (registered(one, kind) for one in every)
    return next((one for one in found if one is not None), _apply.dispatch(object))


_APPLY = ByClass(_applied)


@_apply.register
def _(fact: facts.AlarmRepeated, alarm: Alarm, recorded_at: Instant) -> Alarm:
    rose = fact.severity > alarm.severity
    return replace(
        alarm,
        kind=fact.kind if rose else alarm.kind,
        severity=fact.severity,
        activations=fact.activation,
        kinds=alarm.kinds if fact.kind in alarm.kinds else (*alarm.kinds, fact.kind),
        joined=alarm.joined if fact.tells is None else _joined(alarm, fact.tells),
        **_told(fact, alarm, recorded_at),
        **calls(alarm, fact.pages),
    )


def _joined(alarm: Alarm, told: facts.Told) -> tuple[facts.Told, ...]:
    same = (told.adapter, told.subject)
    others = tuple(one for one in alarm.joined if (one.adapter, one.subject) != same)
    return (*others, told)[-MOST_JOINED:]


def _told(fact: facts.AlarmRepeated, alarm: Alarm, recorded_at: Instant) -> dict[str, Any]:
    """Fields that change when an owner has been told of a repeat."""
    told = alarm.owner is not None and bool(fact.pages)
    return {"told": fact.activation, "told_at": recorded_at} if told else {}


@_apply.register
def _(fact: facts.StepStarted, alarm: Alarm, recorded_at: Instant) -> Alarm:
    again = {(page.person, page.channel) for page in fact.pages}
    waiting = tuple(p for p in alarm.pages if alarm.owes(p) and (p.person, p.channel) not in again)
    kept = {page.send for page in waiting} if alarm.passed_on else ()
    passed_on = tuple(send for send in alarm.passed_on if send in kept)
    tried = call.kept(alarm.pages, alarm.tried, waiting)
    gone: dict[str, Any] = {"failed": (), "delivered": (), "passed_on": passed_on}
    now = replace(alarm, pages=waiting, tried=tried, **gone)
    return replace(
        now,
        round=fact.round,
        step=fact.step,
        due_at=fact.due_at,
        calling=tuple(dict.fromkeys(p.person for p in fact.pages if not p.informed)),
        waiting=fact.waiting,
        number=fact.number,
        refused=alarm.refused if fact.round == alarm.round else (),
        **calls(now, fact.pages),
    )


@_apply.register
def _(fact: facts.Paged, alarm: Alarm, recorded_at: Instant) -> Alarm:
    gone = alarm.passed_on if fact.instead_of is None else (*alarm.passed_on, fact.instead_of)
    on = replace(alarm, passed_on=gone)
    now = replace(on, **calls_anew(on, fact.pages))
    if fact.reason.code is not ReasonCode.OWNER_TOLD_AGAIN:
        return now
    return replace(now, told=alarm.activations, told_at=recorded_at)


@_apply.register
def _(fact: facts.SendEnded, alarm: Alarm, recorded_at: Instant) -> Alarm:
    if all(p.send != fact.send for p in alarm.pages):
        return alarm
    if fact.delivered:
        return replace(alarm, delivered=(*alarm.delivered, fact.send))
    return replace(alarm, failed=(*alarm.failed, fact.send))


@_apply.register
def _(fact: facts.AlarmSeen, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(alarm, seen=(*alarm.seen, fact.person))


@_apply.register
def _(fact: facts.AlarmAccepted, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(
        alarm,
        phase=Phase.ACCEPTED,
        owner=fact.person,
        owner_since=recorded_at,
        lease_s=(fact.due_at - recorded_at) // SECOND,
        due_at=fact.due_at,
        asked=False,
        told=alarm.activations,
        told_at=None,
        **quiet(alarm),
    )


@_apply.register
def _(fact: facts.AlarmRefused, alarm: Alarm, recorded_at: Instant) -> Alarm:
    mine = tuple(p for p in alarm.pages if p.person != fact.person)
    return replace(alarm, pages=mine, refused=(*alarm.refused, fact.person))


@_apply.register
def _(fact: facts.AlarmProgressed, alarm: Alarm, recorded_at: Instant) -> Alarm:
    aside = (*(alarm.handover.to if alarm.handover else ()), *(alarm.help.to if alarm.help else ()))
    return replace(
        alarm,
        phase=fact.phase,
        lease_s=_lease_s(fact, alarm, recorded_at),
        due_at=fact.due_at,
        asked=False,
        arrived=alarm.arrived or fact.phase is Phase.AT_RESIDENT,
        **quiet(alarm, keep=aside),
    )


def _lease_s(fact: facts.AlarmProgressed, alarm: Alarm, recorded_at: Instant) -> int | None:
    if fact.phase is not Phase.ON_THE_WAY or fact.due_at is None:
        return alarm.lease_s
    return (fact.due_at - recorded_at) // SECOND


@_apply.register
def _(fact: facts.OwnerAsked, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(alarm, asked=True, due_at=fact.due_at, **calls_anew(alarm, fact.pages))


@_apply.register
def _(fact: facts.AlarmReopened, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(
        alarm,
        phase=Phase.LOOKING,
        owner=None,
        owner_since=None,
        asked=False,
        due_at=None,
        refused=(),
        seen=(),
        helpers=(),
        closed_at=None,
        outcome=None,
        handover=None,
        help=None,
        **quiet(alarm),
    )


@_apply.register
def _(fact: facts.AlarmClosed, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(
        alarm,
        phase=Phase.CLOSED,
        outcome=fact.outcome,
        closed_at=recorded_at,
        due_at=None,
        **SILENT,
    )
