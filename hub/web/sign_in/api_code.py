"""Signing in with a one-time code, and signing out."""

import asyncio
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.directory.guesses import CODES, CODES_HERE
from hub.directory.port import CodeWrong, Means, TooManyGuesses
from hub.web.access import SignedIn
from hub.web.push.told import lose
from hub.web.refusal import Refusal
from hub.web.sign_in.cookies import address_of, bound_to, handset_of, signed_in_as, too_many
from hub.web.site import AskedSite

router = APIRouter()


class SignIn(BaseModel):
    """The body of a sign-in."""

    model_config = ConfigDict(extra="forbid")
    code: Annotated[str, Field(max_length=32)]


@router.post("/api/sign-in")
async def sign_in(request: Request, body: SignIn, site: AskedSite) -> Response:
    """Trade a one-time code for a session, or for being a unit's shared phone."""
    redeem, here = site.directory.codes.redeem, handset_of(request, site)
    place, limit = (address_of(request), CODES) if here is None else (here.id, CODES_HERE)
    try:
        given = await asyncio.to_thread(redeem, body.code, place, site.clock(), limit)
    except CodeWrong:
        raise Refusal(HTTPStatus.UNAUTHORIZED, "code_wrong") from None
    except TooManyGuesses as many:
        raise too_many(request, site, many) from None
    if given.person is not None:
        return await signed_in_as(request, site, given.person, Means.CODE)
    return await bound_to(request, site, str(given.unit))


@router.post("/api/sign-out")
async def sign_out(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """End this session, and what was pushed to this phone; the core is told when the person has no
    other that is pushed to."""
    await lose(site, reader.handset, "unsubscribed")
    site.directory.sessions.end(request.cookies.get(site.cookie, ""))
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    response.delete_cookie(site.cookie, path="/", secure=site.secure, httponly=True)
    return response
