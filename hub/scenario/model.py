"""The shape of a scenario file. Every field's meaning is written in docs/scenarios.md."""

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from adapters.protocols import PROTOCOLS
from hub.configuration.scalars import Id
from hub.scenario.expectation import ExpectEntry
from hub.scenario.times import Length, Moment, Start, bad_length
from routing.kinds import CallLevel, Kind
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.proofs.command import ReachAction
from routing.tasks.life import TaskAction, TaskOutcome

# A type checker cannot read a literal that is made of the registry.
if TYPE_CHECKING:
    ProtocolName = str
else:
    ProtocolName = Literal[tuple(PROTOCOLS)]

_HEX = re.compile(r"(?:[0-9a-fA-F]{2}\s*)+")
_WITH_TOPIC = ("zigbee2mqtt", "generic")
"""Protocols whose payloads say only together with their topic which device speaks."""
Items = dict[str, list[dict[str, Any]]]
"""Section of the municipality file to entries."""


class Part(BaseModel):
    """Base of everything in the file: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class Place(Part):
    """Where, in WGS 84 degrees."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class EventEntry(Part):
    """What a device says: one device, or every device whose id fits a pattern (`base-*`)."""

    device: str | None = None
    subject: str | None = None
    """For a device that nobody has registered."""
    count: Annotated[int, Field(ge=1, le=5000)] = 1
    """Of so many such devices, `{n}` in the subject counts from 1."""
    devices: str | None = None
    kind: Kind = Kind.HELP_PRESSED
    id: str | None = None
    """Messages with the same id are the same message, sent again."""
    occurred_at: str | None = None
    """The device's clock: a time as everywhere, or RFC 3339."""
    history: bool = False
    code: str | None = None
    reference: str | None = None
    answers: bool = False
    """Of a lock: whether it answers the command that it has been given."""
    part: str | None = None
    level: CallLevel | None = None
    """Of a nurse call: how urgent the panel says it is."""
    sequence: str | None = None
    position: Place | None = None
    times: Annotated[int, Field(ge=1, le=1000)] = 1
    """The same message so many times."""
    over: Length | None = None
    """Spread over this time, evenly, when there are several devices."""
    every: Length | None = None
    until: Moment | None = None

    @model_validator(mode="after")
    def _one_who(self) -> Self:
        if sum(who is not None for who in (self.device, self.subject, self.devices)) != 1:
            raise PydanticCustomError("bad_who", "exactly one of device, devices, subject")
        if (self.every is None) != (self.until is None):
            raise PydanticCustomError("bad_every", "every and until go together")
        if self.every == 0:
            raise bad_length("0 s")
        return self


class RawEntry(Part):
    """A payload as it comes over the wire, read by the protocol's adapter."""

    protocol: ProtocolName
    text: str | None = None
    hex: str | None = None
    topic: str | None = None
    retained: bool = False

    @model_validator(mode="after")
    def _one_payload(self) -> Self:
        if (self.text is None) == (self.hex is None):
            raise PydanticCustomError("bad_payload", "exactly one of text and hex")
        if self.hex is not None and not _HEX.fullmatch(self.hex):
            raise PydanticCustomError("bad_hex", "{value}", {"value": self.hex[:80]})
        if self.topic is None and self.protocol in _WITH_TOPIC:
            raise PydanticCustomError("bad_topic", "{value}", {"value": self.protocol})
        return self


class FaultEntry(Part):
    """Something breaks: one thing, until a time (or for good)."""

    phone: Id | None = None
    """Nothing reaches this person, by any channel."""
    channel: str | None = None
    """This channel fails for everybody, or only for `phone`: `webhook`, `webhook-1`."""
    hub: Literal["killed"] | None = None
    broker: Literal["gone"] | None = None
    receipts: Literal["lost"] | None = None
    """What is sent is taken, and no receipt ever comes; of `channel`, `phone`, or both."""
    clock: str | None = Field(default=None, pattern=r"^[+-] ?\d+ ?(s|min|h)$")
    """The hub's own clock jumps."""
    until: Moment | None = None
    """When it is over; for the hub and the broker it must be said."""

    @model_validator(mode="after")
    def _one_fault(self) -> Self:
        said = self.model_dump(exclude_none=True, exclude={"until"})
        if not said or (len(said) > 1 and not set(said) <= {"phone", "channel", "receipts"}):
            raise PydanticCustomError("bad_fault", "one of phone, channel, hub, broker, clock")
        if {"hub", "broker"} & set(said) and self.until is None:
            raise PydanticCustomError("bad_until", "until is missing")
        return self


