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
    PROVEN = "to whoever proves it in the request itself: gateways, and links that answer one call"
    """No cookie counts here, so there is no session that a foreign page could misuse."""


Rule = Open | frozenset[Role]
READERS = HANDLERS | {Role.IT}
"""IT sees that alarms live and die, without residents' names."""
CONDUCTORS = frozenset({Role.LEAD, Role.OPERATOR})
"""Who answers for the roster."""
FITTERS = frozenset({Role.LEAD, Role.IT})
"""Who lets devices in, and looks after other people's phones."""
FAMILY = frozenset({Role.RELATIVE})
"""Pages of their own, and none of staff's."""

RULES: Mapping[tuple[str, str], Rule] = {
    ("GET", "/health"): Open.TO_ALL,
    ("GET", "/sign-in"): Open.TO_ALL,
    ("GET", "/enrol"): Open.TO_ALL,
    ("GET", "/text/{language}.json"): Open.TO_ALL,
    ("GET", "/sw.js"): Open.TO_ALL,
    ("GET", "/manifest/{language}.webmanifest"): Open.TO_ALL,
    ("GET", "/offline/{language}"): Open.TO_ALL,
    ("GET", "/called/{language}"): Open.TO_ALL,
    ("GET", "/more"): Open.TO_SIGNED_IN,
    ("GET", "/readiness"): Open.TO_SIGNED_IN,
    ("GET", "/api/reach"): Open.TO_SIGNED_IN,
    ("POST", "/api/duty/commands"): Open.TO_SIGNED_IN,
    ("GET", "/duty"): HANDLERS,
    ("GET", "/board"): READERS,
    ("GET", "/api/board"): READERS,
    ("POST", "/api/sign-in"): Open.TO_ALL,
    ("POST", "/api/sign-in/pin"): Open.TO_ALL,
    ("POST", "/api/sign-in/passkey/begin"): Open.TO_ALL,
    ("POST", "/api/sign-in/passkey"): Open.TO_ALL,
    ("GET", "/recover"): Open.TO_ALL,
    ("POST", "/api/recover"): Open.TO_ALL,
    ("GET", "/oidc/start"): Open.TO_ALL,
    ("GET", "/oidc/callback"): Open.TO_ALL,
    ("GET", "/welcome"): Open.TO_SIGNED_IN,
    ("GET", "/phones"): Open.TO_SIGNED_IN,
    ("GET", "/people/{person_id}/phones"): FITTERS,
    ("GET", "/phones/{handset_id}/reads"): frozenset({Role.LEAD}),
    ("POST", "/api/pin"): Open.TO_SIGNED_IN,
    ("POST", "/api/passkeys/begin"): Open.TO_SIGNED_IN,
    ("POST", "/api/passkeys"): Open.TO_SIGNED_IN,
    ("POST", "/api/passkeys/{passkey_id}/name"): Open.TO_SIGNED_IN,
    ("POST", "/api/passkeys/{passkey_id}/remove"): Open.TO_SIGNED_IN,
    ("POST", "/api/phones/{handset_id}/name"): Open.TO_SIGNED_IN,
    ("POST", "/api/phones/{handset_id}/revoke"): Open.TO_SIGNED_IN,
    ("POST", "/api/people/{person_id}/phones/revoke"): Open.TO_SIGNED_IN,
    ("POST", "/api/people/{person_id}/code"): Open.TO_SIGNED_IN,
    ("POST", "/api/people/{person_id}/recovery"): FITTERS,
    ("POST", "/api/units/{unit_id}/code"): FITTERS,
    ("POST", "/api/sign-out"): Open.TO_SIGNED_IN,
    ("GET", "/api/push/key"): Open.TO_SIGNED_IN,
    ("GET", "/api/push/subscription"): Open.TO_SIGNED_IN,
    ("POST", "/api/push/subscription"): Open.TO_SIGNED_IN,
    ("POST", "/api/push/unsubscribe"): Open.TO_SIGNED_IN,
    ("POST", "/api/push/receipt"): Open.TO_ALL,
    ("POST", "/api/rights"): Open.TO_ALL,
    ("GET", "/api/me"): Open.TO_SIGNED_IN,
    ("GET", "/api/outbox-key"): Open.TO_SIGNED_IN,
    ("GET", "/hooks/{gateway}/{what}"): Open.PROVEN,
    ("POST", "/hooks/{gateway}/{what}"): Open.PROVEN,
    ("GET", "/hooks/{gateway}/{what}/{secret}"): Open.PROVEN,
    ("POST", "/hooks/{gateway}/{what}/{secret}"): Open.PROVEN,
    ("GET", "/l/{token}"): Open.PROVEN,
    ("POST", "/l/{token}"): Open.PROVEN,
    ("GET", "/replies"): CONDUCTORS,
    ("GET", "/accessibility"): Open.TO_ALL,
    ("GET", "/family"): FAMILY,
    ("GET", "/family/settings"): FAMILY,
    ("GET", "/api/family"): FAMILY,
    ("POST", "/api/family/alarms/{alarm_id}/commands"): FAMILY,
    ("POST", "/api/family/residents/{resident_id}/answer"): FAMILY,
    ("POST", "/api/family/away"): FAMILY,
    ("GET", "/"): READERS,
    ("GET", "/alarms/{alarm_id}"): READERS,
    ("GET", "/api/alarms"): READERS,
    ("GET", "/api/alarms/{alarm_id}"): READERS,
    ("GET", "/api/alarms/{alarm_id}/story"): READERS,
    ("GET", "/api/stream"): READERS,
    ("POST", "/api/alarms/{alarm_id}/commands"): HANDLERS,
    ("POST", "/api/help"): HANDLERS,
    ("POST", "/api/alarms/{alarm_id}/entry"): HANDLERS,
    ("GET", "/api/alarms/{alarm_id}/position"): HANDLERS,
    ("GET", "/api/zone"): HANDLERS,
    ("POST", "/api/zone/opened"): HANDLERS,
    ("GET", "/api/tiles/{z}/{x}/{y}"): HANDLERS,
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
    if rule in {Open.TO_ALL, Open.PROVEN}:
        return True
    if reader is None:
        return False
    return True if isinstance(rule, Open) else bool(rule & reader.roles)


def authorise(request: Request, site: AskedSite) -> None:
    """Refuse whoever may not; leave the reader in `request.state.reader` for the route."""
    rule = RULES.get((request.method, request.scope["route"].path))
    if rule is None:
        raise not_found()
    if request.method == "POST" and rule is not Open.PROVEN:
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
