"""A maker's JSON mapped to our events by configuration: signed webhook and generic MQTT.

    device: person_id                 # dotted path to the device's id
    kind_from: measurement            # which value decides the kind ...
    kinds:                            # ... and what each value means
      medicine_not_taken: medication.missed
      ping: ignore
    reference: dose.id                # optional paths: reference, time, battery, part, note ...
    dedupe: transaction_id            # the maker's own id of the message

Instead of `kind_from` and `kinds` a mapping has a constant `kind`, or `rules` whose conditions are
compared with equals; every rule that matches is told, since one message may carry several alarms.
A value that no table and no rule names becomes `code.unknown`, or what `otherwise` says.

A path is member names joined by dots; a number is a place in a list; `.` is the whole payload.
"""

from collections.abc import Mapping as MappingOf
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from adapters.fit import Json, code_text
from routing.kinds import Kind

Scalar = str | int | float | bool | None
Meaning = Kind | Literal["ignore"]
WHOLE = "."


class Rule(BaseModel):
    """All conditions hold -> the kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    when: MappingOf[str, Scalar] = Field(min_length=1)
    """Path -> the value it must equal."""
    kind: Meaning


class Mapping(BaseModel):
    """Where the parts of an event are in a maker's JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")
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


def look_up(payload: Json, path: str | None) -> Json:
    """Return the value at the path, or None where there is none."""
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
    return ",".join(f"{path}={code_text(value)}" for path, value in rule.when.items())


def _holds(rule: Rule, payload: Json) -> bool:
    wanted = rule.when.items()
    return all(code_text(look_up(payload, path)) == code_text(value) for path, value in wanted)
