"""What makes the pages an app: the service worker, the manifest, and the pages kept for the time
without a connection. All of it is the same for everybody, so a stranger may have it.
"""

from functools import lru_cache
from pathlib import Path

import msgspec
from fastapi import APIRouter, Request, Response

from hub.text import LANGUAGES, Language, catalogue
from hub.web.files import File, answer, file_of, static_files
from hub.web.pages import page, text_file
from hub.web.refusal import not_found
from hub.web.shell.version import version
from hub.web.site import AskedSite, Site

router = APIRouter()
PARTS = (
    "kept.js",
    "shell.js",
    "posts.js",
    "screen.js",
    "show.js",
    "click.js",
    "renew.js",
    "outbox.js",
)
"""The parts of the service worker under `static/worker`, in order, after its database."""
KEPT_PAGES = ("offline", "called")
"""Pages that the worker shows by itself, in every language."""
_ICONS = (
    {"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
    {"src": "/static/icons/icon-192.png", "sizes": "192x192", "type": "image/png"},
    {"src": "/static/icons/icon-512.png", "sizes": "512x512", "type": "image/png"},
    *(
        {
            "src": f"/static/icons/{name}",
            "sizes": sizes,
            "type": f"image/{kind}",
            "purpose": "maskable",
        }
        for name, sizes, kind in (
            ("maskable-512.png", "512x512", "png"),
            ("maskable.svg", "any", "svg+xml"),
        )
    ),
)
_SHORTCUTS = (("alarms", "/"), ("tasks", "/tasks"), ("duty", "/duty"), ("readiness", "/readiness"))


def shell() -> list[str]:
    """Return the addresses that every phone keeps: all that is needed to draw a page."""
    own = [name for name in static_files() if Path(name).parent.as_posix() in {".", "js", "icons"}]
    kept = [f"/{name}/{language}" for name in KEPT_PAGES for language in LANGUAGES]
    texts = [f"/text/{language}.json" for language in LANGUAGES]
    return [*(f"/static/{name}" for name in own), *texts, *kept]


@lru_cache(maxsize=1)
def _script() -> File:
    said = {
        "version": version(),
        "shell": shell(),
        "texts": {language: catalogue(language).starting_with("worker.") for language in LANGUAGES},
    }
    files = ("js/database.js", *(f"worker/{part}" for part in PARTS))
    parts = ", ".join(f'"/static/{name}"' for name in files)
    # The imported parts are compared byte by byte as this file is, and their version stands here.
    body = f"self.VARDE = {msgspec.json.encode(said).decode()};\nimportScripts({parts});\n"
    return file_of(body.encode(), "text/javascript")


@router.get("/sw.js")
async def service_worker(request: Request) -> Response:
    """Return the service worker; at the root, so that all pages are its own."""
    return answer(request, _script())


@router.get("/manifest/{language}.webmanifest")
async def manifest(language: str, request: Request) -> Response:
    """Return the app's manifest in a language (W3C, Web Application Manifest)."""
    known = _language(language)
    text = catalogue(known)
    body = {
        "id": "/",
        "name": "Varde",
        "short_name": "Varde",
        "description": text("page.app.description"),
        "lang": known,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f3f1ec",
        "theme_color": "#12505b",
        "categories": ["medical", "productivity"],
        "icons": _ICONS,
        "shortcuts": [
            {"name": text(f"ui.place.{name}"), "url": path, "icons": [_ICONS[1]]}
            for name, path in _SHORTCUTS
        ],
    }
    return answer(request, file_of(msgspec.json.encode(body), "application/manifest+json"))


@router.get("/offline/{language}")
async def offline(language: str, request: Request, site: AskedSite) -> Response:
    """Return the page that stands in for every page while there is no connection."""
    return _kept(request, site, "offline.html", language)


@router.get("/called/{language}")
async def called(language: str, request: Request, site: AskedSite) -> Response:
    """Return the page on which a called person answers without a session, by a right."""
    return _kept(request, site, "called.html", language)


@router.get("/text/{language}.json")
async def text(language: str, request: Request) -> Response:
    """Return a language's texts for the modules in the browser."""
    return answer(request, text_file(_language(language)))


def _kept(request: Request, site: Site, template: str, language: str) -> Response:
    html = page(site, template, _language(language))
    return answer(request, file_of(html.encode(), "text/html"))


def _language(asked: str) -> Language:
    for known in LANGUAGES:
        if known == asked:
            return known
    raise not_found()
