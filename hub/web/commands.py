"""A person's command: out on the command topic, its end back through the journal's tail."""

import asyncio
from http import HTTPStatus
from typing import Annotated

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from hub.mqtt import NotConfirmed
from hub.web.live import Ended
from hub.web.refusal import Refusal
from hub.web.session import Reader
from hub.web.site import Site
from routing import topics
from routing.facts import CommandEnded
from routing.inputs import Command
from routing.lifecycle import Action, OutcomeCode, Phase, Speech
from routing.proofs.command import ReachCommand
from routing.proofs.facts import ReachEnded
from routing.tasks.command import TaskCommand
from routing.tasks.life import TaskAction

CommandId = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{8,64}$")]
"""Made by the client; a retry keeps it."""
ItemId = Annotated[str, Field(min_length=1, max_length=100)]
Note = Annotated[str, Field(max_length=1000)]


class Asked(BaseModel):
    """The body of a command about an alarm as the client sends it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: CommandId
    action: Action
    seen_phase: Phase
    outcome: OutcomeCode | None = None
    arrive_within_s: Annotated[int, Field(ge=60, le=86_400)] | None = None
    note: Note | None = None
    to_person: ItemId | None = None
    to_team: ItemId | None = None
    speech: Speech | None = None
    step: Annotated[int, Field(ge=0, le=99)] | None = None
    """Index of the step to go to; the first is 0."""
    resident: ItemId | None = None
    device: ItemId | None = None
    """Which of the home's locks."""


class HelpAsked(BaseModel):
    """The body of a call for help by a member of staff."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: CommandId
    alarm: ItemId | None = None
    """The alarm at which they are, if they are at one."""


def about_alarm(site: Site, reader: Reader, alarm: str, asked: Asked) -> Command:
    """Return the command as the router reads it; whose it is comes from the session."""
    said = asked.model_dump(exclude={"note"})
    note = asked.note or None
    at = site.clock()
    return Command(alarm=alarm, person=reader.person, made_at=at, note=note, **said)


def for_help(site: Site, reader: Reader, asked: HelpAsked) -> Command:
    """Return the command by which its person becomes an alarm."""
    known = site.live.state.alarms.get(asked.alarm or "")
    return Command(
        id=asked.id,
        alarm="" if known is None else known.id,
        person=reader.person,
        action=Action.CALL_FOR_HELP,
        seen_phase=Phase.LOOKING if known is None else known.phase,
        made_at=site.clock(),
    )


async def send(site: Site, command: Command | TaskCommand | ReachCommand) -> Ended | None:
    """Send the command and return its end, None when none came in time.

    None means that it may still be done: the client asks again with the same id. An id that has
    ended already is answered at once. Refusal `command_id_taken` when it is somebody else's.
    """
    waiting = site.live.ended(command.id)
    try:
        async with asyncio.timeout(site.confirm_within_s):
            if not waiting.done():
                topic = topics.command(site.municipality)
                await site.publisher.publish(topic, msgspec.json.encode(command))
            ended = await waiting
    except (TimeoutError, NotConfirmed):
        return None
    finally:
        site.live.forget(command.id, waiting)
    if not _is_end_of(ended, command):
        raise Refusal(HTTPStatus.CONFLICT, "command_id_taken")
    return ended


def _is_end_of(ended: Ended, command: Command | TaskCommand | ReachCommand) -> bool:
    if (ended.person, ended.action) != (command.person, command.action):
        return False
    if isinstance(ended, CommandEnded):
        return isinstance(command, Command) and ended.alarm == command.alarm
    if isinstance(ended, ReachEnded):
        return isinstance(command, ReachCommand)
    if not isinstance(command, TaskCommand):
        return False
    return command.action is TaskAction.MAKE or ended.task == command.task
