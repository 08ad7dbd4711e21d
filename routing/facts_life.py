"""Facts of an alarm's life beside the chain: turns, handovers, helpers, speech, checks."""

from typing import Literal

from routing.fact_base import AlarmFact, Page
from routing.instant import Instant
from routing.lifecycle import Speech
from routing.reasons import Reason


class NextCalled(AlarmFact, kw_only=True, frozen=True, tag="step.next"):
    """A step that calls one after another calls the next."""

    pages: tuple[Page, ...]
    waiting: tuple[str, ...] = ()
    due_at: Instant
    reason: Reason


class PolicyFollowed(AlarmFact, kw_only=True, frozen=True, tag="policy.followed"):
    """The policy has no more steps and hands on to another, or nobody is left in it."""

    policy: str
    """Content hash."""
    reason: Reason


class TargetOutOfReach(AlarmFact, kw_only=True, frozen=True, tag="target.out_of_reach"):
    """Nobody can be there within the target, as far as it is known."""

    target_s: int
    soonest_s: int
    reason: Reason


class HandoverAsked(AlarmFact, kw_only=True, frozen=True, tag="handover.asked"):
    """The owner asks others to take the alarm, and stays its owner until one of them does."""

    person: str
    to: tuple[str, ...]
    pages: tuple[Page, ...]
    due_at: Instant
    reason: Reason


class HandoverDeclined(AlarmFact, kw_only=True, frozen=True, tag="handover.declined"):
    """One of those asked said no."""

    person: str


class HandoverAccepted(AlarmFact, kw_only=True, frozen=True, tag="handover.accepted"):
    """One of those asked is the owner now."""

    person: str
    previous_owner: str
    due_at: Instant


class HandoverReturned(AlarmFact, kw_only=True, frozen=True, tag="handover.returned"):
    """Nobody has taken it: it comes back to the owner, who had it all the time."""

    how: Literal["declined", "timed_out"]
    pages: tuple[Page, ...]
    reason: Reason


class HelpAsked(AlarmFact, kw_only=True, frozen=True, tag="help.asked"):
    """The owner stays and needs somebody beside."""

    person: str
    reason: Reason


class HelpStep(AlarmFact, kw_only=True, frozen=True, tag="help.step"):
    """The second search calls people; `to` is empty where it found nobody and tries again."""

    round: int
    step: int
    to: tuple[str, ...]
    pages: tuple[Page, ...]
    due_at: Instant
    reason: Reason


class HelpDeclined(AlarmFact, kw_only=True, frozen=True, tag="help.declined"):
    """One of those called to help said no."""

    person: str


class HelperJoined(AlarmFact, kw_only=True, frozen=True, tag="help.joined"):
    """Somebody comes beside the owner; the search ends."""

    person: str
    pages: tuple[Page, ...] = ()
    """The owner is told."""


class OwnerSilent(AlarmFact, kw_only=True, frozen=True, tag="owner.silent"):
    """The owner at the resident has not answered: the leads are told. The owner keeps the alarm and
    is asked again at `due_at`."""

    person: str
    due_at: Instant
    reason: Reason


class Spoken(AlarmFact, kw_only=True, frozen=True, tag="speech"):
    """What has become of the words with the resident."""

    person: str
    speech: Speech


class CheckNeeded(AlarmFact, kw_only=True, frozen=True, tag="check.needed"):
    """Somebody must go and look: it closes only after an arrival, or as silent and checked."""

    reason: Reason


class ResidentChosen(AlarmFact, kw_only=True, frozen=True, tag="resident.chosen"):
    """Whom the alarm of a shared device concerned."""

    person: str
    resident: str
    people_needed: int = 1


AnyLifeFact = (
    NextCalled
    | PolicyFollowed
    | TargetOutOfReach
    | HandoverAsked
    | HandoverDeclined
    | HandoverAccepted
    | HandoverReturned
    | HelpAsked
    | HelpStep
    | HelpDeclined
    | HelperJoined
    | OwnerSilent
    | Spoken
    | CheckNeeded
    | ResidentChosen
)
