"""What a phone stores for a shift, so that the way in is known where there is no connection.

Code, address and notes of the homes in the zones for which the person is on duty: no names, and no
protected address. The phone keeps it encrypted by a key of this session and this shift. It is one
look per resident and shift, and opening one of them without a connection is told afterwards.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.reads.port import What
from hub.web.access import SignedIn
from hub.web.answer import as_json
from hub.web.commands import CommandId, ItemId
from hub.web.duty.hours import duty_until, zones
from hub.web.homes import looks
from hub.web.refusal import Refusal, not_found
from hub.web.site import AskedSite, Site
from routing.event import derive_id
from routing.instant import SECOND, Instant, to_rfc3339

router = APIRouter()


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """A home as a phone stores it."""

    code: str
    address: str | None
    entry_note: str | None
    important_note: str | None


class Opened(BaseModel):
    """The body that tells of a stored home which was opened without a connection."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: CommandId
    code: ItemId
    alarm: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,100}$")] | None = None
    """Its id. It may have left memory meanwhile, so what is none must not look like a line of the
    log that it stands in."""
    ago_s: Annotated[int, Field(ge=0, le=30 * 24 * 3600)]
    """How long ago, by the phone's own counting; what lies further back says the longest."""


@router.get("/api/zone")
async def zone(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Give the homes and the key: 200, or 409 for who is not on duty in a zone."""
    at = site.clock()
    until = duty_until(site.live.state.registry, reader.person, at)
    units = zones(site, reader.person, at)
    if until is None or not reader.may_read_residents:
        raise Refusal(HTTPStatus.CONFLICT, "not_on_duty")
    homes = _homes(site, units)
    shift = derive_id("zone", reader.person, reader.handset, until)
    codes = (home.code for home in homes)
    await looks.note(site, reader, codes, What.ZONE, ", ".join(units), tap=shift)
    return as_json(
        {
            "now": to_rfc3339(at),
            "until": to_rfc3339(until),
            "key": _key(site, request, until),
            "homes": homes,
        }
    )


@router.post("/api/zone/opened")
async def opened(body: Opened, reader: SignedIn, site: AskedSite) -> Response:
    """Write down that a stored home was opened; the answer is 204."""
    if body.code not in site.live.state.registry.residents:
        raise not_found()
    tap = derive_id("stored", reader.person, body.id)
    ago = body.ago_s * SECOND
    alarm = site.live.state.alarms.get(body.alarm or "")
    about = {"why": body.alarm or "", "kind": "" if alarm is None else alarm.kind}
    await looks.note(site, reader, [body.code], What.STORED, **about, tap=tap, ago=ago)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _homes(site: Site, units: list[str]) -> list[Home]:
    residents = site.live.state.registry.residents.values()
    cards = {r.id: site.names.card("resident", r.id) for r in residents if r.unit in units}
    return [
        Home(
            code=id,
            address=card.address,
            entry_note=card.entry_note,
            important_note=card.care_note,
        )
        for id, card in cards.items()
        if not card.protected
    ]


def _key(site: Site, request: Request, until: Instant) -> str:
    """Return 32 octets as base64url: the same while session and shift are the same, and of no use
    to anybody afterwards."""
    session = hashlib.sha256(request.cookies.get(site.cookie, "").encode()).digest()
    made = hmac.new(site.zone_secret, b"zone\n%b\n%d" % (session, until), hashlib.sha256)
    return urlsafe_b64encode(made.digest()).decode().rstrip("=")
