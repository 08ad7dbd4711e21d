"""Who may use which route: one table, asked before every route. No row, no access."""

from collections.abc import Mapping
from enum import Enum
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from hub.web.refusal import Refusal, not_found, not_signed_in, role_may_not
from hub.web.session import Reader, reader_of
from hub.web.site import AskedSite, Site
from routing.municipality import HANDLERS, Role


class Open(Enum):
    """Routes that are not bound to a role."""

    TO_ALL = "to all"
    TO_SIGNED_IN = "to everybody who is signed in"


Rule = Open | frozenset[Role]
READERS = HANDLERS | {Role.IT}
"""IT sees that alarms live and die, without residents' names."""
CONDUCTORS = frozenset({Role.LEAD, Role.OPERATOR})
"""Who answers for the roster."""
FITTERS = frozenset({Role.LEAD, Role.IT})
"""Who lets devices in."""

RULES: Mapping[tuple[str, str], Rule] = {
    ("GET", "/health"): Open.TO_ALL,
    ("GET", "/sign-in"): Open.TO_ALL,
    ("GET", "/enrol"): Open.TO_ALL,
    ("GET", "/text/{language}.json"): Open.TO_ALL,
    ("POST", "/api/sign-in"): Open.TO_ALL,
    ("POST", "/api/sign-out"): Open.TO_SIGNED_IN,
    ("GET", "/api/me"): Open.TO_SIGNED_IN,
    ("GET", "/"): READERS,
    ("GET", "/alarms/{alarm_id}"): READERS,
    ("GET", "/api/alarms"): READERS,
    ("GET", "/api/alarms/{alarm_id}"): READERS,
    ("GET", "/api/alarms/{alarm_id}/story"): READERS,
    ("GET", "/api/stream"): READERS,
    ("POST", "/api/alarms/{alarm_id}/commands"): HANDLERS,
    ("POST", "/api/help"): HANDLERS,
    ("GET", "/tasks"): READERS,
    ("GET", "/tasks/new"): HANDLERS,
    ("GET", "/api/tasks"): READERS,
    ("POST", "/api/tasks"): HANDLERS,
    ("GET", "/api/tasks/{task_id}"): READERS,
    ("GET", "/api/tasks/{task_id}/story"): READERS,
    ("POST", "/api/tasks/{task_id}/commands"): HANDLERS,
    ("POST", "/api/tasks/{task_id}/view"): HANDLERS,
    ("GET", "/incidents"): READERS,
    ("GET", "/incidents/{incident_id}"): READERS,
    ("GET", "/incidents/{incident_id}/visits"): HANDLERS,
    ("GET", "/api/incidents"): READERS,
    ("GET", "/api/incidents/{incident_id}"): READERS,
    ("GET", "/coverage"): CONDUCTORS,
    ("GET", "/api/coverage"): CONDUCTORS,
    ("POST", "/api/route"): CONDUCTORS | {Role.IT},
    ("GET", "/api/devices/unknown"): FITTERS,
    ("POST", "/api/devices/assign"): FITTERS,
    ("POST", "/api/devices/replay"): FITTERS,
}
"""(method, path) to who may. Files under /static/ are open to all."""


def permits(rule: Rule, reader: Reader | None) -> bool:
    """Whether the rule lets this reader (or a stranger) through."""
    if rule is Open.TO_ALL:
        return True
    if reader is None:
        return False
    return True if isinstance(rule, Open) else bool(rule & reader.roles)


def authorise(request: Request, site: AskedSite) -> None:
    """Refuse whoever may not; leave the reader in `request.state.reader` for the route."""
    rule = RULES.get((request.method, request.scope["route"].path))
    if rule is None:
        raise not_found()
    if request.method == "POST":
        _refuse_forgery(request, site, with_session=rule is not Open.TO_ALL)
    reader = reader_of(request, site)
    request.state.reader = reader
    if not permits(rule, reader):
        raise not_signed_in() if reader is None else role_may_not()


def _refuse_forgery(request: Request, site: Site, *, with_session: bool) -> None:
    """A foreign page cannot send JSON or our header without asking first, and we never say yes."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip()
    header = request.headers.get("x-varde") == "1" or not with_session
    if content_type != "application/json" or not header or not _own_origin(request, site):
        raise Refusal(HTTPStatus.FORBIDDEN, "foreign_origin")


def _own_origin(request: Request, site: Site) -> bool:
    """A browser names the origin of a POST; a program that names none has no cookie to steal."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    asked, public = urlsplit(origin), urlsplit(site.public_url)
    if not asked.netloc:
        return False
    if (asked.scheme, asked.netloc) == (public.scheme, public.netloc):
        return True
    return not site.secure and asked.netloc == request.headers.get("host")


def signed_in(request: Request) -> Reader:
    """Return the reader whom `authorise` let through."""
    reader: Reader | None = request.state.reader
    if reader is None:
        raise not_signed_in()
    return reader


SignedIn = Annotated[Reader, Depends(signed_in)]
