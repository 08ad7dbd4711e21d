"""The HTTP API for people's pages. Bodies and answers are JSON; errors are {"error", "text"}."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from hub.reads.port import What
from hub.web import commands
from hub.web.access import SignedIn
from hub.web.alarms.shape import AlarmDetail
from hub.web.alarms.stream import Stream, to_opaque
from hub.web.alarms.view import Views
from hub.web.answer import as_json, ended_as, not_confirmed
from hub.web.duty.board import owned
from hub.web.homes import looks
from hub.web.refusal import Refusal, not_found
from hub.web.session import Reader, is_on_duty, reader_of, words_of
from hub.web.site import AskedSite, Site
from routing.colleague import subject_of
from routing.instant import to_rfc3339
from routing.kinds import Kind
from routing.trouble import trouble

router = APIRouter()
Cursor = Annotated[str | None, Query(max_length=200)]
LastEventId = Annotated[str | None, Header(max_length=200)]


@router.get("/health")
async def health(site: AskedSite) -> Response:
    """Say whether the journal is followed and the broker reachable."""
    if site.live.ready and site.publisher.connected:
        return as_json({"status": "ok"})
    return as_json({"status": "starting"}, HTTPStatus.SERVICE_UNAVAILABLE)


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
            "handset": reader.handset,
            "shared": reader.shared,
            "owns": sum(1 for _ in owned(site.live.state, reader.person)) if reader.may_act else 0,
            "help_number": site.names.card("municipality", site.municipality).help_number,
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
    return as_json(await _detail(site, reader, alarm_id))


async def _detail(site: Site, reader: Reader, alarm_id: str) -> AlarmDetail:
    """Return the alarm as it is now, once it is written down that the reader reads it."""
    found = site.live.state.alarms.get(alarm_id)
    if found is None:
        raise not_found()
    detail = Views(site.live, site.names, reader).detail(found, site.clock())
    await looks.at_alarm(site, reader, found, What.DETAIL)
    if detail.lock is not None and detail.lock.way_in is not None:
        await looks.at_alarm(site, reader, found, What.ENTRY)
    return detail


async def _now(site: Site, reader: Reader, alarm_id: str | None) -> AlarmDetail | None:
    """Return what a command was about as it is now. What was done is done and is said, also where
    the access log fails: the alarm is left out then."""
    if alarm_id not in site.live.state.alarms:
        return None
    try:
        return await _detail(site, reader, alarm_id)
    except Refusal:
        return None


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
    return ended_as(ended, words_of(reader, site), alarm=await _now(site, reader, alarm_id))


@router.post("/api/help")
async def help(body: commands.HelpAsked, reader: SignedIn, site: AskedSite) -> Response:
    """Make the reader an alarm: hold-to-call. The answer has the alarm that others now see."""
    ended = await commands.send(site, commands.for_help(site, reader, body))
    if ended is None:
        return not_confirmed(reader)
    key = trouble(Kind.STAFF_CALLED, None, subject_of(reader.person))
    raised = site.live.state.open_by_trouble.get(key)
    return ended_as(ended, words_of(reader, site), alarm=await _now(site, reader, raised))
