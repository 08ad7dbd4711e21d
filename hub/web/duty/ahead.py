"""Is somebody there in the days to come? Gaps and thin spots in words, for leads."""

import msgspec

from hub.rosters.words import far_words, spot_words
from hub.telling.words import Words, duration
from routing.coverage import Spot, coverage
from routing.duty import OpenDuty
from routing.duty_reach import Far, judged, out_of_reach
from routing.instant import DAY, Instant, to_rfc3339
from routing.local import local_text
from routing.roster import local_time, where
from routing.state import Registry, State
from routing.tasks.duty import offers_of
from routing.tasks.life import TaskPhase

DAYS = 14
"""So far ahead a roster is looked at."""


class SpotView(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which fewer are on duty than are needed. Instants are RFC 3339 in UTC."""

    need: str
    team: str
    team_name: str
    from_at: str
    to_at: str
    from_local: str
    to_local: str
    required: int
    have: int
    competence: str | None
    gap: bool
    """Nobody at all is there."""
    soon: bool
    """It has begun, or begins within a day."""
    day: str
    """By the municipality's calendar, in words."""
    time: str
    lack: str
    """How many are needed and how many are there, in words."""
    offers: list[str]
    """Tasks that offer it to people of the pool, and are still open or taken."""
    text: str
    """All of it as one line."""


class FarView(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which nobody on duty can be in a zone within its target."""

    unit: str
    unit_name: str
    from_at: str
    to_at: str
    from_local: str
    to_local: str
    target_s: int
    soonest_s: int | None
    """None while nobody is on duty."""
    soon: bool
    day: str
    time: str
    lack: str
    text: str


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What is lacking from now on."""

    from_at: str
    to_at: str
    needs: int
    """How many needs are configured; without any nothing can be found lacking."""
    spots: list[SpotView]
    targets: bool
    """Whether any policy sets a target; without one nothing can be out of reach."""
    far: list[FarView]


def ahead(state: State, at: Instant, days: int, words: Words) -> Coverage:
    """Return what is lacking in so many days from now on, the earliest first."""
    registry, until = state.registry, at + days * DAY
    spots = [_spot(state, spot, at, words) for spot in coverage(registry, at, until)]
    far = [_far(registry, one, at, words) for one in out_of_reach(registry, at, until)]
    return Coverage(
        from_at=to_rfc3339(at),
        to_at=to_rfc3339(until),
        needs=len(registry.needs),
        spots=spots,
        targets=judged(registry),
        far=far,
    )


def _spot(state: State, spot: Spot, at: Instant, words: Words) -> SpotView:
    registry = state.registry
    here, name = where(registry), words.names.name("team", spot.team)
    return SpotView(
        need=spot.need,
        team=spot.team,
        team_name=name,
        from_at=to_rfc3339(spot.from_at),
        to_at=to_rfc3339(spot.to_at),
        from_local=local_text(here, spot.from_at),
        to_local=local_text(here, spot.to_at),
        required=spot.required,
        have=spot.have,
        competence=spot.competence,
        gap=spot.is_gap,
        soon=spot.from_at < at + DAY,
        day=_day(registry, spot.from_at, words),
        time=_times(words, spot),
        lack=_lack(spot, words),
        offers=_offers(state, spot),
        text=spot_words(spot._replace(team=name), here, words.text),
    )


def _offers(state: State, spot: Spot) -> list[str]:
    duty = OpenDuty(spot.team, spot.need, spot.from_at, spot.to_at)
    found = offers_of(state, duty)
    return [task.id for task in found if task.phase is not TaskPhase.CANCELLED]


def _far(registry: Registry, far: Far, at: Instant, words: Words) -> FarView:
    here, name = where(registry), words.names.name("unit", far.unit)
    return FarView(
        unit=far.unit,
        unit_name=name,
        from_at=to_rfc3339(far.from_at),
        to_at=to_rfc3339(far.to_at),
        from_local=local_text(here, far.from_at),
        to_local=local_text(here, far.to_at),
        target_s=far.target_s,
        soonest_s=far.soonest_s,
        soon=far.from_at < at + DAY,
        day=_day(registry, far.from_at, words),
        time=_times(words, far),
        lack=_too_far(far, words),
        text=far_words(far._replace(unit=name), here, words.text),
    )


def _too_far(far: Far, words: Words) -> str:
    target = duration(words.text, far.target_s)
    if far.soonest_s is None:
        return words.text("ui.coverage.far_nobody", target=target)
    return words.text(
        "ui.coverage.far_by", target=target, soonest=duration(words.text, far.soonest_s)
    )


def _day(registry: Registry, at: Instant, words: Words) -> str:
    local = local_time(registry, at)
    return f"{words.text(f'check.day.{local.weekday()}')} {words.day(at)}"


def _times(words: Words, spot: Spot | Far) -> str:
    """Return `22:45–23:00`; with its date where the end is on another day."""
    beside = words.as_of(spot.from_at)
    return f"{beside.clock(spot.from_at)}–{beside.clock(spot.to_at)}"


def _lack(spot: Spot, words: Words) -> str:
    params = {"required": spot.required, "have": spot.have, "competence": spot.competence}
    msgid = "ui.coverage.nobody" if spot.is_gap else "ui.coverage.few"
    return words.text(msgid if spot.competence is None else f"{msgid}_having", **params)
