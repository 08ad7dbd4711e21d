"""Codes and links that let somebody in: made on the phones page, shown once."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.directory.entries import Happened
from hub.directory.port import CODE_LIFE, CodeWrong, Means, TooManyGuesses
from hub.web.access import SignedIn
from hub.web.answer import as_json
from hub.web.phones.managing import want_manager, want_person
from hub.web.phones.qr import svg
from hub.web.refusal import Refusal, not_found
from hub.web.sign_in.cookies import address_of, signed_in_as, too_many
from hub.web.sign_in.strong import want_fresh
from hub.web.site import AskedSite, Site
from routing.instant import MINUTE

router = APIRouter()


class Asked(BaseModel):
    """No fields; `id` is what forms send."""

    model_config = ConfigDict(extra="forbid")
    id: Annotated[str, Field(max_length=64)] = ""


class Tapped(BaseModel):
    """The body of a recovery: what stood after `#` in the link."""

    model_config = ConfigDict(extra="forbid")
    token: Annotated[str, Field(min_length=1, max_length=100)]


@router.post("/api/people/{person_id}/code")
async def code(person_id: str, body: Asked, reader: SignedIn, site: AskedSite) -> Response:
    """Make a one-time code: for one's own next phone, or by lead or IT for somebody."""
    want_person(site, reader, person_id)
    at = site.clock()
    if person_id == reader.person:
        want_fresh(reader, at)
    else:
        want_manager(reader)
    made = site.directory.issue_code(person_id, at)
    site.directory.entries.add(Happened.CODE_MADE, at, person=person_id, by=reader.person)
    return _shown(site, f"/enrol#{made}", code=made)


@router.post("/api/units/{unit_id}/code")
async def unit_code(unit_id: str, body: Asked, reader: SignedIn, site: AskedSite) -> Response:
    """Make a one-time code that makes a phone the unit's shared one."""
    want_manager(reader)
    if unit_id not in site.live.state.registry.units:
        raise not_found()
    made = site.directory.codes.issue(site.clock(), unit=unit_id)
    return _shown(site, f"/enrol#{made}", code=made)


@router.post("/api/people/{person_id}/recovery")
async def recovery(person_id: str, body: Asked, reader: SignedIn, site: AskedSite) -> Response:
    """Make a one-time recovery link for somebody."""
    want_person(site, reader, person_id)
    want_manager(reader)
    at = site.clock()
    token = site.directory.links.issue(person_id, at)
    site.directory.entries.add(Happened.LINK_MADE, at, person=person_id, by=reader.person)
    return _shown(site, f"/recover#{token}", code=None)


def _shown(site: Site, path: str, *, code: str | None) -> Response:
    url = f"{site.public_url.rstrip('/')}{path}"
    return as_json({"code": code, "url": url, "qr": svg(url), "minutes": CODE_LIFE // MINUTE})


@router.post("/api/recover")
async def recover(request: Request, body: Tapped, site: AskedSite) -> Response:
    """Trade a recovery link for a session, when somebody taps; opening it does nothing."""
    at = site.clock()
    try:
        person = site.directory.links.redeem(body.token, address_of(request), at)
    except CodeWrong:
        raise Refusal(HTTPStatus.UNAUTHORIZED, "link_wrong") from None
    except TooManyGuesses as many:
        raise too_many(request, site, many) from None
    site.directory.entries.add(Happened.LINK_USED, at, person=person)
    return await signed_in_as(request, site, person, Means.RECOVERY)
