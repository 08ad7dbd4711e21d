"""Passkeys: made after a strong sign-in, and signed in with."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.directory.entries import Happened
from hub.directory.guesses import Limit
from hub.directory.passkeys import TooManyPasskeys
from hub.directory.port import Means, TooManyGuesses
from hub.web.access import SignedIn
from hub.web.answer import as_json
from hub.web.refusal import Refusal, not_found
from hub.web.sign_in.cookies import address_of, signed_in_as, too_many
from hub.web.sign_in.passkeys import Credential, PasskeyCopied, PasskeyRefused, Proofs, place_of
from hub.web.sign_in.strong import want_fresh
from hub.web.site import AskedSite, Site
from routing.instant import Instant

router = APIRouter()
SHOWN = Limit(what="passkey", each=20, in_all=2000)
"""Refused passkeys by network address. None can be guessed, so a good one is never held up by those
that others show; a phone whose passkeys are refused again and again is told to wait."""
Ticket = Annotated[str, Field(max_length=100)]
Name = Annotated[str, Field(min_length=1, max_length=60)]


class Body(BaseModel):
    """Base of the bodies: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Body):
    """No fields; `id` is what forms send."""

    id: Annotated[str, Field(max_length=64)] = ""


class Made(Body):
    ticket: Ticket
    credential: Credential
    name: Name


class Shown(Body):
    ticket: Ticket
    credential: Credential


class Renamed(Nothing):
    name: Name


def proofs(request: Request, site: Site) -> Proofs:
    """Return what judges passkeys here; refusal where browsers have none."""
    place = place_of(request, site)
    if place is None:
        raise Refusal(HTTPStatus.FORBIDDEN, "no_passkeys_here")
    return Proofs(site.directory, place)


@router.post("/api/passkeys/begin")
async def begin(request: Request, body: Nothing, reader: SignedIn, site: AskedSite) -> Response:
    """Return a ticket and the options for a new passkey of one's own."""
    at = site.clock()
    want_fresh(reader, at)
    name = site.names.name("person", reader.person)
    asked = proofs(request, site).ask_new(reader.person, name, reader.handset, at)
    return as_json({"ticket": asked[0], "options": asked[1]})


@router.post("/api/passkeys")
async def add(request: Request, body: Made, reader: SignedIn, site: AskedSite) -> Response:
    """Keep the passkey that the browser made."""
    at = site.clock()
    want_fresh(reader, at)
    name = body.name.strip() or "?"
    judge = proofs(request, site).take_new
    try:
        judge(reader.person, reader.handset, body.ticket, body.credential, name=name, at=at)
    except PasskeyRefused:
        raise Refusal(HTTPStatus.BAD_REQUEST, "passkey_not_made") from None
    except TooManyPasskeys:
        raise Refusal(HTTPStatus.CONFLICT, "too_many_passkeys") from None
    _note(site, Happened.PASSKEY_ADDED, reader.person, by=reader.person, handset=reader.handset)
    return as_json({"state": "done"})


@router.post("/api/passkeys/{passkey_id}/name")
async def rename(passkey_id: str, body: Renamed, reader: SignedIn, site: AskedSite) -> Response:
    """Call one's own passkey something else."""
    if not site.directory.passkeys.rename(reader.person, passkey_id, body.name.strip() or "?"):
        raise not_found()
    return as_json({"state": "done"})


@router.post("/api/passkeys/{passkey_id}/remove")
async def remove(passkey_id: str, body: Nothing, reader: SignedIn, site: AskedSite) -> Response:
    """Remove one's own passkey: at once, whoever asks, since it only takes away."""
    if not site.directory.passkeys.remove(reader.person, passkey_id):
        raise not_found()
    _note(site, Happened.PASSKEY_REMOVED, reader.person, by=reader.person, handset=reader.handset)
    return as_json({"state": "done"})


@router.post("/api/sign-in/passkey/begin")
async def ask(request: Request, body: Nothing, site: AskedSite) -> Response:
    """Return a ticket and the options by which a browser shows a passkey."""
    ticket, options = proofs(request, site).ask(site.clock())
    return as_json({"ticket": ticket, "options": options})


@router.post("/api/sign-in/passkey")
async def sign_in(request: Request, body: Shown, site: AskedSite) -> Response:
    """Trade a passkey's proof for a session."""
    at = site.clock()
    try:
        passkey = proofs(request, site).take(body.ticket, body.credential, at)
    except PasskeyRefused:
        raise _refused(request, site, at) from None
    except PasskeyCopied as copied:
        _note(site, Happened.PASSKEY_COPIED, copied.passkey.person)
        raise Refusal(HTTPStatus.UNAUTHORIZED, "passkey_copied") from None
    return await signed_in_as(request, site, passkey.person, Means.PASSKEY, passkey=passkey.id)


def _refused(request: Request, site: Site, at: Instant) -> Refusal:
    """Count it, and say so; after too many, for how long nothing more is told."""
    try:
        site.directory.guesses.allow(SHOWN, address_of(request), at)
    except TooManyGuesses as many:
        return too_many(request, site, many)
    return Refusal(HTTPStatus.UNAUTHORIZED, "passkey_refused")


def _note(
    site: Site, what: Happened, person: str, *, by: str | None = None, handset: str | None = None
) -> None:
    site.directory.entries.add(what, site.clock(), person=person, by=by, handset=handset)
