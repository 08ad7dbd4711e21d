"""Facts about the ways to people, about who is there, and about what relatives have agreed to."""

from routing.fact_base import Fact
from routing.instant import Instant
from routing.proofs.command import ReachAction
from routing.reasons import Reason


class ChannelTested(Fact, kw_only=True, frozen=True, tag="channel.tested"):
    """A test alarm goes out; it counts when the person answers it until `due_at`."""

    test: str
    person: str
    channel: str
    by: str
    """Who asked for it."""
    due_at: Instant


class ChannelReceived(Fact, kw_only=True, frozen=True, tag="channel.received"):
    """The test has come to the receiver's service. That proves radio, not ears."""

    test: str
    person: str
    channel: str
    code: str


class ChannelProven(Fact, kw_only=True, frozen=True, tag="channel.proven"):
    """The person has answered the test."""

    test: str
    person: str
    channel: str
    took_ms: int
    """From the test's record to that of the answer."""


class ChannelUnproven(Fact, kw_only=True, frozen=True, tag="channel.unproven"):
    """A test was not answered or could not be sent, or an ordinary send failed for good (then
    `test` is None): the channel is used after the person's others."""

    test: str | None = None
    person: str
    channel: str
    code: str
    """`no-answer`, `no-subscription`, `phone-lost`, or the channel's own name, `http-410`."""


class ChannelBack(Fact, kw_only=True, frozen=True, tag="channel.back"):
    """A channel that was lost takes something again, or has a subscription again. It is used in its
    place; whether anybody hears it, only a test tells."""

    person: str
    channel: str


class DutyBegun(Fact, kw_only=True, frozen=True, tag="duty.begun"):
    """The person says they are there: on the roster anyway, or (with a team) beside it until a
    time."""

    person: str
    by: str
    team: str | None = None
    until: Instant | None = None


class DutyEnded(Fact, kw_only=True, frozen=True, tag="duty.ended"):
    """The person goes; the roster is without them until `until`, None where it was so anyway."""

    person: str
    by: str
    until: Instant | None = None
    last: bool = False
    """Nobody else was on duty, and the person knew."""


class PhoneLost(Fact, kw_only=True, frozen=True, tag="phone.lost"):
    """A person's phone is gone: their alarms are given to others by the facts that follow."""

    person: str
    by: str


class RelativeAgreed(Fact, kw_only=True, frozen=True, tag="relative.agreed"):
    """A relative has said yes to being called for a resident, or no (any more)."""

    person: str
    resident: str
    agreed: bool


class RelativeMissed(Fact, kw_only=True, frozen=True, tag="relative.missed"):
    """An alarm goes past a responsible relative who has not said yes; the leads are told, once."""

    person: str
    resident: str


class ReachEnded(Fact, kw_only=True, frozen=True, tag="reach.ended"):
    """A command about being reached was done, or refused for a reason."""

    command: str
    person: str
    action: ReachAction
    refused: Reason | None = None
    test: str | None = None
    """Of `test`: the id of the test that goes out."""


AnyProofFact = (
    ChannelTested
    | ChannelReceived
    | ChannelProven
    | ChannelUnproven
    | ChannelBack
    | DutyBegun
    | DutyEnded
    | PhoneLost
    | RelativeAgreed
    | RelativeMissed
    | ReachEnded
)
