"""A maker's JSON mapped to our events by configuration: signed webhook and generic MQTT.

    device: person_id                 # dotted path to the device's id
    kind_from: measurement            # which value decides the kind ...
    kinds:                            # ... and what each value means
      medicine_not_taken: medication.missed
      ping: ignore
    reference: dose.id                # optional paths: reference, time, battery, part, note ...
    dedupe: transaction_id            # the maker's own id of the message

Instead of `kind_from` and `kinds` a mapping has a constant `kind`, or `rules` whose conditions are
compared with equals, or tested (`{below: 15}`); every rule that matches is told, since one message
may carry several alarms. `each` names a list whose items are read one by one.
A value that no table and no rule names becomes `code.unknown`, or what `otherwise` says.

A path is member names joined by dots; a number is a place in a list; `.` is the whole payload.
"""

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from adapters.fit import Json, code_text, number
from routing.kinds import Kind

Scalar = str | int | float | bool | None
MESSAGE = "$."
"""What a path begins with that is looked up in the whole message, where `each` reads its parts."""
Meaning = Kind | Literal["ignore"]
WHOLE = "."


class Test(BaseModel):
    """A condition on a value: all that is said must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None
    one_of: tuple[Scalar, ...] | None = None
    exists: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("say above, at_least, below, at_most, one_of or exists")
        return self

    def holds(self, value: Json) -> bool:
        """Say whether the value passes; a text that is a number counts as that number."""
        if self.exists is not None and self.exists != (value is not None):
            return False
        if self.one_of is not None and code_text(value) not in map(code_text, self.one_of):
            return False
        limits = (self.above, self.at_least, self.below, self.at_most)
        if all(limit is None for limit in limits):
            return True
        real = _number(value)
        return real is not None and (
            (self.above is None or real > self.above)
            and (self.at_least is None or real >= self.at_least)
            and (self.below is None or real < self.below)
            and (self.at_most is None or real <= self.at_most)
        )


class Rule(BaseModel):
    """All conditions hold -> the kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    when: MappingOf[str, Scalar | Test] = Field(min_length=1)
    """Path -> the value it must equal, or a test that it must pass."""
    kind: Meaning


class Mapping(BaseModel):
    """Where the parts of an event are in a maker's JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    each: str | None = None
    """Where a list is whose items are read one by one; every path then begins at the item, and one
    that begins with `$.` at the message."""
    device: str | None = None
    kind: Kind | None = None
    kind_from: str | None = None
    kinds: MappingOf[str, Meaning] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    otherwise: Meaning = Kind.CODE_UNKNOWN
    reference: str | None = None
    time: str | None = None
    """RFC 3339 with a zone, or Unix time in seconds or milliseconds."""
    battery: str | None = None
    part: str | None = None
    note: str | None = None
    link_quality: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    dedupe: str | None = None

    @model_validator(mode="after")
    def _one_way_to_the_kind(self) -> Self:
        ways = (self.kind is not None, self.kind_from is not None, bool(self.rules))
        if sum(ways) != 1:
            raise ValueError("give exactly one of kind, kind_from with kinds, or rules")
        if (self.kind_from is not None) != bool(self.kinds):
            raise ValueError("kind_from and kinds belong together")
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude belong together")
        return self


def items(mapping: Mapping, message: Json) -> list[Json]:
    """Return what the mapping reads one by one: the message itself, or the items of its list.

    An item is a `Part`, so that paths reach the message too; no list is no item.
    """
    if mapping.each is None:
        return [message]
    found = look_up(message, mapping.each)
    return [Part(item, message) for item in found] if isinstance(found, list) else []


@dataclass(frozen=True, slots=True)
class Part:
    """An item of a message."""

    item: Json
    message: Json


def _number(value: Json) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return number(value)


def look_up(payload: Json, path: str | None) -> Json:
    """Return the value at the path, or None where there is none."""
    if path is not None and path.startswith(MESSAGE):
        whole = payload.message if isinstance(payload, Part) else payload
        return look_up(whole, path.removeprefix(MESSAGE))
    if isinstance(payload, Part):
        return look_up(payload.item, path)
    if path is None or path == WHOLE:
        return payload if path == WHOLE else None
    value = payload
    for name in path.split("."):
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isascii() and name.isdigit() and len(name) < 10:
            value = value[int(name)] if int(name) < len(value) else None
        else:
            return None
    return value


def text_at(payload: Json, path: str | None) -> str | None:
    """Return a text, number or boolean at the path as text; None for anything else or nothing."""
    value = look_up(payload, path)
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        return None
    return value if isinstance(value, str) else code_text(value)


def meanings(mapping: Mapping, payload: Json) -> list[tuple[Meaning, str | None]]:
    """Return what the payload says, each with the maker's code for it."""
    if mapping.kind is not None:
        return [(mapping.kind, None)]
    if mapping.kind_from is not None:
        value = code_text(look_up(payload, mapping.kind_from))
        table = {code_text(key): kind for key, kind in mapping.kinds.items()}
        return [(table.get(value, mapping.otherwise), f"{mapping.kind_from}={value}")]
    told = [(rule.kind, _conditions(rule)) for rule in mapping.rules if _holds(rule, payload)]
    return list(told) or [(mapping.otherwise, "no rule matches")]


def _conditions(rule: Rule) -> str:
    return ",".join(f"{path}{wanted(value)}" for path, value in rule.when.items())


def wanted(value: Scalar | Test) -> str:
    """Return a condition in words: `=true`, ` below 15`."""
    if not isinstance(value, Test):
        return f"={code_text(value)}"
    said = value.model_dump(exclude_none=True)
    return "".join(f" {name.replace('_', ' ')} {_limit(limit)}" for name, limit in said.items())


def _limit(limit: object) -> str:
    if isinstance(limit, tuple):
        return "/".join(map(code_text, limit))
    return code_text(limit)


def holds(value: Json, condition: Scalar | Test) -> bool:
    """Say whether a value meets a condition."""
    if isinstance(condition, Test):
        return condition.holds(value)
    return code_text(value) == code_text(condition)


def _holds(rule: Rule, payload: Json) -> bool:
    return all(holds(look_up(payload, path), value) for path, value in rule.when.items())
