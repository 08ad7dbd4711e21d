"""What configuration says about a municipality, as the core needs it: ids, numbers and times only.

Names, addresses, notes and webhook URLs are documents of the hub and never enter here. Items are
immutable; `ConfigurationSet` facts put them into state.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import msgspec

from routing.kinds import Kind, Severity


class Role(StrEnum):
    """What a person may do. One person may hold several."""

    STAFF = "staff"
    LEAD = "lead"
    OPERATOR = "operator"
    IT = "it"
    RELATIVE = "relative"


HANDLERS = frozenset({Role.STAFF, Role.LEAD, Role.OPERATOR})
"""Roles that may own an alarm in this form of the hub."""


class Item(msgspec.Struct, frozen=True, kw_only=True, tag_field="item"):
    """A configuration item; `id` is unique within its section."""

    id: str


class Municipality(Item, kw_only=True, frozen=True, tag="municipality"):
    """The municipality itself: one per journal."""

    timezone: str
    """IANA name, `Europe/Oslo`."""
    language: Literal["nb", "nn", "en"] = "nb"
    default_policy: str
    """Policy for devices nobody has registered, and wherever nothing nearer says otherwise."""


class Unit(Item, kw_only=True, frozen=True, tag="unit"):
    """A home-care unit or zone."""

    policies: Mapping[str, str] = {}
    """Category (or `*`) to policy id."""


class Team(Item, kw_only=True, frozen=True, tag="team"):
    """A group that steps call by duty or as a whole."""

    unit: str | None = None


class Person(Item, kw_only=True, frozen=True, tag="person"):
    """Somebody who can be called or who may act."""

    roles: tuple[Role, ...]
    teams: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    """Active channels in order of use, by id (`webhook-1`). The live page is always there beside
    them."""


class Resident(Item, kw_only=True, frozen=True, tag="resident"):
    """A person with devices."""

    unit: str
    policies: Mapping[str, str] = {}
    """Category (or `*`) to policy id; nearer than the unit's."""


class RaiseRule(msgspec.Struct, frozen=True, gc=False):
    """An observation that raises an alarm at this device, always or in a daily local-time
    window."""

    kind: Kind
    from_minute: int = 0
    """Minute of the local day; a window whose end is not after its start crosses midnight."""
    to_minute: int = 0
    severity: Severity = Severity.MEDIUM


class Device(Item, kw_only=True, frozen=True, tag="device"):
    """A registered device, found by the subject of its events."""

    subject: str
    resident: str | None = None
    unit: str | None = None
    raises: tuple[RaiseRule, ...] = ()
    silent_after_s: int | None = None
    """Seconds without any sign of life before `link.lost` is raised; None supervises nothing."""


class Target(msgspec.Struct, frozen=True, gc=False):
    """Whom a step calls: those on duty in a team, a whole team, or one person."""

    kind: Literal["on_duty", "team", "person"]
    id: str


class Step(msgspec.Struct, frozen=True):
    """One step: everybody it resolves to is called at once."""

    targets: tuple[Target, ...]
    wait_s: int


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
    """Time the owner has to answer before the alarm is reopened."""


class Shift(Item, kw_only=True, frozen=True, tag="shift"):
    """A weekly shift in local time: the simple roster. Richer rosters replace `routing.roster`."""

    team: str
    people: tuple[str, ...]
    weekdays: tuple[int, ...]
    """0 is Monday; the day on which the shift starts."""
    from_minute: int
    to_minute: int
    """Not after `from_minute`: the shift ends next day (equal: it lasts 24 hours)."""


AnyItem = Municipality | Unit | Team | Person | Resident | Device | Policy | Shift
SECTIONS: Mapping[str, type[Item]] = {
    "municipality": Municipality,
    "unit": Unit,
    "team": Team,
    "person": Person,
    "resident": Resident,
    "device": Device,
    "policy": Policy,
    "shift": Shift,
}
"""Section name to item type, in an order in which every reference is to what comes earlier."""
