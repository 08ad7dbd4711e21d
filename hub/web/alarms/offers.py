"""What a person may do with an alarm now, and the choices that it needs.

An action is offered exactly where the core would carry it out: each is tried on the state by the
same pure code, and nothing is kept of it.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from hub.telling.words import Words
from routing.act import act
from routing.alarm import Alarm
from routing.chain import policy_of
from routing.facts import CommandEnded
from routing.inputs import Command
from routing.instant import Instant
from routing.lifecycle import Action, OutcomeCode, Speech
from routing.locks.act import locks_of
from routing.roster import on_duty, rows
from routing.state import State
from routing.targets import resolve

ORDER = (
    Action.ACCEPT,
    Action.REFUSE,
    Action.TAKE_OVER,
    Action.JOIN,
    Action.DECLINE,
    Action.ON_THE_WAY,
    Action.ARRIVE,
    Action.UNLOCK,
    Action.LOCK,
    Action.CLOSE,
    Action.CHOOSE,
    Action.NEED_HELP,
    Action.HAND_OVER,
    Action.SPEAK,
    Action.NOTE,
    Action.JUMP,
    Action.REOPEN,
    Action.CALL_FOR_HELP,
)
_PROBE = "probe"
_SPARE: dict[Action, dict[str, Any]] = {
    Action.CLOSE: {"outcome": OutcomeCode.SILENT_CHECKED},
    Action.SPEAK: {"speech": Speech.ATTEMPT},
    Action.NOTE: {"note": _PROBE},
}
"""What an action needs to be complete; which value makes no difference to whether it may be."""


class Choice(msgspec.Struct, frozen=True):
    """One of those among whom an action chooses."""

    id: str
    name: str


class StepChoice(msgspec.Struct, frozen=True):
    """A step of the alarm's policy."""

    step: int
    """Its index."""
    people: str
    """Whom it would call now."""
    now: bool


class Offers(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a reader may do with an alarm."""

    actions: list[str] = []
    people: list[Choice] = []
    """Whom a handover may ask."""
    teams: list[Choice] = []
    residents: list[Choice] = []
    """Whom the alarm of a shared device may have concerned."""
    locks: list[Choice] = []
    """Which doors can be opened or locked from here."""
    steps: list[StepChoice] = []


class Probes:
    """Tries actions of one person on one alarm."""

    def __init__(self, state: State, alarm: Alarm, person: str, at: Instant) -> None:
        self._state, self._alarm, self._person = state, alarm, person
        self._at = max(at, state.recorded_at)

    def command(self, action: Action, **more: Any) -> Command:
        """Return the command that the person would send now."""
        return Command(
            id=_PROBE,
            alarm=self._alarm.id,
            person=self._person,
            action=action,
            seen_phase=self._alarm.phase,
            made_at=self._at,
            **more,
        )

    def may(self, action: Action, **more: Any) -> bool:
        """Whether the core would carry the action out."""
        *_, ended = act(self._state, self.command(action, **more), self._at, str)
        return isinstance(ended, CommandEnded) and ended.refused is None

    def on_duty(self) -> list[str]:
        """Return everybody who is on duty now, and the leads."""
        registry = self._state.registry
        now = (p for team in registry.teams for p in on_duty(registry, team, self._at))
        return list(dict.fromkeys((*now, *registry.leads)))

    def has_gone_home(self, team: str) -> bool:
        """Whether a team has a roster, and nobody else than the person is on duty by it: its
        members are asked by name, not woken all at once."""
        registry = self._state.registry
        others = (one for one in on_duty(registry, team, self._at) if one != self._person)
        return next(others, None) is None and next(rows(registry, team), None) is not None

    def called_by(self, step: int) -> tuple[str, ...]:
        """Return whom a step would call now."""
        registry = self._state.registry
        targets = policy_of(registry, self._alarm).steps[step].targets
        return tuple(resolve(registry, targets, self._at, self._alarm))


def offers(state: State, alarm: Alarm, person: str, at: Instant, words: Words) -> Offers:
    """Return what the person, who handles alarms, may do with the alarm now."""
    probes = Probes(state, alarm, person, at)
    found = Offers(
        people=_to_people(probes, words),
        teams=_to_teams(state, probes, words),
        residents=_residents(state, alarm, probes, words),
        steps=_steps(state, alarm, probes, words),
        locks=_locks(state, alarm, probes, words),
    )
    actions = [str(a) for a in ORDER if _is_offered(a, alarm, person, probes, found)]
    return replace(found, actions=actions)


def _is_offered(action: Action, alarm: Alarm, person: str, probes: Probes, found: Offers) -> bool:
    among: dict[Action, Sequence[object]] = {
        Action.HAND_OVER: (*found.people, *found.teams),
        Action.CHOOSE: found.residents,
        Action.JUMP: found.steps,
        Action.UNLOCK: found.locks,
        Action.LOCK: found.locks,
    }
    if action in among:
        return bool(among[action])
    said_no = {Action.REFUSE: alarm.refused, Action.DECLINE: _declined(alarm)}
    if person in said_no.get(action, ()):
        return False
    return probes.may(action, **_SPARE.get(action, {}))


def _declined(alarm: Alarm) -> tuple[str, ...]:
    of_handover = alarm.handover.declined if alarm.handover else ()
    return (*of_handover, *(alarm.help.declined if alarm.help else ()))


def _to_people(probes: Probes, words: Words) -> list[Choice]:
    found = (p for p in probes.on_duty() if probes.may(Action.HAND_OVER, to_person=p))
    return [Choice(person, words.person(person)) for person in found]


def _to_teams(state: State, probes: Probes, words: Words) -> list[Choice]:
    there = (t for t in state.registry.teams if not probes.has_gone_home(t))
    found = (t for t in there if probes.may(Action.HAND_OVER, to_team=t))
    return [Choice(team, words.names.name("team", team)) for team in found]


def _residents(state: State, alarm: Alarm, probes: Probes, words: Words) -> list[Choice]:
    device = state.registry.devices.get(alarm.device or "")
    if device is None or not device.shared_with:
        return []
    users = (one for one in (alarm.resident, *device.shared_with) if one is not None)
    found = (one for one in users if probes.may(Action.CHOOSE, resident=one))
    return [Choice(one, words.names.name("resident", one)) for one in found]


def _locks(state: State, alarm: Alarm, probes: Probes, words: Words) -> list[Choice]:
    found = (device.id for device in locks_of(state, alarm.of_whom))
    return [
        Choice(one, words.names.name("device", one))
        for one in found
        if probes.may(Action.UNLOCK, device=one)
    ]


def _steps(state: State, alarm: Alarm, probes: Probes, words: Words) -> list[StepChoice]:
    steps = range(len(policy_of(state.registry, alarm).steps))
    return [
        StepChoice(step, words.people(probes.called_by(step)), step == alarm.step)
        for step in steps
        if probes.may(Action.JUMP, step=step)
    ]
