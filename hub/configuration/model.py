"""The shape of a municipality file. Every field's meaning is written in docs/configuration.md."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from hub.configuration.channel_entries import ChannelEntry
from hub.configuration.correlate_entries import (
    CorrelationEntry,
    DoseEntry,
    FrequentCallerEntry,
    LastingEntry,
    LookEntry,
    PagingEntry,
    PauseEntry,
    QuietEntry,
    SpanEntry,
)
from hub.configuration.entry import Entry, Weekday
from hub.configuration.listeners import ListenerEntry
from hub.configuration.lock_items import LocksEntry
from hub.configuration.policy_entries import PolicyEntry, PolicyWindowEntry
from hub.configuration.roster_entries import (
    AbsenceEntry,
    Day,
    LocalTime,
    NeedEntry,
    OverrideEntry,
    RotationEntry,
    SwapEntry,
    in_order,
)
from hub.configuration.scalars import (
    Between,
    CategoryOrRest,
    Host,
    Hurry,
    Id,
    Minute,
    Phone,
    Seconds,
    Subject,
    ViewerUrl,
    Zone,
    one_line,
    printable,
)
from hub.configuration.task_entries import People, TasksEntry, VisitEntry
from hub.text import Language
from routing.kinds import Kind, Severity
from routing.lifecycle import OutcomeCode
from routing.municipality import Part, Role
from routing.plans import DeviceClass

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(one_line),
]
Note = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    AfterValidator(printable),
]
Policies = dict[CategoryOrRest, Id]
"""Category, or `*` for all others, to policy id."""


class MunicipalityEntry(Entry):
    id: Id
    name: Text
    timezone: Zone = "Europe/Oslo"
    language: Language = "nb"
    default_policy: Id
    policies: Policies = Field(default_factory=dict)
    policies_at: tuple[PolicyWindowEntry, ...] = ()
    numbers: dict[Id, Phone] = Field(default_factory=dict)
    correlation: CorrelationEntry = CorrelationEntry()
    paging: PagingEntry = PagingEntry()
    tasks: TasksEntry = TasksEntry()
    locks: LocksEntry = LocksEntry()
    viewers: tuple[Host, ...] = ()
    help_number: Phone | None = None
    relatives_agree: bool = False


class UnitEntry(Entry):
    id: Id
    name: Text
    policies: Policies = Field(default_factory=dict)
    policies_at: tuple[PolicyWindowEntry, ...] = ()
    drive: Seconds | None = None
    drive_from: dict[Id, Seconds] = Field(default_factory=dict)
    maintenance: tuple[SpanEntry, ...] = ()


class TeamEntry(Entry):
    id: Id
    name: Text
    unit: Id | None = None
    response_centre: bool = False
    partner: Id | None = None
    duty: tuple[Id, ...] = ()


class PersonEntry(Entry):
    id: Id
    name: Text
    roles: tuple[Role, ...] = Field(min_length=1)
    teams: tuple[Id, ...] = ()
    competences: tuple[Id, ...] = ()
    phone: Phone | None = None
    language: Language | None = None
    channels: tuple[ChannelEntry, ...] = ()
    arrive: Seconds | None = None


class ResidentEntry(Entry):
    id: Id
    name: Text
    address: Text | None = None
    protected: bool = False
    unit: Id
    entry_note: Note | None = None
    care_note: Note | None = None
    phone: Phone | None = None
    policies: Policies = Field(default_factory=dict)
    policies_at: tuple[PolicyWindowEntry, ...] = ()
    people_needed: People = 1
    relatives: dict[Id, Part] = Field(default_factory=dict)
    pause: PauseEntry | None = None
    objects: tuple[Literal["location", "lock", "viewing"], ...] = ()
    frequent_caller: FrequentCallerEntry | None = None
    looks: tuple[LookEntry, ...] = ()
    quiet: tuple[QuietEntry, ...] = ()
    visits: tuple[VisitEntry, ...] = ()
    viewer: ViewerUrl | None = None
    supervised_until: LocalTime | None = None


class RaiseEntry(Entry):
    """An observation that rings here: always, or between two local times of day."""

    kind: Kind
    between: Between = None
    severity: Hurry = Severity.MEDIUM


class DeviceEntry(Entry):
    id: Id
    name: Text
    subject: Subject
    model: Text | None = None
    place: Text | None = None
    resident: Id | None = None
    unit: Id | None = None
    raises: tuple[RaiseEntry, ...] = ()
    silent_after: Seconds | None = None
    shared_with: tuple[Id, ...] = ()
    group: DeviceClass | None = Field(default=None, alias="class")
    maker: Id | None = None
    lasting: tuple[LastingEntry, ...] = ()
    maintenance: tuple[SpanEntry, ...] = ()
    exercise: bool = False
    doses: tuple[DoseEntry, ...] = ()
    late_taken_closes: bool = False
    reset_closes: OutcomeCode | None = None
    zone_return_lowers: bool = False


class ShiftEntry(Entry):
    """A weekly shift; an end not after its start is the next day."""

    id: Id
    team: Id
    people: tuple[Id, ...] = Field(min_length=1)
    weekdays: tuple[Weekday, ...] = Field(default=tuple(Weekday), min_length=1)
    start: Minute = Field(alias="from")
    end: Minute = Field(alias="to")
    first_day: Day | None = None
    last_day: Day | None = None

    @model_validator(mode="after")
    def _forward(self) -> Self:
        in_order(self.first_day, self.last_day)
        return self


SectionName = Literal[
    "municipality",
    "units",
    "teams",
    "people",
    "residents",
    "devices",
    "policies",
    "shifts",
    "rotations",
    "overrides",
    "swaps",
    "absences",
    "needs",
    "adapters",
]


class MunicipalityFile(Entry):
    """The whole file. `managed_by` names sections that `varde run FILE` applies at every start."""

    municipality: MunicipalityEntry
    units: tuple[UnitEntry, ...] = ()
    teams: tuple[TeamEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()
    residents: tuple[ResidentEntry, ...] = ()
    devices: tuple[DeviceEntry, ...] = ()
    policies: tuple[PolicyEntry, ...] = ()
    shifts: tuple[ShiftEntry, ...] = ()
    rotations: tuple[RotationEntry, ...] = ()
    overrides: tuple[OverrideEntry, ...] = ()
    swaps: tuple[SwapEntry, ...] = ()
    absences: tuple[AbsenceEntry, ...] = ()
    needs: tuple[NeedEntry, ...] = ()
    adapters: tuple[ListenerEntry, ...] = ()
    managed_by: dict[SectionName, Literal["file"]] = Field(default_factory=dict)
