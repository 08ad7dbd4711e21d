"""When somebody must go and look: the resident is silent, or "fine" has been said too often."""

from routing import facts, facts_life
from routing.chain import Draft, pages, policy_of, tell_leads
from routing.correlate.frequent import told_instead
from routing.instant import SECOND
from routing.kinds import Category
from routing.reasons import Reason, ReasonCode, because
from routing.state import State
from routing.trouble import trouble

PRESSES = frozenset({Category.HELP, Category.CALL})
"""Categories in which a person calls, and may be soothed once too often."""


def after_soothing(state: State, draft: Draft) -> None:
    """After so many alarms of the same trouble closed as no need or talk, somebody goes and looks,
    and the leads are told."""
    alarm, policy = draft.alarm, policy_of(state.registry, draft.alarm)
    since = draft.at - policy.check_within_s * SECOND
    key = trouble(alarm.kind, alarm.resident, alarm.subject)
    soothed = sum(raised_at >= since for raised_at, _ in state.soothed.get(key, ()))
    if alarm.category not in PRESSES or not 0 < policy.check_after <= soothed:
        return
    why = because(ReasonCode.REPEATS_NEED_CHECK, count=soothed + 1, within_s=policy.check_within_s)
    need(draft, why)
    instead = told_instead(state.registry, alarm, draft.at)
    if instead is None:
        tell_leads(state.registry, draft, "check", why)
    elif called := pages(state.registry, draft.alarm, "check", dict(instead)):
        draft.add(facts.Paged(alarm=alarm.id, pages=called, reason=why))


def need(draft: Draft, why: Reason) -> None:
    """Somebody must go and look."""
    draft.add(facts_life.CheckNeeded(alarm=draft.alarm.id, reason=why))
