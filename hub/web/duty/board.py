"""The duty board: who is on duty, by what each can be reached, and what has failed."""

from collections.abc import Iterator

import msgspec

from hub.telling.words import Words
from hub.web.duty.reached import Reached, ReachedView
from routing.instant import Instant, to_rfc3339
from routing.lifecycle import OWNED
from routing.proofs.duty import here_since
from routing.roster import duty_ends, on_duty
from routing.state import State


class OnDuty(msgspec.Struct, frozen=True, kw_only=True):
    """A person on duty in a team."""

    reached: ReachedView
    until: str | None
    """When the last of their present shifts ends."""
    until_text: str | None
    present_since: str | None
    """Since when they say that they are there; None: they have not said so."""
    present_text: str | None
    owns: int
    """How many open alarms they have."""


class TeamBoard(msgspec.Struct, frozen=True, kw_only=True):
    """One team."""

    id: str
    name: str
    people: list[OnDuty]


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """The whole board."""

    teams: list[TeamBoard]
    leads: list[ReachedView]
    """People who are called when nobody else is there, whoever is on duty."""
    unreached: list[str]
    """Names of those on duty by whom no channel is proven."""


def board(state: State, words: Words, at: Instant) -> Board:
    """Return the board as it is at the instant."""
    maker = _Maker(state, words, at)
    teams = [maker.team(team) for team in state.registry.teams]
    everybody = (one.reached for team in teams for one in team.people)
    without = {one.person: one.name for one in everybody if not one.proven}
    leads = [maker.reached.person(lead) for lead in state.registry.leads]
    return Board(teams=teams, leads=leads, unreached=list(without.values()))


class _Maker:
    def __init__(self, state: State, words: Words, at: Instant) -> None:
        self._state, self._words, self._at = state, words, at
        self.reached = Reached(state.registry, words, at)

    def team(self, team: str) -> TeamBoard:
        people = on_duty(self._state.registry, team, self._at)
        name = self._words.names.name("team", team)
        return TeamBoard(id=team, name=name, people=[self._one(one) for one in people])

    def _one(self, person: str) -> OnDuty:
        until = duty_ends(self._state.registry, person, self._at)
        since = here_since(self._state, person, self._at)
        return OnDuty(
            reached=self.reached.person(person),
            until=None if until is None else to_rfc3339(until),
            until_text=None if until is None else self._words.clock(until),
            present_since=None if since is None else to_rfc3339(since),
            present_text=None if since is None else self._words.clock(since),
            owns=sum(1 for _ in owned(self._state, person)),
        )


def owned(state: State, person: str) -> Iterator[str]:
    """Yield the open alarms that the person has."""
    return (a.id for a in state.alarms.values() if a.phase in OWNED and a.owner == person)
