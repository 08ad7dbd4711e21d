"""What must hold of silent devices in every run: restarts blame none, and real silence is told."""

from collections.abc import Iterator

from routing import facts
from routing.instant import MINUTE, SECOND, Instant
from routing.kinds import Kind
from tests.sim.checkers import Run
from tests.sim.town import SILENT_AFTER_S, SUPERVISED, subject

FORGOTTEN: Instant = MINUTE
"""What a crash may take of the signs of life: they are kept every half minute."""


def restarts_blame_no_device(run: Run) -> Iterator[str]:
    """Invariant 11: only the time in which the hub listened counts as a device's silence."""
    limit = SILENT_AFTER_S * SECOND
    heard: dict[str, Instant] = {}
    began = run.journal[0].recorded_at
    for record in run.of(facts.EventRecorded):
        fact = record.fact
        if not isinstance(fact, facts.EventRecorded):
            continue
        if fact.adapter == "presence" and fact.kind is Kind.LINK_LOST:
            since = heard.get(fact.subject, began)
            listened = record.recorded_at - since - _away(run, since, record.recorded_at)
            if listened < limit - FORGOTTEN:
                yield f"#{record.seq}: {fact.subject} blamed after {listened / SECOND:.0f} s"
        elif fact.adapter == "scaip":
            heard[fact.subject] = record.recorded_at


def _away(run: Run, since: Instant, until: Instant) -> Instant:
    return sum(max(0, min(until, up) - max(since, down)) for down, up in run.downtimes)


def silence_is_told(run: Run) -> Iterator[str]:
    """Scenario 12: a supervised device that is quiet for twice its limit is told of."""
    limit = 2 * SILENT_AFTER_S * SECOND
    for number in SUPERVISED:
        quiet_since, told = run.journal[0].recorded_at, False
        for record in run.of(facts.EventRecorded):
            fact = record.fact
            if not isinstance(fact, facts.EventRecorded) or fact.subject != subject(number):
                continue
            if fact.adapter == "presence":
                told = told or fact.kind is Kind.LINK_LOST
            elif fact.adapter == "scaip":
                if not told and record.recorded_at - quiet_since > limit + _total_away(run):
                    yield f"#{record.seq}: nobody was told that {fact.subject} was quiet"
                quiet_since, told = record.recorded_at, False


def _total_away(run: Run) -> Instant:
    return sum(up - down for down, up in run.downtimes)
