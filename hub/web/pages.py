"""The HTML pages: a sign-in form, and one shell whose modules draw the list and the alarm."""

from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from hub.text import LANGUAGES, NAMES, Language, catalogue
from hub.web.access import RULES, SignedIn, permits
from hub.web.duty.reached import PROVEN, Reached
from hub.web.files import File, file_of
from hub.web.refusal import not_found
from hub.web.session import Reader, is_on_duty, language_of, words_of
from hub.web.shell.version import version
from hub.web.site import AskedSite, Site

HERE = Path(__file__).parent
PLACES = {
    "alarms": "/",
    "tasks": "/tasks",
    "duty": "/duty",
    "board": "/board",
    "incidents": "/incidents",
    "coverage": "/coverage",
    "replies": "/replies",
    "family": "/family",
    "readiness": "/readiness",
    "phones": "/phones",
    "more": "/more",
}
"""The pages of the menu, for those whom their rule lets in."""
BAR = ("alarms", "tasks", "duty", "more")
"""What stands at the foot of a phone; the rest is behind `more`."""
DESK = (*BAR[:3], "board", "incidents", "coverage", "more")
"""What stands in the head on a desk."""
ICONS = {
    "alarms": "call",
    "tasks": "task",
    "duty": "duty",
    "board": "people",
    "incidents": "storm",
    "coverage": "calendar",
    "readiness": "phone",
    "phones": "lock",
    "more": "more",
}
"""The icon of each place; one that is not here has the letter i."""
APART = ("sms", "voice")
"""Kinds of channels that work without the phone's data connection."""
SCRIPT_TEXTS = ("ui.", "kind.", "severity.", "phase.", "action.", "outcome.", "duration.")
"""What the modules in the browser need of the catalogue ..."""
SERVER_TEXTS = (
    *("ui.coverage.", "ui.incident.", "ui.incidents.", "ui.mark.", "ui.missing.", "ui.place."),
    *("ui.task_new.", "ui.tasks.", "ui.visits."),
)
"""... without what only pages say that the server writes: every phone loads the rest first."""
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""What the server puts for octets of an address that are no UTF-8."""

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
    html = page(site, template, language, reader=reader, **values)
    headers = {"X-Varde-Version": version()}
    return Response(html, status, headers, media_type="text/html; charset=utf-8")


def page(
    site: Site, template: str, language: Language, *, reader: Reader | None = None, **values: object
) -> str:
    """Return a page's HTML in a language; without a reader it is the same for everybody."""
    municipality = site.live.state.registry.municipality
    return _templates.get_template(template).render(
        t=catalogue(language),
        language=language,
        languages=NAMES,
        timezone="UTC" if municipality is None else municipality.timezone,
        reader=reader,
        version=version(),
        **values,
    )


@router.get("/")
@router.get("/alarms/{alarm_id}")
async def alarms(request: Request, reader: SignedIn, site: AskedSite) -> Response:
    """Show the shell; which alarm is open stands in the address. 404 where that cannot be read."""
    if UNREADABLE in request.path_params.get("alarm_id", ""):
        raise not_found()
    return render(
        request,
        site,
        "alarms.html",
        reader=reader,
        ways=_other_ways(site, reader),
        **head_of(site, reader, "alarms"),
    )


def _other_ways(site: Site, reader: Reader) -> str:
    """Return the reader's proven channels that need no connection of this page, by name."""
    words = words_of(reader, site)
    found = Reached(site.live.state.registry, words, site.clock()).person(reader.person)
    apart = [one for one in found.channels if one.kind in APART and one.state == PROVEN]
    return ", ".join(one.name for one in apart)


def head_of(site: Site, reader: Reader, here: str) -> dict[str, Any]:
    """Return what the head of a page tells: who is signed in, and which pages are for them."""
    places = [name for name, path in PLACES.items() if permits(RULES["GET", path], reader)]
    return {
        "here": here,
        "places": {name: PLACES[name] for name in places},
        "bar": BAR,
        "desk": DESK,
        "icons": ICONS,
        "name": site.names.name("person", reader.person),
        "on_duty": is_on_duty(site, reader.person, site.clock()),
    }


@lru_cache(maxsize=len(LANGUAGES))
def text_file(language: Language) -> File:
    """Return a language's texts for the modules in the browser, as JSON."""
    found = catalogue(language).starting_with(*SCRIPT_TEXTS).items()
    texts = {msgid: said for msgid, said in found if not msgid.startswith(SERVER_TEXTS)}
    return file_of(msgspec.json.encode(texts), "application/json")
