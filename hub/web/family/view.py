"""What a relative may know: the only place where state becomes what leaves us for them.

A relative sees the alarms of the own resident about which the hub has called or told that relative,
and how far help has come: never a note, a device, an address, a reason, or the name of anybody who
helps. The views of staff (`hub.web.alarms.view`) are never made for a relative.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from hub.telling.words import Words
from hub.web.alarms.offers import Probes
from hub.web.family import agreement
from routing.alarm import Alarm
from routing.concerned import concerned
from routing.instant import DAY, Instant, to_rfc3339
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.marks import Mark
from routing.municipality import Part, Resident, Role
from routing.state import State

AFTERWARDS: Instant = DAY
"""How long a relative still sees how an alarm ended."""
MINUTES = (10, 20, 40, 60)
"""What a relative may promise when accepting."""
OUTCOMES = (
    OutcomeCode.NO_NEED,
    OutcomeCode.TALK,
    OutcomeCode.CARE,
    OutcomeCode.FALL,
    OutcomeCode.MEDICAL,
    OutcomeCode.SILENT_CHECKED,
)
"""How a relative may say that it ended; what is technical is for others to judge."""
ORDER = (
    Action.ACCEPT,
    Action.REFUSE,
    Action.ON_THE_WAY,
    Action.ARRIVE,
    Action.CLOSE,
    Action.NEED_HELP,
    Action.HAND_OVER,
)
_KEPT_FROM = frozenset({Mark.EXERCISE, Mark.RELATIVES_NOT_TOLD})


class FamilyHome(msgspec.Struct, frozen=True, kw_only=True):
    """A resident, and what the reader has taken on for that resident."""

    id: str
    name: str
    part: Part
    agreed: bool | None
    """None: not answered yet."""


class FamilyAlarm(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm in words for a relative. Instants are RFC 3339 in UTC."""

    id: str
    resident_name: str
    phase: str
    """What a command names as the state it was meant for."""
    what: str
    """What has happened."""
    state: str
    """How far help has come."""
    help: str | None
    """Of an alarm of the reader's: what has become of asking for more people."""
    raised_at: str
    raised_text: str
    asks_me: bool
    """It looks for somebody and has called this reader, who has not said no."""
    mine: bool
    over: bool
    actions: list[str]


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the pages of one relative show."""

    homes: list[FamilyHome]
    alarms: list[FamilyAlarm]
    away_until: str | None
    """In words; None while the reader is at home."""
    only_after_yes: bool
    """Whether the municipality calls nobody who has not said yes; else nobody who has said no."""


class Relatives:
    """Makes views for one relative."""

    def __init__(self, state: State, words: Words, person: str, at: Instant) -> None:
        self._state, self._words, self._person, self._at = state, words, person, at

    def family(self) -> Family:
        """Return what the reader sees now: open alarms first, the newest of them first."""
        seen = sorted(self.alarms(), key=lambda a: (a.phase is Phase.CLOSED, -a.raised_at))
        until = agreement.away_until(self._state, self._person, self._at)
        one = self._state.registry.municipality
        return Family(
            only_after_yes=one is not None and one.relatives_agree,
            homes=self.homes(),
            alarms=[self._alarm(alarm) for alarm in seen],
            away_until=None if until is None else self._words.clock(until),
        )

    def homes(self) -> list[FamilyHome]:
        """Return the residents who name the reader as a relative."""
        found = self._state.registry.residents.values()
        return [
            FamilyHome(
                id=home.id,
                name=self._name(home.id),
                part=home.relatives[self._person],
                agreed=agreement.answer(self._state, self._person, home.id),
            )
            for home in found
            if self._person in home.relatives
        ]

    def alarms(self) -> Iterator[Alarm]:
        """Yield the alarms that the reader may know of."""
        return (one for one in self._state.alarms.values() if self.may_know(one))

    def may_know(self, alarm: Alarm) -> bool:
        """Whether the hub has called or told the reader, a relative who has not said no, of it."""
        told = self._person in alarm.called or self._person in alarm.informed
        if not told or not _KEPT_FROM.isdisjoint(alarm.marks) or self._home(alarm) is None:
            return False
        return alarm.closed_at is None or self._at - alarm.closed_at < AFTERWARDS

    def hand_over_to(self, alarm: Alarm) -> str | None:
        """Return the team that is asked when the reader cannot after all: home care of the unit,
        else a response centre; None when nobody there can take it."""
        teams = self._state.registry.teams.values()
        near = [team.id for team in teams if team.unit is not None and team.unit == alarm.unit]
        centres = [team.id for team in teams if team.response_centre]
        probes = Probes(self._state, alarm, self._person, self._at)
        found = (t for t in (*near, *centres) if probes.may(Action.HAND_OVER, to_team=t))
        return next(found, None)

    def _home(self, alarm: Alarm) -> Resident | None:
        """Return the reader's own resident whom it may be about: where two share a device each
        one's relatives are told of theirs alone. First whose relative is responsible."""
        known = self._state.registry.residents
        mine = [
            known[one]
            for one in concerned(alarm)
            if one in known
            and self._person in known[one].relatives
            and agreement.answer(self._state, self._person, one) is not False
        ]
        return min(mine, key=self._is_only_told, default=None)

    def _is_only_told(self, home: Resident) -> bool:
        return home.relatives[self._person] != "responsible"

    def _part(self, alarm: Alarm) -> Part | None:
        home = self._home(alarm)
        return None if home is None else home.relatives[self._person]

    def _name(self, resident: str) -> str:
        return self._words.names.name("resident", resident)

    def _alarm(self, alarm: Alarm) -> FamilyAlarm:
        home = self._home(alarm)
        name = self._name("" if home is None else home.id)
        what = self._words.text(f"family.what.{alarm.category}", name=name)
        if alarm.activations > 1:
            what += " " + self._words.text("family.again", count=alarm.activations)
        actions = self._actions(alarm)
        return FamilyAlarm(
            id=alarm.id,
            resident_name=name,
            phase=alarm.phase.value,
            what=what,
            state=self._how_far(alarm, name),
            help=self._help(alarm),
            raised_at=to_rfc3339(alarm.raised_at),
            raised_text=self._words.clock(alarm.raised_at),
            asks_me=Action.ACCEPT in actions and self._person not in alarm.refused,
            mine=alarm.owner == self._person,
            over=alarm.phase is Phase.CLOSED,
            actions=[str(action) for action in actions],
        )

    def _actions(self, alarm: Alarm) -> list[Action]:
        if self._part(alarm) != "responsible" or alarm.phase is Phase.CLOSED:
            return []
        probes = Probes(self._state, alarm, self._person, self._at)
        spare: dict[Action, dict[str, Any]] = {
            Action.CLOSE: {"outcome": OutcomeCode.SILENT_CHECKED},
            Action.HAND_OVER: {"to_team": self.hand_over_to(alarm)},
        }
        no = {Action.REFUSE} if self._person in alarm.refused else set()
        return [one for one in ORDER if one not in no and probes.may(one, **spare.get(one, {}))]

    def _how_far(self, alarm: Alarm, name: str) -> str:
        words = self._words
        if alarm.phase is Phase.CLOSED:
            ended = "no_need" if alarm.outcome is None else alarm.outcome.value
            at = words.clock(alarm.closed_at or self._at)
            return words.text(f"family.over.{ended}", name=name, at=at)
        if alarm.phase is Phase.LOOKING:
            return words.text(f"family.looking.{self._asked(alarm)}")
        if alarm.handover is not None and alarm.owner == self._person:
            return words.text("family.handing_over")
        due = "" if alarm.due_at is None else words.clock(alarm.due_at)
        return words.text(f"family.{alarm.phase}.{self._who(alarm)}", name=name, due=due)

    def _help(self, alarm: Alarm) -> str | None:
        if alarm.owner != self._person or alarm.phase is Phase.CLOSED:
            return None
        if alarm.helpers:
            return self._words.text("family.help.coming")
        return None if alarm.help is None else self._words.text("family.help.asked")

    def _asked(self, alarm: Alarm) -> str:
        if self._person in alarm.refused:
            return "refused"
        return "me" if self._person in alarm.called else "others"

    def _who(self, alarm: Alarm) -> str:
        """Return what sort of person has it. No name: a relative needs none."""
        if alarm.owner == self._person:
            return "me"
        known = self._state.registry.people.get(alarm.owner or "")
        roles = () if known is None else known.roles
        if Role.OPERATOR in roles:
            return "centre"
        return "relative" if set(roles) == {Role.RELATIVE} else "staff"
