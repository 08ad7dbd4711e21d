"""What would happen: an event at a time, and then nobody answers. Pure, and nothing is sent.

A state is built of configuration items alone, the event is decided in it by the same code as in
service, and its deadlines are walked through for a few rounds. Plans that would bring alarms or
tasks of their own (doses, looks, visits, quiet homes) are left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec.structs import replace

from routing import facts
from routing.decide import decide
from routing.event import derive_id
from routing.evolve import evolve
from routing.facts import AnyFact, ConfigurationSet, EventRecorded
from routing.inputs import Configure, Input, TimeReached
from routing.instant import DAY, Instant
from routing.kinds import KINDS, Kind, KindClass
from routing.municipality import AnyItem, Device, Resident
from routing.pass_time import next_due
from routing.state import Registry, State

HORIZON: Instant = 7 * DAY
"""Nothing is followed further than this."""
MOST_DEADLINES = 1000
STAND_IN = "dry-run"
"""Id of the device that stands in where the resident has none."""
_AUTHOR = "dry-run"


class NoSuchResident(ValueError):
    """The configuration has no resident of that id."""


class NoSuchDevice(ValueError):
    """The resident has no device of that id."""


class NeverRings(ValueError):
    """The kind is a sign of life: it is never decided on one by one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fact in its place."""

    seq: int
    recorded_at: Instant
    fact: AnyFact


@dataclass(slots=True)
class DryRun:
    """What would be told, in order; `state` is what it leads to."""

    device: str
    told: list[Told] = field(default_factory=list)
    state: State = field(default_factory=State)

    @property
    def alarm(self) -> facts.AlarmRaised | None:
        """The alarm that it raises; None when it rings nobody."""
        found = (one.fact for one in self.told)
        return next((fact for fact in found if isinstance(fact, facts.AlarmRaised)), None)


def dry_run(
    items: Iterable[AnyItem],
    kind: Kind,
    resident: str,
    at: Instant,
    *,
    device: str | None = None,
    rounds: int = 2,
) -> DryRun:
    """Return what an event of the kind at the resident's home would bring, and then nobody answers
    for so many rounds. NoSuchResident, NoSuchDevice, NeverRings."""
    if KINDS[kind].kind_class is KindClass.SAMPLE:
        raise NeverRings(kind)
    state = State()
    _feed(state, Configure([_set(_bare(item)) for item in items]), at)
    sender = _sender(state.registry, kind, resident, device)
    if sender.id == STAND_IN:
        _feed(state, Configure([_set(sender)]), at)
    run = DryRun(sender.id, state=state)
    run.told += _feed(state, _event(kind, sender.subject, at), at)
    for _ in range(MOST_DEADLINES):
        due = next_due(state)
        if due is None or due > at + HORIZON:
            break
        told = _feed(state, TimeReached(), due)
        run.told += [one for one in told if not _is_beyond(one.fact, rounds)]
        if any(_is_beyond(one.fact, rounds) for one in told):
            break
    return run


def _feed(state: State, input: Input, at: Instant) -> list[Told]:
    told: list[Told] = []
    for fact in decide(state, input, at, lambda event: f"{STAND_IN}-{event[:20]}"):
        told.append(Told(state.seq + 1, at, fact))
        evolve(state, told[-1])
    return told


def _set(item: AnyItem) -> ConfigurationSet:
    return ConfigurationSet(item=item, author=_AUTHOR)


def _bare(item: AnyItem) -> AnyItem:
    """Return the item without the plans that would ring by themselves."""
    match item:
        case Resident():
            return replace(item, looks=(), quiet=(), visits=())
        case Device():
            return replace(item, doses=())
    return item


def _sender(registry: Registry, kind: Kind, resident: str, wanted: str | None) -> Device:
    """Return the device that would say it: the one asked for, one with a rule for such an event,
    the resident's first, or a stand-in."""
    if resident not in registry.residents:
        raise NoSuchResident(resident)
    mine = [d for d in registry.devices.values() if d.resident == resident and not d.exercise]
    if wanted is not None:
        found = next((d for d in mine if d.id == wanted), None)
        if found is None:
            raise NoSuchDevice(wanted)
        return found
    ruled = [d for d in mine if kind in {*(r.kind for r in d.raises), *(r.kind for r in d.lasting)}]
    stand_in = Device(id=STAND_IN, subject=f"{STAND_IN}:{resident}", resident=resident)
    return next(iter([*ruled, *mine]), stand_in)


def _event(kind: Kind, subject: str, at: Instant) -> EventRecorded:
    return EventRecorded(
        event=derive_id(STAND_IN, kind, subject, at),
        kind=kind,
        subject=subject,
        received_at=at,
        adapter=STAND_IN,
    )


def _is_beyond(fact: AnyFact, rounds: int) -> bool:
    return isinstance(fact, facts.StepStarted | facts.StepSkipped) and fact.round > rounds
