"""The tasks' part of the file as the core's plans, and back."""

from typing import Any

from hub.configuration import task_entries as entries
from hub.configuration.entry import Weekday
from hub.configuration.scalars import duration_text, time_text
from routing.kinds import Severity
from routing.tasks.plans import GapOffers, TaskCare, TaskRule, VisitPlan

_DAYS = list(Weekday)


def tasks(entry: entries.TasksEntry) -> TaskCare:
    """Return the municipality's way with tasks."""
    start, end = entry.quiet or (0, 0)
    return TaskCare(
        rules=tuple(_rule(rule) for rule in entry.rules),
        quiet_from_minute=start,
        quiet_to_minute=end,
        quiet_below=entry.quiet_below,
        visit_within_s=entry.visit_within,
        visit_severity=entry.visit_severity,
        visit_overdue=entry.visit_overdue,
        after_look_s=entry.after_look,
        rings_at_most=entry.rings_at_most,
        offers=_offers(entry.offer_gaps),
    )


def _offers(entry: entries.OfferGapsEntry) -> GapOffers:
    return GapOffers(
        automatic=entry.mode == "automatic",
        policy=entry.policy,
        ahead_s=entry.ahead,
        rest_s=entry.rest or 0,
        severity=entry.severity,
        longest_s=entry.longest,
    )


def _rule(entry: entries.TaskRuleEntry) -> TaskRule:
    return TaskRule(
        on=entry.on,
        make=entry.make,
        code=entry.code,
        within_s=entry.within,
        severity=entry.severity,
        people=entry.people,
        competence=entry.competence,
        overdue=entry.overdue,
    )


def visits(listed: tuple[entries.VisitEntry, ...]) -> tuple[VisitPlan, ...]:
    """Return a resident's planned visits."""
    return tuple(
        VisitPlan(
            id=one.id,
            minute=one.at,
            within_s=one.within,
            ahead_s=one.ahead,
            weekdays=tuple(_DAYS.index(day) for day in one.weekdays),
            severity=one.severity,
            people=one.people,
            competence=one.competence,
            overdue=one.overdue,
        )
        for one in listed
    )


def describe_tasks(care: TaskCare) -> dict[str, Any]:
    """Return what the file says of tasks."""
    window = [time_text(care.quiet_from_minute), time_text(care.quiet_to_minute)]
    return {
        "rules": [_describe_rule(rule) for rule in care.rules],
        "quiet": None if care.quiet_from_minute == care.quiet_to_minute else window,
        "quiet_below": _name(care.quiet_below),
        "visit_within": duration_text(care.visit_within_s),
        "visit_severity": _name(care.visit_severity),
        "visit_overdue": _name(care.visit_overdue),
        "after_look": duration_text(care.after_look_s),
        "rings_at_most": care.rings_at_most,
        "offer_gaps": _describe_offers(care.offers),
    }


def _describe_offers(offers: GapOffers) -> dict[str, Any]:
    return {
        "mode": "automatic" if offers.automatic else "by_hand",
        "policy": offers.policy,
        "ahead": duration_text(offers.ahead_s),
        "rest": duration_text(offers.rest_s) if offers.rest_s else None,
        "severity": _name(offers.severity),
        "longest": duration_text(offers.longest_s),
    }


def _describe_rule(rule: TaskRule) -> dict[str, Any]:
    return {
        "on": rule.on,
        "make": rule.make,
        "code": rule.code,
        "within": duration_text(rule.within_s),
        **_who(rule),
    }


def describe_visits(listed: tuple[VisitPlan, ...]) -> list[dict[str, Any]]:
    """Return what the file says of a resident's planned visits."""
    return [
        {
            "id": plan.id,
            "at": time_text(plan.minute),
            "within": duration_text(plan.within_s),
            "ahead": duration_text(plan.ahead_s),
            "weekdays": [_DAYS[day] for day in plan.weekdays],
            **_who(plan),
        }
        for plan in listed
    ]


def _who(plan: TaskRule | VisitPlan) -> dict[str, Any]:
    return {
        "severity": _name(plan.severity),
        "people": plan.people,
        "competence": plan.competence,
        "overdue": _name(plan.overdue),
    }


def _name(severity: Severity | None) -> str | None:
    return None if severity is None else severity.name.lower()
