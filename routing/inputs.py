"""What comes into the core. The hub parses at its edge into these; `decide` turns them into
facts."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from routing.facts import ConfigurationRemoved, ConfigurationSet, EventRecorded, SendEnded
from routing.facts_devices import FramesReplayed
from routing.instant import Instant
from routing.lifecycle import Action, OutcomeCode, Phase, Speech
from routing.proofs import command as reach
from routing.tasks.command import TaskCommand

ReachCommand = reach.ReachCommand


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person did, with the state that person saw. Also the JSON on the command topic."""

    id: str
    """Made by the client; the same id is the same command, however often it arrives."""
    alarm: str
    person: str
    """Set by the web process from the session, never by the client."""
    action: Action
    seen_phase: Phase
    made_at: Instant
    """The web process's clock when it took the command from the client."""
    arrive_within_s: Annotated[int, msgspec.Meta(ge=1, le=86_400)] | None = None
    outcome: OutcomeCode | None = None
    note: str | None = None
    """Free text for a document; the core sees only whether there is any."""
    to_person: str | None = None
    to_team: str | None = None
    """Whom a handover asks: a person, or everybody on duty in a team."""
    speech: Speech | None = None
    step: Annotated[int, msgspec.Meta(ge=0, le=99)] | None = None
    """Index of the step to jump to."""
    resident: str | None = None
    """Whom the alarm of a shared device concerned."""
    device: str | None = None
    """Which of the home's locks; may be left out where there is one."""


class Receipt(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="about",
    tag="receipt",
):
    """What has become of a send that the receiver's service had taken, told from outside. Also JSON
    on the command topic; nobody waits for its end."""

    send: str
    delivered: bool
    code: Annotated[str, msgspec.Meta(max_length=40)]
    """The channel's name for it: `receipt`, `dlr-failed`."""


class TimeReached(msgspec.Struct, frozen=True):
    """The instant of `next_due` has come. Carries nothing: `at` says it."""


class Configure(msgspec.Struct, frozen=True):
    """A checked difference between what is and what should be, from one author."""

    changes: Sequence[ConfigurationSet | ConfigurationRemoved]


Input = (
    EventRecorded
    | Command
    | TaskCommand
    | ReachCommand
    | SendEnded
    | Receipt
    | TimeReached
    | Configure
    | FramesReplayed
)
"""A device event and the end of a send are facts already: nothing about them is left to decide."""
