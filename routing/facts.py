"""Facts: everything that happens, in the order it was decided. State is a fold of them.

A fact holds ids, codes, numbers and instants, never free text, names or coordinates. Inputs are
facts too (`EventRecorded`, `CommandEnded`, `SendEnded`, `ConfigurationSet`), appended together with
what was decided from them. Stored as JSON with a `fact` tag and the version beside it; a fact of an
older version is lifted by the upcasters before it is read, so history is never rewritten.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from routing import fact_base, facts_correlate, facts_devices, facts_life
from routing.instant import Instant
from routing.kinds import CallLevel, Category, Kind, Severity
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.locks import facts as facts_locks
from routing.municipality import AnyItem
from routing.proofs import facts as facts_proofs
from routing.reasons import Reason
from routing.tasks import facts as facts_tasks

ChannelTested = facts_proofs.ChannelTested
Page = fact_base.Page
Told = fact_base.Told
Fact = fact_base.Fact
AlarmFact = fact_base.AlarmFact


class ConfigurationSet(Fact, kw_only=True, frozen=True, tag="configuration.set"):
    """An item was added or changed. `private` is the keyed digest of its document, if it has
    one."""

    item: AnyItem
    private: str | None = None
    author: str


class ConfigurationRemoved(Fact, kw_only=True, frozen=True, tag="configuration.removed"):
    """An item was removed."""

    section: str
    id: str
    author: str


class EventRecorded(Fact, kw_only=True, frozen=True, tag="event.recorded", omit_defaults=True):
    """A device event of class alarm or observation is durable."""

    event: str
    kind: Kind
    subject: str
    received_at: Instant
    occurred_at: Instant | None = None
    history: bool = False
    code: str | None = None
    sequence: int | None = None
    """The device's own number for its messages, where it has one."""
    adapter: str
    told: bool = False
    """Whether the adapter can tell its devices something."""
    answers: str | None = None
    """Id of the command to a device whose end the event is."""
    level: CallLevel | None = None
    """Of a nurse call: how urgent it is."""


class EventNoted(Fact, kw_only=True, frozen=True, tag="event.noted"):
    """The event raised nothing, and why."""

    event: str
    subject: str
    reason: Reason


class AlarmRaised(AlarmFact, kw_only=True, frozen=True, tag="alarm.raised"):
    """An alarm exists and looks for somebody."""

    event: str
    kind: Kind
    category: Category
    severity: Severity
    subject: str
    device: str | None = None
    resident: str | None = None
    unit: str | None = None
    policy: str
    """Content hash of the policy version it keeps for life."""
    received_at: Instant
    history: bool = False
    reason: Reason
    beside: str | None = None
    """The alarm at which a colleague who calls for help is."""
    people_needed: int = 1
    """How many must go to the address together."""
    adapter: str | None = None
    """The listener that is told how far the alarm has come; None where it tells nothing on."""
    about: tuple[str, ...] = ()
    """Of a shared device: the residents whom it may be about, who are not away."""


class AlarmRepeated(AlarmFact, kw_only=True, frozen=True, tag="alarm.repeated"):
    """The same trouble again: one more activation, announced again."""

    event: str
    kind: Kind
    activation: int
    severity: Severity
    """The highest so far."""
    pages: tuple[Page, ...] = ()
    reason: Reason
    subject: str | None = None
    """Of many unknown devices together: which one."""
    tells: Told | None = None
    """Whose event it is, where its listener is told how far the alarm comes."""


class AlarmAnnotated(AlarmFact, kw_only=True, frozen=True, tag="alarm.annotated"):
    """Something that belongs to the alarm and changes nothing: a cancel, a restoration."""

    event: str
    kind: Kind
    reason: Reason


class StepSkipped(AlarmFact, kw_only=True, frozen=True, tag="step.skipped"):
    """A step resolved to nobody and took no time."""

    round: int
    step: int
    reason: Reason


class StepStarted(AlarmFact, kw_only=True, frozen=True, tag="step.started"):
    """A step calls people and waits until `due_at`."""

    round: int
    step: int
    """Index into the policy's steps; equal to their number for the fallback."""
    pages: tuple[Page, ...]
    due_at: Instant
    reason: Reason
    waiting: tuple[str, ...] = ()
    """Whom the step calls after these, one after another."""
    number: str | None = None
    """Id of the number through which one speaks with the resident."""


class RoundEnded(AlarmFact, kw_only=True, frozen=True, tag="round.ended"):
    """The whole chain has been through without acceptance: loud, and it goes on."""

    round: int
    reason: Reason


