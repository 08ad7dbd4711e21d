"""What a story expects, and when. Every field's meaning is written in docs/scenarios.md."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from hub.configuration.scalars import Count, Hurry
from hub.scenario.times import Length, Moment
from routing.kinds import Severity
from routing.lifecycle import OutcomeCode, Phase
from routing.reasons import ReasonCode

NOBODY = "nobody"
_ABOUT = frozenset({"within", "between", "at", "throughout", "of"})
"""Keys that say when and of what, and expect nothing by themselves."""


def _people(value: object) -> object:
    """`kari`, `[kari, ola]` and `{kari: webhook-1}` all say person to channel, None for any."""
    if isinstance(value, str):
        return {} if value == NOBODY else {value: None}
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return dict.fromkeys(value)
    return value


def _list(value: object) -> object:
    return [value] if isinstance(value, str) else value


People = Annotated[
    dict[str, str | None],
    BeforeValidator(_people, json_schema_input_type=str | list[str] | dict[str, str]),
]
"""Person to channel; None where any channel will do."""
Names = Annotated[tuple[str, ...], BeforeValidator(_list, json_schema_input_type=str | list[str])]
SEVERITIES = [severity.name.lower() for severity in Severity]


class ExpectEntry(BaseModel):
    """One expectation: its window, which alarms it is about, and what must be so in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)
    # -- when: at most one; without any, at the instant of the line (or over the whole story)
    within: Length | None = None
    between: tuple[Moment, Moment] | None = None
    at: Moment | None = None
    throughout: bool = False
    """What is said of alarms is so the whole time, not only at some time in it."""
    # -- which alarms: a resident, a device, a kind or a category
    of: str | None = None
    # -- what has been done in the window
    notified: People | None = None
    nobody_else: bool = False
    not_notified: Names = ()
    reason: ReasonCode | None = None
    refused: dict[str, ReasonCode] = {}
    timeline: Annotated[str, Field(min_length=1)] | None = None
    fact: dict[str, Any] | None = None
    no_fact: dict[str, Any] | None = None
    answered: Literal["durable", "busy", "failed"] | None = None
    # -- what is so of the alarms in the window
    owner: str | None = None
    """A person's id, or `nobody`."""
    phase: Phase | None = None
    severity: Annotated[Hurry, WithJsonSchema({"enum": SEVERITIES})] | None = None
    activations: Count | None = None
    outcome: OutcomeCode | None = None
    alarms: Count | None = None
    """How many are open."""
    located: bool | None = None
    """Whether a position is kept for such an alarm."""
    tasks: Count | None = None
    """How many are to be done."""
    raised: Count | None = None
    """How many have been raised so far."""

    @property
    def is_timed(self) -> bool:
        """Whether the entry itself says when."""
        return any(when is not None for when in (self.within, self.between, self.at))

    @property
    def says_something(self) -> bool:
        """Whether anything is expected: also of `owner:` without a name, nothing is."""
        fields = type(self).model_fields.items()
        return any(getattr(self, n) != field.default for n, field in fields if n not in _ABOUT)

    @model_validator(mode="after")
    def _one_window(self) -> Self:
        if sum(when is not None for when in (self.within, self.between, self.at)) > 1:
            raise PydanticCustomError("bad_window", "one of within, between, at")
        if not self.says_something:
            raise PydanticCustomError("bad_expectation", "nothing is expected")
        return self
