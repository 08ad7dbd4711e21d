"""The HTTP API for people's pages. Bodies and answers are JSON; errors are {"error", "text"}."""

import asyncio
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from hub.directory.port import SESSION_LIFE, CodeWrong, TooManyGuesses
from hub.telling.words import duration
from hub.text import catalogue
from hub.web import commands
from hub.web.access import SignedIn
from hub.web.answer import as_json, ended_as, not_confirmed
from hub.web.refusal import Refusal, not_found
from hub.web.session import Reader, is_on_duty, language_of, reader_of, words_of
from hub.web.site import AskedSite, Site
from hub.web.stream import Stream, to_opaque
from hub.web.view import Views
from routing.instant import SECOND, to_rfc3339
from routing.kinds import Kind
from routing.staff_call import subject_of
from routing.trouble import trouble

router = APIRouter()
Cursor = Annotated[str | None, Query(max_length=200)]
LastEventId = Annotated[str | None, Header(max_length=200)]


class SignIn(BaseModel):
    """The body of a sign-in."""

    model_config = ConfigDict(extra="forbid")
    code: Annotated[str, Field(max_length=32)]


@router.get("/health")
async def health(site: AskedSite) -> Response:
    """Say whether the journal is followed and the broker reachable."""
    if site.live.ready and site.publisher.connected:
        return as_json({"status": "ok"})
    return as_json({"status": "starting"}, HTTPStatus.SERVICE_UNAVAILABLE)


@router.post("/api/sign-in")
async def sign_in(request: Request, body: SignIn, site: AskedSite) -> Response:
    """Trade a one-time code for a session."""
    address = "unknown" if request.client is None else request.client.host
    try:
        redeem = site.directory.redeem
        token = await asyncio.to_thread(redeem, body.code, address, site.clock())
    except CodeWrong:
        raise Refusal(HTTPStatus.UNAUTHORIZED, "code_wrong") from None
    except TooManyGuesses as many:
        text = catalogue(language_of(request, site, None))
        wait = duration(text, many.wait_s)
        raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, "too_many_guesses", wait=wait) from None
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    response.set_cookie(
        site.cookie,
        token,
        max_age=30 * SESSION_LIFE // SECOND,
        path="/",
        secure=site.secure,
        httponly=True,
        samesite="lax",
    )
    return response


@router.post("/api/sign-out")
async def sign_out(request: Request, site: AskedSite) -> Response:
    """End this session."""
    site.directory.end_session(request.cookies.get(site.cookie, ""))
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    response.delete_cookie(site.cookie, path="/", secure=site.secure, httponly=True)
    return response


@router.get("/api/me")
async def me(reader: SignedIn, site: AskedSite) -> Response:
    """Say who is signed in."""
    return as_json(
        {
            "person": reader.person,
            "name": site.names.name("person", reader.person),
            "roles": sorted(reader.roles),
            "on_duty": is_on_duty(site, reader.person, site.clock()),
            "language": reader.language,
        }
    )


@router.get("/api/alarms")
async def alarms(reader: SignedIn, site: AskedSite) -> Response:
    """Return the alarms, newest first, and the cursor that a stream goes on from."""
    cursor = to_opaque(site.live.journal.partition, site.live.cursor)
    found = Views(site.live, site.names, reader).alarms()
    now = to_rfc3339(site.clock())
    body = {"cursor": cursor, "now": now, "alarms": found.alarms, "more": found.more}
    return as_json(body)


@router.get("/api/alarms/{alarm_id}")
async def alarm(alarm_id: str, reader: SignedIn, site: AskedSite) -> Response:
    """Return one alarm with its timeline."""
    return as_json(_detail(site, reader, alarm_id))


def _detail(site: Site, reader: Reader, alarm_id: str) -> object:
    found = site.live.state.alarms.get(alarm_id)
    if found is None:
        raise not_found()
    return Views(site.live, site.names, reader).detail(found, site.clock())


@router.get("/api/stream")
async def stream(
    request: Request,
    reader: SignedIn,
    site: AskedSite,
    cursor: Cursor = None,
    last_event_id: LastEventId = None,
) -> StreamingResponse:
    """Stream changes from the cursor on; a browser that comes back names its last event instead."""

    def stands() -> bool:
        return reader_of(request, site) == reader

    events = Stream(site, Views(site.live, site.names, reader), stands)
    return StreamingResponse(
        events.events(last_event_id or cursor),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


@router.post("/api/alarms/{alarm_id}/commands")
async def command(
    alarm_id: str, body: commands.Asked, reader: SignedIn, site: AskedSite
) -> Response:
    """Carry out an action: 200 done, 409 refused, 202 not confirmed (ask again, same id)."""
    state = site.live.state
    if body.id not in state.commands and alarm_id not in state.alarms:
        raise not_found()
    ended = await commands.send(site, commands.about_alarm(site, reader, alarm_id, body))
    if ended is None:
        return not_confirmed(reader)
    known = alarm_id in site.live.state.alarms
    return ended_as(
        ended, words_of(reader, site), alarm=_detail(site, reader, alarm_id) if known else None
    )


@router.post("/api/help")
async def help(body: commands.HelpAsked, reader: SignedIn, site: AskedSite) -> Response:
    """Make the reader an alarm: hold-to-call. The answer has the alarm that others now see."""
    ended = await commands.send(site, commands.for_help(site, reader, body))
    if ended is None:
        return not_confirmed(reader)
    key = trouble(Kind.STAFF_CALLED, None, subject_of(reader.person))
    raised = site.live.state.open_by_trouble.get(key)
    return ended_as(
        ended, words_of(reader, site), alarm=_detail(site, reader, raised) if raised else None
    )