class ActionEntry(BaseModel):
    """What a person does with an alarm. Further fields are those of the command, by name."""

    model_config = ConfigDict(frozen=True, extra="allow")
    do: Action | None = None
    task: TaskAction | None = None
    """What the person does with a task instead of an alarm."""
    reach: ReachAction | None = None
    """What the person says about being reached instead."""
    of: str | None = None
    """Which alarm or task: a resident, a device, a kind or a category; the latest otherwise. With
    `reach`: the other person, or the resident."""
    outcome: OutcomeCode | None = None
    result: TaskOutcome | None = None
    """How a task ended."""
    arrive_within: Length | None = None
    seen: Phase | None = None
    """What the person's page showed; what is so now, otherwise."""
    offline: Length | None = None
    """The tap reached the hub so much later."""
    note: str | None = None
    id: str | None = None

    @model_validator(mode="after")
    def _one_deed(self) -> Self:
        if sum(deed is not None for deed in (self.do, self.task, self.reach)) != 1:
            raise PydanticCustomError("bad_deed", "exactly one of do, task and reach")
        return self


class Changes(Part):
    """A change of configuration: entries of the municipality file by section, replaced by id."""

    set: Items = {}
    remove: dict[str, list[str]] = {}


def _short_event(value: object) -> object:
    return {"device": value} if isinstance(value, str) else value


def _short_action(value: object) -> object:
    """`accept`, `close talk`, `task done not_home`, `reach begin`: the action, and the outcome
    after it."""
    if not isinstance(value, str):
        return value
    if value.startswith("reach "):
        return {"reach": value.removeprefix("reach ")}
    about, deed, ended = ("do", value, "outcome")
    if value.startswith("task "):
        about, deed, ended = ("task", value.removeprefix("task "), "result")
    action, _, outcome = deed.partition(" ")
    return {about: action, ended: outcome} if outcome else {about: action}


Press = Annotated[
    EventEntry, BeforeValidator(_short_event, json_schema_input_type=str | EventEntry)
]
Act = Annotated[
    ActionEntry, BeforeValidator(_short_action, json_schema_input_type=str | ActionEntry)
]


class Line(BaseModel):
    """One line of the story: a time, what happens, and what is expected of it.

    Every key that is not one of these is a person's id, with what that person does.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Act] = Field(init=False)
    at: Moment = "+0 s"
    text: str | None = None
    """What happens, for the reader."""
    press: Press | None = None
    event: Press | None = None
    alive: Press | None = None
    raw: RawEntry | None = None
    configure: Changes | None = None
    fault: FaultEntry | None = None
    expect: tuple[ExpectEntry, ...] = ()

    @property
    def actions(self) -> dict[str, ActionEntry]:
        """Person to what that person does, in the order of the file."""
        return self.__pydantic_extra__


class Many(Part):
    """Entries made in numbers: `{n}` in any text counts from 1."""

    count: Annotated[int, Field(ge=1, le=5000)]
    set: Items


class ScenarioFile(Part):
    """The whole file."""

    title: str
    source: str
    """Which scenario, invariant or practice point of docs/scenarios.md it plays."""
    about: str | None = None
    municipality: str | dict[str, Any] = "standard"
    """`standard`, a file beside this one, or the municipality itself."""
    changes: Changes = Changes()
    many: tuple[Many, ...] = ()
    start: Start
    story: tuple[Line, ...] = Field(min_length=1)
    expect: tuple[ExpectEntry, ...] = ()
    """Over the whole story, unless a window is given."""
    only_played: bool = False
    """Nothing is expected anywhere in it, and that is meant: a recording, a demonstration."""


LINE_KEYS = frozenset(Line.model_fields)
