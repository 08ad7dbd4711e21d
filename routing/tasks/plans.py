"""What configuration says about tasks: rules, planned visits, and nights without ringing.

All numbers are configuration; the defaults are proposals. Left-out values are not stored.
"""

import msgspec

from routing.kinds import Kind, Severity
from routing.plans import EVERY_DAY
from routing.tasks.life import TaskKind


class TaskRule(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A device event that asks for a task: a low battery, an empty dispenser, a missed dose."""

    on: Kind
    make: TaskKind
    code: str | None = None
    """Only when the device says this code of its own protocol."""
    within_s: int = 86_400
    """The window, from the event on."""
    severity: Severity = Severity.LOW
    people: int = 1
    competence: str | None = None
    """What everybody who takes it must have."""
    overdue: Severity | None = None
    """How severe an alarm the task becomes when it is overdue; None: it becomes none."""


class VisitPlan(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A visit to a resident at a local time of day, again and again."""

    id: str
    minute: int
    """Minute of the local day at which the window begins."""
    within_s: int = 3600
    ahead_s: int = 3600
    """So long before, it stands in the list."""
    weekdays: tuple[int, ...] = EVERY_DAY
    severity: Severity = Severity.MEDIUM
    people: int = 1
    competence: str | None = None
    overdue: Severity | None = None


class GapOffers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How gaps of the roster are offered to people who could be on duty. Numbers are proposals."""

    automatic: bool = False
    """Whether the hub offers gaps by itself; otherwise a lead does."""
    policy: str | None = None
    """By whose steps people are asked; None: by that of other tasks."""
    ahead_s: int = 7 * 86_400
    """How long before its beginning a gap is offered by itself."""
    rest_s: int = 11 * 3600
    """Time off duty that everybody keeps before and after; 11 h is the daily rest of
    arbeidsmiljøloven § 10-8 (1)."""
    severity: Severity = Severity.LOW
    longest_s: int = 12 * 3600
    """A longer gap is offered in parts."""


class TaskCare(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The municipality's way with tasks."""

    rules: tuple[TaskRule, ...] = ()
    quiet_from_minute: int = 22 * 60
    quiet_to_minute: int = 7 * 60
    """Local times of day between which a task of little hurry rings nobody; equal: there is no such
    time."""
    quiet_below: Severity = Severity.MEDIUM
    """Less severe than this is little hurry."""
    visit_within_s: int = 86_400
    """The window of a visit that a silent device asks for."""
    visit_severity: Severity = Severity.LOW
    visit_overdue: Severity | None = None
    after_look_s: int = 1800
    """The window of a visit that a look asks for; it is an alarm when nobody has gone by then."""
    rings_at_most: int = 5
    """So many tasks of one alarm ring; those of a storm beyond that are only listed."""
    offers: GapOffers = GapOffers()
