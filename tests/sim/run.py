"""Run seeds: `python -m tests.sim.run --seeds 10000 [--first N] [--plant NAME] [--jobs 2]`.

A seed is a day and an hour of a municipality with at least 50 presses and at least 3 crashes of the
hub, followed by hours without faults in which everything must come to rest.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import Pool

from routing import facts
from routing.evolve import evolve
from routing.instant import DAY, HOUR, MINUTE
from routing.state import State
from tests.sim.broker import Broker
from tests.sim.checkers import CHECKERS, Run
from tests.sim.hub import Hub
from tests.sim.life import Devices, Phones, to_work
from tests.sim.plants import PLANTS, planted
from tests.sim.promises import PROMISES
from tests.sim.town import PEOPLE
from tests.sim.world import SIMULATED, START, World

PRESSES = 50
REST = 3 * HOUR
LOOK_EVERY = 10 * MINUTE


@dataclass
class Report:
    """What one seed gave."""

    seed: int
    failures: list[str]
    story: list[str]
    facts: int
    alarms: int
    crashes: int
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(phase of the alarm, kind of fact) seen."""


def run(seed: int, plant: str | None = None) -> Report:
    """Run one seed and check it."""
    with planted(plant) as hub_class:
        return _run(seed, hub_class)


def _run(seed: int, hub_class: type[Hub]) -> Report:
    world = World(seed)
    broker = Broker(world)
    devices = Devices(world, broker)
    web = _Web()
    phones = Phones(world, broker, web.state)
    hub = hub_class(world, broker, phones.ring)
    web.hub = hub
    hub.confirm = devices.confirmed
    hub.to_work = partial(to_work, broker, hub.answer)
    hub.heard = lambda event, at: devices.log[event].heard.append(at)
    devices.plan(PRESSES, DAY)
    devices.plan_storm(DAY)
    crashes = _plan_crashes(world, hub) + _plan_broker_kills(world, broker)
    _plan_looks(world, phones)
    failures: list[str] = []
    world.after(DAY // 2, lambda: failures.extend(_live_is_replay(hub)))
    world.run_until(START + SIMULATED)
    world.faults = False
    world.run_until(START + SIMULATED + REST)
    failures += _live_is_replay(hub)
    judged = Run(
        journal=hub.journal,
        presses=devices.log,
        rang=phones.rang,
        downtimes=hub.downtimes,
        quiet=True,
        ended_at=world.now,
        positions=hub.positions_seen,
        ring_times=phones.rang_at,
    )
    for checker in (*CHECKERS, *PROMISES):
        failures += [f"{checker.__name__}: {text}" for text in checker(judged)]
    return Report(
        seed=seed,
        failures=failures,
        story=world.story if failures else [],
        facts=len(hub.journal),
        alarms=sum(isinstance(r.fact, facts.AlarmRaised) for r in hub.journal),
        crashes=crashes,
        pairs=_pairs(hub),
    )


class _Web:
    """What the web process knows: the fold of what is durable, kept up as the journal grows."""

    def __init__(self) -> None:
        self.hub: Hub | None = None
        self._state = State()

    def state(self) -> State | None:
        if self.hub is None:
            return None
        for record in self.hub.journal[self._state.seq :]:
            evolve(self._state, record)
        return self._state


def _plan_crashes(world: World, hub: Hub) -> int:
    """Kill the hub three to eight times: at any time, and often just after something has come
    in."""
    number = world.random.randint(3, 8)
    for _ in range(number):
        world.after(world.random.randrange(DAY), partial(_kill, world, hub))
    return number


def _kill(world: World, hub: Hub) -> None:
    """Mostly wait for a moment at which something is decided and not committed, or just
    committed."""
    if world.random.random() < 0.8:
        hub.when_decided = lambda: world.after(
            world.between_s(0, 0.012), partial(_kill_now, world, hub)
        )
    else:
        _kill_now(world, hub)


def _kill_now(world: World, hub: Hub) -> None:
    if hub.up:
        hub.crash()
        world.after(world.between_s(0.5, 600), hub.boot)


def _plan_broker_kills(world: World, broker: Broker) -> int:
    for _ in range(2):
        at = world.random.randrange(DAY)
        world.after(at, broker.kill)
        world.after(at + world.between_s(1, 300), broker.restart)
    return 0


def _plan_looks(world: World, phones: Phones) -> None:
    for index, person in enumerate(PEOPLE):
        for at in range(index * MINUTE, SIMULATED + REST, LOOK_EVERY):
            world.after(at, partial(phones.look, person))


def _live_is_replay(hub: Hub) -> list[str]:
    """Invariant 10: what is in memory is what the journal says, once nothing is under way."""
    if not hub.up or hub.busy():
        return []
    state = State()
    for record in hub.journal:
        evolve(state, record)
    return [] if state == hub.engine.state else ["live_is_replay: memory differs from the journal"]


def _pairs(hub: Hub) -> Counter[tuple[str, str]]:
    """Count which kinds of fact met an alarm in which phase."""
    state, pairs = State(), Counter[tuple[str, str]]()
    for record in hub.journal:
        fact = record.fact
        if isinstance(fact, facts.AlarmFact) and fact.alarm in state.alarms:
            pairs[state.alarms[fact.alarm].phase, str(fact.__struct_config__.tag)] += 1
        elif isinstance(fact, facts.CommandEnded) and fact.alarm in state.alarms:
            end = "refused" if fact.refused else "done"
            pairs[state.alarms[fact.alarm].phase, f"{fact.action} {end}"] += 1
        evolve(state, record)
    return pairs


def main(argv: Sequence[str] | None = None) -> int:
    """Run seeds and print the rate, or the story of the first seed that fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.sim.run", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--plant", choices=sorted(PLANTS), help="plant this bug: it must be found")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args(argv)
    seeds = range(asked.first, asked.first + asked.seeds)
    began = time.perf_counter()
    done = facts_seen = alarms = crashes = 0
    pairs: Counter[tuple[str, str]] = Counter()
    with Pool(asked.jobs) as pool:
        for report in pool.imap(partial(run, plant=asked.plant), seeds):
            done, facts_seen = done + 1, facts_seen + report.facts
            alarms, crashes = alarms + report.alarms, crashes + report.crashes
            pairs += report.pairs
            if report.failures:
                print("\n".join((*report.story[-200:], *report.failures)))
                print(f"seed {report.seed} fails after {done} seeds")
                return 1
    took_s = time.perf_counter() - began
    print(f"{len(pairs)} pairs of phase and input covered")
    print(
        f"{done} seeds passed in {took_s:.0f} s ({done / took_s:.1f}/s): {facts_seen} facts,"
        f" {alarms} alarms, {crashes} crashes of the hub"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
