"""Gaps and thin spots in words, and as JSON."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hub.text import Catalogue
from routing.coverage import Spot
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
        "team": spot.team,
        "need": spot.need,
        "from": to_rfc3339(spot.from_at),
        "to": to_rfc3339(spot.to_at),
        "from_local": local_text(zone, spot.from_at),
        "to_local": local_text(zone, spot.to_at),
        "required": spot.required,
        "have": spot.have,
        "competence": spot.competence,
    }
