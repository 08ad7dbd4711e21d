"""Who is on duty at home care in the simulated town, worked out by hand: an oracle of its own, for
the promise that nobody leaves a team alone without knowing it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from routing.instant import SECOND, Instant
from routing.proofs.facts import DutyBegun, DutyEnded
from tests.sim.checkers import Run

OSLO = ZoneInfo("Europe/Oslo")
DAY, NIGHT = ("day-1", "day-2"), ("night-1", "night-2")


def on_the_plan(at: Instant) -> set[str]:
    """Return whom `tests.sim.town` writes down for home care at the instant."""
    local = _local(at)
    minute = local.hour * 60 + local.minute
    if 7 * 60 <= minute < 22 * 60 + 45:
        return set(DAY)
    if 22 * 60 + 45 <= minute < 23 * 60:
        return set()
    began = local.date() if minute >= 23 * 60 else local.date() - timedelta(days=1)
    return {"day-2", "night-2"} if began.isoformat() == "2026-10-24" else set(NIGHT)


def at_the_dentist(at: Instant) -> set[str]:
    """Return who is away, whatever else they have said: an absence beats being taken on."""
    local = _local(at)
    away = local.date().isoformat() == "2026-10-24" and 12 <= local.hour < 15
    return {"day-1"} if away else set()


def _local(at: Instant) -> datetime:
    return (datetime.fromtimestamp(0, UTC) + timedelta(seconds=at / SECOND)).astimezone(OSLO)


@dataclass
class _Home:
    """What people have said since."""

    off: dict[str, Instant] = field(default_factory=dict)
    joined: dict[str, Instant] = field(default_factory=dict)

    def there(self, at: Instant) -> set[str]:
        joined = {person for person, until in self.joined.items() if at < until}
        gone = {person for person, until in self.off.items() if at < until}
        return (on_the_plan(at) | joined) - gone - at_the_dentist(at)

    def hear(self, fact: DutyBegun | DutyEnded) -> None:
        if isinstance(fact, DutyEnded):
            if fact.until is not None:
                self.off[fact.person] = fact.until
            return
        self.off.pop(fact.person, None)
        if fact.until is not None:
            self.joined[fact.person] = fact.until


def nobody_leaves_alone_unawares(run: Run) -> Iterator[str]:
    """Whoever is the last on duty goes knowing it, or not at all."""
    home = _Home()
    for record in run.of(DutyBegun, DutyEnded):
        fact, at = record.fact, record.recorded_at
        assert isinstance(fact, DutyBegun | DutyEnded)
        if isinstance(fact, DutyEnded):
            alone = home.there(at) == {fact.person}
            if alone != fact.last:
                how = "alone and does not know it" if alone else "not alone and is told so"
                yield f"#{record.seq}: {fact.person} goes, {how}"
        home.hear(fact)
