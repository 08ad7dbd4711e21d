"""Times so long that they are silence: sound as numbers, and somebody waits on a floor.

They are warned of and not refused: which time is right the municipality knows. Beyond the limits
here a slip of the pen, or of the unit, is likelier than a plan.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from hub.configuration.correlate_entries import SpanEntry
from hub.configuration.model import MunicipalityFile, ResidentEntry, UnitEntry
from hub.configuration.policy_entries import PolicyEntry, PolicyWindowEntry, StepEntry
from hub.configuration.problem import Path, Problem
from hub.configuration.scalars import EVERYTHING_ELSE, duration_text
from routing.kinds import KINDS
from routing.plans import DeviceClass
from routing.unseen import HELP

HOUR, DAY = 3600, 86_400
IN_NEED_S = HOUR
"""Help is there within 30 to 45 minutes, and an owner may promise 60: no single wait is longer."""
LIFE_SILENT_S = HOUR
"""The line of a life alarm is watched by the minute, not by the day."""
SILENT_S = 14 * DAY
"""Sensors on a battery are heard once a day; two weeks are a device that is gone."""
NEXT_DAY_S = DAY
"""A dose or a look of a day that is judged after the next one is due tells nothing."""
QUIET_S = 3 * DAY
"""Longer nobody lies on a floor and lives."""
MUTED_S = 14 * DAY
"""Maintenance ends by itself; meanwhile a device may go silent and nobody is told."""
RECEIPT_S = 10 * 60
"""The next channel of the same person follows; a telephone has rung out long before."""
At = Mapping[Path, Path]
Times = Iterator[tuple[Path, int | None, int]]
"""Where it stands, how long it is, and how long is seldom meant any more; all in seconds."""


def oddities(file: MunicipalityFile, at: At) -> Iterator[Problem]:
    """Yield a warning for each time that is so long; `at` maps paths to the file's."""
    for id in _in_need(file):
        index = next((i for i, policy in enumerate(file.policies) if policy.id == id), None)
        if index is not None:
            top = at.get(("policies", index), ("policies", index))
            yield from _waits(file.policies[index], top)
    for times in (_numbers(file), _devices(file, at), _residents(file, at)):
        for path, length_s, most_s in times:
            yield from _long("long_time", path, length_s, most_s)


def _long(
    code: str, path: Path, length_s: int | None, most_s: int, **more: str
) -> Iterator[Problem]:
    if length_s is not None and length_s > most_s:
        key = next(str(part) for part in reversed(path) if isinstance(part, str))
        params = {"key": key, "length": duration_text(length_s), "most": duration_text(most_s)}
        yield Problem(code, path, {**params, **more}, warning=True)


# -- policies --------------------------------------------------------------------------------------


def _waits(policy: PolicyEntry, top: Path) -> Iterator[Problem]:
    waits: list[tuple[Path, int | None]] = [
        (("steps", n, "wait"), step.wait) for n, step in enumerate(policy.steps) if _helps(step)
    ]
    keys = ("ask", "handover", "lease", "relative_lease")
    waits += [((key,), getattr(policy, key)) for key in keys]
    for place, length_s in waits:
        yield from _long("long_wait", (*top, *place), length_s, IN_NEED_S, policy=policy.id)


def _helps(step: StepEntry) -> bool:
    """Whether the step counts for any alarm in which somebody may be in need."""
    when = step.when
    if when is None:
        return True
    kinds = {KINDS[kind].category for kind in when.kind}
    return not (when.category and HELP.isdisjoint(when.category)) and not (
        kinds and HELP.isdisjoint(kinds)
    )


def _in_need(file: MunicipalityFile) -> list[str]:
    """Return the policies that alarms get in which somebody may be in need, and what follows."""
    found: dict[str, None] = {}
    places: list[UnitEntry | ResidentEntry] = [*file.units, *file.residents]
    for place in places:
        found.update(dict.fromkeys(_named(place.policies, place.policies_at)))
    if "municipality" in file.model_fields_set:  # an unsound one is left out while checking
        one = file.municipality
        table = {EVERYTHING_ELSE: one.default_policy, **one.policies}
        found.update(dict.fromkeys(_named(table, one.policies_at)))
    then = {policy.id: policy.then for policy in file.policies}
    line = list(found)
    for id in line:  # it grows
        following = then.get(id)
        if following is not None and following not in found:
            found[following] = None
            line.append(following)
    return line


def _named(table: Mapping[str, str], windows: tuple[PolicyWindowEntry, ...]) -> Iterator[str]:
    for category in HELP:
        named = table.get(category, table.get(EVERYTHING_ELSE))
        if named is not None:
            yield named
    for window in windows:
        if window.category in {EVERYTHING_ELSE, *HELP}:
            yield window.policy


# -- other times -----------------------------------------------------------------------------------


def _numbers(file: MunicipalityFile) -> Times:
    if "municipality" not in file.model_fields_set:
        return
    one = file.municipality
    top: Path = ("municipality", "correlation")
    for key in ("repeat", "border_settle", "storm_window"):
        yield (*top, key), getattr(one.correlation, key), IN_NEED_S
    for key in ("storm_joins", "reorder", "presence"):
        yield (*top, key), getattr(one.correlation, key), NEXT_DAY_S
    for group, length_s in one.correlation.silence.items():
        most_s = LIFE_SILENT_S if group is DeviceClass.LIFE else SILENT_S
        yield (*top, "silence", str(group)), length_s, most_s
    top = ("municipality", "paging")
    yield (*top, "seen"), one.paging.seen, RECEIPT_S
    yield (*top, "receipt"), one.paging.receipt, RECEIPT_S
    for kind, length_s in one.paging.receipt_by_channel.items():
        yield (*top, "receipt_by_channel", kind), length_s, RECEIPT_S


def _spans(top: Path, spans: tuple[SpanEntry, ...]) -> Times:
    for n, span in enumerate(spans):
        lasts = datetime.fromisoformat(span.end) - datetime.fromisoformat(span.start)
        yield (*top, "maintenance", n), int(lasts.total_seconds()), MUTED_S


def _devices(file: MunicipalityFile, at: At) -> Times:
    for i, unit in enumerate(file.units):
        yield from _spans(at.get(("units", i), ("units", i)), unit.maintenance)
    for i, device in enumerate(file.devices):
        top = at.get(("devices", i), ("devices", i))
        most_s = LIFE_SILENT_S if device.group is DeviceClass.LIFE else SILENT_S
        yield (*top, "silent_after"), device.silent_after, most_s
        yield from _spans(top, device.maintenance)
        for n, dose in enumerate(device.doses):
            yield (*top, "doses", n, "missed_after"), dose.missed_after, NEXT_DAY_S
            yield (*top, "doses", n, "early"), dose.early, NEXT_DAY_S
        for n, rule in enumerate(device.lasting):
            yield (*top, "lasting", n, "after"), rule.after, NEXT_DAY_S


def _residents(file: MunicipalityFile, at: At) -> Times:
    for i, home in enumerate(file.residents):
        top = at.get(("residents", i), ("residents", i))
        for n, look in enumerate(home.looks):
            yield (*top, "looks", n, "within"), look.within, NEXT_DAY_S
        for n, rule in enumerate(home.quiet):
            yield (*top, "quiet", n, "for"), rule.quiet_for, QUIET_S
