"""Pages about being on duty: on and off with handover, readiness, the board, and what is left."""

import msgspec
from fastapi import APIRouter, Request, Response

from hub.telling.words import Words
from hub.web.access import SignedIn
from hub.web.alarms.offers import Choice, offers
from hub.web.duty.board import board, owned
from hub.web.duty.reached import Reached
from hub.web.pages import BAR, PLACES, head_of, render
from hub.web.session import Reader, words_of
from hub.web.site import AskedSite, Site
from routing.alarm import Alarm
from routing.instant import Instant
from routing.municipality import HANDLERS, Role
from routing.proofs.duty import alone_in, here_since, teams_of
from routing.roster import duty_ends, on_duty

router = APIRouter()
HOURS = (2, 4, 8, 10, 12, 14)
"""For how long somebody beside the roster may say they are there."""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """An open alarm of the reader's, to be moved before they go."""

    id: str
    phase: str
    who: str
    kind: str
    asked: str | None
    """Whom the reader has asked to take it over; they have not answered yet."""
    people: list[Choice]
    teams: list[Choice]


@router.get("/duty")
async def duty(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show whether the reader is on duty, what they have, and the way on and off."""
    state, now, words = site.live.state, site.clock(), words_of(reader, site)
    teams = teams_of(state.registry, reader.person, now)
    ends = duty_ends(state.registry, reader.person, now)
    since = here_since(state, reader.person, now)
    mine = state.registry.people[reader.person].teams or tuple(state.registry.teams)
    others = {one for team in teams for one in on_duty(state.registry, team, now)}
    alone = alone_in(state.registry, reader.person, now)
    values = {
        **head_of(site, reader, "duty"),
        "teams": [words.names.name("team", team) for team in teams],
        "until": None if ends is None else words.clock(ends),
        "since": None if since is None else words.clock(since),
        "held": [_held(site, reader, words, state.alarms[id], now) for id in _mine(site, reader)],
        "reached": Reached(state.registry, words, now).person(reader.person),
        "joins": [(team, words.names.name("team", team)) for team in mine],
        "hours": HOURS,
        "alone_in": None if alone is None else words.names.name("team", alone),
        "others": sorted(words.person(one) for one in others - {reader.person}),
    }
    return render(request, site, "duty.html", reader=reader, **values)


def _mine(site: Site, reader: Reader) -> list[str]:
    alarms = site.live.state.alarms
    return sorted(owned(site.live.state, reader.person), key=lambda id: alarms[id].received_at)


def _held(site: Site, reader: Reader, words: Words, alarm: Alarm, at: Instant) -> Held:
    found = offers(site.live.state, alarm, reader.person, at, words)
    asked = alarm.handover
    return Held(
        id=alarm.id,
        phase=str(alarm.phase),
        who=words.names.name("resident", alarm.resident) if alarm.resident else alarm.subject,
        kind=words.text(f"kind.{alarm.kind}"),
        asked=None if asked is None else words.people(tuple(asked.to)),
        people=found.people,
        teams=found.teams,
    )


@router.get("/readiness")
async def readiness(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show by what the reader can be reached, with a test for every channel."""
    words = words_of(reader, site)
    found = Reached(site.live.state.registry, words, site.clock()).person(reader.person)
    values = {**head_of(site, reader, "readiness"), "reached": found}
    values["handler"] = bool(reader.roles & HANDLERS)
    return render(request, site, "readiness.html", reader=reader, **values)


@router.get("/board")
async def duty_board(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show who is on duty, and by what each can be reached."""
    found = board(site.live.state, words_of(reader, site), site.clock())
    values = {**head_of(site, reader, "board"), "board": found}
    values["may_test"] = Role.LEAD in reader.roles
    return render(request, site, "board.html", reader=reader, **values)


@router.get("/more")
async def more(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show every other page that is for the reader, the languages, and the way out."""
    values = head_of(site, reader, "more")
    beside = {name: PLACES[name] for name in values["places"] if name not in BAR}
    return render(request, site, "more.html", reader=reader, beside=beside, **values)
