"""What correlation remembers: a fold of facts, kept in `State.memory` and in its snapshot."""

from dataclasses import dataclass, field

import msgspec

from routing.instant import Instant
from routing.kinds import Kind


class Birth(msgspec.Struct, frozen=True, gc=False):
    """A technical alarm that may turn out to be part of a storm."""

    at: Instant
    subject: str
    device: str
    alarm: str
    event: str


class Spoke(msgspec.Struct, frozen=True, gc=False):
    """The newest numbered message of a device about one trouble."""

    sequence: int
    at: Instant
    kind: Kind


@dataclass(slots=True)
class Incident:
    """Many faults of one cause, as one alarm."""

    grew_at: Instant
    """When a device was last listed."""
    members: dict[str, tuple[Kind, ...]] = field(default_factory=dict)
    """Subject to the faults that have not passed."""
    lasting: int = 0
    """How many faults of all members have not passed."""


@dataclass(slots=True)
class Memory:
    """Everything the rules need to know later. Keys of two parts are joined by `|`."""

    told: dict[str, Instant] = field(default_factory=dict)
    """kind|subject of what is told once (a day) to when it was."""
    spoke: dict[str, Spoke] = field(default_factory=dict)
    """subject|trouble to its newest numbered message."""
    taken: dict[str, Instant] = field(default_factory=dict)
    """Device to when a dose was taken that no due dose has used yet."""
    silent: dict[str, Instant] = field(default_factory=dict)
    """Device with planned doses whose link is lost, to since when: what it would say is unknown."""
    failing: dict[str, Instant] = field(default_factory=dict)
    """person|channel to when it failed, for channels that have not worked since."""
    exercises: dict[str, Instant] = field(default_factory=dict)
    """Open exercises, to when they began."""
    crossed: dict[str, Instant] = field(default_factory=dict)
    """Alarm about a zone to when its border was last crossed."""
    strangers: dict[str, tuple[Instant, ...]] = field(default_factory=dict)
    """`help` or `technical` to when unknown devices last rang, `strangers` of them at most."""
    strangers_told: dict[str, Instant] = field(default_factory=dict)
    """Alarm of many unknown devices to when those called last heard of its count."""
    unprotected: dict[str, Instant] = field(default_factory=dict)
    """Device that protects somebody and is silent, to since when."""
    present: dict[str, Instant] = field(default_factory=dict)
    """Room to when a panel told that somebody has entered it."""
    births: dict[str, tuple[Birth, ...]] = field(default_factory=dict)
    """scope|kind to the technical alarms of the last moments, `storm_events` of them at most."""
    incidents: dict[str, Incident] = field(default_factory=dict)
    """Incident alarm to its list, as long as the alarm is in memory."""
    incident_at: dict[str, str] = field(default_factory=dict)
    """scope|kind to its latest incident."""
    member_of: dict[str, str] = field(default_factory=dict)
    """Subject to the incident it was last listed on."""


def pair(one: str, other: str) -> str:
    """Return a key of two parts."""
    return f"{one}|{other}"
