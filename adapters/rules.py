"""The rules that every adapter answers for, and what an entry of the quality ledger is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What is asked of every adapter."""

    ANSWER = "answered only after the hub has confirmed"
    DEDUPE = "a resend keeps its event id"
    UNKNOWN = "unknown codes and unreadable frames are visible"
    SILENCE = "signs of life, so that silence can be noticed"
    CANCEL = "a cancel never hides a press"
    RETAINED = "old data never rings as new"
    SEVERAL = "several alarms in a frame are all told"
    FUZZ = "mutated and cut input is survived"
    GOLDEN = "known payloads are test lines"


@dataclass(frozen=True, slots=True)
class Done:
    """The rule is kept; `proof` is `<test file>::<test>` below tests/adapters."""

    how: str
    proof: str


@dataclass(frozen=True, slots=True)
class Exempt:
    """The rule does not apply, or not to the full; the reason is for the reader."""

    reason: str


Row = Mapping[Rule, Done | Exempt]
