"""A planned look: the link to an outside viewer, given by a click that is written down.

No picture is fetched or kept, and the link is in no fact and no log. It is given once the journal
has who looked at whom and when, to the person who has the look, inside its window.
"""

from http import HTTPStatus

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from hub.web import commands
from hub.web.access import SignedIn
from hub.web.answer import as_json, ended_as, not_confirmed
from hub.web.commands import CommandId
from hub.web.homes.viewing import link_of
from hub.web.refusal import Refusal, not_found
from hub.web.session import words_of
from hub.web.site import AskedSite, Site
from routing.tasks.command import TaskCommand
from routing.tasks.life import TaskAction
from routing.tasks.look import not_to_view
from routing.tasks.value import Task

router = APIRouter()


class ViewAsked(BaseModel):
    """The body of a click."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: CommandId


@router.post("/api/tasks/{task_id}/view")
async def view(task_id: str, body: ViewAsked, reader: SignedIn, site: AskedSite) -> Response:
    """Give the link: 200 with `url`, 409 refused, 202 not confirmed (and no link)."""
    task = site.live.state.book.tasks.get(task_id)
    if task is None:
        raise not_found()
    _link(site, task)  # Nothing is written down of a click that could open nothing.
    click = TaskCommand(
        id=body.id,
        person=reader.person,
        action=TaskAction.VIEW,
        made_at=site.clock(),
        task=task_id,
    )
    ended = await commands.send(site, click)
    if ended is None:
        return not_confirmed(reader)
    if ended.refused is not None:
        return ended_as(ended, words_of(reader, site))
    now = _still(site, site.live.state.book.tasks.get(task_id), reader.person)
    return as_json({"state": "done", "url": _link(site, now)})


def _link(site: Site, task: Task) -> str:
    link = link_of(site.live.state.registry, site.names, task.resident)
    if link is None:
        raise Refusal(HTTPStatus.CONFLICT, "no_viewer")
    return link


def _still(site: Site, task: Task | None, person: str) -> Task:
    """Judge once more: an earlier click that is asked about again gives no link when its time is
    over, or the look is another's."""
    if task is None:
        raise not_found()
    refused = not_to_view(site.live.state.registry, task, site.clock())
    if refused is not None or not task.live or person not in task.owners:
        raise Refusal(HTTPStatus.CONFLICT, "view_over")
    return task
