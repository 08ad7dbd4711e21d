"""The simulated municipality: two teams, five people, one lead, a dozen devices, two policies."""

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

TENANT = "simby"
STEP_WAITS_S = (60, 90, 120)
LEASE_S, ASK_S = 1800, 300
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
PEOPLE = ("day-1", "day-2", "night-1", "night-2", "centre-1", "lead-1")
RESIDENTS = tuple(f"resident-{n}" for n in range(8))


def subject(number: int) -> str:
    """Return the subject of a device; numbers over 11 are registered nowhere."""
    return f"scaip:{100 + number}"


def _person(name: str, team: str, *channels: str, role: Role = Role.STAFF) -> Person:
    return Person(id=name, roles=(role,), teams=(team,), channels=channels)


def _device(number: int) -> Device:
    door = (RaiseRule(Kind.DOOR_OPENED, 22 * 60, 6 * 60),)
    return Device(
        id=f"device-{number}",
        subject=subject(number),
        resident=RESIDENTS[number % len(RESIDENTS)],
        raises=door if number % 3 == 0 else (),
        silent_after_s=4 * 3600 if number == 1 else None,
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
    )


def items() -> list[AnyItem]:
    """Return the configuration in an order in which every reference is to what comes earlier."""
    return [
        Municipality(id=TENANT, timezone="Europe/Oslo", default_policy="plain"),
        Unit(id="north", policies={"door": "circle"}),
        Team(id="home"),
        Team(id="centre"),
        _person("day-1", "home", "webhook-1", "webhook-2"),
        _person("day-2", "home", "webhook-1"),
        _person("night-1", "home", "webhook-1"),
        _person("night-2", "home"),
        _person("centre-1", "centre", "webhook-1"),
        _person("lead-1", "leads", "webhook-1", role=Role.LEAD),
        *(Resident(id=name, unit="north") for name in RESIDENTS),
        *(_device(number) for number in range(12)),
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
    ]
