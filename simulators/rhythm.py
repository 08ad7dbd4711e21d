"""The days of a home: what its devices do between midnight and midnight.

How many alarms: 3.6 per user and month at a large Norwegian response centre, 5.4 in another
municipality, most of them between 08 and 11. The rest is plausible, not measured.
"""

import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from simulators.homes import Home

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
_ALARM_HOURS = (
    *(0.6, 0.5, 0.5, 0.5, 0.6, 0.8, 1.5, 2.6, 4.0, 4.4, 4.0, 2.8),
    *(2.4, 2.2, 2.0, 2.0, 2.2, 2.4, 2.4, 2.2, 2.0, 1.8, 1.4, 0.9),
)
"""How alarms spread over the hours of the day, by weight."""
_AWAKE_HOURS = (*(0.1,) * 6, 1.0, *(2.0,) * 4, *(1.5,) * 6, *(2.0,) * 4, 1.0, 0.5, 0.3)
_PER_DAY = {
    ("pendant", "press"): 3.5 / 30,
    ("pendant", "fall"): 0.25 / 30,
    ("gps", "sos"): 0.8 / 30,
    ("gps", "leave_zone"): 1.5 / 30,
    ("smoke", "smoke"): 0.1 / 30,
}
"""Alarms of one device per day, on average."""
_BACK_AGAIN = {"leave_zone": "enter_zone", "smoke": "clear"}
_BATTERY_LASTS_DAYS = 200
_DOSE_MISSED = 1 / 30


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Something happens at an instant of the plan."""

    at_s: int
    """Since the midnight that the plan counts from."""
    device: str
    action: str
    home: str
    why: str = "day"
    """`day`, or the name of the fault that it belongs to."""


class _Day:
    def __init__(self, home: Home, day: int, seed: int) -> None:
        self._home, self._from_s = home, day * DAY_S
        self._rng = random.Random(f"{seed}:{home.id}:day:{day}")

    def steps(self) -> Iterator[Step]:
        yield from self._nights()
        for family in self._home.families:
            yield from self._alarms(family)
            yield from self._battery(family)
            match family:
                case "door":
                    yield from self._doors()
                case "motion":
                    yield from self._motion()
                case "dispenser":
                    yield from self._doses()
                case "gps":
                    yield from self._walks()

    def _step(self, at_s: float, family: str, action: str) -> Step:
        at = self._from_s + round(at_s)
        return Step(at, self._home.device(family), action, self._home.id)

    def _moment(self, weights: tuple[float, ...]) -> int:
        (hour,) = self._rng.choices(range(24), weights)
        return int(hour) * HOUR_S + self._rng.randrange(HOUR_S)

    def _count(self, mean: float) -> int:
        """A Poisson number (Knuth: how many uniform draws until their product is below e^-mean)."""
        limit, product = math.exp(-mean), self._rng.random()
        for number in itertools.count():
            if product <= limit:
                return number
            product *= self._rng.random()
        raise AssertionError("count() has no end")

    def _alarms(self, family: str) -> Iterator[Step]:
        for (whose, action), mean in _PER_DAY.items():
            for _ in range(self._count(mean) if whose == family else 0):
                at_s = self._moment(_ALARM_HOURS)
                yield self._step(at_s, family, action)
                if action in _BACK_AGAIN:
                    later_s = at_s + self._rng.uniform(5, 40) * MINUTE_S
                    yield self._step(later_s, family, _BACK_AGAIN[action])

    def _battery(self, family: str) -> Iterator[Step]:
        if self._rng.random() < 1 / _BATTERY_LASTS_DAYS:
            yield self._step(self._rng.randrange(DAY_S), family, "battery_low")

    def _nights(self) -> Iterator[Step]:
        for _ in range(self._rng.choice((0, 0, 1, 1, 2))):
            out_s = self._rng.uniform(0.5, 5.5) * HOUR_S
            yield self._step(out_s, "pendant", "bed_out")
            yield self._step(out_s + self._rng.uniform(4, 15) * MINUTE_S, "pendant", "bed_back")
        yield self._step(self._rng.gauss(7.25, 0.5) * HOUR_S, "pendant", "bed_out")
        yield self._step(self._rng.gauss(22.25, 0.4) * HOUR_S, "pendant", "bed_back")

    def _doors(self) -> Iterator[Step]:
        for _ in range(self._count(6)):
            at_s = self._moment(_AWAKE_HOURS)
            yield self._step(at_s, "door", "open")
            yield self._step(at_s + self._rng.uniform(5, 90), "door", "close")

    def _motion(self) -> Iterator[Step]:
        for _ in range(self._count(30)):
            yield self._step(self._moment(_AWAKE_HOURS), "motion", "move")

    def _doses(self) -> Iterator[Step]:
        for hour in (8, 20):
            yield self._step(hour * HOUR_S, "dispenser", "remind")
            if self._rng.random() < _DOSE_MISSED:
                yield self._step((hour + 1) * HOUR_S, "dispenser", "miss")
                continue
            taken_s = hour * HOUR_S + self._rng.uniform(1, 25) * MINUTE_S
            yield self._step(taken_s, "dispenser", "take")

    def _walks(self) -> Iterator[Step]:
        for _ in range(self._rng.choice((0, 1, 1, 2))):
            out_s = self._rng.uniform(9, 18) * HOUR_S
            for position in range(self._rng.randrange(6, 13)):
                yield self._step(out_s + position * 5 * MINUTE_S, "gps", "report")


def day_of(home: Home, day: int, seed: int) -> list[Step]:
    """Return what happens in a home on a day; the same for the same seed, whatever else lives."""
    return sorted(_Day(home, day, seed).steps())
