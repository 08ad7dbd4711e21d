"""One seed: a day and an hour of one to three municipalities on one broker, with at least 50 alarms
and at least 3 crashes, followed by hours without faults in which everything must come to rest."""

from collections import Counter
from dataclasses import dataclass, field

from routing import facts
from routing.instant import DAY, HOUR, MINUTE
from tests.sim.broker import Broker
from tests.sim.checkers import CHECKERS, Run
from tests.sim.fold import Pairs
from tests.sim.hub import Hub
from tests.sim.plants import planted
from tests.sim.promises import PROMISES
from tests.sim.reached import REACHED
from tests.sim.site import Site
from tests.sim.together import TOGETHER
from tests.sim.town import PEOPLE, TENANT
from tests.sim.world import SIMULATED, START, World

NEIGHBOURS = ("nabovik", "granby")
PRESSES = 32
PRESSES_OF_A_NEIGHBOUR = 6
REST = 3 * HOUR
LOOK_EVERY = 10 * MINUTE


@dataclass
class Report:
    """What one seed gave, all its municipalities together."""

    seed: int
    failures: list[str]
    story: list[str]
    facts: int
    alarms: int
    crashes: int
    takeovers: int
    municipalities: int
    pairs: Pairs = field(default_factory=Counter)
    """(phase of the alarm, kind of fact) seen."""


def run(seed: int, plant: str | None = None) -> Report:
    """Run one seed and check it."""
    with planted(plant) as hub_class:
        return _run(seed, hub_class)


def _run(seed: int, hub_class: type[Hub]) -> Report:
    world = World(seed)
    broker = Broker(world)
    sites = _sites(world, broker, hub_class)
    _plan_broker_kills(world, broker)
    world.after(DAY // 2, _compare, sites)
    world.run_until(START + SIMULATED)
    world.faults = False
    world.run_until(START + SIMULATED + REST)
    if not world.ended:
        _compare(sites)
    failures = [failure for site in sites for failure in _judged(world, site)]
    return Report(
        seed=seed,
        failures=failures,
        story=world.story() if failures else [],
        facts=sum(len(site.disk.journal) for site in sites),
        alarms=sum(_alarms(site) for site in sites),
        crashes=sum(site.crashes for site in sites),
        takeovers=sum(site.takeovers for site in sites),
        municipalities=len(sites),
        pairs=sum((site.disk.durable.pairs for site in sites), Counter()),
    )


def _sites(world: World, broker: Broker, hub_class: type[Hub]) -> list[Site]:
    draw = world.random
    neighbours = NEIGHBOURS[: draw.choice((0, 0, 0, 1, 2))]
    sites = [Site(world, broker, hub_class, name) for name in (TENANT, *neighbours)]
    sites[0].devices.plan_storm(DAY)
    sites[0].devices.plan(PRESSES - PRESSES_OF_A_NEIGHBOUR * len(neighbours), DAY)
    sites[0].plan_faults(crashes=draw.randint(3, 8), doubts=draw.randint(0, 4))
    for site in sites[1:]:
        site.devices.plan(PRESSES_OF_A_NEIGHBOUR, DAY)
        site.plan_faults(crashes=draw.randint(0, 2), doubts=draw.randint(0, 2))
    for site in sites:
        site.reaching.plan(DAY)
        _plan_looks(world, site)
    return sites


def _plan_broker_kills(world: World, broker: Broker) -> None:
    for _ in range(2):
        at = world.random.randrange(DAY)
        world.after(at, broker.kill)
        world.after(at + world.between_s(1, 300), broker.restart)


def _plan_looks(world: World, site: Site) -> None:
    for index, person in enumerate(PEOPLE):
        for at in range(index * MINUTE, SIMULATED + REST, LOOK_EVERY):
            world.after(at, site.phones.look, person)


def _compare(sites: list[Site]) -> None:
    """Hold live memory against the journal, where nothing is under way."""
    for site in sites:
        worker = site.working
        if worker is not None and not worker.busy():
            site.disk.compare(worker.engine.state)


def _judged(world: World, site: Site) -> list[str]:
    disk = site.disk
    judged = Run(
        journal=disk.journal,
        presses=site.devices.log,
        rang=site.phones.rang,
        downtimes=disk.downtimes,
        quiet=not world.ended,
        ended_at=world.now,
        positions=disk.positions_seen,
        ring_times=site.phones.rang_at,
        answers=site.reaching.answered,
        commands=site.phones.given,
        tokens=disk.tokens,
    )
    failures = list(disk.complaints)
    for checker in (*CHECKERS, *PROMISES, *REACHED, *TOGETHER):
        failures += [f"{checker.__name__}: {text}" for text in checker(judged)]
    return failures


def _alarms(site: Site) -> int:
    return sum(isinstance(record.fact, facts.AlarmRaised) for record in site.disk.journal)
