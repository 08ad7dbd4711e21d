"""The simulated municipality: two teams, five people with ways to reach them, one lead, a dozen
devices under maintenance for two hours, two policies, and a zone in which the power fails."""

from typing import Literal

from routing.duty import Absence, Swap
from routing.instant import HOUR, Instant
from routing.kinds import Kind
from routing.municipality import (
    AnyItem,
    Device,
    Municipality,
    Person,
    Policy,
    RaiseRule,
    Resident,
    Role,
    Shift,
    Step,
    Target,
    Team,
    Unit,
)
from routing.plans import Correlation, Paging, Pause, Span
from routing.tasks.life import TaskKind
from routing.tasks.plans import TaskCare, TaskRule, VisitPlan
from tests.sim.world import START

TENANT = "simby"
STEP_WAITS_S = (60, 90, 120)
LEASE_S, ASK_S, STAY_S = 1800, 300, 2400
SEEN_S, RECEIPT_S = 40, 8
LEADS_WAIT_S = 12 * 3600
"""Of what the hub tells leads by itself."""
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
ANSWER_S = 120
CHANNELS = {
    "day-1": ("webhook-1", "webhook-2"),
    "day-2": ("push-1", "webhook-1"),
    "night-1": ("push-1", "sms-1", "webhook-1"),
    "night-2": (),
    "centre-1": ("webhook-1",),
    "lead-1": ("webhook-1",),
}
"""Person to the ways of reaching them, in order."""
PEOPLE = ("day-1", "day-2", "night-1", "night-2", "centre-1", "lead-1")
STORM_DEVICES, STORM_EVENTS = 8, 5
SILENT_AFTER_S = 4 * 3600
SUPERVISED = (1, 4, 7)
MAINTENANCE: tuple[Instant, Instant] = (START + 8 * HOUR, START + 10 * HOUR)
"""Of the north, with all the devices that are not in the zone of storms."""
PAUSED_UNTIL: Instant = START + 20 * HOUR
"""Resident 2 is in hospital until then."""
RESIDENTS = tuple(f"resident-{n}" for n in range(8))


def subject(number: int) -> str:
    """Return the subject of a device; numbers over 11 are registered nowhere."""
    return f"scaip:{100 + number}"


def storm_subject(number: int) -> str:
    """Return the subject of a device in the zone of storms."""
    return f"scaip:{200 + number}"


def _person(name: str, team: str, role: Role = Role.STAFF) -> Person:
    return Person(id=name, roles=(role,), teams=(team,), channels=CHANNELS[name])


def _device(number: int) -> Device:
    door = (RaiseRule(Kind.DOOR_OPENED, 22 * 60, 6 * 60),)
    return Device(
        id=f"device-{number}",
        subject=subject(number),
        resident=RESIDENTS[number % len(RESIDENTS)],
        raises=door if number % 3 == 0 else (),
        silent_after_s=SILENT_AFTER_S if number in SUPERVISED else None,
    )


def _storm_device(number: int) -> Device:
    return Device(id=f"storm-{number}", subject=storm_subject(number), unit="south")


def _resident(number: int, name: str) -> Resident:
    pause = Pause(PAUSED_UNTIL, "hospital") if number == 2 else None
    objects: tuple[Literal["location"], ...] = ("location",) if number == 5 else ()
    visit = VisitPlan(id="noon", minute=12 * 60)
    return Resident(
        id=name, unit="north", pause=pause, objects=objects, visits=(visit,) if number == 0 else ()
    )


def _municipality(name: str) -> Municipality:
    return Municipality(
        id=name,
        timezone="Europe/Oslo",
        default_policy="plain",
        correlation=Correlation(storm_events=STORM_EVENTS),
        paging=Paging(seen_s=SEEN_S, receipt_s=RECEIPT_S, receipt_by_channel_s={"sms": RECEIPT_S}),
        tasks=TaskCare(rules=(TaskRule(on=Kind.BATTERY_LOW, make=TaskKind.CHANGE_BATTERY),)),
    )


def _policy(name: str, loop: str) -> Policy:
    targets = (Target("on_duty", "home"), Target("team", "home"), Target("team", "centre"))
    steps = zip(targets, STEP_WAITS_S, strict=True)
    return Policy(
        id=name,
        steps=tuple(Step((target,), wait_s) for target, wait_s in steps),
        fallback=(Target("team", "centre"),),
        loop="last" if loop == "last" else "all",
        lease_s=LEASE_S,
        ask_s=ASK_S,
        stay_s=STAY_S,
    )


def items(name: str = TENANT) -> list[AnyItem]:
    """Return the configuration in an order in which every reference is to what comes earlier."""
    return [
        _municipality(name),
        Unit(id="north", policies={"door": "circle"}, maintenance=(Span(*MAINTENANCE),)),
        Unit(id="south"),
        Team(id="home"),
        Team(id="centre"),
        _person("day-1", "home"),
        _person("day-2", "home"),
        _person("night-1", "home"),
        _person("night-2", "home"),
        _person("centre-1", "centre"),
        _person("lead-1", "leads", Role.LEAD),
        *(_resident(number, name) for number, name in enumerate(RESIDENTS)),
        *(_device(number) for number in range(12)),
        *(_storm_device(number) for number in range(STORM_DEVICES)),
        _policy("plain", "last"),
        _policy("circle", "all"),
        # Nobody is on duty from 22:45 to 23:00 on purpose: the step must take no time then.
        Shift(
            id="day",
            team="home",
            people=("day-1", "day-2"),
            weekdays=EVERY_DAY,
            from_minute=7 * 60,
            to_minute=22 * 60 + 45,
        ),
        Shift(
            id="night",
            team="home",
            people=("night-1", "night-2"),
            weekdays=EVERY_DAY,
            from_minute=23 * 60,
            to_minute=7 * 60,
        ),
        Absence(
            id="dentist",
            person="day-1",
            from_local="2026-10-24T12:00",
            to_local="2026-10-24T15:00",
        ),
        Swap(id="swap", team="home", day="2026-10-24", gives="night-1", takes="day-2"),
    ]
