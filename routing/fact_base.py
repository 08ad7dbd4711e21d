"""What all facts are made of; `routing.facts` is where they are found."""

from typing import ClassVar

import msgspec

from routing.reasons import Reason


class Page(msgspec.Struct, frozen=True, gc=False):
    """One send to one person by one channel. Channel `page` is the live page, which needs no
    sending."""

    send: str
    person: str
    channel: str
    why: Reason
    informed: bool = False
    """Told, and not asked."""


class Told(msgspec.Struct, frozen=True, gc=False):
    """An event whose listener is told how far its alarm has come."""

    adapter: str
    event: str
    subject: str


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="fact"):
    """Base of all facts."""

    VERSION: ClassVar[int] = 1


class AlarmFact(Fact, kw_only=True, frozen=True):
    """Base of facts about one alarm."""

    alarm: str
