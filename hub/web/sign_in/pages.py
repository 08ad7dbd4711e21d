"""The pages of signing in: the ways in, the link of a code, recovery, and the first time."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.web.access import SignedIn
from hub.web.pages import render
from hub.web.sign_in.cookies import handset_of
from hub.web.sign_in.passkeys import place_of
from hub.web.sign_in.shared_phone import listed
from hub.web.site import AskedSite, Site

router = APIRouter()
WHYS = ("oidc_away", "oidc_denied", "oidc_failed", "oidc_unknown")
"""What may stand in the address as the reason for being here; anything else is not shown."""


@router.get("/sign-in")
async def sign_in(
    request: Request, site: AskedSite, why: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """Show the ways in; on a unit's shared phone the unit's names come first."""
    return _ways(request, site, why=why if why in WHYS else "")


@router.get("/enrol")
async def enrol(request: Request, site: AskedSite) -> Response:
    """Show the same page; its script sends the code after the `#`, which no server log sees."""
    return _ways(request, site, enrol=True)


def _ways(request: Request, site: Site, *, enrol: bool = False, why: str = "") -> Response:
    handset = handset_of(request, site)
    unit = None if handset is None or enrol else handset.unit
    return render(
        request,
        site,
        "sign_in.html",
        enrol=enrol,
        why=why,
        passkeys=place_of(request, site) is not None,
        provider=None if site.provider is None else site.provider.settings.name,
        unit=None if unit is None else site.names.name("unit", unit),
        people=[] if unit is None else listed(site, unit),
    )


@router.get("/recover")
async def recover(request: Request, site: AskedSite) -> Response:
    """Show a button; opening the link (as previews do) signs nobody in and uses nothing up."""
    return render(request, site, "recover.html")


@router.get("/welcome")
async def welcome(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Offer a passkey to who has just signed in with a code; on to the alarms where that cannot be,
    or where they have one."""
    if place_of(request, site) is None or reader.shared:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    if site.directory.passkeys.of(reader.person):
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    return render(request, site, "welcome.html", reader=reader)
