"""Puts the web application together."""

import logging
from http import HTTPStatus

import msgspec
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from hub.directory.port import DirectoryBroken
from hub.text import catalogue
from hub.web import api_devices, pages, plain_pages
from hub.web.access import authorise
from hub.web.alarms import api as alarms
from hub.web.alarms import api_explain, api_lists
from hub.web.duty import api as duty
from hub.web.duty import pages as duty_pages
from hub.web.family import api as family
from hub.web.family import pages as family_pages
from hub.web.files import Files
from hub.web.gateways import link as gateways_link
from hub.web.gateways import pages as gateways_pages
from hub.web.gateways import routes as gateways
from hub.web.guard import Guard
from hub.web.homes import api_entry, api_view, api_zone, tiles
from hub.web.phones import api as phones
from hub.web.phones import api_codes
from hub.web.phones import page as phones_page
from hub.web.phones import reads as phones_reads
from hub.web.push import api as push
from hub.web.push import api_rights
from hub.web.refusal import Refusal
from hub.web.session import language_of, reader_of
from hub.web.shell import outbox_key, statement, worker
from hub.web.sign_in import api_code, api_passkeys, api_pin, oidc_pages
from hub.web.sign_in import pages as sign_in_pages
from hub.web.site import Site, site_of
from hub.web.tasks import api as tasks
from routing.municipality import Role

log = logging.getLogger(__name__)

ROOMS = (
    *(pages, plain_pages, api_devices),
    *(alarms, api_explain, api_lists),
    *(tasks, duty, duty_pages),
    *(api_code, api_passkeys, api_pin, oidc_pages, sign_in_pages),
    *(phones, api_codes, phones_page, phones_reads),
    *(push, api_rights),
    *(gateways, gateways_link, gateways_pages),
    *(api_entry, api_view, api_zone, tiles),
    *(family, family_pages),
    *(outbox_key, statement, worker),
)
_CODES = {404: "not_found", 405: "method_not_allowed"}


def make_app(site: Site) -> FastAPI:
    """Return the application; every route passes `authorise` first."""
    app = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(authorise)]
    )
    app.state.site = site
    for room in ROOMS:
        app.include_router(room.router)
    app.mount("/static", Files())
    app.add_middleware(
        Guard,
        frame_ancestors=site.frame_ancestors,
        secure=site.secure,
    )
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DirectoryBroken, _no_directory)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    if request.url.path.startswith("/api/"):
        return _as_json(request, error)
    return _as_page(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    """What was sent is never echoed: it may be a code or a note."""
    return await _refused(request, Refusal(HTTPStatus.BAD_REQUEST, "invalid_request"))


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = _CODES.get(status, "invalid_request")
    return await _refused(request, Refusal(HTTPStatus(status), code))


async def _no_directory(request: Request, error: Exception) -> Response:
    """Who is asking cannot be looked up, so this goes to anybody, in the browser's language."""
    log.error("%s", error)
    text = catalogue(language_of(request, site_of(request), None))("error.no_directory")
    body = msgspec.json.encode({"error": "no_directory", "text": text})
    return Response(body, HTTPStatus.SERVICE_UNAVAILABLE, media_type="application/json")


def _as_json(request: Request, error: Refusal) -> Response:
    site = site_of(request)
    reader = reader_of(request, site)
    text = reader.text if reader else catalogue(language_of(request, site, None))
    body = {"error": error.code, "text": text(f"error.{error.code}", **error.params)}
    return Response(msgspec.json.encode(body), error.status, media_type="application/json")


def _as_page(request: Request, error: Refusal) -> Response:
    site = site_of(request)
    if error.status is HTTPStatus.UNAUTHORIZED:
        return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    reader = reader_of(request, site)
    relative = reader is not None and reader.roles == {Role.RELATIVE}
    if relative and error.status is HTTPStatus.FORBIDDEN:
        return RedirectResponse("/family", HTTPStatus.SEE_OTHER)
    return pages.render(request, site, "message.html", error.status, reader=reader, what="missing")
