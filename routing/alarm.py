"""One alarm as a value, and the fold of its facts: `apply(alarm, fact, recorded_at) -> alarm`."""

from functools import singledispatch
from typing import Any

import msgspec
from msgspec.structs import replace

from routing import facts
from routing.instant import Instant
from routing.kinds import Category, Kind, Severity
from routing.lifecycle import OutcomeCode, Phase

LIVE_PAGE = "page"
"""The channel that needs no sending: the page shows what the journal says."""


class Alarm(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Everything the core knows of one alarm."""

    id: str
    phase: Phase = Phase.LOOKING
    kind: Kind
    """The kind that set the present severity."""
    category: Category
    severity: Severity
    subject: str
    device: str | None
    resident: str | None
    unit: str | None
    policy: str
    round: int = 1
    step: int = 0
    due_at: Instant | None = None
    """While looking: when the step's wait ends. While owned: when the owner is asked, or
    reopened."""
    asked: bool = False
    owner: str | None = None
    owner_since: Instant | None = None
    activations: int = 1
    raised_at: Instant
    received_at: Instant
    history: bool = False
    pages: tuple[facts.Page, ...] = ()
    """Everybody called in the present step, and sends of earlier steps that have not ended."""
    calling: tuple[str, ...] = ()
    """Whom the present step calls."""
    called: tuple[str, ...] = ()
    """Everybody called so far, in order."""
    failed: tuple[str, ...] = ()
    """Sends of the present step that failed for good."""
    delivered: tuple[str, ...] = ()
    """Sends of the present step that the receiver's service has taken."""
    refused: tuple[str, ...] = ()
    """Who said no in this round."""
    seen: tuple[str, ...] = ()
    closed_at: Instant | None = None
    outcome: OutcomeCode | None = None

    def owes(self, page: facts.Page) -> bool:
        """Whether this page should be under way: active channel, neither delivered nor failed."""
        return (
            page.channel != LIVE_PAGE
            and page.send not in self.delivered
            and (page.send not in self.failed)
        )


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
    )


def _called(alarm: Alarm, pages: tuple[facts.Page, ...]) -> dict[str, Any]:
    """Fields that change when more people are called."""
    new = tuple(dict.fromkeys(p.person for p in pages if p.person not in alarm.called))
    return {"pages": alarm.pages + pages, "called": alarm.called + new}


def _quiet() -> dict[str, Any]:
    """Fields that end every send under way: somebody has it, or it is over."""
    return {"pages": (), "calling": (), "failed": (), "delivered": ()}


@singledispatch
def apply(fact: facts.AlarmFact, alarm: Alarm, recorded_at: Instant) -> Alarm:
    """Return the alarm after the fact. Facts that only tell history leave it as it is."""
    return alarm


@apply.register
def _(fact: facts.AlarmRepeated, alarm: Alarm, recorded_at: Instant) -> Alarm:
    rose = fact.severity > alarm.severity
    return replace(
        alarm,
        kind=fact.kind if rose else alarm.kind,
        severity=fact.severity,
        activations=fact.activation,
        **_called(alarm, fact.pages),
    )


@apply.register
def _(fact: facts.StepStarted, alarm: Alarm, recorded_at: Instant) -> Alarm:
    again = {(page.person, page.channel) for page in fact.pages}
    waiting = tuple(p for p in alarm.pages if alarm.owes(p) and (p.person, p.channel) not in again)
    now = replace(alarm, pages=waiting, failed=(), delivered=())
    return replace(
        now,
        round=fact.round,
        step=fact.step,
        due_at=fact.due_at,
        calling=tuple(dict.fromkeys(page.person for page in fact.pages)),
        refused=alarm.refused if fact.round == alarm.round else (),
        **_called(now, fact.pages),
    )


@apply.register
def _(fact: facts.Paged, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(alarm, **_called(alarm, fact.pages))


@apply.register
def _(fact: facts.SendEnded, alarm: Alarm, recorded_at: Instant) -> Alarm:
    if all(p.send != fact.send for p in alarm.pages):
        return alarm
    if fact.delivered:
        return replace(alarm, delivered=(*alarm.delivered, fact.send))
    return replace(alarm, failed=(*alarm.failed, fact.send))


@apply.register
def _(fact: facts.AlarmSeen, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(alarm, seen=(*alarm.seen, fact.person))


@apply.register
def _(fact: facts.AlarmAccepted, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(
        alarm,
        phase=Phase.ACCEPTED,
        owner=fact.person,
        owner_since=recorded_at,
        due_at=fact.due_at,
        asked=False,
        **_quiet(),
    )


@apply.register
def _(fact: facts.AlarmRefused, alarm: Alarm, recorded_at: Instant) -> Alarm:
    mine = tuple(p for p in alarm.pages if p.person != fact.person)
    return replace(alarm, pages=mine, refused=(*alarm.refused, fact.person))


@apply.register
def _(fact: facts.AlarmProgressed, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(alarm, phase=fact.phase, due_at=fact.due_at, asked=False, **_quiet())


@apply.register
def _(fact: facts.OwnerAsked, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(alarm, asked=True, due_at=fact.due_at, **_called(alarm, fact.pages))


@apply.register
def _(fact: facts.AlarmReopened, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(
        alarm,
        phase=Phase.LOOKING,
        owner=None,
        owner_since=None,
        asked=False,
        due_at=None,
        refused=(),
        **_quiet(),
    )


@apply.register
def _(fact: facts.AlarmClosed, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(
        alarm,
        phase=Phase.CLOSED,
        outcome=fact.outcome,
        closed_at=recorded_at,
        due_at=None,
        **_quiet(),
    )
