"""The steps, in the order in which a person is led through them, and when each is done.

Each has its texts in the catalogue: `acceptance.<id>.do` says what to do. About 15 minutes in all
with a device that answers at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hub.acceptance.watched import Watched, seconds
from routing.kinds import Kind

HELP = (Kind.HELP_PRESSED, Kind.HELP_AUTOMATIC, Kind.CALL_RAISED)
_QUIET_S = 20.0
"""A device that was quiet so long and is heard again has been away."""
Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the device before the test."""

    protocol: str
    answers: bool
    """Whether its protocol answers each message, so that an answer can be lost."""
    silent_after_s: int | None = None
    journalled: Callable[[str], int] = field(default=lambda _event: 0)
    """How often the journal has an event of this id."""
    lost: Callable[[], bool] = field(default=lambda: False)
    """Whether the journal has told of the device's silence since the step began."""


Done = Callable[[Watched, About], Figures | None]
"""Figures of what was seen, None while the step is not done."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try."""

    id: str
    wait_s: int
    done: Done
    withholds: bool = False
    applies: Callable[[About], bool] = lambda _about: True


def _press(watched: Watched, about: About) -> Figures | None:
    for one, event in watched.events():
        told = watched.told(event.id)
        if event.type in HELP and (told is not None or not about.answers):
            return {"answered_s": seconds(one.at, told)} if told else {}
    return None


def _lost_answer(watched: Watched, about: About) -> Figures | None:
    withheld = watched.withheld()
    if withheld is None:
        return None
    again = [at for at in watched.heard(withheld.event) if at > withheld.at]
    told = watched.told(withheld.event)
    if not again or told is None:
        return None
    return {"again_s": seconds(withheld.at, again[0]), "answered_s": seconds(again[0], told)}


def _duplicate(watched: Watched, about: About) -> Figures | None:
    for _, event in watched.events():
        times = len(watched.heard(event.id))
        if times > 1 and about.journalled(event.id) == 1:
            return {"sent": times, "journalled": 1}
    return None


def _cancel(watched: Watched, about: About) -> Figures | None:
    return {} if watched.first(Kind.HELP_CANCELLED) else None


def _battery(watched: Watched, about: About) -> Figures | None:
    told = watched.first(Kind.BATTERY_LOW, Kind.BATTERY_OK)
    known = any(event.data.battery_pct is not None for _, event in watched.events())
    return {} if told or known else None


def _position(watched: Watched, about: About) -> Figures | None:
    return {} if any(event.data.position for _, event in watched.events()) else None


def _power_cut(watched: Watched, about: About) -> Figures | None:
    lost, back = watched.first(Kind.MAINS_LOST), watched.first(Kind.MAINS_RESTORED)
    if lost and back:
        return {"told": 1}
    return {"told": 0} if watched.back_after(_QUIET_S) is not None else None


def _silence(watched: Watched, about: About) -> Figures | None:
    return {"limit_s": about.silent_after_s or 0} if about.lost() else None


def _link_back(watched: Watched, about: About) -> Figures | None:
    return {} if any(watched.events()) else None


_LONGEST_SILENCE_S = 600

STEPS: tuple[Step, ...] = (
    Step("press", 120, _press),
    Step("lost_answer", 240, _lost_answer, withholds=True, applies=lambda a: a.answers),
    Step("duplicate", 240, _duplicate, withholds=True, applies=lambda a: a.answers),
    Step("cancel", 90, _cancel),
    Step("battery", 120, _battery),
    Step("position", 180, _position),
    Step("power_cut", 240, _power_cut),
    Step(
        "silence",
        _LONGEST_SILENCE_S + 120,
        _silence,
        applies=lambda a: a.silent_after_s is not None and a.silent_after_s <= _LONGEST_SILENCE_S,
    ),
    Step("link_back", 240, _link_back),
)
