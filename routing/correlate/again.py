"""Repeats: the same trouble once more. It joins the open alarm, and is announced again.

Towards an owner, who has seen the alarm, a repeat of a known kind rings at most every `repeat_s`;
what was held back is told with its count when that time is over. A new kind, a higher severity, and
any repeat while nobody has accepted, rings at once. Severity only rises.
"""

from routing import facts
from routing import facts_correlate as own
from routing.alarm import Alarm
from routing.chain import page
from routing.correlate import strangers
from routing.correlate.borders import jitter
from routing.correlate.heard import Heard
from routing.correlate.settings import settings
from routing.instant import SECOND, Instant
from routing.kinds import Category, Severity
from routing.lifecycle import OWNED
from routing.proofs.order import first_channel
from routing.reasons import Reason, ReasonCode, because
from routing.state import Registry, State
from routing.watch import WatchKind


def repeat(
    state: State, alarm: Alarm, heard: Heard, severity: Severity, at: Instant
) -> list[facts.AnyFact]:
    """Return the repeat, and the wait for what it holds back."""
    activation = alarm.activations + 1
    news = severity > alarm.severity or heard.ring.kind not in alarm.kinds
    held = not news and _too_soon(state.registry, alarm, at)
    # A technical fault that flaps is counted, not rung again and again.
    technical = alarm.category is Category.TECHNICAL and severity <= alarm.severity
    rang = jitter(state, alarm, heard, at) or strangers.rang_lately(state, alarm, at)
    silent = held or technical or (not news and rang)
    many = alarm.subject == strangers.TOGETHER
    again = because(ReasonCode.SAME_TROUBLE_AGAIN, activation=activation)
    why = strangers.why(heard, activation) if many else again
    told = because(ReasonCode.OWNER_TOLD_AGAIN, activation=activation) if alarm.owner else why
    joined = facts.AlarmRepeated(
        alarm=alarm.id,
        event=heard.event.event,
        kind=heard.ring.kind,
        activation=activation,
        severity=max(alarm.severity, severity),
        pages=() if silent else announced(state.registry, alarm, f"n{activation}", told),
        reason=why,
        subject=heard.event.subject if many else None,
        tells=_tells(heard),
    )
    return [joined, *_later(state, alarm)] if held else [joined]


def _tells(heard: Heard) -> facts.Told | None:
    event = heard.event
    if not event.told:
        return None
    return facts.Told(adapter=event.adapter, event=event.event, subject=event.subject)


def announced(registry: Registry, alarm: Alarm, where: str, why: Reason) -> tuple[facts.Page, ...]:
    """Return a page to whoever has the alarm or is being called, and has none on its way."""
    waiting = {page.person for page in alarm.pages if alarm.owes(page)}
    people = (alarm.owner,) if alarm.owner else alarm.calling
    return tuple(
        page(alarm, where, person, first_channel(registry, person), why)
        for person in people
        if person not in waiting and person not in alarm.refused
    )


def _too_soon(registry: Registry, alarm: Alarm, at: Instant) -> bool:
    if alarm.owner is None or alarm.told_at is None:
        return False
    return at < alarm.told_at + settings(registry).repeat_s * SECOND


def _later(state: State, alarm: Alarm) -> list[facts.AnyFact]:
    if (WatchKind.REPEAT, alarm.id) in state.watches.live or alarm.told_at is None:
        return []
    due_at = alarm.told_at + settings(state.registry).repeat_s * SECOND
    return [own.WatchSet(kind=WatchKind.REPEAT, key=alarm.id, due_at=due_at)]


def tell_held_back(state: State, alarm_id: str) -> list[facts.AnyFact]:
    """Return the page that tells the owner how often it has rung since the last one."""
    alarm = state.alarms.get(alarm_id)
    if alarm is None or alarm.phase not in OWNED or alarm.told >= alarm.activations:
        return []
    why = because(ReasonCode.OWNER_TOLD_AGAIN, activation=alarm.activations)
    called = announced(state.registry, alarm, f"n{alarm.activations}", why)
    return [facts.Paged(alarm=alarm.id, pages=called, reason=why)] if called else []
