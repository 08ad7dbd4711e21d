"""Gaps and thin spots in words, and as JSON."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hub.text import Catalogue
from routing.away import Alone, Away
from routing.coverage import Spot
from routing.duty_reach import Far
from routing.instant import Instant, to_rfc3339
from routing.local import local_text


def spot_words(spot: Spot, zone: ZoneInfo, say: Catalogue) -> str:
    """Return one line: which team, from when to when, how many are needed and how many there."""
    msgid = "roster.gap" if spot.is_gap else "roster.thin"
    if spot.competence is not None:
        msgid += "_competence"
    return say(
        msgid,
        team=spot.team,
        from_=_when(spot.from_at, zone, say),
        to=_when(spot.to_at, zone, say),
        required=spot.required,
        have=spot.have,
        competence=spot.competence,
    )


def far_words(far: Far, zone: ZoneInfo, say: Catalogue) -> str:
    """Return one line: which unit, from when to when, within what nobody can be there."""
    return say(
        "roster.far_nobody" if far.soonest_s is None else "roster.far",
        unit=far.unit,
        from_=_when(far.from_at, zone, say),
        to=_when(far.to_at, zone, say),
        target=_minutes(far.target_s),
        soonest=_minutes(far.soonest_s or 0),
    )


def alone_words(alone: Alone, zone: ZoneInfo, say: Catalogue) -> str:
    """Return one line: which policy, from when to when nobody is there whom it calls."""
    when = {"from_": _when(alone.from_at, zone, say), "to": _when(alone.to_at, zone, say)}
    return say("roster.alone", policy=alone.policy, **when)


def away_words(away: Away, zone: ZoneInfo, say: Catalogue) -> str:
    """Return one line: by which targets, as the file writes them, only absent people are called."""
    when = {"from_": _when(away.from_at, zone, say), "to": _when(away.to_at, zone, say)}
    targets = ", ".join(f"{target.kind}: {target.id}" for target in away.targets)
    return say("roster.away", targets=targets, **when)


def _minutes(seconds: int) -> str:
    return f"{seconds / 60:g}"


def duty_words(
    team: str, times: tuple[Instant, Instant], people: str, zone: ZoneInfo, say: Catalogue
) -> str:
    """Return one line: who is on duty from when to when, or that nobody is."""
    return say(
        "roster.duty",
        team=team,
        from_=_when(times[0], zone, say),
        to=_when(times[1], zone, say),
        people=people or say("roster.nobody"),
    )


def _when(at: Instant, zone: ZoneInfo, say: Catalogue) -> str:
    local = datetime.fromisoformat(local_text(zone, at))
    day = say(f"check.day.{local.weekday()}")
    return say("roster.when", day=day, date=local.date(), time=f"{local:%H:%M}")


def spot_json(spot: Spot, zone: ZoneInfo) -> dict[str, str | int | None]:
    """Return the spot with its instants (RFC 3339, UTC) and its local times."""
    return {
        "what": "gap" if spot.is_gap else "thin",
        "team": spot.team,
        "need": spot.need,
        **_times(spot, zone),
        "required": spot.required,
        "have": spot.have,
        "competence": spot.competence,
    }


def far_json(far: Far, zone: ZoneInfo) -> dict[str, str | int | None]:
    """Return the time out of reach in the same form."""
    return {
        "what": "out_of_reach",
        "unit": far.unit,
        **_times(far, zone),
        "target_s": far.target_s,
        "soonest_s": far.soonest_s,
    }


def _times(one: Spot | Far, zone: ZoneInfo) -> dict[str, str]:
    return {
        "from": to_rfc3339(one.from_at),
        "to": to_rfc3339(one.to_at),
        "from_local": local_text(zone, one.from_at),
        "to_local": local_text(zone, one.to_at),
    }
