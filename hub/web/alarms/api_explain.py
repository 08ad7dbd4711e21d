"""Stories of alarms and tasks, and dry runs: JSON or, with `as=text`, lines, in any language."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from hub.explain.lines import route_lines, story_lines
from hub.explain.route import NoSuchTime, Question, run_dry, tell_route
from hub.explain.story import NoSuchAlarm, Story, tell_live, tell_live_task
from hub.reads.port import What
from hub.telling.words import Words
from hub.text import Catalogue, Language, catalogue
from hub.web.access import SignedIn
from hub.web.answer import as_json, as_text
from hub.web.homes import looks
from hub.web.refusal import Refusal, not_found
from hub.web.session import Reader
from hub.web.site import AskedSite, Site
from routing.dry_run import NeverRings, NoSuchDevice, NoSuchResident
from routing.kinds import Kind
from routing.municipality import SECTIONS

router = APIRouter()
InLanguage = Annotated[Language | None, Query()]
As = Annotated[Literal["json", "text"], Query(alias="as")]


@router.get("/api/alarms/{alarm_id}/story")
async def story(
    alarm_id: str,
    reader: SignedIn,
    site: AskedSite,
    language: InLanguage = None,
    form: As = "json",
) -> Response:
    """Return one alarm's story: each step with its reason, who was called and what came of it."""
    found = site.live.state.alarms.get(alarm_id)
    words = _words(reader, site, language)
    if found is None:
        told = await _archived(site, reader, alarm_id, words.text)
    else:
        await looks.at_alarm(site, reader, found, What.DETAIL)
        told = tell_live(found, site.live.timelines[alarm_id], words)
    return _told(told, reader, words.text, form)


@router.get("/api/tasks/{task_id}/story")
async def task_story(
    task_id: str,
    reader: SignedIn,
    site: AskedSite,
    language: InLanguage = None,
    form: As = "json",
) -> Response:
    """Return one task's story."""
    found = site.live.state.book.tasks.get(task_id)
    words = _words(reader, site, language)
    if found is None:
        told = await _archived(site, reader, task_id, words.text)
    else:
        told = tell_live_task(found, site.live.timelines[task_id], words)
        await _looked(site, reader, told)
    return _told(told, reader, words.text, form)


async def _archived(site: Site, reader: Reader, id: str, text: Catalogue) -> Story:
    """Return the story of what has left memory, from history, once it is written down that the
    reader reads it."""
    try:
        told = await asyncio.to_thread(site.archived, id, text)
    except NoSuchAlarm:
        raise not_found() from None
    await _looked(site, reader, told)
    return told


async def _looked(site: Site, reader: Reader, told: Story) -> None:
    """Write down a look at a story."""
    if told.about == "alarm":
        await looks.note(site, reader, [told.resident], What.DETAIL, told.id, kind=told.kind)
    else:
        await looks.note(site, reader, [told.resident], What.TASKS, told.id)


def _words(reader: Reader, site: Site, language: Language | None) -> Words:
    text = reader.text if language is None else catalogue(language)
    return Words(text, site.names, site.live.state.registry)


def _told(told: Story, reader: Reader, text: Catalogue, form: str) -> Response:
    seen = told if reader.may_read_residents else replace(told, resident=None)
    return as_text(story_lines(seen, text)) if form == "text" else as_json(seen)


class RouteAsked(BaseModel):
    """The body of a dry run; no address names a resident, not even by id."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    resident: Annotated[str, Field(min_length=1, max_length=100)]
    kind: Kind
    at: Annotated[str, Field(max_length=40)]
    device: Annotated[str | None, Field(max_length=100)] = None
    rounds: Annotated[int, Field(ge=1, le=9)] = 2
    language: Language | None = None
    form: Annotated[Literal["json", "text"], Field(alias="as")] = "json"


@router.post("/api/route")
async def route(reader: SignedIn, site: AskedSite, body: RouteAsked) -> Response:
    """Return who would be called by the configuration of now, if nobody answered. Sends nothing."""
    registry = site.live.state.registry
    one = registry.municipality
    if one is None:
        raise not_found()
    items = [item for section in SECTIONS for item in registry.items(section).values()]
    asked = Question(**body.model_dump(exclude={"language", "form"}))
    try:
        run = await asyncio.to_thread(run_dry, items, one.timezone, asked)
    except NoSuchTime:
        raise _wrong("no_such_time", at=asked.at, timezone=one.timezone) from None
    except NoSuchResident:
        raise _wrong("no_such_resident") from None
    except NoSuchDevice:
        raise _wrong("no_such_device") from None
    except NeverRings:
        raise _wrong("never_rings", kind=reader.text(f"kind.{asked.kind}")) from None
    text = reader.text if body.language is None else catalogue(body.language)
    found = tell_route(run, one, asked, site.names, text)
    return as_text(route_lines(found, text)) if body.form == "text" else as_json(found)


def _wrong(code: str, **params: object) -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, code, **params)
