"""Faults in a plan: what goes wrong, when, where and for how long.

After a power cut every base unit says so at once; the mobile network's own batteries last 2-4 h, so
that is when the area goes silent; when power is back everything speaks at the same time.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulators.homes import Home
from simulators.rhythm import HOUR_S, MINUTE_S, Step

_NETWORK_LASTS_S = (2 * HOUR_S, 4 * HOUR_S)
_RADIO = ("pendant", "gps")
"""Families that speak by the mobile network themselves."""
_JITTER_STEPS = 12


@dataclass(frozen=True, slots=True)
class Trouble:
    """One fault. `area` 0 is everywhere."""

    name: str
    at_s: int
    for_s: int
    area: int = 0


def _units(home: Home, *families: str) -> Iterator[str]:
    return (home.device(family) for family in home.families if family in families)


def _power_cut(trouble: Trouble, homes: Sequence[Home], rng: random.Random) -> Iterator[Step]:
    silent_s = trouble.at_s + rng.randint(*_NETWORK_LASTS_S)
    end_s = trouble.at_s + trouble.for_s
    for home in homes:
        at_home = [home.device(one) for one in home.families if one not in ("pendant", "gps")]
        yield _step(trouble, home, home.device("pendant"), "mains_lost", rng.randint(0, 20))
        for device in at_home:
            yield _step(trouble, home, device, "fault:off:on", rng.randint(0, 5))
            yield _step(trouble, home, device, "fault:off:off", trouble.for_s + rng.randint(5, 90))
        if silent_s < end_s:
            yield from _silence(trouble, home, silent_s - trouble.at_s, rng)
        yield _step(
            trouble, home, home.device("pendant"), "mains_back", trouble.for_s + rng.randint(5, 60)
        )


def _outage(trouble: Trouble, homes: Sequence[Home], rng: random.Random) -> Iterator[Step]:
    for home in homes:
        yield from _silence(trouble, home, 0, rng)


def _silence(trouble: Trouble, home: Home, after_s: int, rng: random.Random) -> Iterator[Step]:
    for device in _units(home, *_RADIO):
        yield _step(trouble, home, device, "fault:off:on", after_s + rng.randint(0, 30))
        yield _step(trouble, home, device, "fault:off:off", trouble.for_s + rng.randint(0, 4))


def _battery(trouble: Trouble, homes: Sequence[Home], rng: random.Random) -> Iterator[Step]:
    for home in homes:
        for device in _units(home, *home.families):
            within_s = rng.randint(0, max(1, trouble.for_s))
            yield _step(trouble, home, device, "battery_low", within_s)


def _switched(fault: str, *families: str) -> "Maker":
    def steps(trouble: Trouble, homes: Sequence[Home], rng: random.Random) -> Iterator[Step]:
        for home in homes:
            for device in _units(home, *(families or home.families)):
                yield _step(trouble, home, device, f"fault:{fault}:on", 0)
                yield _step(trouble, home, device, f"fault:{fault}:off", trouble.for_s)

    return steps


def _jitter(trouble: Trouble, homes: Sequence[Home], rng: random.Random) -> Iterator[Step]:
    for home in homes:
        for device in _units(home, "gps"):
            for place in range(_JITTER_STEPS):
                action = "enter_zone" if place % 2 else "leave_zone"
                at_s = place * trouble.for_s // _JITTER_STEPS + rng.randint(0, 5)
                yield _step(trouble, home, device, action, at_s)


def _step(trouble: Trouble, home: Home, device: str, action: str, after_s: int) -> Step:
    return Step(trouble.at_s + after_s, device, action, home.id, trouble.name)


Maker = Callable[[Trouble, Sequence[Home], random.Random], Iterator[Step]]
TROUBLES: Mapping[str, tuple[Maker, int]] = {
    "power-cut": (_power_cut, 6 * HOUR_S),
    "mobile-outage": (_outage, 2 * HOUR_S),
    "battery": (_battery, 2 * HOUR_S),
    "clock": (_switched("clock", "gps", "dispenser"), 2 * HOUR_S),
    "duplicate": (_switched("duplicate"), 2 * HOUR_S),
    "reorder": (_switched("reorder"), 2 * HOUR_S),
    "delay": (_switched("delay"), 2 * HOUR_S),
    "lost-answer": (_switched("lost_answer", "pendant", "gps", "dispenser"), 10 * MINUTE_S),
    "zone-jitter": (_jitter, 10 * MINUTE_S),
}
"""By name, with how long each lasts unless it is said."""


def steps_of(trouble: Trouble, homes: Sequence[Home], seed: int) -> list[Step]:
    """Return what the fault does; the same for the same seed."""
    rng = random.Random(f"{seed}:{trouble.name}:{trouble.at_s}:{trouble.area}")
    hit = [home for home in homes if trouble.area in (0, home.area)]
    return sorted(TROUBLES[trouble.name][0](trouble, hit, rng))
