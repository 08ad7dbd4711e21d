"""Facts of correlation: what waits for time, what belongs together, what is asked of people."""

from routing.fact_base import AlarmFact, Fact, Page
from routing.instant import Instant
from routing.kinds import Kind, Severity
from routing.lifecycle import OutcomeCode
from routing.marks import Mark
from routing.reasons import Reason
from routing.watch import WatchKind


class WatchSet(Fact, kw_only=True, frozen=True, tag="watch.set"):
    """Something waits until `due_at`; it replaces the watch of the same kind and key."""

    kind: WatchKind
    key: str
    due_at: Instant


class WatchEnded(Fact, kw_only=True, frozen=True, tag="watch.ended"):
    """It waits no longer: its time has come, or what it waited for has passed."""

    kind: WatchKind
    key: str


class AlarmMarked(AlarmFact, kw_only=True, frozen=True, tag="alarm.marked"):
    """A mark is put on the alarm, or taken off."""

    mark: Mark
    present: bool = True
    reason: Reason


class AlarmLowered(AlarmFact, kw_only=True, frozen=True, tag="alarm.lowered"):
    """Configuration says that it is less urgent now. It stays open."""

    severity: Severity
    reason: Reason


class AlarmSettled(AlarmFact, kw_only=True, frozen=True, tag="alarm.settled"):
    """The hub has closed an alarm that nobody had accepted, because configuration says so, or
    because it is listed on an incident; or one that is accepted, because it was reset in its
    room and configuration says so."""

    outcome: OutcomeCode
    reason: Reason


class IncidentJoined(AlarmFact, kw_only=True, frozen=True, tag="incident.joined"):
    """A device is listed on the incident, or its fault there has passed (`kind` says which)."""

    event: str
    kind: Kind
    subject: str
    device: str
    resident: str | None = None
    pages: tuple[Page, ...] = ()
    """Whoever has the incident hears of a new kind of trouble."""
    reason: Reason


class ProtectionLost(Fact, kw_only=True, frozen=True, tag="protection.lost"):
    """A device that protects the resident is silent."""

    resident: str
    device: str
    event: str


class ProtectionBack(Fact, kw_only=True, frozen=True, tag="protection.back"):
    """It is heard again."""

    resident: str
    device: str
    event: str


class VisitAsked(AlarmFact, kw_only=True, frozen=True, tag="visit.asked"):
    """Somebody is to visit these residents because of the alarm."""

    residents: tuple[str, ...]
    reason: Reason


class DoseDue(Fact, kw_only=True, frozen=True, tag="dose.due"):
    """A planned dose is to be taken now, and missed at `missed_at`."""

    device: str
    resident: str | None = None
    due_at: Instant
    missed_at: Instant


class LookDue(Fact, kw_only=True, frozen=True, tag="look.due"):
    """A planned digital supervision is to be done, until `until`."""

    resident: str
    due_at: Instant
    until: Instant


AnyCorrelateFact = (
    WatchSet
    | WatchEnded
    | AlarmMarked
    | AlarmLowered
    | AlarmSettled
    | IncidentJoined
    | ProtectionLost
    | ProtectionBack
    | VisitAsked
    | DoseDue
    | LookDue
)