class Paged(AlarmFact, kw_only=True, frozen=True, tag="alarm.paged"):
    """People are called beside the steps: by their next channel, or a lead who must know."""

    pages: tuple[Page, ...]
    reason: Reason
    instead_of: str | None = None
    """The send that has had no receipt in time, or has not been seen."""


class SendEnded(AlarmFact, kw_only=True, frozen=True, tag="send.ended"):
    """What became of a send: taken by the receiver's service, or failed for good."""

    send: str
    person: str
    channel: str
    delivered: bool
    code: str
    """Named outcome of the channel: `http-200`, `http-410`, `timeout`."""


class AlarmSeen(AlarmFact, kw_only=True, frozen=True, tag="alarm.seen"):
    """A person has it before their eyes."""

    person: str


class AlarmAccepted(AlarmFact, kw_only=True, frozen=True, tag="alarm.accepted"):
    """Exactly one person owns it, until `due_at` unless they get there."""

    person: str
    due_at: Instant


class AlarmRefused(AlarmFact, kw_only=True, frozen=True, tag="alarm.refused"):
    """A person said no."""

    person: str


class AlarmProgressed(AlarmFact, kw_only=True, frozen=True, tag="alarm.progressed"):
    """The owner is on the way (with a new time to arrive by) or at the resident (until when it is
    asked what has become of it; earlier facts have none)."""

    person: str
    phase: Phase
    due_at: Instant | None = None


class OwnerAsked(AlarmFact, kw_only=True, frozen=True, tag="owner.asked"):
    """The lease, or the time at the resident, ran out: the owner is asked, and has until
    `due_at`."""

    pages: tuple[Page, ...]
    due_at: Instant
    reason: Reason


class AlarmReopened(AlarmFact, kw_only=True, frozen=True, tag="alarm.reopened"):
    """The lease lapsed without an answer: it looks for somebody again. The acceptance stays in
    history."""

    previous_owner: str
    reason: Reason


class AlarmClosed(AlarmFact, kw_only=True, frozen=True, tag="alarm.closed"):
    """The owner closed it with an outcome."""

    person: str
    outcome: OutcomeCode


class AlarmArchived(AlarmFact, kw_only=True, frozen=True, tag="alarm.archived"):
    """A closed alarm leaves memory; the journal keeps it."""


class CommandEnded(Fact, kw_only=True, frozen=True, tag="command.ended"):
    """A command was done, or refused for a reason. Every command ends in exactly one of these."""

    command: str
    alarm: str
    person: str
    action: Action
    refused: Reason | None = None


AnyFact = (
    ConfigurationSet
    | ConfigurationRemoved
    | EventRecorded
    | EventNoted
    | AlarmRaised
    | AlarmRepeated
    | AlarmAnnotated
    | StepSkipped
    | StepStarted
    | RoundEnded
    | Paged
    | SendEnded
    | AlarmSeen
    | AlarmAccepted
    | AlarmRefused
    | AlarmProgressed
    | OwnerAsked
    | AlarmReopened
    | AlarmClosed
    | AlarmArchived
    | CommandEnded
    | facts_life.AnyLifeFact
    | facts_correlate.AnyCorrelateFact
    | facts_tasks.AnyTaskFact
    | facts_locks.AnyLockFact
    | facts_devices.AnyDeviceFact
    | facts_proofs.AnyProofFact
)

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}
"""(tag, version) to the function that lifts a stored fact of that version one version up."""

VERSIONS: Mapping[str, int] = {
    str(kind.__struct_config__.tag): kind.VERSION for kind in AnyFact.__args__
}
FIELDS: Mapping[str, frozenset[str]] = {
    str(kind.__struct_config__.tag): frozenset(kind.__struct_encode_fields__)
    for kind in AnyFact.__args__
}
"""Each fact's fields, as they are written."""

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[AnyFact] = msgspec.json.Decoder(AnyFact)


def encode(fact: AnyFact) -> bytes:
    """Return the fact as JSON; its version is stored beside it (`fact.VERSION`)."""
    return _encoder.encode(fact)


def decode(
    body: bytes,
    version: int = 1,
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
) -> AnyFact:
    """Read a stored fact. msgspec.ValidationError when the journal holds what no version ever
    wrote."""
    if not upcasters:
        return _decoder.decode(body)
    raw = msgspec.json.decode(body)
    while (tag := raw["fact"], version) in upcasters:
        raw = upcasters[tag, version](raw)
        version += 1
    fact: AnyFact = msgspec.convert(raw, AnyFact)
    return fact
