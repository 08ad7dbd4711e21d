"""Who holds a right: it is good for one person on one handset, and no longer than both are."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request

from hub.rights.seal import Right, open_seal
from hub.telling.words import Words, duration
from hub.text import catalogue
from hub.web.push.wrong_rights import MOST
from hub.web.refusal import Refusal
from hub.web.session import language_of
from hub.web.sign_in.cookies import address_of
from hub.web.site import Site
from routing.instant import Instant


@dataclass(frozen=True, slots=True)
class Holder:
    """A right that may be used, and what speaks to its person."""

    right: Right
    words: Words


def holder_of(request: Request, site: Site, token: str) -> Holder:
    """Return the right and its holder. Refusal when it cannot be used; a good one is never held up
    by the bad ones of others behind the same address."""
    now, right = site.clock(), open_seal(site.rights_key, token)
    if right is None or not _is_holder(request, site, right):
        raise _refused(request, site, now)
    if now >= right.expires:
        raise Refusal(HTTPStatus.GONE, "right_expired")
    text = catalogue(language_of(request, site, right.person))
    return Holder(right, Words(text, site.names, site.live.state.registry, now))


def _refused(request: Request, site: Site, now: Instant) -> Refusal:
    """Count it, and say so; after too many, for how long nothing more is told."""
    wait_s = site.wrong_rights.wait_s(address_of(request), MOST, now)
    if wait_s is None:
        return Refusal(HTTPStatus.FORBIDDEN, "right_refused")
    wait = duration(catalogue(language_of(request, site, None)), wait_s)
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, "too_many_wrong", wait=wait)


def _is_holder(request: Request, site: Site, right: Right) -> bool:
    """Whether the request comes from the right's own handset, which is still that person's."""
    handset = site.directory.phones.known(request.cookies.get(site.handset_cookie))
    if handset is None or handset.id != right.handset:
        return False
    subscription = site.subscriptions.of(right.handset)
    mine = subscription is not None and subscription.person == right.person
    return mine and right.person in site.live.state.registry.people
