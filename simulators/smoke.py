"""The whole story for each family, without a browser: one line per fact, with its milliseconds.

A device acts; the alarm is on the live page of a person on duty; the device has its answer; the
person accepts, is on the way, is there, and closes it with an outcome. Everything is seen from
outside: by the device's wire, and by the web page's own interface.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from simulators.colleague import Alarm, Colleague, PhoneProblem
from simulators.fleet import Fleet

Tell = Callable[[str], None]
_PATIENCE_S = 20.0
_ANSWERED_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Scene:
    """What one family does, and the alarm that must come of it."""

    family: str
    action: str
    category: str
    answered_after_commit: bool
    """A door's gateway hears from its broker only, whatever the hub does later."""


SCENES = (
    Scene("pendant", "press", "help", True),
    Scene("dispenser", "miss", "medication", True),
    Scene("door", "open", "door", False),
    Scene("gps", "sos", "help", True),
)
STEPS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("accept", "accepted", {}),
    ("on_the_way", "on_the_way", {}),
    ("arrive", "at_resident", {}),
    ("close", "closed", {"outcome": "talk", "note": "Played by the smoke test."}),
)


class Teller:
    """Prints facts with the time since a scene began."""

    def __init__(self, tell: Tell, family: str) -> None:
        self._tell = tell
        self._family = family
        self._began = time.perf_counter()

    def fact(self, what: str, since_s: float | None = None) -> None:
        """One line; milliseconds since the scene began, or since another instant."""
        ms = (time.perf_counter() - (since_s or self._began)) * 1000
        self._tell(f"{self._family:<10} {what:<58} {ms:8.1f} ms")


async def play(fleet: Fleet, colleague: Colleague, tell: Tell) -> None:
    """Play every scene; PhoneProblem says which promise broke."""
    for scene in SCENES:
        await _play(scene, fleet, colleague, tell)


async def _play(scene: Scene, fleet: Fleet, colleague: Colleague, tell: Tell) -> None:
    before = set(colleague.alarms)
    teller = Teller(tell, scene.family)
    acting = asyncio.create_task(_device_acts(scene, fleet, teller))
    try:
        alarm: Alarm = await colleague.sees(
            lambda one: one["id"] not in before and one["category"] == scene.category,
            f"{scene.family}: no alarm of category {scene.category} on the phone page",
            _PATIENCE_S,
        )
        teller.fact(f"alarm on the phone page: {alarm['kind']}, {alarm['phase']}")
        await acting
    finally:
        acting.cancel()
    await _stands(scene, colleague, alarm)
    for action, phase, more in STEPS:
        began = time.perf_counter()
        await colleague.act(alarm, action, **more)
        alarm = await colleague.sees(
            _in_phase(alarm["id"], phase),
            f"{scene.family}: {action} was done, yet the page does not show {phase}",
            _PATIENCE_S,
        )
        teller.fact(f"{action} -> {phase}", began)
    await _stands(scene, colleague, alarm)


def _in_phase(alarm_id: str, phase: str) -> Callable[[Alarm], bool]:
    return lambda alarm: alarm["id"] == alarm_id and alarm["phase"] == phase


async def _device_acts(scene: Scene, fleet: Fleet, teller: Teller) -> None:
    try:
        async with asyncio.timeout(_ANSWERED_WITHIN_S):
            answer = await fleet.actions[scene.family][scene.action]()
    except TimeoutError:
        raise PhoneProblem(
            f"{scene.family}: the device was not answered within {_ANSWERED_WITHIN_S:g} s"
        ) from None
    if not answer.accepted:
        raise PhoneProblem(f"{scene.family}: the device was not answered: {answer.detail}")
    promise = ", after the hub's commit" if scene.answered_after_commit else ""
    teller.fact(f"device answered: {answer.detail}{promise}")


async def _stands(scene: Scene, colleague: Colleague, alarm: Alarm) -> None:
    """The alarm's own page agrees with the live page."""
    detail = await colleague.detail(alarm["id"])
    if detail["phase"] != alarm["phase"]:
        raise PhoneProblem(
            f"{scene.family}: the live page says {alarm['phase']}, the alarm says {detail['phase']}"
        )
    if not detail["timeline"]:
        raise PhoneProblem(f"{scene.family}: the alarm has no timeline")
