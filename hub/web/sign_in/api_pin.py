"""PINs: set by their person after a strong sign-in, used on a unit's shared phone."""

import asyncio
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.directory.entries import Happened
from hub.directory.pins import PIN_HERE, PinClosed, PinWeak, PinWrong
from hub.directory.port import Means, TooManyGuesses
from hub.web.access import SignedIn
from hub.web.answer import as_json
from hub.web.refusal import Refusal
from hub.web.sign_in.cookies import handset_of, signed_in_as, too_many
from hub.web.sign_in.shared_phone import listed
from hub.web.sign_in.strong import want_fresh
from hub.web.site import AskedSite, Site

router = APIRouter()
Pin = Annotated[str, Field(max_length=12)]


class NewPin(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: Annotated[str, Field(max_length=64)] = ""
    pin: Pin


class ByPin(BaseModel):
    model_config = ConfigDict(extra="forbid")
    person: Annotated[str, Field(min_length=1, max_length=100)]
    pin: Pin


@router.post("/api/pin")
async def set_pin(body: NewPin, reader: SignedIn, site: AskedSite) -> Response:
    """Set one's own PIN."""
    at = site.clock()
    want_fresh(reader, at)
    try:
        await asyncio.to_thread(site.directory.pins.set, reader.person, body.pin, at)
    except PinWeak:
        raise Refusal(HTTPStatus.BAD_REQUEST, "pin_weak") from None
    note = partial(site.directory.entries.add, person=reader.person, by=reader.person)
    note(Happened.PIN_SET, at, handset=reader.handset)
    return as_json({"state": "done"})


@router.post("/api/sign-in/pin")
async def sign_in(request: Request, body: ByPin, site: AskedSite) -> Response:
    """Trade a PIN for a session on this shared phone, for the shift."""
    handset, at = handset_of(request, site), site.clock()
    if handset is None or handset.unit is None:
        raise Refusal(HTTPStatus.FORBIDDEN, "not_shared")
    may = any(one.person == body.person for one in listed(site, handset.unit))
    check = partial(site.directory.pins.check, may=may)
    try:
        await asyncio.to_thread(check, body.person, body.pin, handset.id, at)
    except PinWrong:
        raise Refusal(HTTPStatus.UNAUTHORIZED, "pin_wrong") from None
    except PinClosed:
        site.directory.entries.add(Happened.PIN_CLOSED, at, person=body.person, handset=handset.id)
        raise Refusal(HTTPStatus.UNAUTHORIZED, "pin_wrong") from None
    except TooManyGuesses as many:
        if may:
            _tell_once(site, body.person, handset.id)
        raise too_many(request, site, many) from None
    return await signed_in_as(request, site, body.person, Means.PIN)


def _tell_once(site: Site, person: str, handset: str) -> None:
    """Let leads see that somebody guesses, once for each time that the door is closed."""
    at, told = site.clock(), site.directory.entries.told
    if not told(Happened.PIN_GUESSED, person, handset, at - PIN_HERE.window):
        site.directory.entries.add(Happened.PIN_GUESSED, at, person=person, handset=handset)
