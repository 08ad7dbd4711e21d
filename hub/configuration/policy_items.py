"""Policies of the file as routing items, and back as plain data."""

from collections.abc import Iterable
from typing import Any, cast

from hub.configuration import policy_entries as entries
from hub.configuration.entry import Weekday
from hub.configuration.scalars import duration_text, time_text
from routing import municipality as items

_DAYS = list(Weekday)
_ALWAYS = (0, 0)


def windows(listed: Iterable[entries.PolicyWindowEntry]) -> tuple[items.PolicyWindow, ...]:
    """Return the policies of a time of day."""
    return tuple(
        items.PolicyWindow(
            policy=one.policy,
            category=one.category,
            weekdays=_days(one.weekdays),
            **_minutes(one.between),
        )
        for one in listed
    )


def policy(entry: entries.PolicyEntry) -> items.Policy:
    """Return the policy as a routing item."""
    return items.Policy(
        id=entry.id,
        steps=tuple(map(_step, entry.steps)),
        fallback=tuple(map(_target, entry.fallback)),
        loop=entry.loop,
        lease_s=entry.lease,
        ask_s=entry.ask,
        stay_s=entry.stay,
        relative_lease_s=entry.relative_lease,
        target_s=entry.target,
        handover_s=entry.handover,
        reopen_s=entry.reopen,
        check_after=entry.check_after,
        check_within_s=entry.check_within,
        then=entry.then,
    )


def _step(entry: entries.StepEntry) -> items.Step:
    return items.Step(
        tuple(map(_target, entry.call)),
        entry.wait,
        when=None if entry.when is None else _when(entry.when),
        in_turn=entry.in_turn,
        number=entry.number,
    )


def _target(entry: entries.TargetEntry) -> items.Target:
    kind, id = entry.named
    return items.Target(
        cast("items.TargetKind", kind),
        id,
        informed=entry.informed,
        role=entry.role,
        having=entry.having,
    )


def _when(entry: entries.WhenEntry) -> items.When:
    return items.When(
        weekdays=_days(entry.weekdays),
        categories=entry.category,
        kinds=entry.kind,
        severity=entry.severity,
        **_minutes(entry.between),
    )


def _days(weekdays: Iterable[Weekday]) -> tuple[int, ...]:
    return tuple(_DAYS.index(day) for day in weekdays)


def _minutes(between: tuple[int, int] | None) -> dict[str, int]:
    start, end = between or _ALWAYS
    return {"from_minute": start, "to_minute": end}


# -- back to plain data ----------------------------------------------------------------------------


def describe_windows(listed: Iterable[items.PolicyWindow]) -> list[dict[str, Any]]:
    """Return policies of a time of day as the file writes them."""
    return [{"policy": w.policy, "category": w.category, **_describe_time(w)} for w in listed]


def describe(found: items.Policy) -> dict[str, Any]:
    """Return the policy as the file writes it, without its id."""
    return {
        "steps": [_describe_step(step) for step in found.steps],
        "fallback": [_describe_target(target) for target in found.fallback],
        "loop": found.loop,
        "lease": duration_text(found.lease_s),
        "ask": duration_text(found.ask_s),
        "stay": duration_text(found.stay_s),
        "relative_lease": _length(found.relative_lease_s),
        "target": _length(found.target_s),
        "handover": duration_text(found.handover_s),
        "reopen": duration_text(found.reopen_s),
        "check_after": found.check_after,
        "check_within": duration_text(found.check_within_s),
        "then": found.then,
    }


def _length(seconds: int | None) -> str | None:
    return None if seconds is None else duration_text(seconds)


def _describe_step(step: items.Step) -> dict[str, Any]:
    return {
        "call": [_describe_target(target) for target in step.targets],
        "wait": duration_text(step.wait_s),
        "when": None if step.when is None else _describe_when(step.when),
        "in_turn": step.in_turn,
        "number": step.number,
    }


def _describe_target(target: items.Target) -> dict[str, Any]:
    more = {"role": target.role, "having": target.having, "informed": target.informed}
    return {target.kind: target.id, **more}


def _describe_when(when: items.When) -> dict[str, Any]:
    return {
        **_describe_time(when),
        "category": when.categories,
        "kind": when.kinds,
        "severity": None if when.severity is None else when.severity.name.lower(),
    }


def _describe_time(window: items.When | items.PolicyWindow) -> dict[str, Any]:
    minutes = (window.from_minute, window.to_minute)
    return {
        "weekdays": [_DAYS[day] for day in window.weekdays],
        "between": None if minutes == _ALWAYS else [time_text(minute) for minute in minutes],
    }
