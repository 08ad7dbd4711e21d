"""Signing in with the municipality's own login: out to the provider, and back."""

import logging
import secrets
from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.directory.pending import LIFE
from hub.directory.port import Means
from hub.web.guard import CALLBACK
from hub.web.refusal import not_found
from hub.web.sign_in.cookies import set_cookie, signed_in_as
from hub.web.sign_in.oidc import Begun, Provider
from hub.web.sign_in.oidc_http import ProviderAway
from hub.web.sign_in.oidc_token import TokenRefused
from hub.web.site import AskedSite, Site
from routing.instant import SECOND

log = logging.getLogger(__name__)
router = APIRouter()
WHAT = "oidc"
Given = Annotated[str, Query(max_length=4000)]


class _Failed(Exception):
    """Ends at the sign-in page, with a code that has a text `signin.why.<code>`."""


@router.get("/oidc/start")
async def start(request: Request, site: AskedSite, next: Given = "/") -> Response:
    """Send the browser to the provider."""
    provider = _provider(site)
    try:
        url, begun = await provider.begin(own_path(next))
    except ProviderAway as away:
        log.warning("the login provider cannot be used: %s", away)
        return _back("oidc_away")
    ticket = site.directory.pending.begin(WHAT, msgspec.json.encode(begun), site.clock())
    answer = RedirectResponse(url, HTTPStatus.SEE_OTHER)
    set_cookie(answer, site, _cookie(site), ticket, LIFE // SECOND)
    return answer


@router.get(CALLBACK)
async def callback(
    request: Request,
    site: AskedSite,
    *,
    code: Given = "",
    state: Given = "",
    iss: Given = "",
    error: Given = "",
) -> Response:
    """Take the browser back from the provider; what was begun in it is taken once."""
    provider = _provider(site)
    try:
        begun = _begun(request, site, state)
        if error:
            raise _Failed("oidc_denied")
        if iss not in {"", provider.settings.issuer} or not code:
            raise _Failed("oidc_failed")
        person = await provider.finish(code, begun, site.clock() // SECOND)
        if person not in site.live.state.registry.people:
            raise _Failed("oidc_unknown")
    except _Failed as failed:
        return _back(str(failed))
    except TokenRefused as refused:
        log.warning("a sign-in by the login provider is refused: %s", refused)
        return _back("oidc_failed")
    except ProviderAway as away:
        log.warning("the login provider cannot be used: %s", away)
        return _back("oidc_away")
    answer = RedirectResponse(begun.next, HTTPStatus.SEE_OTHER)
    answer.delete_cookie(_cookie(site), path="/", secure=site.secure, httponly=True)
    return await signed_in_as(request, site, person, Means.OIDC, answer)


def _begun(request: Request, site: Site, state: str) -> Begun:
    """Return what this browser began, and forget it: a state of another browser, or one that was
    used, is worth nothing."""
    ticket = request.cookies.get(_cookie(site), "")
    kept = site.directory.pending.take(WHAT, ticket, site.clock())
    if kept is None:
        raise _Failed("oidc_failed")
    begun = msgspec.json.decode(kept, type=Begun)
    if not secrets.compare_digest(begun.state.encode(), state.encode()):
        raise _Failed("oidc_failed")
    return begun


def own_path(asked: str) -> str:
    """Return a path of ours, `/` for anything that a browser could read as another's address."""
    plain = asked.startswith("/") and asked.isprintable() and asked.isascii()
    return asked if plain and not asked.startswith("//") and "\\" not in asked else "/"


def _provider(site: Site) -> Provider:
    if site.provider is None:
        raise not_found()
    return site.provider


def _back(why: str) -> Response:
    return RedirectResponse(f"/sign-in?why={why}", HTTPStatus.SEE_OTHER)


def _cookie(site: Site) -> str:
    return "__Host-varde_oidc" if site.secure else "varde_oidc"
