"""What was seen of the device during one step."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from adapters.session import Outcome
from adapters.tapping import Seen
from routing.event import Event
from routing.instant import SECOND, Instant


@dataclass(slots=True)
class Watched:
    """In the order in which it happened."""

    seen: list[Seen] = field(default_factory=list)

    def events(self) -> Iterator[tuple[Seen, Event]]:
        """Yield each event with the glimpse that it came in."""
        for one in self.seen:
            for body in one.events:
                yield one, Event.parse(bytes(body))

    def first(self, *kinds: str) -> tuple[Seen, Event] | None:
        """Return the first event of the kinds."""
        return next((found for found in self.events() if found[1].type in kinds), None)

    def heard(self, event_id: str) -> list[Instant]:
        """Return when the event came: more than once when the device sent it again."""
        return [one.at for one, event in self.events() if event.id == event_id]

    def told(self, event_id: str) -> Instant | None:
        """Return when the device's session was told that the event is durable."""
        return next(
            (
                one.at
                for one in self.seen
                if one.event == event_id and one.outcome is Outcome.DURABLE
            ),
            None,
        )

    def withheld(self) -> Seen | None:
        """Return the outcome that was withheld."""
        return next((one for one in self.seen if one.withheld), None)

    def back_after(self, quiet_s: float) -> Instant | None:
        """Return when something came after the line was cut or had been quiet so long."""
        before: Instant | None = None
        cut = False
        for one in self.seen:
            cut = cut or one.closed
            if one.heard is not None:
                if cut or (before is not None and one.at - before >= quiet_s * SECOND):
                    return one.at
                before = one.at
        return None


def seconds(since: Instant, until: Instant) -> float:
    """Return how long it took, in seconds with two decimals."""
    return round((until - since) / SECOND, 2)
