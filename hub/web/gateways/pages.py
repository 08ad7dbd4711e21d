"""The page of SMS that came in and that Varde could make nothing of, for leads and operators."""

from fastapi import APIRouter, Request, Response

from hub.web.access import SignedIn
from hub.web.pages import head_of, render
from hub.web.session import words_of
from hub.web.site import AskedSite

router = APIRouter()


@router.get("/replies")
async def replies(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show the newest of them with number and text, and how many gave way."""
    hooks, words = site.hooks, words_of(reader, site)
    kept = [] if hooks is None else hooks.kept.newest()
    shown = [
        {
            "at": words.day_clock(one.at),
            "why": one.why,
            "number": one.number,
            "name": None if one.person is None else words.person(one.person),
            "gateway": one.gateway,
            "text": one.text,
        }
        for one in kept
    ]
    lost = 0 if hooks is None else hooks.kept.lost()
    values = {**head_of(site, reader, "replies"), "replies": shown, "lost": lost}
    return render(request, site, "link_replies.html", reader=reader, **values)
