"""A person's command: out on the command topic, its end back through the journal's tail."""

import asyncio
from http import HTTPStatus
from typing import Annotated

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from hub.mqtt import NotConfirmed
from hub.web.refusal import Refusal
from hub.web.session import Reader
from hub.web.site import Site
from routing import topics
from routing.facts import CommandEnded
from routing.inputs import Command
from routing.lifecycle import Action, OutcomeCode, Phase


class Asked(BaseModel):
    """The body of a command as the client sends it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{8,64}$")]
    """Made by the client; a retry keeps it."""
    action: Action
    seen_phase: Phase
    outcome: OutcomeCode | None = None
    arrive_within_s: Annotated[int, Field(ge=60, le=86_400)] | None = None
    note: Annotated[str, Field(max_length=1000)] | None = None


async def send(site: Site, reader: Reader, alarm: str, asked: Asked) -> CommandEnded | None:
    """Send the command and return its end, None when none came in time.

    None means that it may still be done: the client asks again with the same id. An id that has
    ended already is answered at once. Refusal `command_id_taken` when it is somebody else's.
    """
    waiting = site.live.ended(asked.id)
    try:
        async with asyncio.timeout(site.confirm_within_s):
            if not waiting.done():
                await _publish(site, reader, alarm, asked)
            ended = await waiting
    except (TimeoutError, NotConfirmed):
        return None
    finally:
        site.live.forget(asked.id, waiting)
    if (ended.person, ended.alarm, ended.action) != (reader.person, alarm, asked.action):
        raise Refusal(HTTPStatus.CONFLICT, "command_id_taken")
    return ended


async def _publish(site: Site, reader: Reader, alarm: str, asked: Asked) -> None:
    command = Command(
        id=asked.id,
        alarm=alarm,
        person=reader.person,
        action=asked.action,
        seen_phase=asked.seen_phase,
        made_at=site.clock(),
        arrive_within_s=asked.arrive_within_s,
        outcome=asked.outcome,
        note=asked.note or None,
    )
    topic = topics.command(site.municipality)
    await site.publisher.publish(topic, msgspec.json.encode(command))
