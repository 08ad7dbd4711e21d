"""What a person did about the ways to people: an input of the core, and JSON on the command
topic."""

from enum import StrEnum
from typing import Annotated

import msgspec

from routing.instant import Instant


class ReachAction(StrEnum):
    """What a person can do about being reached."""

    TEST = "test"
    """A test alarm goes out by a channel."""
    ANSWER = "answer"
    """The tested person has answered it."""
    SUBSCRIBED = "subscribed"
    """A channel that was gone is there again."""
    LOST = "lost"
    """No live subscription of the channel is left."""
    PHONE_LOST = "phone_lost"
    """The phone is gone: what its owner has is given to others."""
    BEGIN = "begin"
    """On duty: present, or taken on until a time."""
    END = "end"
    """Off duty until the shift's end."""
    AGREE = "agree"
    """Yes, I want to be called for this resident."""
    WITHDRAW = "withdraw"
    AWAY = "away"
    """A relative is not to be had from one time to another."""


class ReachCommand(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="about",
    tag="reach",
):
    """What a person did about being reached. `"about": "reach"` tells it from other commands."""

    id: str
    """Made by the client; the same id is the same command, however often it arrives."""
    person: str
    """Set by the web process from the session, never by the client."""
    action: ReachAction
    made_at: Instant
    channel: str | None = None
    """Which channel; `push-1`. Of `test`: the first of the person's where it is left out."""
    test: str | None = None
    """Of `answer`: the test's id, as `ChannelTested` and the send tell it."""
    of: str | None = None
    """Whom it is about, where that is not the person; of `agree` and `withdraw`: the resident."""
    team: str | None = None
    """Of `begin`: which team the person joins who is not on the roster now."""
    since: Instant | None = None
    """Of `away`: from when; now where it is left out."""
    until: Instant | None = None
    """Of `begin` beside the roster, and of `away`. `away` without it: back home."""
    knowing: bool = False
    """Of `end`: that nobody else is on duty is known."""
    code: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    """Of `lost`: the channel's name for why; `no-subscription` where it is left out."""
