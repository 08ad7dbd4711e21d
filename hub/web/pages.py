"""The HTML pages: a sign-in form, and one shell whose modules draw the list and the alarm."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from hub.text import LANGUAGES, NAMES, catalogue
from hub.web.access import RULES, SignedIn, permits
from hub.web.refusal import not_found
from hub.web.session import Reader, is_on_duty, language_of
from hub.web.site import AskedSite, Site

HERE = Path(__file__).parent
PLACES = {"alarms": "/", "tasks": "/tasks", "incidents": "/incidents", "coverage": "/coverage"}
"""The pages of the menu."""
SCRIPT_TEXTS = (
    "ui.",
    "kind.",
    "category.",
    "severity.",
    "phase.",
    "action.",
    "outcome.",
    "duration.",
    "speech.",
    "mark.",
)
"""What the modules in the browser need of the catalogue."""

router = APIRouter()
_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(
    request: Request,
    site: Site,
    template: str,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    reader: Reader | None = None,
    **values: object,
) -> Response:
    """Return a page in the reader's language."""
    language = reader.language if reader else language_of(request, site, None)
    municipality = site.live.state.registry.municipality
    html = _templates.get_template(template).render(
        t=catalogue(language),
        language=language,
        languages=NAMES,
        timezone="UTC" if municipality is None else municipality.timezone,
        reader=reader,
        **values,
    )
    return Response(html, status, media_type="text/html; charset=utf-8")


@router.get("/sign-in")
async def sign_in(request: Request, site: AskedSite) -> Response:
    """Show the form for the code."""
    return render(request, site, "sign_in.html", enrol=False)


@router.get("/enrol")
async def enrol(request: Request, site: AskedSite) -> Response:
    """Show the same form; its script sends the code after the `#`, which no server log sees."""
    return render(request, site, "sign_in.html", enrol=True)


@router.get("/")
@router.get("/alarms/{alarm_id}")
async def alarms(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show the shell; which alarm is open stands in the address."""
    return render(
        request,
        site,
        "alarms.html",
        reader=reader,
        **head_of(site, reader, "alarms"),
    )


def head_of(site: Site, reader: Reader, here: str) -> dict[str, Any]:
    """Return what the head of a page tells: who is signed in, and which pages are for them."""
    places = [name for name, path in PLACES.items() if permits(RULES["GET", path], reader)]
    return {
        "here": here,
        "places": {name: PLACES[name] for name in places},
        "name": site.names.name("person", reader.person),
        "on_duty": is_on_duty(site, reader.person, site.clock()),
    }


@router.get("/text/{language}.json")
async def text(language: str) -> Response:
    """Return a language's texts for the modules in the browser."""
    for known in LANGUAGES:
        if known == language:
            body = msgspec.json.encode(catalogue(known).starting_with(*SCRIPT_TEXTS))
            return Response(body, media_type="application/json")
    raise not_found()
