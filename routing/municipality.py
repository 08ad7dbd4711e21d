"""What configuration says about a municipality, as the core needs it: ids, numbers and times only.

Names, addresses, notes and webhook URLs are documents of the hub and never enter here. Items are
immutable; `ConfigurationSet` facts put them into state.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import msgspec

from routing.duty import Absence, Need, Override, Rotation, Swap
from routing.instant import Instant
from routing.item import Item
from routing.kinds import Category, Kind, Severity
from routing.lifecycle import OutcomeCode
from routing.locks.plans import LockCare
from routing.plans import (
    Correlation,
    DeviceClass,
    DosePlan,
    FrequentCaller,
    LastingRule,
    LookPlan,
    Paging,
    Pause,
    QuietRule,
    Span,
    Waits,
)
from routing.tasks.plans import TaskCare, VisitPlan


class Role(StrEnum):
    """What a person may do. One person may hold several."""

    STAFF = "staff"
    LEAD = "lead"
    OPERATOR = "operator"
    IT = "it"
    RELATIVE = "relative"
    OUTSIDE = "outside"
    """A receiver outside the service, by webhook or DC-09: told, never asked."""


HANDLERS = frozenset({Role.STAFF, Role.LEAD, Role.OPERATOR})
"""Roles that may own any alarm; a responsible relative may own those of the resident."""
Part = Literal["responsible", "informed"]
"""What a relative has taken on: to act, or to be told."""


class PolicyWindow(msgspec.Struct, frozen=True, kw_only=True):
    """A policy for a time of the local day and week; goes before the table beside it."""

    policy: str
    category: str = "*"
    weekdays: tuple[int, ...] = ()
    """0 is Monday; none means every day. Of a window over midnight: the day on which it starts."""
    from_minute: int = 0
    to_minute: int = 0


class Municipality(Item, kw_only=True, frozen=True, tag="municipality", omit_defaults=True):
    """The municipality itself: one per journal."""

    timezone: str
    """IANA name, `Europe/Oslo`."""
    language: Literal["nb", "nn", "en"] = "nb"
    default_policy: str
    """Policy for devices nobody has registered, and wherever nothing nearer says otherwise."""
    policies: Mapping[str, str] = {}
    """Category (or `*`) to policy id; nearer than the default."""
    policies_at: tuple[PolicyWindow, ...] = ()
    correlation: Correlation = Correlation()
    paging: Paging = Paging()
    tasks: TaskCare = TaskCare()
    locks: LockCare = LockCare()
    relatives_agree: bool = False
    """Whether a responsible relative is called only after they have said yes in the hub."""


class Unit(Item, kw_only=True, frozen=True, tag="unit", omit_defaults=True):
    """A home-care unit or zone."""

    policies: Mapping[str, str] = {}
    """Category (or `*`) to policy id."""
    policies_at: tuple[PolicyWindow, ...] = ()
    drive_s: int | None = None
    """How long staff usually need to a home of the zone: the lease where no time is tapped."""
    drive_from: Mapping[str, int] = {}
    """Unit to how long those on duty there need, in seconds; the others need `drive_s`."""
    maintenance: tuple[Span, ...] = ()
    """Planned work on the whole unit's equipment: technical faults are muted, help never."""


class Team(Item, kw_only=True, frozen=True, tag="team"):
    """A group that steps call by duty or as a whole."""

    unit: str | None = None
    response_centre: bool = False
    partner: str | None = None
    """The municipality whose team this is; its people on duty are then those of `duty`."""
    duty: tuple[str, ...] = ()
    """Whom the partner has told to be on duty; replaced as it tells anew."""


class Person(Item, kw_only=True, frozen=True, tag="person"):
    """Somebody who can be called or who may act."""

    roles: tuple[Role, ...]
    teams: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    """Active channels in order of use, by id (`webhook-1`). The live page is always there beside
    them."""
    competences: tuple[str, ...] = ()
    """What the person may do or holds: a delegation for medicine, a key."""
    arrive_s: int | None = None
    """How long this person needs to get there; of a relative who lives near."""
    waits: Mapping[str, Waits] = {}
    """Channel id to this person's own waits for it."""


class Resident(Item, kw_only=True, frozen=True, tag="resident", omit_defaults=True):
    """A person with devices."""

    unit: str
    policies: Mapping[str, str] = {}
    """Category (or `*`) to policy id; nearer than the unit's."""
    policies_at: tuple[PolicyWindow, ...] = ()
    people_needed: int = 1
    """How many must go there together."""
    relatives: Mapping[str, Part] = {}
    """Person id to what that relative has taken on, in the order in which they are called."""
    pause: Pause | None = None
    objects: tuple[Literal["location", "lock", "viewing"], ...] = ()
    """Services the resident objects to; they are withheld, and help is never one of them."""
    frequent_caller: FrequentCaller | None = None
    looks: tuple[LookPlan, ...] = ()
    quiet: tuple[QuietRule, ...] = ()
    visits: tuple[VisitPlan, ...] = ()
    supervised_until: Instant | None = None
    """When the decision that the resident may be looked at from afar ends; None: there is none."""


class RaiseRule(msgspec.Struct, frozen=True, gc=False):
    """An observation that raises an alarm at this device, always or in a daily local-time
    window."""

    kind: Kind
    from_minute: int = 0
    """Minute of the local day; a window whose end is not after its start crosses midnight."""
    to_minute: int = 0
    severity: Severity = Severity.MEDIUM


