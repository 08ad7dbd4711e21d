"""The accessibility statement: what is met, what is missing, whom to tell, and where to complain.

Content after Directive (EU) 2016/2102, article 7, the model of Implementing Decision (EU)
2018/1523, and the guidance of the Norwegian authority (uutilsynet.no). A municipality also
publishes its own at uustatus.no; this page links to it where settings say where it is.
"""

from datetime import date

from fastapi import APIRouter, Request, Response

from hub.web.pages import render
from hub.web.session import reader_of
from hub.web.site import AskedSite

router = APIRouter()
TESTED = date(2026, 11, 22)
"""When what the page says was last tried; whoever tries it anew changes this day."""
MET = ("keyboard", "reader", "colour", "size", "touch", "motion", "language")
GAPS = ("readers", "map", "time", "notes")
TRIBUNAL = "https://www.diskrimineringsnemnda.no/"
AUTHORITY = "https://www.uutilsynet.no/"


@router.get("/accessibility")
async def accessibility(request: Request, site: AskedSite) -> Response:
    """Show the statement to everybody, signed in or not."""
    municipality = site.names.card("municipality", site.municipality).name
    return render(
        request,
        site,
        "accessibility.html",
        reader=reader_of(request, site),
        municipality=municipality or site.municipality,
        met=MET,
        gaps=GAPS,
        tested=f"{TESTED:%d.%m.%Y}",
        contact=site.accessibility_contact,
        own=site.accessibility_statement,
        tribunal=TRIBUNAL,
        authority=AUTHORITY,
    )
