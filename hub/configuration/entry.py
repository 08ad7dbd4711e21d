"""What the entries of a municipality file have in common."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Entry(BaseModel):
    """Base of everything in the file: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class Weekday(StrEnum):
    """Days by their first three letters in English, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"