class Device(Item, kw_only=True, frozen=True, tag="device", omit_defaults=True):
    """A registered device, found by the subject of its events."""

    subject: str
    resident: str | None = None
    unit: str | None = None
    raises: tuple[RaiseRule, ...] = ()
    silent_after_s: int | None = None
    """Seconds without any sign of life before `link.lost` is raised; None leaves it to the limit of
    its class."""
    device_class: DeviceClass | None = None
    maker: str | None = None
    """Id of who made it: many faults of one maker are one incident."""
    lasting: tuple[LastingRule, ...] = ()
    maintenance: tuple[Span, ...] = ()
    exercise: bool = False
    """Registered for training: it never concerns a real resident."""
    doses: tuple[DosePlan, ...] = ()
    late_taken_closes: bool = False
    """Whether a dose taken late closes the alarm that nobody has accepted yet."""
    reset_closes: OutcomeCode | None = None
    """With which outcome a reset at this panel closes its call, once somebody has accepted it."""
    zone_return_lowers: bool = False
    """Whether coming back into the zone lowers the alarm to low; it stays open all the same."""
    shared_with: tuple[str, ...] = ()
    """Further residents who use it: whom an alarm concerned is then chosen."""


TargetKind = Literal[
    "on_duty",
    "team",
    "person",
    "competence",
    "lead",
    "relative",
    "response_centre",
    "outside",
]


class Target(msgspec.Struct, frozen=True, gc=False):
    """Whom a step calls. `id` is a team (on_duty, team, response_centre, lead: or `*`), a person
    (person, outside), a competence (whoever is on duty with it), or a relative's part."""

    kind: TargetKind
    id: str
    informed: bool = False
    """Told, and not asked: an informed person is never waited for."""
    role: Role | None = None
    """Only those who hold this role."""
    having: str | None = None
    """Only those who have this competence."""


class When(msgspec.Struct, frozen=True, kw_only=True):
    """When a step counts: everything said must hold; what is not said always does."""

    weekdays: tuple[int, ...] = ()
    from_minute: int = 0
    to_minute: int = 0
    """Not after `from_minute`: over midnight; equal: the whole day."""
    categories: tuple[Category, ...] = ()
    kinds: tuple[Kind, ...] = ()
    severity: Severity | None = None
    """At least this."""


class Step(msgspec.Struct, frozen=True):
    """One step: everybody it resolves to is called at once, or one after another."""

    targets: tuple[Target, ...]
    wait_s: int
    """How long the step waits; in turn: how long for each person."""
    when: When | None = None
    in_turn: bool = False
    number: str | None = None
    """Id of the number through which one speaks with the resident; the number is a document."""


class Policy(Item, kw_only=True, frozen=True, tag="policy"):
    """An escalation policy. It never ends: after the last step it loops."""

    steps: tuple[Step, ...]
    fallback: tuple[Target, ...]
    """Called when no step finds anybody."""
    loop: Literal["last", "all"] = "last"
    """What is repeated when the last wait has passed: the last step, or the whole chain."""
    lease_s: int = 1800
    """Time from acceptance (or from a new promise) to arrival before the owner is asked."""
    ask_s: int = 300
    """Time the owner has to answer before the alarm is reopened, or at the resident before the
    leads are told."""
    relative_lease_s: int | None = None
    """The lease of a relative who says no time; None: as everybody's."""
    target_s: int | None = None
    """Within what time from the alarm somebody is to be there; None sets no target."""
    handover_s: int = 300
    """Time to answer a handover before it comes back to the owner."""
    reopen_s: int = 3600
    """How long after its close an alarm can be reopened."""
    check_after: int = 2
    """So many alarms closed as no need or talk: the next one forces a physical check; 0: never."""
    check_within_s: int = 21_600
    """The time in which they count, back from the new alarm."""
    then: str | None = None
    """Policy that goes on after the last step instead of the loop."""
    stay_s: int = 3600
    """Time at the resident before the owner is asked what has become of the alarm."""


class Shift(Item, kw_only=True, frozen=True, tag="shift", omit_defaults=True):
    """A weekly shift in local time: the simple roster. `routing.duty` has what else there is."""

    team: str
    people: tuple[str, ...]
    weekdays: tuple[int, ...]
    """0 is Monday; the day on which the shift starts."""
    from_minute: int
    to_minute: int
    """Not after `from_minute`: the shift ends next day (equal: it lasts 24 hours)."""
    first_day: str | None = None
    last_day: str | None = None
    """ISO dates between which the shift starts; None is without end."""


AnyItem = (
    Municipality
    | Unit
    | Team
    | Person
    | Resident
    | Device
    | Policy
    | Shift
    | Rotation
    | Override
    | Swap
    | Absence
    | Need
)
SECTIONS: Mapping[str, type[Item]] = {
    "municipality": Municipality,
    "unit": Unit,
    "team": Team,
    "person": Person,
    "resident": Resident,
    "device": Device,
    "policy": Policy,
    "shift": Shift,
    "rotation": Rotation,
    "override": Override,
    "swap": Swap,
    "absence": Absence,
    "need": Need,
}
"""Section name to item type, in an order in which every reference is to what comes earlier."""
