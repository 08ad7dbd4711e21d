"""Which glimpse is shown to whom: wishes that have not ended, and whose connection is whose.

A device is known on a connection from its first event on; what came before is held, so that who
looks on for one device sees its session from the start.
"""

from collections import deque
from dataclasses import dataclass

import msgspec

from adapters.recent import Bounded
from adapters.session import Outcome
from adapters.tapping import SHOWN_OCTETS, Seen, TapWish
from routing.event import Event
from routing.instant import Instant

_HELD = 20
"""Glimpses of one connection that wait for whose they are."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What happened at a listener, as the session said it."""

    at: Instant
    listener: str
    peer: str = ""
    topic: str = ""
    retained: bool = False
    heard: bytes | None = None
    answered: bytes | None = None
    events: tuple[Event, ...] = ()
    opened: bool = False
    closed: bool = False
    event: str = ""
    outcome: Outcome | None = None
    withheld: bool = False


class Watching:
    """The wishes, and what is known of connections while there are any."""

    def __init__(self) -> None:
        self._wishes: dict[str, tuple[TapWish, Instant]] = {}
        self._owners: Bounded[tuple[str, str], str] = Bounded()
        self._events: Bounded[str, str] = Bounded()
        """Event id to whose it is, for its outcome."""
        self._held: Bounded[tuple[str, str], deque[Glimpse]] = Bounded()

    @property
    def any(self) -> bool:
        """Whether there is a wish that had not ended when it was last looked."""
        return bool(self._wishes)

    def add(self, wish: TapWish, until: Instant, most: int) -> bool:
        """Take a wish up, or renew it; False for a new one beyond so many, which is not taken."""
        if wish.id not in self._wishes and len(self._wishes) >= most:
            return False
        self._wishes[wish.id] = (wish, until)
        return True

    def seen(self, glimpse: Glimpse, at: Instant) -> list[Seen]:
        """Return what is shown of it, and of what was held until it was known whose it is."""
        self._end(at)
        if not self._wishes:
            return []
        where = (glimpse.listener, glimpse.peer)
        owner = self._owner(glimpse, where)
        if owner is None:
            self._hold(glimpse, where)
            return self._shown(glimpse, None)
        held = self._held.pop(where, deque())
        late = [one for before in held for one in self._shown(before, owner, late=True)]
        return [*late, *self._shown(glimpse, owner)]

    def _owner(self, glimpse: Glimpse, where: tuple[str, str]) -> str | None:
        for event in glimpse.events:
            self._events.put(event.id, event.subject)
            if glimpse.peer:
                self._owners.put(where, event.subject)
        if glimpse.events:
            return glimpse.events[0].subject
        return self._events.get(glimpse.event) or self._owners.get(where)

    def _hold(self, glimpse: Glimpse, where: tuple[str, str]) -> None:
        if glimpse.peer and any(wish.subject for wish, _ in self._wishes.values()):
            held = self._held.get(where) or deque(maxlen=_HELD)
            held.append(glimpse)
            self._held.put(where, held)

    def _shown(self, glimpse: Glimpse, owner: str | None, *, late: bool = False) -> list[Seen]:
        """Return it for the wishes it fits; `late` only for those that waited for the owner."""
        fits = tuple(
            wish.id
            for wish, _ in self._wishes.values()
            if wish.listener in (None, glimpse.listener)
            and (wish.subject == owner if wish.subject else not late)
        )
        return [_seen(glimpse, owner, fits)] if fits else []

    def _end(self, at: Instant) -> None:
        self._wishes = {id: one for id, one in self._wishes.items() if one[1] > at}
        if not self._wishes:
            self._owners, self._events, self._held = Bounded(), Bounded(), Bounded()


def _seen(glimpse: Glimpse, owner: str | None, wishes: tuple[str, ...]) -> Seen:
    octets = max(len(glimpse.heard or b""), len(glimpse.answered or b""))
    return Seen(
        wishes=wishes,
        at=glimpse.at,
        listener=glimpse.listener,
        peer=glimpse.peer,
        subject=owner,
        topic=glimpse.topic,
        retained=glimpse.retained,
        heard=_hex(glimpse.heard),
        answered=_hex(glimpse.answered),
        events=tuple(msgspec.Raw(event.to_json()) for event in glimpse.events),
        cut=octets > SHOWN_OCTETS,
        opened=glimpse.opened,
        closed=glimpse.closed,
        event=glimpse.event,
        outcome=glimpse.outcome,
        withheld=glimpse.withheld,
    )


def _hex(octets: bytes | None) -> str | None:
    return None if octets is None else octets[:SHOWN_OCTETS].hex()
