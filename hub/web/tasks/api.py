"""The API of tasks: the list, one task, and commands about them."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from hub.explain.route import NoSuchTime
from hub.reads.port import What
from hub.web import commands
from hub.web.access import SignedIn
from hub.web.answer import as_json, ended_as, not_confirmed
from hub.web.homes import looks
from hub.web.refusal import Refusal, not_found
from hub.web.session import Reader, words_of
from hub.web.site import AskedSite, Site
from hub.web.tasks.asked import TaskAsked
from hub.web.tasks.view import Tasks, TaskView
from routing.instant import to_rfc3339
from routing.roster import where
from routing.tasks.command import TaskCommand
from routing.tasks.facts import TaskCommandEnded
from routing.tasks.life import LIVE, TaskAction
from routing.tasks.value import Task

router = APIRouter()
Show = Annotated[Literal["open", "mine", "team", "overdue", "ended", "all"], Query()]
_LIVE = {str(phase) for phase in LIVE}


def tasks_of(site: Site, reader: Reader) -> Tasks:
    """Return what makes views of tasks for the reader now."""
    return Tasks(site.live, reader, words_of(reader, site), site.clock())


async def note_tasks(site: Site, reader: Reader, tasks: Iterable[TaskView]) -> None:
    """Write down that the reader reads where the tasks are to be done."""
    shown = [(task.resident, task.id) for task in tasks]
    await looks.note_each(site, reader, shown, What.TASKS)


def shows(show: str, task: TaskView) -> bool:
    """Whether a task is in the part of the list that is asked for."""
    live = task.phase in _LIVE
    parts = {
        "open": live,
        "mine": live and task.mine,
        "team": live and task.my_team,
        "overdue": task.overdue,
        "ended": not live,
        "all": True,
    }
    return parts[show]


@router.get("/api/tasks")
async def tasks(reader: SignedIn, site: AskedSite, show: Show = "open") -> Response:
    """Return the tasks: overdue first, then what is next; `more` did not fit."""
    found = tasks_of(site, reader).listed()
    part = [task for task in found.tasks if shows(show, task)]
    await note_tasks(site, reader, part)
    return as_json({"now": to_rfc3339(site.clock()), "tasks": part, "more": found.more})


@router.get("/api/tasks/{task_id}")
async def task(task_id: str, reader: SignedIn, site: AskedSite) -> Response:
    """Return one task."""
    found = site.live.state.book.tasks.get(task_id)
    if found is None:
        raise not_found()
    view = tasks_of(site, reader).task(found)
    await note_tasks(site, reader, [view])
    return as_json(view)


@router.post("/api/tasks")
async def make(body: TaskAsked, reader: SignedIn, site: AskedSite) -> Response:
    """Make a task by hand."""
    if body.action is not TaskAction.MAKE or body.new is None:
        raise Refusal(HTTPStatus.BAD_REQUEST, "invalid_request")
    return await _carry_out("", body, reader, site)


@router.post("/api/tasks/{task_id}/commands")
async def command(task_id: str, body: TaskAsked, reader: SignedIn, site: AskedSite) -> Response:
    """Carry out an action on a task: 200 done, 409 refused, 202 not confirmed."""
    book = site.live.state.book
    if body.action in {TaskAction.MAKE, TaskAction.VIEW} or body.new is not None:
        raise Refusal(HTTPStatus.BAD_REQUEST, "invalid_request")
    if body.id not in book.commands and task_id not in book.tasks:
        raise not_found()
    return await _carry_out(task_id, body, reader, site)


async def _carry_out(task_id: str, body: TaskAsked, reader: Reader, site: Site) -> Response:
    ended = await commands.send(site, _command(task_id, body, reader, site))
    if ended is None:
        return not_confirmed(reader)
    name = ended.task if isinstance(ended, TaskCommandEnded) else task_id
    known = site.live.state.book.tasks.get(name)
    now = None if known is None else await _now(site, reader, known)
    return ended_as(ended, words_of(reader, site), task=now)


async def _now(site: Site, reader: Reader, task: Task) -> TaskView | None:
    """Return what a command was about as it is now. What was done is done and is said, also where
    the access log fails: the task is left out then."""
    view = tasks_of(site, reader).task(task)
    try:
        await note_tasks(site, reader, [view])
    except Refusal:
        return None
    return view


def _command(task_id: str, body: TaskAsked, reader: Reader, site: Site) -> TaskCommand:
    timezone = str(where(site.live.state.registry))
    try:
        new = None if body.new is None else body.new.parsed(timezone)
    except NoSuchTime as wrong:
        params = {"at": str(wrong), "timezone": timezone}
        raise Refusal(HTTPStatus.BAD_REQUEST, "no_such_time", **params) from None
    return TaskCommand(
        id=body.id,
        person=reader.person,
        action=body.action,
        made_at=site.clock(),
        task=task_id,
        new=new,
        outcome=body.outcome,
        note=body.note or None,
        device=body.device,
    )
