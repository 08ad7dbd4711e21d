"""The shape of a municipality file. Every field's meaning is written in docs/configuration.md."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from hub.configuration.listeners import ListenerEntry
from hub.configuration.scalars import (
    CategoryOrRest,
    Hurry,
    Id,
    Minute,
    Phone,
    Seconds,
    Subject,
    UrlTemplate,
    Zone,
    one_line,
    printable,
)
from hub.text import Language
from routing.kinds import Kind, Severity
from routing.municipality import Role

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


class Entry(BaseModel):
    """Base of everything in the file: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class MunicipalityEntry(Entry):
    id: Id
    name: Text
    timezone: Zone = "Europe/Oslo"
    language: Language = "nb"
    default_policy: Id


class UnitEntry(Entry):
    id: Id
    name: Text
    policies: Policies = {}


class TeamEntry(Entry):
    id: Id
    name: Text
    unit: Id | None = None


class WebhookChannel(Entry):
    url: UrlTemplate


class ChannelEntry(Entry):
    """One way to reach a person beside the live page; today signed webhooks."""

    webhook: WebhookChannel


class PersonEntry(Entry):
    id: Id
    name: Text
    roles: tuple[Role, ...] = Field(min_length=1)
    teams: tuple[Id, ...] = ()
    phone: Phone | None = None
    language: Language | None = None
    channels: tuple[ChannelEntry, ...] = ()


class ResidentEntry(Entry):
    id: Id
    name: Text
    address: Text | None = None
    unit: Id
    entry_note: Note | None = None
    care_note: Note | None = None
    phone: Phone | None = None
    policies: Policies = {}


def _not_always(between: tuple[int, int] | None) -> tuple[int, int] | None:
    """Midnight to midnight is what is meant when nothing is said: one shape for one thing."""
    return None if between == (0, 0) else between


class RaiseEntry(Entry):
    """An observation that rings here: always, or between two local times of day."""

    kind: Kind
    between: Annotated[tuple[Minute, Minute] | None, AfterValidator(_not_always)] = None
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


class TargetEntry(Entry):
    """Whom a step calls: exactly one of the three."""

    on_duty: Id | None = None
    team: Id | None = None
    person: Id | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise PydanticCustomError("bad_target", "exactly one of on_duty, team, person")
        return self


class StepEntry(Entry):
    call: tuple[TargetEntry, ...] = Field(min_length=1)
    wait: Seconds


class PolicyEntry(Entry):
    id: Id
    steps: tuple[StepEntry, ...] = Field(min_length=1)
    fallback: tuple[TargetEntry, ...] = ()
    loop: Literal["last", "all"] = "last"
    lease: Seconds = 1800
    ask: Seconds = 300


class Weekday(StrEnum):
    """Days by their first three letters in English, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class ShiftEntry(Entry):
    """A weekly shift; an end not after its start is the next day."""

    id: Id
    team: Id
    people: tuple[Id, ...] = Field(min_length=1)
    weekdays: tuple[Weekday, ...] = Field(default=tuple(Weekday), min_length=1)
    start: Minute = Field(alias="from")
    end: Minute = Field(alias="to")


SectionName = Literal[
    "municipality",
    "units",
    "teams",
    "people",
    "residents",
    "devices",
    "policies",
    "shifts",
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
    adapters: tuple[ListenerEntry, ...] = ()
    managed_by: dict[SectionName, Literal["file"]] = {}
