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
from hub.web import (
    api,
    api_codes,
    api_devices,
    api_duty,
    api_entry,
    api_explain,
    api_lists,
    api_passkeys,
    api_phones,
    api_pin,
    api_push,
    api_relatives,
    api_rights,
    api_sign_in,
    api_tasks,
    api_view,
    api_zone,
    duty_pages,
    hooks,
    hooks_link,
    hooks_pages,
    oidc_pages,
    pages,
    phone_reads,
    phones_page,
    plain_pages,
    relatives_pages,
    sign_in_pages,
    statement,
    tiles,
    worker,
)
from hub.web.access import authorise
from hub.web.files import Files
from hub.web.guard import Guard
from hub.web.refusal import Refusal
from hub.web.session import language_of, reader_of
from hub.web.site import Site, site_of
from routing.municipality import Role

log = logging.getLogger(__name__)

PARTS = (
    *(api, api_devices, api_explain, api_lists, api_sign_in, api_tasks, api_view),
    *(pages, plain_pages),
    *(api_codes, api_passkeys, api_phones, api_pin),
    *(oidc_pages, phone_reads, phones_page, sign_in_pages),
    *(api_duty, duty_pages, worker),
    *(api_relatives, relatives_pages, statement),
    *(api_entry, api_zone, tiles),
    *(api_push, api_rights),
    *(hooks, hooks_link, hooks_pages),
)
_CODES = {404: "not_found", 405: "method_not_allowed"}


def make_app(site: Site) -> FastAPI:
    """Return the application; every route passes `authorise` first."""
    app = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(authorise)]
    )
    app.state.site = site
    for part in PARTS:
        app.include_router(part.router)
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
