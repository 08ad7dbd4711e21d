"""Answers from a locked phone: a right from inside an encrypted push, used once, without signing
in. What is answered names no resident."""

import asyncio
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.mqtt import NotConfirmed
from hub.rights.seal import LONGEST_TOKEN, command_id
from hub.telling.words import Words
from hub.web import commands, receipts
from hub.web.answer import as_json, ended_as
from hub.web.family.words import why_not
from hub.web.live import Ended
from hub.web.push.right_holder import Holder, holder_of
from hub.web.push.right_use import command_of, ended_before
from hub.web.refusal import Refusal
from hub.web.site import AskedSite
from routing.municipality import HANDLERS

router = APIRouter()
_NAMING = frozenset({"owner", "person"})
"""Parameters of a reason that name somebody."""
Token = Annotated[str, Field(min_length=1, max_length=LONGEST_TOKEN)]


class Used(BaseModel):
    """The body: the right, and nothing that could be chosen. `id` is the client's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    right: Token
    id: Annotated[str | None, Field(max_length=64)] = None


@router.post("/api/rights")
async def use(body: Used, request: Request, site: AskedSite) -> Response:
    """Do what the right allows: 200 done, 409 refused, 202 not confirmed (ask again, the same);
    used again, it answers the same and does nothing."""
    holder = holder_of(request, site, body.right)
    if holder.right.use == "receipt":
        raise Refusal(HTTPStatus.FORBIDDEN, "right_refused")
    id = command_id(body.right)
    ended = ended_before(site.live.state, id)
    if ended is not None:
        return _told(holder, ended)
    command = command_of(site.live.state, holder.right, id, site.clock())
    if command is None:
        raise Refusal(HTTPStatus.CONFLICT, "right_not_asked")
    ended = await commands.send(site, command)
    return _not_confirmed(holder.words) if ended is None else _told(holder, ended)


def _told(holder: Holder, ended: Ended) -> Response:
    """Say how it ended; a relative is told no name of whoever helps instead."""
    refused, person = ended.refused, holder.right.person
    known = holder.words.registry.people.get(person)
    is_staff = known is not None and not HANDLERS.isdisjoint(known.roles)
    if refused is None or is_staff or _NAMING.isdisjoint(refused.params):
        return ended_as(ended, holder.words)
    text = why_not(refused, holder.words)
    body = {"state": "refused", "error": refused.code, "text": text}
    return as_json(body, HTTPStatus.CONFLICT)


def _not_confirmed(words: Words) -> Response:
    body = {"state": "not_confirmed", "text": words.text("error.not_confirmed")}
    return as_json(body, HTTPStatus.ACCEPTED)


@router.post("/api/push/receipt")
async def receipt(body: Used, request: Request, site: AskedSite) -> Response:
    """Note that a push has reached its phone. 204 whatever the right is worth; 503 when nobody
    could be told now, so that the worker tries again."""
    try:
        right = holder_of(request, site, body.right).right
    except Refusal:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    if right.use == "receipt":
        try:
            await receipts.publish(site, right.send, delivered=True, code="receipt")
        except NotConfirmed:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        # On disk, and not on the way of the alarm: five hundred phones may do this at once.
        await asyncio.to_thread(site.subscriptions.received, right.handset, site.clock())
    return Response(status_code=HTTPStatus.NO_CONTENT)
