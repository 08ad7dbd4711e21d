"""The API of relatives: what they see, their yes or no, their absence, and what they do."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.explain.route import NoSuchTime, local_instant
from hub.web import commands
from hub.web.access import SignedIn
from hub.web.answer import as_json, not_confirmed
from hub.web.commands import Asked, CommandId
from hub.web.family.view import Family, Relatives
from hub.web.family.words import why_not
from hub.web.live import Ended
from hub.web.refusal import Refusal, not_found
from hub.web.session import Reader, words_of
from hub.web.site import AskedSite, Site
from routing.alarm import Alarm
from routing.instant import Instant
from routing.lifecycle import OutcomeCode, Phase
from routing.proofs.command import ReachAction, ReachCommand
from routing.roster import where

router = APIRouter()
LocalTime = Annotated[str, Field(max_length=40)]
"""ISO time; without an offset the municipality's own."""


class FamilyAsked(BaseModel):
    """The body of a relative's command about an alarm."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: CommandId
    action: Literal[
        "see", "accept", "refuse", "on_the_way", "arrive", "close", "need_help", "hand_over"
    ]
    seen_phase: Phase
    arrive_within_s: Literal[600, 1200, 2400, 3600] | None = None
    outcome: (
        Literal[
            OutcomeCode.NO_NEED,
            OutcomeCode.TALK,
            OutcomeCode.CARE,
            OutcomeCode.FALL,
            OutcomeCode.MEDICAL,
            OutcomeCode.SILENT_CHECKED,
        ]
        | None
    ) = None


class AnswerAsked(BaseModel):
    """The body of a yes or a no to being called."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: CommandId
    agreed: bool


class AwayAsked(BaseModel):
    """The body of an absence; without times the relative is home again."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: CommandId
    since: LocalTime | None = None
    until: LocalTime | None = None


def relatives_of(site: Site, reader: Reader) -> Relatives:
    """Return what makes views for this relative now."""
    return Relatives(site.live.state, words_of(reader, site), reader.person, site.clock())


@router.get("/api/family")
async def family(reader: SignedIn, site: AskedSite) -> Response:
    """Return what the relative sees now."""
    return as_json(relatives_of(site, reader).family())


@router.post("/api/family/alarms/{alarm_id}/commands")
async def command(alarm_id: str, body: FamilyAsked, reader: SignedIn, site: AskedSite) -> Response:
    """Carry out an action: 200 done, 409 refused, 202 not confirmed (ask again, same id)."""
    alarm = site.live.state.alarms.get(alarm_id)
    relatives = relatives_of(site, reader)
    if alarm is None or not relatives.may_know(alarm):
        raise not_found()
    asked = _asked(body, relatives, alarm)
    sent = commands.about_alarm(site, reader, alarm_id, asked)
    return _answered(await commands.send(site, sent), reader, site)


def _asked(body: FamilyAsked, relatives: Relatives, alarm: Alarm) -> Asked:
    """Return the command; whom a handover asks is ours to say."""
    hands_over = body.action == "hand_over"
    team = relatives.hand_over_to(alarm) if hands_over else None
    return Asked(**body.model_dump(), to_team=team)


@router.post("/api/family/residents/{resident_id}/answer")
async def answer(
    resident_id: str, body: AnswerAsked, reader: SignedIn, site: AskedSite
) -> Response:
    """Say yes or no to being called; a no may come at any time."""
    if resident_id not in {home.id for home in relatives_of(site, reader).homes()}:
        raise not_found()
    action = ReachAction.AGREE if body.agreed else ReachAction.WITHDRAW
    return await _reach(site, reader, body.id, action, of=resident_id)


@router.post("/api/family/away")
async def away(body: AwayAsked, reader: SignedIn, site: AskedSite) -> Response:
    """Say from when until when the relative is away; without times: home again."""
    since, until = _span(site, body)
    return await _reach(site, reader, body.id, ReachAction.AWAY, since=since, until=until)


def _span(site: Site, body: AwayAsked) -> tuple[Instant | None, Instant | None]:
    if body.since is None and body.until is None:
        return None, None
    if body.since is None or body.until is None:
        raise Refusal(HTTPStatus.BAD_REQUEST, "bad_absence")
    since, until = _instant(site, body.since), _instant(site, body.until)
    if since >= until:
        raise Refusal(HTTPStatus.BAD_REQUEST, "bad_absence")
    return since, until


def _instant(site: Site, said: str) -> Instant:
    timezone = str(where(site.live.state.registry))
    try:
        return local_instant(timezone, said)
    except NoSuchTime as wrong:
        params = {"at": str(wrong), "timezone": timezone}
        raise Refusal(HTTPStatus.BAD_REQUEST, "no_such_time", **params) from None


async def _reach(site: Site, reader: Reader, id: str, action: ReachAction, **more: Any) -> Response:
    sent = ReachCommand(id=id, person=reader.person, action=action, made_at=site.clock(), **more)
    return _answered(await commands.send(site, sent), reader, site)


def _answered(ended: Ended | None, reader: Reader, site: Site) -> Response:
    """Say how it ended, in words for a relative: the reasons of staff name people."""
    if ended is None:
        return not_confirmed(reader)
    now: Family = relatives_of(site, reader).family()
    if ended.refused is None:
        return as_json({"state": "done", "family": now})
    text = why_not(ended.refused, words_of(reader, site))
    body = {"state": "refused", "error": ended.refused.code, "text": text, "family": now}
    return as_json(body, HTTPStatus.CONFLICT)
