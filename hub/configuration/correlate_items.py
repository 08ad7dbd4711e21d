"""Correlation's part of the file as the core's plans, and back."""

from typing import Any
from zoneinfo import ZoneInfo

from hub.configuration import correlate_entries as entries
from hub.configuration import model
from hub.configuration.entry import Weekday
from hub.configuration.scalars import duration_text, time_text
from routing import municipality as items
from routing import plans
from routing.local import at_text, local_text

_DAYS = list(Weekday)
_ALWAYS = (0, 0)
_COUNTS = ("storm_events", "strangers")


def correlation(entry: entries.CorrelationEntry) -> plans.Correlation:
    """Return the municipality's numbers."""
    return plans.Correlation(
        repeat_s=entry.repeat,
        storm_events=entry.storm_events,
        storm_window_s=entry.storm_window,
        storm_joins_s=entry.storm_joins,
        border_settle_s=entry.border_settle,
        clock_tolerance_s=entry.clock_tolerance,
        reorder_s=entry.reorder,
        unproven_s=entry.unproven,
        presence_s=entry.presence,
        strangers=entry.strangers,
        silence_s=entry.silence,
    )


def paging(entry: entries.PagingEntry) -> plans.Paging:
    """Return when the next channel follows."""
    return plans.Paging(
        seen_s=entry.seen,
        receipt_s=entry.receipt,
        receipt_by_channel_s=entry.receipt_by_channel,
        nobody_s=entry.nobody,
        proof_s=entry.proof,
    )


def spans(where: ZoneInfo, listed: tuple[entries.SpanEntry, ...]) -> tuple[plans.Span, ...]:
    """Return maintenance windows as instants."""
    return tuple(plans.Span(at_text(where, s.start), at_text(where, s.end)) for s in listed)


def of_resident(where: ZoneInfo, home: model.ResidentEntry) -> dict[str, Any]:
    """Return the resident item's fields that are correlation's."""
    pause, caller = home.pause, home.frequent_caller
    until = home.supervised_until
    return {
        "supervised_until": until and at_text(where, until),
        "pause": pause and plans.Pause(at_text(where, pause.until), pause.why),
        "objects": home.objects,
        "frequent_caller": caller
        and plans.FrequentCaller(at_text(where, caller.until), caller.call),
        "looks": tuple(plans.LookPlan(e.at, e.within, _days(e.weekdays)) for e in home.looks),
        "quiet": tuple(
            plans.QuietRule(*(e.between or _ALWAYS), quiet_s=e.quiet_for) for e in home.quiet
        ),
    }


def of_device(where: ZoneInfo, device: model.DeviceEntry) -> dict[str, Any]:
    """Return the device item's fields that are correlation's."""
    return {
        "device_class": device.group,
        "maker": device.maker,
        "lasting": tuple(
            plans.LastingRule(e.kind, e.after, *(e.between or _ALWAYS), e.severity)
            for e in device.lasting
        ),
        "maintenance": spans(where, device.maintenance),
        "exercise": device.exercise,
        "doses": tuple(
            plans.DosePlan(e.at, e.missed_after, e.early, _days(e.weekdays)) for e in device.doses
        ),
        "late_taken_closes": device.late_taken_closes,
        "reset_closes": device.reset_closes,
        "zone_return_lowers": device.zone_return_lowers,
    }


def describe_correlation(numbers: plans.Correlation) -> dict[str, Any]:
    """Return what the file says of the numbers."""
    seconds = {
        name: duration_text(getattr(numbers, f"{name}_s"))
        for name in entries.CorrelationEntry.model_fields
        if name not in {*_COUNTS, "silence"}
    }
    counts = {name: getattr(numbers, name) for name in _COUNTS}
    silence = {group: duration_text(s) for group, s in numbers.silence_s.items()}
    return {**seconds, **counts, "silence": silence}


def describe_paging(numbers: plans.Paging) -> dict[str, Any]:
    """Return what the file says of the next channel."""
    by_channel = numbers.receipt_by_channel_s.items()
    return {
        "seen": duration_text(numbers.seen_s),
        "receipt": duration_text(numbers.receipt_s),
        "receipt_by_channel": {kind: duration_text(s) for kind, s in by_channel},
        "nobody": [duration_text(s) for s in numbers.nobody_s],
        "proof": duration_text(numbers.proof_s),
    }


def describe_spans(where: ZoneInfo, listed: tuple[plans.Span, ...]) -> list[dict[str, str]]:
    """Return what the file says of maintenance windows."""
    return [{"from": local_text(where, s.start), "to": local_text(where, s.end)} for s in listed]


def describe_resident(where: ZoneInfo, home: items.Resident) -> dict[str, Any]:
    """Return what the file says of a resident."""
    pause, caller = home.pause, home.frequent_caller
    until = home.supervised_until
    return {
        "supervised_until": None if until is None else local_text(where, until),
        "pause": pause and {"until": local_text(where, pause.until), "why": pause.why},
        "objects": home.objects,
        "frequent_caller": caller
        and {"until": local_text(where, caller.until), "call": caller.person},
        "looks": [
            {"at": time_text(p.minute), "within": duration_text(p.within_s), **_week(p.weekdays)}
            for p in home.looks
        ],
        "quiet": [
            {
                "between": _between(rule.from_minute, rule.to_minute),
                "for": None if rule.quiet_s is None else duration_text(rule.quiet_s),
            }
            for rule in home.quiet
        ],
    }


def describe_device(where: ZoneInfo, device: items.Device) -> dict[str, Any]:
    """Return what the file says of a device."""
    return {
        "class": device.device_class,
        "maker": device.maker,
        "lasting": [
            {
                "kind": rule.kind,
                "after": duration_text(rule.after_s),
                "between": _between(rule.from_minute, rule.to_minute),
                "severity": rule.severity.name.lower(),
            }
            for rule in device.lasting
        ],
        "maintenance": describe_spans(where, device.maintenance),
        "exercise": device.exercise,
        "doses": [
            {
                "at": time_text(p.minute),
                "missed_after": duration_text(p.missed_after_s),
                "early": duration_text(p.early_s),
                **_week(p.weekdays),
            }
            for p in device.doses
        ],
        "late_taken_closes": device.late_taken_closes,
        "reset_closes": device.reset_closes,
        "zone_return_lowers": device.zone_return_lowers,
    }


def _days(weekdays: entries.Days) -> tuple[int, ...]:
    return tuple(_DAYS.index(day) for day in weekdays)


def _week(weekdays: tuple[int, ...]) -> dict[str, Any]:
    return {"weekdays": [_DAYS[day] for day in weekdays]}


def _between(from_minute: int, to_minute: int) -> list[str] | None:
    always = from_minute == to_minute == 0
    return None if always else [time_text(from_minute), time_text(to_minute)]
