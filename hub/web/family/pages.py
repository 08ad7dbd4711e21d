"""The pages of relatives: what is going on, and what they have said yes to."""

from fastapi import APIRouter, Request, Response

from hub.web.access import SignedIn
from hub.web.family.api import relatives_of
from hub.web.family.view import MINUTES, OUTCOMES
from hub.web.pages import render
from hub.web.session import Reader
from hub.web.site import AskedSite, Site
from routing.instant import HOUR
from routing.roster import local_time

router = APIRouter()
_FORM = "%Y-%m-%dT%H:%M"


@router.get("/family")
async def now(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show the question to whoever has not answered it, and what is going on."""
    return _page(request, site, reader, "relatives.html", "now")


@router.get("/family/settings")
async def settings(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show what the relative has said yes to, and absence."""
    return _page(request, site, reader, "relatives_settings.html", "settings")


def _page(request: Request, site: Site, reader: Reader, template: str, here: str) -> Response:
    registry, at = site.live.state.registry, site.clock()
    return render(
        request,
        site,
        template,
        reader=reader,
        here=here,
        name=site.names.name("person", reader.person),
        family=relatives_of(site, reader).family(),
        minutes=MINUTES,
        outcomes=[str(outcome) for outcome in OUTCOMES],
        since=local_time(registry, at).strftime(_FORM),
        until=local_time(registry, at + 24 * HOUR).strftime(_FORM),
    )
