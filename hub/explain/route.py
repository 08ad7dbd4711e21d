"""A dry run in words: who would be called, when, how and why, if nobody answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from hub.configuration.compile import Compiled
from hub.explain.steps import Step, Steps
from hub.explain.story import Chosen, chosen
from hub.journal.memory import MemoryStore, open_reader
from hub.journal.port import Record
from hub.telling.names import Names
from hub.telling.words import Words
from hub.text import Catalogue
from routing import facts
from routing.dry_run import STAND_IN, DryRun, dry_run
from routing.instant import Instant, from_datetime, to_datetime, to_rfc3339
from routing.kinds import Kind
from routing.local import instant, zone
from routing.municipality import AnyItem, Municipality
from routing.nearest import place_of


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """What an event would bring. Instants are RFC 3339 in UTC."""

    municipality: str
    timezone: str
    kind: str
    kind_text: str
    resident: str
    device: str | None
    """None where a stand-in spoke, as the resident has no device."""
    people_needed: int
    """How many must go to the address together."""
    at: str
    local: str
    rings: bool
    why_not: str | None
    chosen: Chosen | None
    steps: list[Step]


YEARS = range(1970, 2200)
"""In which an event can be imagined: a roster is read some days ahead and back."""


class NoSuchTime(ValueError):
    """Not a time, a year far off, or a local time that the clocks skip."""


def local_instant(timezone: str, said: str) -> Instant:
    """Return the instant of an ISO time; without an offset it is the municipality's own time, and
    of a time that comes twice the first. NoSuchTime."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise NoSuchTime(said) from None
    if moment.year not in YEARS:
        raise NoSuchTime(said)
    if moment.tzinfo is not None:
        return from_datetime(moment)
    here = zone(timezone)
    found = instant(here, moment)
    if to_datetime(found).astimezone(here).replace(tzinfo=None) != moment:
        raise NoSuchTime(said)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a dry run."""

    kind: Kind
    resident: str
    at: str
    """ISO time; without an offset the municipality's own."""
    device: str | None = None
    rounds: int = 2


def run_dry(items: Iterable[AnyItem], timezone: str, asked: Question) -> DryRun:
    """Return the dry run of a municipality's items. NoSuchTime, and what `routing.dry_run` raises.

    Pure: it may run in a thread of its own, as a large municipality takes a while.
    """
    at = local_instant(timezone, asked.at)
    return dry_run(items, asked.kind, asked.resident, at, device=asked.device, rounds=asked.rounds)


def route(compiled: Compiled, asked: Question, text: Catalogue) -> Route:
    """Return the dry run of a municipality file in words. Raises as `run_dry`."""
    one = next(item for item in compiled.items.values() if isinstance(item, Municipality))
    store = MemoryStore(one.id)
    store.documents.update(compiled.documents)
    run = run_dry(compiled.items.values(), one.timezone, asked)
    return tell_route(run, one, asked, Names(open_reader(store)), text)


def tell_route(
    run: DryRun, one: Municipality, asked: Question, names: Names, text: Catalogue
) -> Route:
    """Return a dry run of the municipality in words."""
    at = local_instant(one.timezone, asked.at)
    words = Words(text, names, run.state.registry)
    steps = Steps(words, sends=False)
    records = [Record(told.seq, told.recorded_at, told.fact) for told in run.told]
    raised = run.alarm
    return Route(
        municipality=one.id,
        timezone=one.timezone,
        kind=asked.kind,
        kind_text=text(f"kind.{asked.kind}"),
        resident=asked.resident,
        device=None if run.device == STAND_IN else run.device,
        people_needed=run.state.registry.residents[asked.resident].people_needed,
        at=to_rfc3339(at),
        local=steps.clock(at),
        rings=raised is not None,
        why_not=_why_not(words, records) if raised is None else None,
        chosen=None if raised is None else _chosen(words, records, raised),
        steps=steps.of([r for r in records if isinstance(r.fact, facts.AlarmFact)]),
    )


def _why_not(words: Words, records: list[Record]) -> str | None:
    noted = (
        words.as_of(r.recorded_at).reason(r.fact.reason)
        for r in records
        if isinstance(r.fact, facts.EventNoted)
    )
    return next(noted, None)


def _chosen(words: Words, records: list[Record], raised: facts.AlarmRaised) -> Chosen:
    registry = words.registry
    at = next(r.recorded_at for r in records if r.fact is raised)
    by = place_of(registry, raised.category, raised.resident, raised.unit, at)
    return chosen(registry, raised.policy, by, words.text)
